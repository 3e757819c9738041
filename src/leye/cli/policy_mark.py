"""`leye policy mark`: who of a table of people is entitled to what."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leye.kernel.errors import BadInput

if TYPE_CHECKING:
    from leye.policy.mark_file import Report

NOTICED = 12  # names in a notice; the rest are counted


def mark(
    people: Annotated[Path, typer.Argument(help="人员表 person_id,事实…（.parquet 或 .csv） / table of people and facts")],
    on: Annotated[str, typer.Option("--on", help="问的是哪一天 YYYY-MM-DD / the day of the question")],
    out: Annotated[Path, typer.Option("--out", help="标注表（.parquet 或 .csv） / the marks")],
    region: Annotated[str | None, typer.Option("--region", help="没有 region 列或为空时的地区，如 CN-440305 / region of rows without one")] = None,
    pack: Annotated[list[str] | None, typer.Option("--pack", help="规则包名称或文件夹，可多次；默认全部 / rule packs, default all")] = None,
    policy: Annotated[list[str] | None, typer.Option("--policy", help="只标这些政策，可多次 / only these policies")] = None,
    quarantine: Annotated[Path | None, typer.Option("--quarantine", help="坏行写到这里，其余照标 / bad rows go here, the rest is marked")] = None,
    wide: Annotated[bool, typer.Option("--wide", help="每人一行：位掩码和金额 / one row a person: masks and amounts")] = False,
    all_: Annotated[bool, typer.Option("--all", help="不符合的也写 / the no's too")] = False,
    update: Annotated[bool, typer.Option("--update", help="规则变了，只重标受影响的政策 / mark only what a change of rules touches")] = False,
    extra: Annotated[str, typer.Option("--with", help="另加列：months,choice / further columns")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """给每个人标出每项政策：符合、待核实，多少钱，还缺什么。Mark every policy for everybody: yes or unknown, how much, what is missing."""
    from leye.cli.policy_words import day_of, packs_of, policies_of, region_of
    from leye.cli.progress import step_bar
    from leye.cli.table_file import check_ending
    from leye.policy.mark_file import Wanted, mark_file
    from leye.policy.update import update_file

    check_ending(out, quarantine)
    _only_tables(out, quarantine)
    day, packs = day_of(on), packs_of(pack)
    wanted = Wanted(_extra(extra), all_, wide)
    place, only = region_of(region), policies_of(policy, packs)
    again: list[str] | None = None
    with step_bar() as show:

        def told(done: int, of: int) -> None:
            show("标注", done, of, f"{done:,} / {of:,}")

        if update:
            _no_quarantine(quarantine)
            report, again = update_file(people, out, packs, day, region=place, only=only, wanted=wanted, told=told)
        else:
            report = mark_file(people, out, packs, day, region=place, only=only, wanted=wanted, quarantine=quarantine, told=told)
    _notices(report)
    _say(report, out, quarantine, day, again, as_json=as_json)


def _no_quarantine(quarantine: Path | None) -> None:
    if quarantine is not None:
        raise BadInput(
            "--update 不能和 --quarantine 一起用",
            en="--update goes without --quarantine",
            remedy_zh="先用 --quarantine 标一次，或先改好坏行",
            remedy_en="mark once with --quarantine, or mend the bad rows first",
        )


def _extra(text: str) -> tuple[str, ...]:
    names = tuple(n.strip() for n in text.split(",") if n.strip())
    strange = [n for n in names if n not in ("months", "choice")]
    if strange:
        raise BadInput(
            f"--with 没有“{strange[0]}”", en=f"--with knows no {strange[0]!r}", remedy_zh="可选：months、choice", remedy_en="one of: months, choice"
        )
    return names


def _only_tables(*files: Path | None) -> None:
    for file in files:
        if file is not None and file.suffix.lower() == ".json":
            raise BadInput(
                f"{file} 要写成表",
                en=f"{file} should be a table",
                remedy_zh="以 .parquet 或 .csv 结尾",
                remedy_en="end it in .parquet or .csv",
                code="E_FILE_TYPE",
            )


def _notices(report: Report) -> None:
    for names, zh, en in (
        (report.ignored_columns, "这些列不是规则用的事实，已忽略", "columns that are no facts were ignored"),
        (report.absent_facts, "表里没有这些事实，按未知处理", "facts that the table lacks count as unknown"),
    ):
        if names:
            shown = "、".join(names[:NOTICED]) + (f" 等 {len(names)} 个" if len(names) > NOTICED else "")
            sys.stderr.write(f"{zh}（{en}）：{shown}\n")


def _say(report: Report, out: Path, quarantine: Path | None, on: date, again: list[str] | None, *, as_json: bool) -> None:
    if as_json:
        said = {
            "rows_in": report.rows_in, "marked": report.marked, "quarantined": report.quarantined, "marks": report.marks, "out": str(out),
            "on": on.isoformat(), "marked_again": again, "ignored_columns": report.ignored_columns, "absent_facts": report.absent_facts,
        }  # fmt: skip
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
        return
    if again is not None:
        sys.stdout.write(f"重标的政策：{'、'.join(again) or '无，规则没有变'}；{out} 共 {report.marks:,} 条\n")
        return
    aside = f"，{report.quarantined} 行放在 {quarantine}" if quarantine is not None else ""
    sys.stdout.write(f"读入 {report.rows_in:,} 行，标注 {report.marked:,} 人{aside}；写出 {report.marks:,} 条到 {out}\n")
