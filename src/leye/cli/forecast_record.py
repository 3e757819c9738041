"""`leye forecast record`: what published and back-tested forecasts came to."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import polars as pl


def record(
    data: Annotated[Path | None, typer.Option("--data", help="数据文件夹，默认 $LEYE_DATA 或 ./data data folder")] = None,
    kind: Annotated[str, typer.Option("--kind", help="published 公布过的预测，backtest 回测 which record")] = "published",
    out: Annotated[Path | None, typer.Option("--out", help="整张表（.csv 或 .parquet） the whole table")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON machine output")] = False,
) -> None:
    """回测记录：预测说的后来对上了多少。What forecasts came to, by model, horizon and origin."""
    from leye.cli.run import data_folder
    from leye.cli.table_file import check_ending, write_table
    from leye.lake import open_lake

    check_ending(out)
    kind = _kind(kind)
    lake = open_lake(data_folder(data), engine="polars")
    published = lake.published()
    if published is None or not lake.has("forecast_record"):
        raise _none_yet()
    table = lake.scan("forecast_record").collect()
    if out is not None:
        write_table(table, out)
    shown = table.filter((table["kind"] == kind) & (table["group"] == "all"))
    shown = shown.filter((shown["model"] == "leye") & ((shown["h"] == 0) | shown["origin"].is_null()) | (shown["h"] == 0) & shown["origin"].is_null())
    machine = {"run_id": published.run_id, "kind": kind, "rows": json.loads(shown.write_json())}
    sys.stdout.write((json.dumps(machine, ensure_ascii=False) if as_json else _lines(shown, kind)) + "\n")


def _lines(shown: pl.DataFrame, kind: str) -> str:
    """Models over all, then the product by horizon and by origin."""
    if shown.is_empty():
        return "还没有公布过的预测等到实际数；先看 --kind backtest" if kind == "published" else "序列太短，还做不了回测"
    lines = ["模型 提前几期 数据到 误差 比去年同期法好 覆盖80 覆盖95 预测数"]
    for r in shown.iter_rows(named=True):
        figures = [f"{r['mase']:.2f}" if r["mase"] is not None else "—"]
        figures += [f"{r[c]:.0%}" if r[c] is not None else "—" for c in ("skill_naive", "coverage_80", "coverage_95")]
        lines.append(f"{r['model']} {r['h'] or '合计'} {r['origin'] or '合计'} {' '.join(figures)} {r['points']}")
    return "\n".join(lines)


def _kind(text: str) -> str:
    from leye.kernel.errors import BadInput

    if text not in ("published", "backtest"):
        raise BadInput(
            f"--kind “{text}”看不懂。",
            en=f"--kind {text!r} is not understood.",
            remedy_zh="写 published 或 backtest。",
            remedy_en="write published or backtest.",
            code="E_RECORD_KIND",
        )
    return text


def _none_yet() -> Exception:
    from leye.kernel.errors import BadInput

    return BadInput(
        "这个数据文件夹还没有回测记录。",
        en="this data folder has no record yet.",
        remedy_zh="先运行 leye run nightly。",
        remedy_en="run leye run nightly first.",
        code="E_NO_RECORD",
    )
