"""`leye policy simulate`: what a reform would cost, whom it reaches, who wins and who loses."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from leye.policy.pack import PackSet
    from leye.policy.simulate import Record, Simulation


def simulate(
    people: Annotated[Path, typer.Argument(help="人员表（.parquet 或 .csv） / table of people")],
    reform: Annotated[Path, typer.Option("--reform", help="改革方案 YAML / the reform")],
    on: Annotated[str, typer.Option("--on", help="哪一天 YYYY-MM-DD / the day")],
    out: Annotated[Path, typer.Option("--out", help="结果文件夹 / folder for the results")],
    by: Annotated[str, typer.Option("--by", help="按这些列分组，如 region,sex,age_band / split by columns")] = "",
    region: Annotated[str | None, typer.Option("--region", help="没有 region 时的地区 / region of rows without one")] = None,
    pack: Annotated[list[str] | None, typer.Option("--pack", help="规则包，可多次；默认全部 / rule packs, default all")] = None,
    months: Annotated[int, typer.Option("--months", help="按月成本看几个月 / months of the cost path", min=1, max=60)] = 12,
    record: Annotated[Path | None, typer.Option("--record", help="含 payments、notices 的文件夹，用来拟合申领率 / folder of the record")] = None,
    notified: Annotated[bool, typer.Option("--notified", help="假设逐人通知 / everybody is told")] = False,
    seed: Annotated[int, typer.Option("--seed", help="申领率抽样的种子 / seed of the take-up draws")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """模拟一项改革：成本、人数、谁得益、谁受损。Simulate a reform: cost, reach, winners and losers."""
    from leye.cli.policy_words import day_of, packs_of, region_of
    from leye.cli.progress import step_bar
    from leye.policy.mark_file import checked_people
    from leye.policy.simulate import read_reform, write
    from leye.policy.simulate import simulate as run
    from leye.policy.simulate.groups import source_column

    day, packs, patch, place = day_of(on), packs_of(pack), read_reform(reform), region_of(region)
    columns = list(dict.fromkeys(c.strip() for c in by.split(",") if c.strip()))
    with step_bar() as show:
        facts = packs.facts.facts
        frame = checked_people(people, packs, keep=[c for c in columns if source_column(c, ()) == c and c not in facts])
        found = run(
            packs,
            patch,
            frame,
            day,
            by=columns,
            region=place,
            months=months,
            seed=seed,
            notified=notified,
            record=_record(record, frame, packs, day, place, seed) if record is not None else None,
            told=lambda step, done, of: show(step, done, of, ""),
        )
        files = write(found, frame, out, region=place)
    _say(found, files, as_json=as_json)


def _record(folder: Path, people: pl.LazyFrame, packs: PackSet, day: date, region: str | None, seed: int) -> Record:
    """The record of a folder; raises BadInput (E_NO_FILE) where it holds neither table."""
    from leye.policy.simulate import fitted_record, record_rows
    from leye.policy.simulate.record_files import payments_and_notices

    payments, notices = payments_and_notices(folder)
    return fitted_record(record_rows(people, packs, day, payments=payments, notices=notices, region=region), seed=seed)


def _say(found: Simulation, files: list[Path], *, as_json: bool) -> None:
    from leye.policy.simulate import as_dict
    from leye.policy.simulate.report import headline, yuan

    body = as_dict(found)
    if as_json:
        sys.stdout.write(json.dumps(body, ensure_ascii=False) + "\n")
        return
    for words in body["changes"]:
        sys.stdout.write(f"{words}\n")
    for note in body["notes"]:
        sys.stdout.write(f"注意：{note['zh']}\n")
    sys.stdout.write(f"{headline(body)}（共 {body['people']:,} 人，{body['on']}）\n")
    sys.stdout.write(f"年化应享金额 {yuan(body['cost_before_fen'])} → {yuan(body['cost_after_fen'])}\n")
    sys.stdout.write("写出 " + "、".join(str(f) for f in files) + "\n")
