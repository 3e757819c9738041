"""Whatever the people, money and rules: every rule is kept, nobody beats the bound, and small problems are solved as well as by trying everything."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.kernel.errors import CheckFailed
from leye.policy.optimise.allocate import allocate
from leye.policy.optimise.cells import group, solve_cells
from leye.policy.optimise.certificate import certify
from leye.policy.optimise.dual import solve_dual
from leye.policy.optimise.evening import evened
from leye.policy.optimise.problem import NONE, Option, Problem, at_least, at_most, cap_share, floor_share, make_problem, places


@st.composite
def problems(draw: st.DrawFn, *, most: int) -> Problem:
    """A few people, one to three options, one or two funds, up to three rules. Few different numbers, so that ties abound."""
    n, m = draw(st.integers(1, most)), draw(st.integers(1, 3))
    tenth = st.integers(-1, 5).map(lambda v: v / 10)
    effect = np.array(draw(st.lists(st.lists(tenth, min_size=m, max_size=m), min_size=n, max_size=n)))
    eligible = np.array(draw(st.lists(st.lists(st.booleans(), min_size=m, max_size=m), min_size=n, max_size=n)))
    members = {g: np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n))) for g in ("a", "b")}
    names = [f"o{j}" for j in range(m)]
    funds = draw(st.sampled_from([["f"], ["f", "g"]]))
    cost = st.lists(st.integers(0, 4), min_size=n, max_size=n)
    options = [Option(name, {draw(st.sampled_from(funds)): np.array(draw(cost)) * 100}) for name in names]
    share, count, who = st.sampled_from([0.0, 0.25, 0.5, 0.08]), st.integers(0, 2), st.sampled_from(["a", "b"])
    some = st.lists(st.sampled_from(names), min_size=1, max_size=m, unique=True)
    row = st.one_of(
        st.builds(floor_share, who, share, some),
        st.builds(cap_share, who, share, some),
        st.builds(at_least, who, count, some),
        st.builds(at_most, who, count, some),
        st.builds(places, some, count),
    )
    rows = draw(st.lists(row, max_size=3))
    budgets = {f: draw(st.integers(0, 8)) * 100 for f in funds}
    return make_problem(options, budgets, rows, effect=effect, eligible=eligible, members=members)


def by_trying_everything(of: Problem) -> float | None:
    """The best value of all choices that keep the rules; None when none does."""
    best: float | None = None
    for choice in product(range(-1, len(of.options)), repeat=of.people):
        tried = np.array(choice, dtype=np.int64)
        if any(j != NONE and not np.isfinite(of.gain[j, i]) for i, j in enumerate(choice)) or np.any(of.usage(tried) > of.bounds):
            continue
        value = of.value(tried)
        best = value if best is None else max(best, value)
    return best


@settings(max_examples=150, deadline=None)
@given(problems(most=5), st.integers(0, 3))
def test_small_problems_against_trying_everything(of: Problem, seed: int) -> None:
    best = by_trying_everything(of)
    try:
        found = allocate(of, seed=seed)
    except CheckFailed:
        # right when there is no plan; with quotas rounding may find none although there is one (none of 1,500 such problems), and says so
        assert best is None or any(r.kind == "at_least" for r in of.rows)
        return
    assert best is not None
    assert np.all(found.used <= of.bounds) and (found.used == of.usage(found.choice)).all()
    assert found.value <= best + 1e-9 <= found.bound + 2e-6 * max(best, 1)
    assert found.value >= best - 0.5 - 1e-9, "at most one of these few people worse"
    few = certify(found, most=max(len(group(of).size) - 1, 0))
    assert few is None or few.bound >= best - 1e-9, "a bound over the unsettled few holds for everybody"


@settings(max_examples=80, deadline=None)
@given(problems(most=40), st.integers(0, 3))
def test_rules_keep_and_bounds_hold(of: Problem, seed: int) -> None:
    try:
        found = allocate(of, seed=seed)
    except CheckFailed:
        return
    chosen = np.flatnonzero(found.choice != NONE)
    assert np.all(found.used <= of.bounds)
    assert np.all(np.isfinite(of.gain[found.choice[chosen], chosen])) and np.all(of.gain[found.choice[chosen], chosen] > 0)
    assert found.value <= found.bound + 1e-9
    again = allocate(of, seed=seed)
    assert (again.choice == found.choice).all()


@settings(max_examples=80, deadline=None)
@given(problems(most=40))
def test_the_dual_meets_the_linear_programme(of: Problem) -> None:
    solved = solve_cells(of, group(of), of.bounds)
    if solved is None:
        return
    dual = solve_dual(of, seed=1)
    assert dual.bound == pytest.approx(solved.value, abs=1e-6 + 1e-6 * abs(solved.value))


@settings(max_examples=80, deadline=None)
@given(problems(most=40))
def test_spreading_equal_claims_changes_neither_value_nor_money_nor_rules(of: Problem) -> None:
    cells = group(of)
    solved = solve_cells(of, cells, of.bounds)
    if solved is None:
        return
    spread = evened(of, cells, solved.heads)
    one = of.only(cells.first)
    gain = np.where(np.isfinite(one.gain), one.gain, 0.0).T
    assert (spread >= -1e-9).all() and (spread.sum(axis=1) <= cells.size + 1e-6).all()
    assert (spread * gain).sum() == pytest.approx(solved.value, abs=1e-7)
    for heads in (solved.heads, spread):
        counted = np.einsum("cj,cjr->r", heads, of.kinds[of.code[cells.first], : heads.shape[1], :])
        assert np.all(counted <= of.bounds[len(of.funds) :] + 1e-6)
    for k in range(len(of.funds)):
        cost = np.stack([np.broadcast_to(one.cost[j][k], len(cells.first)) for j in range(len(of.options))], axis=1)
        assert (spread * cost).sum() == pytest.approx((solved.heads * cost).sum(), abs=1e-5)


@given(problems(most=30))
def test_cells_hold_equal_people_only(of: Problem) -> None:
    cells = group(of)
    assert cells.size.sum() == of.people and len(set(cells.of.tolist())) == len(cells.size)
    for i in range(of.people):
        twin = cells.first[cells.of[i]]
        assert of.code[i] == of.code[twin] and (of.gain[:, i] == of.gain[:, twin]).all()
        for j, per_fund in enumerate(of.cost):
            if np.isfinite(of.gain[j, i]):
                assert all(isinstance(c, int) or c[i] == c[twin] for c in per_fund)
