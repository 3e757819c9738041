"""Allocations worked by hand: budgets, floors, quotas, sets, draws, prices and the certificate."""

from __future__ import annotations

import numpy as np
import pytest

from leye.kernel.errors import BadInput, CheckFailed
from leye.policy.optimise.allocate import allocate
from leye.policy.optimise.certificate import certify
from leye.policy.optimise.prices import budget_prices, row_prices
from leye.policy.optimise.problem import NONE, Option, Problem, at_least, at_most, cap_share, floor_share, make_problem, places

FUND = "employment_fund"


def problem(gains: list[list[float]], costs: list[int | list[int]], budget: int, rows=(), members=None, eligible=None) -> Problem:
    """gains: a row a person, a column an option (o0, o1, …); costs in fen."""
    effect = np.array(gains, dtype=float)
    options = [Option(f"o{j}", {FUND: c if isinstance(c, int) else np.array(c)}) for j, c in enumerate(costs)]
    may = np.ones(effect.shape, dtype=bool) if eligible is None else np.array(eligible)
    groups = {k: np.array(v, dtype=bool) for k, v in (members or {}).items()}
    return make_problem(options, {FUND: budget}, rows, effect=effect, eligible=may, members=groups)


ANSWERS = [
    (problem([[0.3], [0.2], [0.1]], [100], 200), [0, 0, NONE], "the best two of three"),
    (problem([[0.3], [0.2], [0.1]], [100], 0), [NONE] * 3, "no money, no places"),
    (problem([[0.3], [0.2], [0.1]], [100], 10_000), [0, 0, 0], "money for all"),
    (problem([[0.3], [-0.2], [0.0]], [100], 10_000), [0, NONE, NONE], "nobody is sent where it does not help"),
    (problem([[0.3], [0.2]], [100], 10_000, eligible=[[False], [True]]), [NONE, 0], "only who may"),
    (problem([[0.3, 0.5], [0.3, 0.31]], [100, 300], 400), [1, 0], "the dearer one for whoever gains more by it"),
    (problem([[0.30], [0.29], [0.28]], [[300, 100, 100]], 300), [NONE, 0, 0], "two for the price of one"),
    (problem([[0.3], [0.2], [0.1]], [0], 0), [0, 0, 0], "what costs nothing needs no money"),
    (problem([[0.3], [0.2], [0.1]], [100], 300, [places(["o0"], 1)]), [0, NONE, NONE], "one place"),
    (problem([[0.3], [0.2], [0.1]], [100], 200, [floor_share("d", 0.5, ["o0"])], {"d": [0, 0, 1]}), [0, NONE, 0], "half for the group"),
    (problem([[0.3], [0.2], [0.1]], [100], 200, [cap_share("d", 0.5, ["o0"])], {"d": [1, 1, 0]}), [0, NONE, 0], "no more than half of them"),
    (problem([[0.3], [0.2], [0.1]], [100], 100, [at_least("d", 1, ["o0"])], {"d": [0, 0, 1]}), [NONE, NONE, 0], "the quota takes the only place"),
    (problem([[0.3], [0.2], [0.1]], [100], 300, [at_most("d", 1, ["o0"])], {"d": [1, 1, 0]}), [0, NONE, 0], "at most one of them"),
]


