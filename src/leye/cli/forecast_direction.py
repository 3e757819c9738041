"""`leye forecast direction`: how likely each series is lower in some periods than now, and how likely its course turns."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer


def direction(
    panel: Annotated[Path, typer.Argument(metavar="PANEL", help="时序表 unique_id,ds,y（.csv 或 .parquet） panel file")],
    out: Annotated[Path, typer.Option("--out", help="结果目录：direction.csv、summary.json folder for the results")],
    horizon: Annotated[int, typer.Option("--horizon", help="几期之后 periods ahead")] = 3,
    tags: Annotated[Path | None, typer.Option("--tags", help="层级表 unique_id,parent hierarchy")] = None,
    origin: Annotated[str | None, typer.Option("--origin", help="只用这一天及以前的数据 use nothing after this date")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON machine output")] = False,
) -> None:
    """下降与转折的可能：经过校准的概率。Calibrated chances of a fall and of a turning point."""
    from leye.cli.table_file import write_table
    from leye.forecast.direction import direction as chances
    from leye.forecast.panel import as_date
    from leye.intake.panel_form import read_panel

    form = read_panel(panel, tags)
    for notice in form.notices:
        sys.stderr.write(f"{notice}\n")
    table = chances(form.panel, form.tags, horizon=horizon, origin=as_date(origin) if origin else None).table
    out.mkdir(parents=True, exist_ok=True)
    write_table(table, out / "direction.csv")
    without = table.filter(table["reason"].is_not_null())
    told = {
        "origin": str(table["origin"][0]),
        "ds": str(table["ds"][0]),
        "horizon": horizon,
        "series": table.height,
        "past_cases": table["past_cases"][0],
        "without": dict(without.select("unique_id", "reason").iter_rows()),
    }
    (out / "summary.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    person = f"已写入 {out}/direction.csv 与 summary.json：{table.height} 个序列，{without.height} 个没有概率"
    sys.stdout.write((json.dumps(told, ensure_ascii=False) if as_json else person) + "\n")
