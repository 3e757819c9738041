"""`leye policy rollout PANEL --out DIR`: what a staggered roll-out brought; with `--plan` its order by lot and what it will be able to see."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leye.kernel.errors import BadInput, Place

if TYPE_CHECKING:
    import polars as pl

    from leye.policy.promote import RollOutEffect


def rollout(
    panel: Annotated[
        Path,
        typer.Argument(help="grid_id,person_id,week,notified,applied[,policy,block]；--plan 时为 grid_id,people（.parquet 或 .csv） / the panel"),
    ],
    out: Annotated[Path, typer.Option("--out", help="写到这个文件夹 / write into this folder")],
    within: Annotated[int, typer.Option("--within", help="合计通知后几周 / weeks after the notice that the total adds up")] = 4,
    seed: Annotated[int, typer.Option("--seed", help="抽签和重抽的种子 / seed of the lottery and of redrawing it")] = 1,
    plan: Annotated[bool, typer.Option("--plan", help="不评估，先抽签排期并算功效 / draw the order and compute the power instead")] = False,
    start: Annotated[str | None, typer.Option("--start", help="计划：第一周的第一天 / plan: first day of the first week")] = None,
    steps: Annotated[int, typer.Option("--steps", help="计划：分几批，每周一批 / plan: steps, one a week")] = 6,
    weeks: Annotated[int, typer.Option("--weeks", help="计划：一共看几周 / plan: weeks in all")] = 8,
    rate: Annotated[float, typer.Option("--rate", help="计划：没有通知时每周申请率 / plan: weekly rate without notice")] = 0.01,
    spread: Annotated[float, typer.Option("--spread", help="计划：网格之间的标准差 / plan: its standard deviation between grids")] = 0.003,
    effect: Annotated[float, typer.Option("--effect", help="计划：想看到的合计效果 / plan: the total effect asked about")] = 0.06,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """分批推开的效果：同一周里已通知与尚未通知的网格相比。Effect of a staggered roll-out: reached against not yet reached grids of the same week."""
    from leye.cli.table_file import write_table
    from leye.policy.optimise.history import read_table

    table = read_table(panel)
    if plan:
        told = _plan(table, panel, out, start=start, steps=steps, weeks=weeks, rates=(rate, spread), effect=effect, seed=seed)
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n" if as_json else _plan_words(told))
        return
    from leye.policy.promote import effect_of, panels_of
    from leye.policy.promote.tables import effect_row, week_table

    found = [effect_of(p, seed=seed, within=within) for p in panels_of(table, source=panel.name)]
    rows = [effect_row(f) for f in found]
    write_table(week_table(found), out / "by_week.csv")
    (out / "effect.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n" if as_json else "".join(_effect_words(f) for f in found))


def _plan(
    table: pl.DataFrame, file: Path, out: Path, *, start: str | None, steps: int, weeks: int, rates: tuple[float, float], effect: float, seed: int
) -> dict[str, Any]:
    from leye.cli.policy_words import day_of
    from leye.cli.table_file import write_table
    from leye.policy.promote import Rates, balance, draw_schedule, power_of, reach_weeks
    from leye.policy.promote.tables import plan_row, turn_table

    if start is None:
        raise BadInput(
            "计划要写 --start", en="--plan needs --start", remedy_zh="写第一周的第一天", remedy_en="the first day of the first week", code="E_USAGE"
        )
    for name in ("grid_id", "people"):
        if name not in table.columns or table[name].null_count():
            place = Place(file=file.name, column=name)
            zh, remedy = f"缺少列 {name}，或其中有空值", "一行一个网格：grid_id, people"
            raise BadInput(zh, en=f"column {name} is missing or unknown", places=(place,), remedy_zh=remedy, code="E_ROLLOUT_PLAN")
    if not table["people"].dtype.is_integer() or table["grid_id"].n_unique() != table.height:
        zh, remedy = "people 要是整数，grid_id 不能重复", "一行一个网格：grid_id, people"
        raise BadInput(zh, en="people must be whole, each grid once", places=(Place(file=file.name),), remedy_zh=remedy, code="E_ROLLOUT_PLAN")
    first = day_of(start)
    turns = draw_schedule(dict(table.select("grid_id", "people").iter_rows()), start=first, steps=steps, seed=seed)
    people, reached, _ = reach_weeks(turns, start=first, weeks=weeks)
    power = power_of(people, reached, weeks, Rates(*rates), effect=effect)
    write_table(turn_table(turns), out / "schedule.csv")
    told = plan_row(power, balance(turns)) | {"weekly_rate": rates[0], "between_sd": rates[1], "seed": seed, "start": start, "weeks": weeks}
    (out / "plan.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return told


def _plan_words(told: dict[str, Any]) -> str:
    smallest, power = told["smallest_effect_at_80_percent_power"], told["power"]
    if smallest is None or power is None:
        return "这个排期看不到通知后四周的全部效果：增加周数，或把更多网格留到最后\n"
    lines = [f"第 {s['step'] + 1} 批" if s["step"] >= 0 else "留到最后" for s in told["steps"]]
    body = "".join(f"  {name}\t{s['grids']} 个网格\t{s['people']} 人\n" for name, s in zip(lines, told["steps"], strict=True))
    return f"{body}八成把握能看到的最小效果：{smallest:.3f}；效果为 {told['asked_effect']:.3f} 时看到它的把握：{power:.0%}\n"


def _effect_words(found: RollOutEffect) -> str:
    total = found.total
    verdict = "看得到效果" if found.is_seen else "没有看到效果（区间含 0）"
    return (
        f"{found.policy or '（未写政策）'}：通知后 {found.within} 周，申请的人每百人多 {total.value * 100:.1f} 个"
        f"（95% 区间 {total.low * 100:.1f} 到 {total.high * 100:.1f}），{verdict}；重抽签 p={found.chance:.3f}\n"
        f"  没有通知时每周 {found.control_rate:.2%}；{found.reached_grids}/{found.grids} 个网格已通知；通知前各周合起来 p={found.leads_chance:.2f}\n"
    )