@pytest.mark.parametrize(("of", "choice", "why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_allocations_by_hand(of: Problem, choice: list[int], why: str) -> None:
    found = allocate(of, seed=1)
    assert found.choice.tolist() == choice
    assert found.value == pytest.approx(sum(of.gain[j, i] for i, j in enumerate(choice) if j != NONE))
    assert found.bound >= found.value - 1e-9 and (found.used <= of.bounds).all()


def test_nobody_at_all() -> None:
    found = allocate(problem([[0.3]], [100], 1_000, eligible=[[False]]), seed=1)
    assert found.choice.tolist() == [NONE] and found.value == 0 and found.gap == 0


@pytest.mark.parametrize(
    "rows", [[at_least("d", 2, ["o0"])], [at_least("d", 1, ["o0"]), places(["o0"], 0)]], ids=["too few of them", "no place at all"]
)
def test_what_cannot_be_met_is_refused_by_name(rows) -> None:
    with pytest.raises(CheckFailed, match="d>=") as caught:
        allocate(problem([[0.3], [0.2], [0.1]], [100], 1_000, rows, {"d": [0, 0, 1]}), seed=1)
    assert caught.value.code == "E_FLOOR" and caught.value.remedy_zh and caught.value.remedy_en


def test_a_quota_that_the_money_does_not_reach_is_refused() -> None:
    with pytest.raises(CheckFailed) as caught:
        allocate(problem([[0.3], [0.2]], [100], 150, [at_least("d", 2, ["o0"])], {"d": [1, 1]}), seed=1)
    assert caught.value.code == "E_FLOOR"


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("E_UNKNOWN_NAME", lambda: problem([[0.1]], [1], 1, [places(["other"], 1)])),
        ("E_UNKNOWN_NAME", lambda: problem([[0.1]], [1], 1, [at_least("nobody", 1, ["o0"])])),
        (
            "E_NO_BUDGET",
            lambda: make_problem([Option("o", {"tax": 1})], {FUND: 1}, (), effect=np.ones((1, 1)), eligible=np.ones((1, 1), bool), members={}),
        ),
        ("E_NEGATIVE", lambda: problem([[0.1]], [-1], 1)),
        ("E_NEGATIVE", lambda: problem([[0.1]], [1], -1)),
        ("E_SHARE", lambda: floor_share("d", 1.5, ["o0"])),
    ],
)
def test_bad_input_is_named(code: str, make) -> None:
    with pytest.raises(BadInput) as caught:
        make()
    assert caught.value.code == code


def test_shares_are_exact() -> None:
    """8 % of 25 is 2: a float would ask for three."""
    row = floor_share("d", 0.08, ["o0"])
    assert (row.inside, row.outside, row.unit) == (-23, 2, 25)
    assert 2 * row.inside + 23 * row.outside == 0


def equals(n: int, budget: int, rows=(), share: float = 0.3) -> Problem:
    member = np.arange(n) < n * share
    return problem([[0.1]] * n, [100], budget, rows, {"d": member.tolist()})


def test_equal_claims_are_drawn_and_every_seed_draws_anew() -> None:
    draws = [allocate(equals(400, 10_000), seed=s).choice for s in range(30)]
    counts = np.sum([d != NONE for d in draws], axis=0)
    assert all((d != NONE).sum() == 100 for d in draws)
    assert counts.std() == pytest.approx(np.sqrt(30 * 0.25 * 0.75), rel=0.12), "each has a chance of a quarter, draw by draw"
    assert (allocate(equals(400, 10_000), seed=3).choice == draws[3]).all()


def test_a_draw_among_equals_favours_no_group() -> None:
    """A corner of the linear programme would take one group whole; a floor below their share changes nothing."""
    rows = [floor_share("d", 0.05, ["o0"]), at_most("d", 200, ["o0"])]
    inside = [int((allocate(equals(1_000, 40_000, rows), seed=s).choice[:300] != NONE).sum()) for s in range(5)]
    assert inside == pytest.approx([120] * 5, abs=2)


def test_a_floor_above_their_share_lifts_them_just_so_far() -> None:
    chosen = allocate(equals(1_000, 40_000, [floor_share("d", 0.5, ["o0"])]), seed=1).choice
    assert (chosen[:300] != NONE).sum() == 200 and (chosen != NONE).sum() == 400


def test_the_price_of_money_is_what_the_next_person_gains() -> None:
    found = allocate(equals(400, 10_000), seed=1)
    (price,) = budget_prices(found)
    assert price.effect_per_10k_yuan == pytest.approx(0.1 / 1.0 * 10_000)
    assert price.yuan_per_effect == pytest.approx(10.0)
    assert (price.budget_fen, price.spent_fen) == (10_000, 10_000)


