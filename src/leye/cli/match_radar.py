"""`leye match radar`: which skills rise and fall, with 80 % bands."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

WORDS = {"rising": "上升", "falling": "下降", "steady": "看不出变化", "unknown": "资料不足"}


def radar(
    table: Annotated[Path, typer.Argument(help="技能月度表：skill,ds,n / monthly counts of ads by skill")],
    out: Annotated[Path, typer.Option("--out", help="预测写入此文件（.csv 或 .parquet） / forecast file")],
    horizon: Annotated[int, typer.Option("--horizon", help="往后几个月，1 到 12 / months ahead")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """技能雷达：哪些技能的需求在涨、在落，八成区间，看不出变化就说看不出。Rising and falling skills with 80 % bands and an honest verdict."""
    from leye.cli.table_file import check_ending, write_table
    from leye.match.radar import radar as told
    from leye.match.radar import read_counts

    check_ending(out)
    found = told(read_counts(table), horizon=horizon)
    write_table(found, out)
    last = found.group_by("skill", maintain_order=True).last()
    counts = {word: int((last["verdict"] == word).sum()) for word in WORDS}
    if as_json:
        sys.stdout.write(json.dumps({"out": str(out), "skills": last.height, "horizon": horizon, "verdicts": counts}, ensure_ascii=False) + "\n")
        return
    said = "，".join(f"{WORDS[word]} {n}" for word, n in counts.items() if n)
    sys.stdout.write(f"{last.height} 项技能：{said}；已写入 {out}\n")
