"""`leye impact index`: the AI-impact index of the published run, by one axis, with its change over a year."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer


def index(
    by: Annotated[str, typer.Option("--by", help="按什么展开：region,industry,occupation,grp / the axis that is split")] = "industry",
    region: Annotated[str, typer.Option("--region", help="只看一个区，六位代码 / one region")] = "",
    data: Annotated[Path | None, typer.Option("--data", help="数据文件夹，默认 $LEYE_DATA 或 ./data / data folder")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """AI 影响指数：人数比例 × 受影响程度 × 采用率，范围和变化的三项作用。The AI-impact index, its range, and its change split in three."""
    from leye.cli.run import data_folder
    from leye.kernel.errors import BadInput, NotFound
    from leye.office.embedded import set_up

    if by not in ("region", "industry", "occupation", "grp"):
        raise BadInput(
            f"--by 不能是 {by}", en=f"--by cannot be {by}", remedy_zh="可选：region、industry、occupation、grp", remedy_en="region, industry …"
        )
    folder = data_folder(data)
    set_up(folder)
    from leye.office.impact.index import city_of  # models: only once Django is set up
    from leye.office.impact.told import change_json, row_json
    from leye.office.published import published_snapshot

    snapshot = published_snapshot(folder)
    if snapshot is None:
        raise NotFound("还没有发布过快照", en="nothing is published yet", remedy_zh="先运行 leye run nightly", remedy_en="run leye run nightly first")
    city = city_of(snapshot)
    rows = [row_json(snapshot.run_id, city.month, r) for r in city.along(by, {"region": region} if region and by != "region" else {})]
    body = {"run_id": snapshot.run_id, "by": by, "cells": rows, "change": change_json(city.change(region or "all"))}
    sys.stdout.write(json.dumps(body, ensure_ascii=False) + "\n" if as_json else _told(body, by))


def _told(body: dict, by: str) -> str:  # type: ignore[type-arg]
    """The lines of a terminal, in hundredths."""
    lines = []
    for r in body["cells"]:
        i, e = r["index"], r["exposure"]
        said = "不显示" if i is None else f"{r['n']:,}\t受影响程度 {e['low']:.2f}–{e['high']:.2f}\t指数 {100 * i['low']:.2f}–{100 * i['high']:.2f}"
        lines.append(f"{r[by]}\t{said}")
    if body["change"]:
        names = {"structure": "结构", "exposure": "受影响程度", "adoption": "采用"}
        parts = "，".join(f"{names[n]} {100 * v['mid']:+.2f}" for n, v in body["change"]["effects"].items())
        lines.append(f"{body['change']['from']} 到 {body['change']['to']}：{parts}")
    return "\n".join([*lines, f"运行 {body['run_id']}"]) + "\n"
