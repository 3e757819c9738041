"""`leye match rank`: two tables in, explained lists out."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import polars as pl


def rank(
    people: Annotated[Path, typer.Argument(help="求职者表 person_id,…（.parquet 或 .csv） / table of people")],
    jobs: Annotated[Path, typer.Argument(help="岗位表 job_id,…（.parquet 或 .csv） / table of posts")],
    on: Annotated[str, typer.Option("--on", help="问的是哪一天 YYYY-MM-DD / the day of the question")],
    out: Annotated[Path, typer.Option("--out", help="排序结果（.parquet 或 .csv） / the lists")],
    top: Annotated[int, typer.Option("--top", help="每人最多几个岗位 / posts a person at most")] = 20,
    exact: Annotated[bool, typer.Option("--exact", help="逐对计算，不走捷径（结果相同） / score every pair; the result is the same")] = False,
    fair_exposure: Annotated[bool, typer.Option("--fair-exposure", help="岗位曝光保底和封顶 / floor and cap of views per post")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """给每个人排出岗位：先过硬条件，再看两边的意愿，每行写明理由。Ranks posts for everybody: conditions first, then both sides, with reasons."""
    from leye.cli.match_tables import read_rows
    from leye.cli.policy_words import day_of
    from leye.cli.progress import step_bar
    from leye.cli.table_file import check_ending, write_parts
    from leye.match.ranking import codes_read, doubtful_pay, rank_parts, read_jobs, read_people
    from leye.match.ranking.doubtful import lines as pay_lines

    check_ending(out)
    day = day_of(on)
    persons, posts = read_people(read_rows(people), str(people)), read_jobs(read_rows(jobs), str(jobs))
    with step_bar() as show:
        parts = rank_parts(
            persons, posts, on=day, top=top, exact=exact, fair_exposure=fair_exposure,
            told=lambda done, of: show("排序", done, of, f"{done:,} / {of:,}"),
        )  # fmt: skip
        made = write_parts(parts, out)
    codes, odd = codes_read((persons, posts), day), doubtful_pay(posts)
    closed = _closed(posts, day)
    if as_json:
        said = {
            "people": len(persons), "jobs": len(posts), "closed": closed, "matches": made, "on": day.isoformat(), "out": str(out),
            "codes_renewed": codes.renewed, "codes_unknown": list(codes.unknown), "pay_doubtful": odd,
        }  # fmt: skip
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
        return
    for line in (*codes.lines(), *pay_lines(odd)):
        sys.stderr.write(line + "\n")
    sys.stdout.write(f"{len(persons):,} 人，{len(posts):,} 个岗位（{closed:,} 个已截止，不参加）；写出 {made:,} 行到 {out}\n")


def _closed(posts: pl.DataFrame, day: date) -> int:
    return int((posts["closes_on"] < day).sum())
