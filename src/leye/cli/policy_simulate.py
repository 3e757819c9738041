"""`leye policy simulate`: what a reform would cost, whom it reaches, who wins and who loses."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from leye.policy.simulate import Simulation


def simulate(
    people: Annotated[Path, typer.Argument(help="人员表（.parquet 或 .csv） / table of people")],
    reform: Annotated[Path, typer.Option("--reform", help="改革方案 YAML / the reform")],
    on: Annotated[str, typer.Option("--on", help="哪一天 YYYY-MM-DD / the day")],
    out: Annotated[Path, typer.Option("--out", help="结果文件夹 / folder for the results")],
    by: Annotated[str, typer.Option("--by", help="按这些列分组，如 region,sex,age_band / split by columns")] = "",
    region: Annotated[str | None, typer.Option("--region", help="没有 region 时的地区 / region of rows without one")] = None,
    pack: Annotated[list[str] | None, typer.Option("--pack", help="规则包，可多次；默认全部 / rule packs, default all")] = None,
    months: Annotated[int, typer.Option("--months", help="按月成本看几个月 / months of the cost path", min=1, max=60)] = 12,
    seed: Annotated[int, typer.Option("--seed", help="申领率抽样的种子 / seed of the take-up draws")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """模拟一项改革：成本、人数、谁得益、谁受损。Simulate a reform: cost, reach, winners and losers."""
    from leye.cli.policy_words import day_of, packs_of, region_of
    from leye.cli.progress import step_bar
    from leye.policy.mark_file import checked_people
    from leye.policy.simulate import read_reform, write
    from leye.policy.simulate import simulate as run

    day, packs, patch = day_of(on), packs_of(pack), read_reform(reform)
    columns = [c.strip() for c in by.split(",") if c.strip()]
    with step_bar() as show:
        frame = checked_people(people, packs, keep=[c for c in columns if c != "age_band"])
        found = run(
            packs,
            patch,
            frame,
            day,
            by=columns,
            region=region_of(region),
            months=months,
            seed=seed,
            told=lambda step, done, of: show(step, done, of, ""),
        )
        files = write(found, frame, out, region=region_of(region))
    _say(found, files, as_json=as_json)


def _say(found: Simulation, files: list[Path], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(found.as_dict(), ensure_ascii=False) + "\n")
        return
    from leye.policy.simulate.report import yuan

    whole, summary = found.summary.whole, found.summary
    for words in found.reform.words:
        sys.stdout.write(f"{words}\n")
    if not found.both.policies:
        sys.stdout.write("这项改革不影响任何政策的结果\n")
    sys.stdout.write(f"年化应享金额 {yuan(summary.cost_before_fen)} → {yuan(summary.cost_after_fen)}\n")
    sys.stdout.write(f"得益 {whole['winners']:,} 人，受损 {whole['losers']:,} 人，共 {whole['people']:,} 人\n")
    sys.stdout.write("写出 " + "、".join(str(f) for f in files) + "\n")
