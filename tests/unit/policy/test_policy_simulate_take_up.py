"""Take-up: the stated assumption, the fit to a record that holds a planted one, its calibration, expected cost against person by person."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from leye.policy.read_pack import shipped
from leye.policy.simulate import apply, fitted_record, record_rows, reform_of_text, take_up
from leye.policy.simulate.budget import limits
from leye.policy.simulate.compare import Both, columns_of
from leye.policy.simulate.likely import expected
from leye.policy.simulate.margins import margins
from leye.policy.simulate.path import by_fund, monthly_path
from leye.policy.simulate.reform import TakeUpGiven
from leye.policy.simulate.summary import summarise
from leye.policy.simulate.take_up import fitted
from tests_support.policy_people import random_people

ON = date(2025, 8, 31)


def planted(seed: int, n: int, a: float, b: float) -> tuple[np.ndarray, np.ndarray]:
    """(annual fen, taken) under p = 1 / (1 + exp(-(a + b ln(amount / 1,000 yuan))))."""
    rng = np.random.default_rng(seed)
    annual = np.exp(rng.normal(np.log(200_000), 1.0, n)).round()
    p = 1 / (1 + np.exp(-(a + b * np.log(annual / 100_000))))
    return annual, rng.random(n) < p


def test_the_fit_recovers_a_planted_take_up_within_its_interval() -> None:
    """Over 60 records drawn anew, the interval of 90 % holds each planted number in about nine of ten."""
    holds = np.zeros(2)
    for seed in range(60):
        annual, taken = planted(seed, 3_000, -0.4, 0.5)
        model = fitted(annual, taken, seed=seed)
        for i, (draws, truth) in enumerate(((model.a, -0.4), (model.b, 0.5))):
            low, high = np.quantile(draws[1:], [0.05, 0.95])
            holds[i] += low <= truth <= high
    assert (holds / 60 >= 0.80).all() and (holds / 60 <= 0.99).all(), holds / 60


def test_policies_of_a_record_are_told_apart_and_others_get_a_wide_interval() -> None:
    """Five policies whose planted offsets differ: each is found within its interval in about nine of ten, and calibration holds."""
    planted_u = {"a": -1.6, "b": -0.6, "c": 0.0, "d": 0.7, "e": 1.5}
    holds, calibrated = 0, 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        names = rng.choice(sorted(planted_u), 1_500)
        annual = np.exp(rng.normal(np.log(300_000), 0.7, names.size)).round()
        p = 1 / (1 + np.exp(-(-0.5 + 0.3 * np.log(annual / 100_000) + np.array([planted_u[n] for n in names]))))
        taken = rng.random(names.size) < p
        model = fitted(annual, taken, seed=seed, policies=list(names))
        for name, u in planted_u.items():
            truth = 1 / (1 + np.exp(-(-0.5 + 0.3 * np.log(3.0) + u)))
            low, high = np.quantile(model.share(np.array([300_000.0]), name)[1:, 0], [0.05, 0.95])
            holds += low <= truth <= high
        rows = pl.DataFrame(
            {"person_id": [str(i) for i in range(names.size)], "policy": names, "annual_fen": annual.astype(np.int64), "taken": taken, "told": False}
        )
        calibrated += sum(b.holds for b in fitted_record(rows, seed=seed).bins)
    assert 0.8 <= holds / 100 <= 0.99, holds
    assert calibrated >= 80, calibrated
    known, other = (np.quantile(model.share(np.array([300_000.0]), n)[1:, 0], [0.05, 0.95]) for n in ("c", "unheard of"))
    assert other[1] - other[0] > 3 * (known[1] - known[0])


def test_a_small_record_or_one_outcome_is_no_record() -> None:
    annual, taken = planted(1, 199, 0, 0.3)
    with pytest.raises(ValueError, match="200"):
        fitted(annual, taken, seed=0)
    rows = pl.DataFrame({"person_id": ["a"], "policy": ["p"], "annual_fen": [1], "taken": [True], "told": [False]})
    found = fitted_record(rows, seed=0)
    assert found.model is None and "200" in found.why_zh and found.why_en
    everybody = pl.concat([rows.with_columns(pl.lit(str(i)).alias("person_id")) for i in range(250)])
    assert fitted_record(everybody, seed=0).model is None


def test_the_assumption_is_what_it_says() -> None:
    model = take_up(None, seed=4)
    thousand = model.share(np.array([100_000.0]))[:, 0]
    assert thousand[0] == pytest.approx(0.60)
    assert np.quantile(thousand[1:], [0.05, 0.95]) == pytest.approx([0.45, 0.75], abs=0.03)
    assert model.share(np.array([0.0]))[0, 0] == 0
    told = take_up(TakeUpGiven(0.5, 0.4, 0.6, 0.2), seed=4, notified=True)
    assert told.share(np.array([100_000.0]))[0, 0] == pytest.approx(0.70)


def test_a_record_of_payments_and_notices_is_read_as_entitled_and_taken() -> None:
    packs = shipped()
    people = random_people(packs, ON, 6_000, seed=3, nulls=0.05, regions=("CN-4406",)).lazy()
    both = Both(packs, packs, ON, tuple(packs.policies), frozenset())
    entitled = columns_of(both, people, keep=("person_id",), kinds="vy").select(
        pl.col("_k.person_id").alias("person_id"), pl.col("y0.ss_hire_hard").alias("hire"), pl.col("y0.skill_up").alias("skill")
    ).collect()  # fmt: skip
    hire = entitled.filter(pl.col("hire") > 0)["person_id"].to_list()
    skill = entitled.filter(pl.col("skill") > 0)["person_id"].to_list()
    payments = pl.DataFrame(
        {"person_id": [hire[0], hire[1], skill[0], "P99999999"], "policy": ["ss_hire_hard", "ss_hire_hard", "skill_up", "ss_hire_hard"],
         "month": [date(2025, 8, 1), date(2025, 3, 1), None, date(2025, 8, 1)],
         "paid_on": [date(2025, 8, 20), date(2025, 3, 20), date(2025, 8, 2), date(2025, 8, 20)]},
    )  # fmt: skip
    notices = pl.DataFrame(
        {"person_id": [skill[0], skill[1], hire[2]], "policy": ["skill_up", "skill_up", "skill_up"], "delivered_on": [date(2025, 8, 1)] * 3,
         "applied_on": [date(2025, 8, 9), None, None]},
    )  # fmt: skip
    rows = record_rows(people, packs, ON, payments=payments, notices=notices)
    by = {(r["person_id"], r["policy"]): (r["taken"], r["told"]) for r in rows.to_dicts()}
    assert by[hire[0], "ss_hire_hard"] == (True, False)
    assert by[hire[1], "ss_hire_hard"] == (False, False), "paid in March is not paid now"
    assert by[skill[0], "skill_up"] == (True, True) and by[skill[1], "skill_up"] == (False, True)
    assert len([k for k in by if k[1] == "ss_hire_hard"]) == len(hire), "everybody entitled to a monthly benefit is in the record"
    assert len([k for k in by if k[1] == "skill_up"]) == 2, "what is paid once: only those who were told"


def test_calibration_holds_for_a_model_that_is_true() -> None:
    annual, taken = planted(7, 5_000, -0.2, 0.4)
    rows = pl.DataFrame({"person_id": [str(i) for i in range(annual.size)], "policy": "p", "annual_fen": annual.astype(np.int64), "taken": taken,
                         "told": False})  # fmt: skip
    found = fitted_record(rows, seed=1)
    assert found.model is not None and len(found.bins) == 5 and sum(b.people for b in found.bins) == 5_000
    assert sum(b.holds for b in found.bins) >= 4
    assert [b.annual_fen for b in found.bins] == sorted(b.annual_fen for b in found.bins)


def test_expected_cost_equals_person_by_person() -> None:
    packs = shipped()
    after = apply(
        reform_of_text(
            "reform: r\nchanges:\n  - {policy: ss_flex_hard, parameter: share_num, value: 1}\n"
            "  - {policy: skill_up, parameter: level5_fen, value: 150000, beyond_cap: 测试}\n"
        ),
        packs,
        ON,
    )
    both = Both.of(packs, after, ON)
    people = random_people(packs, ON, 4_000, seed=6, regions=("CN-4406", "CN-11"))
    model = take_up(None, seed=0)
    found = expected(both, people.lazy(), model)
    table = columns_of(both, people.lazy(), kinds="vy").collect()
    for e in found.policies:
        for side, cost, reach in (("0", e.cost_before, e.people_before), ("1", e.cost_after, e.people_after)):
            annual = table[f"y{side}.{e.policy}"].to_numpy().astype(float)
            share = model.share(annual)[0]
            assert cost.centre == pytest.approx(float(share @ annual), rel=1e-4)
            assert reach.centre == pytest.approx(float(share.sum()), rel=1e-4)
    whole = sum(e.cost_added.centre for e in found.policies)
    assert found.cost_added.centre == pytest.approx(whole)
    assert found.cost_added.low <= found.cost_added.centre <= found.cost_added.high
    summary = summarise(both, people.lazy())
    assert 0 < found.winners.centre < summary.whole["winners"] and 0 < found.losers.centre < summary.whole["losers"]


def test_the_curve_runs_from_the_law_to_the_reform_and_beyond() -> None:
    packs = shipped()
    reform = reform_of_text("reform: r\nchanges:\n  - {policy: skill_up, parameter: ui_months_min, value: 4}\n")
    people = random_people(packs, ON, 6_000, seed=6, nulls=0.02).lazy()
    (curve,) = margins(reform, packs, people, ON, take_up(None, seed=0))
    assert [p.value for p in curve.points] == [12, 10, 8, 6, 4, 2] and (curve.law, curve.value) == (12, 4)
    assert (curve.points[0].cost_added_fen, curve.points[0].people_added) == (0, 0)
    at_reform = next(p for p in curve.points if p.value == 4)
    summary = summarise(Both.of(packs, apply(reform, packs, ON), ON), people)
    assert (at_reform.cost_added_fen, at_reform.people_added) == (summary.cost_after_fen - summary.cost_before_fen, summary.people_added)
    added = [p.people_added for p in curve.points]
    assert added == sorted(added) and added[-1] > 0
    for last, point in zip(curve.points, curve.points[1:], strict=False):
        people_more = point.people_added - last.people_added
        if people_more:
            assert point.per_person_fen == (point.cost_added_fen - last.cost_added_fen) // people_more


def test_a_budget_binds_by_the_expected_cost_and_names_the_month() -> None:
    packs = shipped()
    reform = reform_of_text("reform: r\nchanges:\n  - {policy: skill_up, parameter: ui_months_min, value: 3}\n")
    both = Both.of(packs, apply(reform, packs, ON), ON, funds=("ui_fund",))
    assert {p.id for p in packs.policies.values() if p.pays == "ui_fund"} <= set(both.policies)
    people = random_people(packs, ON, 1_500, seed=6, regions=("CN-4406",)).lazy()
    path, likely = monthly_path(both, people), expected(both, people, take_up(None, seed=0))
    months = by_fund(path).filter(pl.col("pays") == "ui_fund")["cost_after_fen"]
    tight, wide = int(months[0]) + int(months[1]) // 2, int(months.sum()) * 2
    (over,) = limits({"ui_fund": tight}, path, likely)
    assert over.over_from == date(2025, 9, 1), "one month and a half are paid for"
    assert over.binds == (over.expected_after.centre > tight)
    (nothing,) = limits({"ui_fund": 1}, path, likely)
    assert nothing.binds and nothing.share_over == 1 and nothing.over_from == ON.replace(day=1)
    (within,) = limits({"ui_fund": wide}, path, likely)
    assert not within.binds and within.over_from is None and within.share_over == 0
    assert within.expected_after.centre < within.entitled_after_fen == months.sum()