def test_money_left_over_is_worth_nothing() -> None:
    (price,) = budget_prices(allocate(equals(50, 1_000_000), seed=1))
    assert price.effect_per_10k_yuan == 0 and price.yuan_per_effect is None


def test_what_a_floor_costs_by_hand() -> None:
    """100 places; the others gain 0.2, the group 0.1: each place given to the group loses 0.1, and 20 of them are asked for."""
    gains = [[0.1]] * 100 + [[0.2]] * 300
    of = problem(gains, [100], 10_000, [floor_share("d", 0.2, ["o0"])], {"d": [1] * 100 + [0] * 300})
    found = allocate(of, seed=1)
    (row,) = row_prices(found, seed=1)
    assert found.value == pytest.approx(80 * 0.2 + 20 * 0.1)
    assert (row.heads, row.of_heads) == (20, 100)
    assert row.effect_per_head == pytest.approx(0.1) and row.effect_total == pytest.approx(2.0)
    (money,) = budget_prices(found)
    assert money.yuan_per_effect == pytest.approx(1 / 0.18), "one yuan buys a place of which a fifth is theirs"
    assert row.yuan_total == pytest.approx(2.0 / 0.18)


def test_a_floor_that_does_not_bind_costs_nothing() -> None:
    (row,) = row_prices(allocate(equals(400, 10_000, [floor_share("d", 0.1, ["o0"])]), seed=1), seed=1)
    assert row.effect_per_head == 0 and row.effect_total == 0 and row.yuan_per_head == 0


def rich(n: int, seed: int) -> Problem:
    dice = np.random.default_rng(seed)
    names = ["o0", "o1", "o2"]
    rows = [floor_share("d", 0.1, names), floor_share("w", 0.5, names), places(["o0"], n // 40), at_least("r", n // 100, names)]
    options = [
        Option("o0", {FUND: dice.integers(20, 80, n) * 100}), Option("o1", {"ui_fund": dice.integers(10, 40, n) * 100}), Option("o2", {FUND: 500}),
    ]  # fmt: skip
    return make_problem(
        options, {FUND: n * 200, "ui_fund": n * 80}, rows,
        effect=dice.normal([0.08, 0.05, 0.03], 0.04, (n, 3)), eligible=dice.random((n, 3)) < [0.3, 0.4, 0.6],
        members={"d": dice.random(n) < 0.05, "w": dice.random(n) < 0.5, "r": dice.random(n) < 0.2},
    )  # fmt: skip


def test_the_certificate_says_what_the_dual_says() -> None:
    found = allocate(rich(2_000, 4), seed=1)
    sure = certify(found)
    assert sure is not None and sure.people == 2_000
    assert sure.bound == pytest.approx(found.bound, rel=1e-6)
    assert sure.price == pytest.approx(found.dual.price, rel=0.02, abs=1e-9)
    assert 0 <= sure.gap < 2e-3


def test_a_certificate_over_few_people_says_the_same() -> None:
    """Whom the prices settle cannot be treated otherwise in anything better: HiGHS looks at the rest and finds the same bound."""
    found = allocate(rich(2_000, 4), seed=1)
    whole, few = certify(found), certify(found, most=600)
    assert whole is not None and few is not None
    assert few.people < 600 and few.bound == pytest.approx(whole.bound, rel=1e-6)
    assert certify(found, most=3) is None


def test_gaps_stay_small() -> None:
    assert allocate(rich(2_000, 5), seed=1).gap < 1e-3
    assert allocate(rich(20_000, 5), seed=1).gap < 1e-4


def test_a_large_problem_starts_from_a_sample_and_ends_at_the_same_bound() -> None:
    of = rich(100_000, 6)
    found = allocate(of, seed=1)
    assert found.gap < 2e-5
    assert found.dual.bound - found.dual.floor <= 1e-6 * found.bound
