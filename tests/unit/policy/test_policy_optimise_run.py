"""From tables to a plan: overrides, sets, quotas, strangers, reasons for each person, reports that say what speaks against it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache

import numpy as np
import polars as pl
import pytest

from leye.kernel.errors import BadInput, CheckFailed
from leye.policy.located import parse_located
from leye.policy.optimise.candidates import gather, typed_people
from leye.policy.optimise.figures import figures
from leye.policy.optimise.history import make_history
from leye.policy.optimise.outcomes import REASONS, outcomes
from leye.policy.optimise.programmes import read_plan
from leye.policy.optimise.proposals import propose, write_drafts
from leye.policy.optimise.report_zh import report_zh
from leye.policy.optimise.run import Run, optimise
from leye.policy.read_pack import shipped

ON = date(2025, 8, 31)
N = 900
A = "{id: course, name: 培训, who: registered_unemployed, pays: employment_fund, cost_fen: 100000%s}"
B = "{id: mentor, name: 导师, who: registered_unemployed, pays: ui_fund, cost_fen: 50000%s}"
C = "{id: voucher, name: 交通券, who: registered_unemployed, pays: employment_fund, cost_fen: 10000%s}"


@cache
def people() -> pl.DataFrame:
    dice = np.random.default_rng(2)
    since = [date(2025 - int(m) // 12, 12 - int(m) % 12, 1) if m >= 4 else date(2025, 8 - int(m), 1) for m in dice.integers(0, 24, N)]
    table = pl.DataFrame({
        "person_id": [f"P{i:08d}" for i in range(N)], "region": dice.choice(["CN-440605", "CN-440606"], N), "sex": dice.choice(["F", "M"], N),
        "registered_unemployed": [True] * (N - 100) + [False] * 50 + [None] * 50, "registered_unemployed_since": since,
        "graduate": dice.random(N) < 0.3, "disability_grade": (dice.random(N) < 0.06).astype(int), "birth": [date(1990, 1, 1)] * N,
    })  # fmt: skip
    return typed_people(table, shipped(), file="people")


@cache
def history(strange: bool = False) -> pl.DataFrame:
    """Course +0.2, mentor +0.15, voucher 0. strange: graduates never took part and never stood in the history."""
    dice = np.random.default_rng(7)
    n = 9_000
    graduate, months = (dice.random(n) < 0.3) & (not strange), dice.integers(0, 24, n)
    programme = dice.choice(["none", "course", "mentor", "voucher"], n, p=[0.4, 0.2, 0.2, 0.2])
    add = {"none": 0.0, "course": 0.2, "mentor": 0.15, "voucher": 0.0}
    chance = 0.4 - 0.008 * months + 0.05 * graduate + np.array([add[p] for p in programme])
    frame = pl.DataFrame({
        "person_id": [f"H{i}" for i in range(n)], "programme": programme, "started_on": [date(2024, 1, 1)] * n,
        "employed_6m": (dice.random(n) < chance).astype(int), "graduate": graduate.astype(float), "months": months,
    })  # fmt: skip
    return frame.with_columns(graduate=pl.lit(0.0)) if strange else frame


def run(programmes: list[str], rest: str = "", budgets: Mapping[str, int] | None = None, *, table: pl.DataFrame | None = None) -> Run:
    text = "programmes:\n" + "".join(f"  - {p}\n" for p in programmes)
    text += "covariates: {months: {is: months_since(registered_unemployed_since), zh: 登记失业月数, unit: months}}\n" + rest
    plan = read_plan(parse_located(text), shipped())
    past = make_history(history() if table is None else table, people(), ON, known=plan.in_history, file="history")
    found = gather(people(), plan, shipped(), ON, wanted=tuple(past.covariates.columns))
    return optimise(plan, past, found, budgets or {"employment_fund": 5_000_000, "ui_fund": 2_000_000}, on=ON, seed=1)


def placed(of: Run) -> dict[str, int]:
    return dict(of.assignments["programme"].value_counts().iter_rows())


def test_two_funds_place_side_by_side() -> None:
    found = run([A % "", B % ""])
    assert placed(found) == {"course": 50, "mentor": 40}
    assert [b.spent_fen for b in found.budgets] == [5_000_000, 2_000_000]
    assert found.expected == pytest.approx(50 * 0.2 + 40 * 0.15, rel=0.3) and 0 < found.expected_se < found.expected


def test_a_compatible_set_is_one_option_that_pays_from_both_funds() -> None:
    found = run([A % "", B % ""], "compatible: [[course, mentor]]\nquotas: [{group: women, at_most: 3, of: [course]}]\n")
    both = found.assignments.filter(pl.col("programme") == "course+mentor")
    assert found.allocation is not None and "course+mentor" in [o.name for o in found.allocation.problem.options]
    assert (both["cost_fen"] == 150_000).all()
    having = found.assignments.filter(pl.col("programme").str.contains("course"))["person_id"]
    assert people().filter(pl.col("person_id").is_in(having.implode()) & (pl.col("sex") == "F")).height <= 3
    assert "这是假设" in report_zh(found)


def test_without_evidence_nothing_is_placed_and_money_stays() -> None:
    found = run([C % ""])
    assert found.findings[0].verdict == "no_evidence" and found.assignments.height == 0 and found.allocation is None
    assert "不建议安排任何名额" in report_zh(found) and outcomes(found).height == 0
    assert figures(found)["allocation"] is None and propose(found, shipped()) == []


def test_an_override_names_who_and_why() -> None:
    found = run([C % ", override: {reason: 已经承诺, by: 王某}"])
    if found.findings[0].effect is not None and found.findings[0].effect.mean.estimate > 0:
        assert found.assignments.height > 0
    assert found.findings[0].by_override and found.findings[0].placed
    text = report_zh(found)
    assert "由 王某 决定仍然安排" in text and "已经承诺" in text
    assert figures(found)["programmes"][0]["override"] == {"reason": "已经承诺", "by": "王某"}


def test_an_override_of_an_effective_programme_changes_nothing() -> None:
    assert not run([A % ", override: {reason: 已经承诺, by: 王某}"]).findings[0].by_override


def test_people_unlike_the_history_are_not_placed_and_counted() -> None:
    """The history knows nobody with a diploma; those who have one are not guessed at."""
    table = history().filter(pl.col("months") < 12)
    found = run([A % ""], budgets={"employment_fund": 10**9}, table=table)
    assert found.findings[0].outside > 0
    told = outcomes(found)
    assert told.filter(pl.col("reasons").list.contains("unlike_history")).height == found.findings[0].outside
    assert "与历史上的参加者都不像" in report_zh(found)


def test_unknown_conditions_are_counted_not_placed() -> None:
    found = run([A % ""])
    assert (found.findings[0].eligible, found.findings[0].unsure) == (800, 50)


def test_everyone_eligible_has_an_outcome_with_a_reason() -> None:
    found = run([A % "", C % ""], "floors: [{group: disabled, share: 0.3}]\n")
    told = outcomes(found)
    assert told.height == 800 and set(told["reasons"].explode().unique()) <= set(REASONS)
    has = told.filter(pl.col("programme").is_not_null())
    assert has["person_id"].to_list() == found.assignments["person_id"].to_list() and has["cost_fen"].sum() == found.assignments["cost_fen"].sum()
    assert set(has["reasons"].list.first()) <= {"gains_enough", "for_floor"}
    assert set(told.filter(pl.col("programme").is_null())["reasons"].list.first()) <= {"lot_lost", "others_gain_more"}


def test_a_refused_programme_leaves_the_others() -> None:
    few = history().filter((pl.col("programme") != "mentor") | (pl.col("person_id").str.ends_with("00")))
    found = run([A % "", B % ""], table=few)
    assert found.findings[1].refusal is not None and found.findings[1].refusal.code == "E_TOO_FEW"
    assert placed(found) == {"course": 50} and "“导师”人数太少" in report_zh(found)


def test_when_nothing_can_be_evaluated_the_first_reason_is_raised() -> None:
    with pytest.raises(CheckFailed) as caught:
        run([A % ""], table=history().head(150))
    assert caught.value.code == "E_TOO_FEW"


def test_a_fund_without_a_budget_is_named() -> None:
    with pytest.raises(BadInput) as caught:
        run([A % "", B % ""], budgets={"employment_fund": 1_000_000})
    assert caught.value.code == "E_NO_BUDGET" and "ui_fund" in caught.value.zh


def test_every_figure_is_json_and_the_report_is_whole() -> None:
    found = run([A % "", C % ""], "floors: [{group: women, share: eligible}]\nquotas: [{region: CN-440605, at_least: 5}]\n")
    proposals = propose(found, shipped())
    said = json.loads(json.dumps(figures(found, proposals), allow_nan=False))
    assert said["allocation"]["placed"] == found.assignments.height and len(said["rules"]) == 2
    text = report_zh(found, proposals)
    for part in ("## 结论", "## 每个项目有没有效", "## 保底和限额的代价", "## 写成规则", "## 可信吗", "## 口径和限制"):
        assert part in text
    assert "nan" not in text and "None" not in text


def test_no_rule_no_folder(tmp_path) -> None:
    found = run([C % ""])
    assert write_drafts(propose(found, shipped()), tmp_path / "drafts") == [] and not (tmp_path / "drafts").exists()
