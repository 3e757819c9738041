"""`leye watch cube`: cells of the published cube, with the suppression of the pages."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from leye.kernel.errors import BadInput, NotFound

COLUMNS = ("cell", "month", "n", "hidden", "year_ago", "change", "surprise", "level", "since", "pooled_into")


def cube(
    indicator: Annotated[str, typer.Argument(help="指标，如 insured、postings、registrations、insured_now / the indicator")] = "insured",
    axes: Annotated[str, typer.Option("--axes", help="展开的维度，逗号分开：region,industry,occupation,grp / axes to open")] = "",
    inside: Annotated[list[str] | None, typer.Option("--in", help="选定的值，如 region=440605，可多次 / values that are held")] = None,
    order: Annotated[str, typer.Option("--order", help="surprise 意外，heads 人数，share 比例 / how cells are sorted")] = "surprise",
    limit: Annotated[int, typer.Option("--limit", min=1, help="屏幕上最多几格 / cells printed at most")] = 20,
    data: Annotated[Path | None, typer.Option("--data", help="数据文件夹，默认 $LEYE_DATA 或 ./data / data folder")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="全部格写入此文件（.csv 或 .parquet） / write all cells")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """看已发布的监测立方体：亮灯和最意外的格在前，小格不显示。Cells of the published cube, lit and most surprising first."""
    import polars as pl

    from leye.cli.run import data_folder
    from leye.cli.table_file import check_ending, write_table
    from leye.kernel.signs import signed, signed_percent
    from leye.office.monitoring.cube import ORDERS, cells
    from leye.office.monitoring.questions import ask
    from leye.office.published import published_snapshot

    if out is not None:
        check_ending(out)
    if order not in ORDERS:
        raise BadInput(f"--order 不能是 {order}", en=f"--order cannot be {order}", remedy_zh=f"可选：{'、'.join(ORDERS)}")
    asked = ask(indicator, [a for a in axes.split(",") if a], _held(inside or []))
    snapshot = published_snapshot(data_folder(data))
    if snapshot is None:
        raise NotFound("还没有发布过快照", en="nothing is published yet", remedy_zh="先运行 leye run nightly", remedy_en="run leye run nightly first")
    rows = [{c: r[c] for c in COLUMNS} for r in cells(snapshot, asked, order)]
    if out is not None:
        write_table(pl.DataFrame(rows, infer_schema_length=None), out)
    if as_json:
        body = {"run_id": snapshot.run_id, "indicator": indicator, "axes": asked.axes, "in": asked.within, "cells": rows}
        sys.stdout.write(json.dumps(body, ensure_ascii=False, default=str) + "\n")
        return
    for r in rows[:limit]:
        told = "不显示" if r["hidden"] else f"{r['n']:,}\t{'' if r['change'] is None else signed_percent(r['change'])}"
        surprise = "" if r["surprise"] is None else signed(r["surprise"])
        sys.stdout.write(f"{r['cell']}\t{told}\t{surprise}\t{r['level'] or ''}\n")
    sys.stdout.write(f"{len(rows)} 格，{sum(r['hidden'] for r in rows)} 格不显示，运行 {snapshot.run_id}\n")


def _held(pairs: list[str]) -> dict[str, str]:
    """`region=440605` to axis and value. Raises BadInput."""
    split = [p.partition("=") for p in pairs]
    wrong = next((axis for axis, sign, value in split if not (axis and sign and value)), None)
    if wrong is not None:
        raise BadInput(f"--in 要写成 维度=值，写的是 {wrong}", en=f"--in wants axis=value, got {wrong}", remedy_zh="例如 --in region=440605")
    return {axis: value for axis, _sign, value in split}
