"""`leye forecast nowcast`: quarterly figures before they are out, from the monthly indicators that are."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import polars as pl


def nowcast(
    panel: Annotated[Path, typer.Argument(metavar="PANEL", help="月度和季度序列同在一表 unique_id,ds,y（.csv 或 .parquet） one panel of both")],
    targets: Annotated[list[str], typer.Argument(metavar="TARGETS", help="要推算的季度序列，可多个 quarterly series to nowcast")],
    out: Annotated[Path, typer.Option("--out", help="结果表（.csv 或 .parquet） table of quarters")],
    ahead: Annotated[int, typer.Option("--ahead", help="最新月份之后再推几个季度，0–8 quarters after the newest month")] = 1,
    origin: Annotated[str | None, typer.Option("--origin", help="只用这一天及以前的数据 use nothing after this date")] = None,
    indicators: Annotated[Path | None, typer.Option("--indicators", help="各月度指标到哪个月、用没用 which indicators were used")] = None,
    old: Annotated[Path | None, typer.Option("--old", help="旧的一版 PANEL，与它比 the vintage to compare with")] = None,
    news: Annotated[Path | None, typer.Option("--news", help="逐项变动表（要有 --old） effects of each release; needs --old")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON machine output")] = False,
) -> None:
    """推算还没公布的季度数：月度指标参差不齐也行，附区间，附每个新数的影响。Nowcast quarters from ragged monthly indicators."""
    from leye.cli.table_file import check_ending, write_table
    from leye.forecast.nowcast import nowcast as make
    from leye.forecast.panel import as_date
    from leye.kernel.errors import BadInput

    for file in (out, indicators, news):
        check_ending(file)
    if not 0 <= ahead <= 8:
        raise BadInput(f"--ahead 要是 0 到 8，给的是 {ahead}。", en=f"--ahead must lie in 0 to 8, got {ahead}.", remedy_zh="例如 --ahead 1。")
    if (old is None) != (news is None):
        raise BadInput(
            "--old 和 --news 要一起给。", en="--old and --news go together.", remedy_zh="写 --old 旧表 --news 变动表。", code="E_NOWCAST_OLD"
        )
    frame = _read(panel)
    day = as_date(origin) if origin else None
    made = make(frame, targets, origin=day, ahead=ahead)
    write_table(made.table, out)
    if indicators is not None:
        write_table(made.indicators, indicators)
    told = _news(_read(old), frame, targets, ahead, news, day) if old is not None and news is not None else []
    rows = [{k: str(v) if k == "ds" else v for k, v in row.items()} for row in made.table.to_dicts()]
    machine = {"out": str(out), "quarters": rows, "indicators": int(made.indicators["is_used"].sum()), "news": told}
    sys.stdout.write((json.dumps(machine, ensure_ascii=False) if as_json else "\n".join(_lines(made.table, out, told))) + "\n")


def _news(old: pl.DataFrame, new: pl.DataFrame, targets: list[str], ahead: int, file: Path, day: object) -> list[dict[str, str]]:
    import polars as pl

    from leye.cli.table_file import write_table
    from leye.forecast.news_words import news_en, news_zh
    from leye.forecast.nowcast import nowcast_news

    cut = [f if day is None else f.filter(pl.col("ds") <= day) for f in (old, new)]
    table = nowcast_news(*cut, targets, ahead=ahead)
    write_table(table, file)
    keys = table.select("unique_id", "ds").unique(maintain_order=True).rows()
    return [{"unique_id": u, "ds": str(d), "zh": news_zh(table, u, d), "en": news_en(table, u, d)} for u, d in keys]


def _lines(table: pl.DataFrame, out: Path, told: list[dict[str, str]]) -> list[str]:
    words = {"backcast": "已过去的季度", "nowcast": "本季", "forecast": "下一季起"}
    lines = [f"已写入 {out}：{table.height} 个季度"]
    for r in table.iter_rows(named=True):
        why = f"（{r['fallback_zh']}）" if r["fallback"] else ""
        bands = f"八成在 {r['lo-80']:,.4g} 到 {r['hi-80']:,.4g}"
        lines.append(f"  {r['unique_id']} {r['ds']} {words[r['kind']]} {r['mean']:,.6g}，{bands}{why}")
    return lines + [t["zh"] for t in told]


def _read(file: Path) -> pl.DataFrame:
    from leye.intake.panel_form import read_panel

    form = read_panel(file)
    for notice in form.notices:
        sys.stderr.write(f"{notice}\n")
    return form.panel
