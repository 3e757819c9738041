"""`leye match allocate`: many people, posts with capacities, one allocation and its account."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

TOLD = {
    "people": "求职者",
    "jobs": "岗位",
    "edges": "可能的配对",
    "places": "名额",
    "placed": "安排了",
    "value": "预计成功",
    "blocking_pairs": "更愿意在一起的对数",
    "blocking_per_1000_edges": "每千对",
}


def allocate(
    edges: Annotated[Path, typer.Argument(help="person_id,job_id,p_person,p_employer（.csv、.parquet、.jsonl）")],
    capacities: Annotated[Path, typer.Argument(help="job_id,capacity")],
    out: Annotated[Path, typer.Option("--out", help="结果：person_id,job_id,p_person,p_employer / who goes where")],
    mode: Annotated[str, typer.Option("--mode", help="flow 总和最大，stable 稳定，balanced 折中 / largest sum, stable, or between")] = "flow",
    blocking: Annotated[
        float, typer.Option("--blocking", min=0, help="balanced：每千对配对里最多几对更愿意在一起 / blocking pairs per 1,000 edges at most")
    ] = 10.0,
    compare: Annotated[bool, typer.Option("--compare", help="三种方式的账都算出来 / account for all three modes")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """招聘会、公益岗：名额有限，一次安排许多人，并报告取舍。Places many people at once and tells the trade-off."""
    from leye.cli.match_tables import read_rows
    from leye.cli.table_file import check_ending, write_table
    from leye.match.allocation import MODES, edges_of
    from leye.match.allocation import allocate as place

    check_ending(out)
    found = edges_of(read_rows(edges), read_rows(capacities))
    made = place(found, mode, blocking)
    others = [place(found, m, blocking) for m in MODES if compare and m != mode]
    write_table(made.table(), out)
    accounts = [a.account() for a in (made, *others)]
    if as_json:
        sys.stdout.write(json.dumps(accounts if compare else accounts[0], ensure_ascii=False) + "\n")
        return
    for account in accounts:
        told = "，".join(f"{zh} {account[name]:,}" for name, zh in TOLD.items())
        sys.stdout.write(f"{account['mode']}：{told}\n")
