"""The table of states: each way there is, and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from leye.kernel.errors import BadInput, Conflict
from leye.trust.registry import STATES, STEPS, Standing, step_of
from leye.trust.registry.sampling import draw_sample, unseen_bound
from leye.trust.registry.sandbox import Metric, Plan, harmful

READY = Standing("filed", frozenset({"operator", "workers"}), "粤-1", date(2025, 9, 1), False)
ALLOWED = {
    ("assess", "draft"): "assessed",
    ("assess", "suspended"): "assessed",
    ("assess", "blacklisted"): "assessed",
    ("file", "assessed"): "filed",
    ("launch", "filed"): "running",
    ("launch", "assessed"): "running",
    ("conclude", "running"): "assessed",
    ("suspend", "running"): "suspended",
    ("blacklist", "running"): "blacklisted",
    ("blacklist", "suspended"): "blacklisted",
}


@pytest.mark.parametrize("verb", ["assess", "file", "launch", "conclude", "suspend", "blacklist"])
@pytest.mark.parametrize("state", list(STATES))
def test_only_these_ways_exist(verb: str, state: str) -> None:
    standing = replace(READY, state=state, is_sandboxed=True)
    if (verb, state) in ALLOWED:
        assert step_of(verb, standing).end == ALLOWED[verb, state]
    else:
        with pytest.raises(Conflict) as refused:
            step_of(verb, standing)
        assert refused.value.code == "E_REGISTRY_STEP"


def test_the_table_holds_each_way_once() -> None:
    assert {(s.verb, s.start): s.end for s in STEPS} == ALLOWED and len(STEPS) == len(ALLOWED)
    assert {s.start for s in STEPS if s.end == "running"} == {"filed", "assessed"}, "running is reached through an assessment only"


@pytest.mark.parametrize(
    ("signed", "code"), [(set(), "E_REGISTRY_UNSIGNED"), ({"operator"}, "E_REGISTRY_UNSIGNED"), ({"workers"}, "E_REGISTRY_UNSIGNED")], ids=str
)
def test_launch_takes_both_signatures(signed: set[str], code: str) -> None:
    with pytest.raises(Conflict) as refused:
        step_of("launch", replace(READY, signed_by=frozenset(signed)))
    assert refused.value.code == code


def test_filing_takes_a_number_or_a_day() -> None:
    bare = replace(READY, state="assessed", filing_number="", filed_on=None)
    with pytest.raises(Conflict) as refused:
        step_of("file", bare)
    assert refused.value.code == "E_REGISTRY_UNFILED"
    assert step_of("file", replace(bare, filing_number="粤-1")).end == "filed"
    assert step_of("file", replace(bare, filed_on=date(2025, 9, 1))).end == "filed"


def test_an_unfiled_version_runs_in_a_sandbox_only_and_signed() -> None:
    assessed = replace(READY, state="assessed")
    with pytest.raises(Conflict):
        step_of("launch", assessed)
    assert step_of("launch", replace(assessed, is_sandboxed=True)).end == "running"
    with pytest.raises(Conflict):
        step_of("launch", replace(assessed, is_sandboxed=True, signed_by=frozenset({"operator"})))
    with pytest.raises(Conflict):
        step_of("conclude", replace(READY, state="running"))


def test_a_sample_can_be_drawn_again_from_its_seed() -> None:
    places = list(range(100, 1100))
    drawn = draw_sample(places, size=20, seed=7)
    assert drawn == draw_sample(list(reversed(places)), size=20, seed=7) == sorted(set(drawn))
    assert drawn != draw_sample(places, size=20, seed=8)
    assert draw_sample([3, 1, 2], size=20, seed=7) == [1, 2, 3]
    with pytest.raises(ValueError):
        draw_sample(places, size=0, seed=7)


# by the beta quantile, qbeta(.95, wrong + 1, size - wrong); the first two by hand: 1 - .05 ** (1 / n)
BOUNDS = [(20, 0, 1 - 0.05 ** (1 / 20)), (59, 0, 1 - 0.05 ** (1 / 59)), (20, 1, 0.21611), (10, 10, 1.0), (1, 0, 0.95)]


@pytest.mark.parametrize(("size", "wrong", "bound"), BOUNDS)
def test_the_bound_on_what_was_not_seen(size: int, wrong: int, bound: float) -> None:
    assert unseen_bound(size, wrong) == pytest.approx(bound, abs=1e-4)


def test_the_limit_itself_does_no_harm() -> None:
    complaints = Metric("complaints", "投诉率", "complaints", 0.05, True)
    pay = Metric("pay", "时薪", "pay", 2000, False)
    assert harmful([complaints, pay], {"complaints": 0.05, "pay": 2000}) == []
    assert harmful([complaints, pay], {"complaints": 0.06, "pay": 1999}) == [complaints, pay]
    assert harmful([complaints, pay], {}) == []


@pytest.mark.parametrize(
    "plan",
    [
        Plan(0, date(2025, 10, 1), (Metric("a", "a", "a", 1, True),)),
        Plan(10**9, date(2025, 10, 1), (Metric("a", "a", "a", 1, True),)),
        Plan(50, date(2025, 8, 1), (Metric("a", "a", "a", 1, True),)),
        Plan(50, date(2027, 8, 1), (Metric("a", "a", "a", 1, True),)),
        Plan(50, date(2025, 10, 1), ()),
        Plan(50, date(2025, 10, 1), (Metric("a", "a", "a", 1, True), Metric("a", "a", "a", 2, True))),
    ],
    ids=["nobody", "everybody", "over already", "for ever", "unwatched", "one name twice"],
)
def test_a_sandbox_is_capped_ends_and_is_watched(plan: Plan) -> None:
    with pytest.raises(BadInput) as refused:
        plan.check(today=date(2025, 9, 1))
    assert refused.value.code == "E_SANDBOX"
