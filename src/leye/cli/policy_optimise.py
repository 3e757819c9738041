"""`leye policy optimise`: discretionary programmes under budgets and fairness floors, with the evidence and the price of each."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leye.kernel.errors import BadInput

if TYPE_CHECKING:
    import polars as pl

    from leye.policy.optimise.programmes import Rule
    from leye.policy.optimise.proposals import Proposal
    from leye.policy.optimise.run import Run


def optimise(
    people: Annotated[Path, typer.Argument(help="人员表 person_id,事实…（.parquet 或 .csv） / table of people and facts")],
    programmes: Annotated[Path, typer.Option("--programmes", help="项目表 P.yaml：项目、费用、名额、人群、保底 / the programmes")],
    history: Annotated[Path, typer.Option("--history", help="历史表 person_id,programme,started_on,employed_6m,… / who took part, who worked")],
    budget: Annotated[list[str], typer.Option("--budget", help="资金=元，可多次，如 employment_fund=3000000 / fund=yuan")],
    on: Annotated[str, typer.Option("--on", help="哪一天 YYYY-MM-DD / the day of the question")],
    out: Annotated[Path, typer.Option("--out", help="结果文件夹 / folder of the results")],
    floor: Annotated[list[str] | None, typer.Option("--floor", help="保底 人群=比例，可多次，如 disabled=0.08 / floor group=share")] = None,
    cap: Annotated[list[str] | None, typer.Option("--cap", help="封顶 人群=比例，可多次 / cap group=share")] = None,
    covariates: Annotated[str, typer.Option("--covariates", help="只用这些列作调整，逗号分隔 / adjust for these columns only")] = "",
    region: Annotated[str | None, typer.Option("--region", help="没有 region 列或为空时的地区 / region of rows without one")] = None,
    pack: Annotated[list[str] | None, typer.Option("--pack", help="规则包名称或文件夹，可多次 / rule packs, default all")] = None,
    seed: Annotated[int, typer.Option("--seed", help="分折和抽签的种子 / seed of folds and of the draw")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """给可以取舍的项目安排名额：先看有没有效，再在预算和保底内选人。Place people in discretionary programmes, on evidence."""
    from leye.cli.policy_words import day_of, packs_of, region_of
    from leye.cli.progress import step_bar
    from leye.policy.located import read_located
    from leye.policy.optimise.candidates import gather, typed_people
    from leye.policy.optimise.history import make_history, read_table
    from leye.policy.optimise.programmes import read_plan
    from leye.policy.optimise.proposals import propose
    from leye.policy.optimise.run import optimise as run_it

    day, packs, place = day_of(on), packs_of(pack), region_of(region)
    budgets = dict(_budget(text) for text in budget)
    if not programmes.is_file():
        raise BadInput(f"没有文件 {programmes}", en=f"no file {programmes}", remedy_zh="检查路径", remedy_en="check the path", code="E_NO_FILE")
    plan = read_plan(read_located(programmes), packs)
    plan = plan.with_rules([*(_share(t, "floor_share") for t in floor or ()), *(_share(t, "cap_share") for t in cap or ())])
    with step_bar() as show:
        show("读表", 0, 4, people.name)
        persons = typed_people(read_table(people), packs, file=people.name)
        keep = tuple(c.strip() for c in covariates.split(",") if c.strip())
        past = make_history(read_table(history), persons, day, known=plan.in_history, file=history.name, keep=keep)
        show("标注", 1, 4, "谁符合哪个项目")
        found = gather(persons, plan, packs, day, wanted=tuple(past.covariates.columns), region=place)
        show("估计和安排", 2, 4, f"{len(plan.programmes)} 个项目")
        run = run_it(plan, past, found, budgets, on=day, seed=seed)
        show("写出", 3, 4, str(out))
        proposals = propose(run, packs)
        _write(run, proposals, out)
    _say(run, proposals, out, as_json=as_json)


def _write(run: Run, proposals: list[Proposal], out: Path) -> None:
    from leye.cli.table_file import write_table
    from leye.policy.lint import lint
    from leye.policy.optimise.figures import figures
    from leye.policy.optimise.proposals import write_drafts
    from leye.policy.optimise.report_zh import report_zh

    out.mkdir(parents=True, exist_ok=True)
    write_table(run.assignments, out / "assignments.parquet")
    write_table(_prices(run), out / "prices.csv")
    (out / "report.json").write_text(json.dumps(figures(run, proposals), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (out / "report.md").write_text(report_zh(run, proposals), encoding="utf-8")
    if write_drafts(proposals, out / "drafts"):
        for finding in lint(out / "drafts"):  # what a person has still to decide, such as a branch of the law that the tree rules out
            sys.stderr.write(f"{finding}\n")


def _prices(run: Run) -> pl.DataFrame:
    """One row a fund and a rule: kind, name, limit, used, effect and yuan at the margin, and of the whole rule."""
    import polars as pl

    rows: list[tuple[object, ...]] = [
        ("budget", b.fund, b.budget_fen / 100, b.spent_fen / 100, b.effect_per_10k_yuan / 10_000, b.yuan_per_effect, None, None) for b in run.budgets
    ]
    rows += [(r.kind, r.name, None, float(r.heads), r.effect_per_head, r.yuan_per_head, r.effect_total, r.yuan_total) for r in run.rows]
    names = ("kind", "name", "limit", "used", "effect_per_unit", "yuan_per_unit", "effect_total", "yuan_total")
    return pl.DataFrame(rows, schema={n: pl.String if n in ("kind", "name") else pl.Float64 for n in names}, orient="row")


def _budget(text: str) -> tuple[str, int]:
    """`employment_fund=3000000` or with two decimals -> fund, fen."""
    from decimal import Decimal, InvalidOperation

    fund, _, amount = text.partition("=")
    try:
        fen = Decimal(amount.replace(",", "")) * 100
        if fund and fen == fen.to_integral_value() and fen >= 0:
            return fund, int(fen)
    except InvalidOperation:
        pass
    raise BadInput(f"--budget“{text}”写法不对", en=f"--budget {text!r} cannot be read", remedy_zh="写成 employment_fund=3000000（元，最多两位小数）",
                   remedy_en="write employment_fund=3000000 (yuan, at most two decimals)", code="E_BUDGET")  # fmt: skip


def _share(text: str, kind: str) -> Rule:
    from leye.policy.optimise.programmes import Rule, share_of

    group, _, share = text.partition("=")
    return Rule(kind, group, share_of(share))


def _say(run: Run, proposals: list[Proposal], out: Path, *, as_json: bool) -> None:
    from leye.policy.optimise.figures import figures
    from leye.policy.optimise.report_zh import VERDICTS_ZH, points, yuan

    if as_json:
        sys.stdout.write(json.dumps(figures(run, proposals), ensure_ascii=False) + "\n")
        return
    for finding in run.findings:
        effect = finding.effect
        told = f"{points(effect.mean.estimate)}（{effect.lo * 100:+.1f} 至 {effect.hi * 100:+.1f}）" if effect else ""
        why = f"：{finding.refusal.zh}" if finding.refusal else ""
        sys.stdout.write(f"{run.plan.by_id(finding.programme).name}\t{VERDICTS_ZH[finding.verdict]}{why}\t{told}\n")
    spent = int(run.assignments["cost_fen"].sum())
    gap = "" if run.allocation is None else f"，与上界的差距 {run.allocation.gap:.1e}"
    sys.stdout.write(f"安排 {run.assignments.height:,} 人，花费 {yuan(spent)}，预计多就业 {run.expected:.1f} 人{gap}；已写入 {out}\n")
