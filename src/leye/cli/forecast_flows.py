"""`leye forecast flows`: moves of people between regions, months ahead, with intervals."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer


def flows(
    table: Annotated[Path, typer.Argument(metavar="FLOWS", help="流动表 origin,dest,month,grp,n（.csv 或 .parquet） flow table")],
    out: Annotated[Path, typer.Option("--out", help="预测结果表（.csv 或 .parquet） forecast table")],
    horizon: Annotated[int, typer.Option("--horizon", help="向后预测的月数 months ahead")] = 6,
    origin: Annotated[str | None, typer.Option("--origin", help="只用这一天及以前的数据 use nothing after this date")] = None,
    home: Annotated[str | None, typer.Option("--home", help="本地代码的开头，如 4406；默认取最多的 prefix of the regions inside")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON machine output")] = False,
) -> None:
    """地区之间的流动：引力模型，含春节位置。Flows between regions: gravity model with the Spring Festival."""
    from leye.cli.table_file import check_ending, write_table
    from leye.forecast.flows import forecast_flows
    from leye.forecast.panel import as_date
    from leye.intake.flow_form import read_flows

    check_ending(out)
    made = forecast_flows(read_flows(table), horizon=horizon, origin=as_date(origin) if origin else None, home=home)
    write_table(made.forecast, out)
    told = {"out": str(out), "rows": made.forecast.height, "skipped": [{"class": c, "zh": zh, "en": en} for c, zh, en in made.skipped]}
    lines = [f"已写入 {out}：{made.forecast.height} 行", *(f"  {c}：{zh}" for c, zh, _ in made.skipped)]
    sys.stdout.write((json.dumps(told, ensure_ascii=False) if as_json else "\n".join(lines)) + "\n")
