"""Drift: statistics worked by hand, limits held against simulation, and how large a change has to be before a breaker moves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from leye.trust.drift import (
    ALPHA,
    LEAST_CURRENT,
    LEAST_REFERENCE,
    cusum_limit,
    ks,
    ks_limit,
    look,
    psi,
    psi_limit,
    rate_cusum,
)


def test_ks_by_hand() -> None:
    """At 2.5 a third of the first lies above and all of the second: 2/3 apart."""
    assert ks(np.array([1.0, 2.0, 3.0]), np.array([3.0, 3.5, 4.0])) == pytest.approx(2 / 3)
    assert ks(np.array([1.0, 2.0]), np.array([2.0, 1.0])) == 0
    assert ks(np.array([0.0, 0.0]), np.array([9.0])) == 1


def test_ks_agrees_with_the_slow_definition() -> None:
    dice = np.random.default_rng(3)
    for _ in range(20):
        x, y = dice.integers(0, 9, 40).astype(float), dice.integers(2, 12, 25).astype(float)
        slow = max(abs(float(np.mean(x <= t)) - float(np.mean(y <= t))) for t in [*x, *y])
        assert ks(x, y) == pytest.approx(slow)


def test_psi_by_hand_with_two_bins() -> None:
    """Scores 0 and 1 only, 51/49 before, now 80/20 of 100. Deciles are cut at 0 and at 1: below 0 nobody, then each score; half a case is added to a
    bin, so e = 51.5/101.5 and 49.5/101.5, a = 80.5/101.5 and 20.5/101.5, and the empty bin adds nothing."""
    before, after = np.repeat([0.0, 1.0], [51, 49]), np.repeat([0.0, 1.0], [80, 20])
    e, a = np.array([51.5, 49.5]) / 101.5, np.array([80.5, 20.5]) / 101.5
    assert psi(before, after) == pytest.approx(float(((a - e) * np.log(a / e)).sum()))
    assert psi(before, before) == 0


def test_psi_is_symmetric_in_sign_and_never_negative() -> None:
    dice = np.random.default_rng(5)
    for _ in range(50):
        assert psi(dice.normal(size=300), dice.normal(size=200)) >= 0


def test_cusum_by_hand() -> None:
    """Share .5, odds 3: other share .75. A hit adds ln 1.5, a miss ln .5; after hit, hit, miss, hit the highest is 2 ln 1.5."""
    assert rate_cusum([True, True, False, True], 0.5, 3.0) == pytest.approx(2 * math.log(1.5))
    assert rate_cusum([False] * 9, 0.5, 3.0) == 0, "what falls is no rise"
    assert rate_cusum([False] * 4, 0.5, 1 / 3) == pytest.approx(4 * math.log(1.5)), "but it is a fall"


def test_limits_by_hand() -> None:
    assert psi_limit(500, 200) == pytest.approx(27.877 * (1 / 500 + 1 / 200))
    assert ks_limit(800, 200) == pytest.approx(math.sqrt(math.log(2 / ALPHA) / 2 * 1000 / 160_000))
    assert cusum_limit(200, 4) == pytest.approx(math.log(800_000))


def test_the_tabled_chi_square_point_is_the_right_one() -> None:
    from leye.trust.drift import CHI2_9

    # the upper tail of chi-square with 9 degrees of freedom in closed form for odd degrees
    x = CHI2_9 / 2
    tail = math.erfc(math.sqrt(x)) + math.exp(-x) * sum(x ** (k + 0.5) / math.gamma(k + 1.5) for k in range(4))
    assert tail == pytest.approx(ALPHA, rel=1e-3)


def test_false_alarms_stay_below_what_is_promised() -> None:
    """2,000 looks in which nothing changed; ALPHA each would be 2, four times as many is already unlikely (below 0.03 %)."""
    dice = np.random.default_rng(7)
    alarms = {"ks": 0, "cusum": 0, "moved": 0}
    for _ in range(2_000):
        x, y = dice.normal(size=LEAST_REFERENCE), dice.normal(size=LEAST_CURRENT)
        alarms["ks"] += ks(x, y) > ks_limit(len(x), len(y))
        hits = dice.random(LEAST_CURRENT) < 0.3
        alarms["cusum"] += rate_cusum(hits.tolist(), 0.3, 2.0) > cusum_limit(LEAST_CURRENT, 1)
        alarms["moved"] += look(x.tolist(), y.tolist(), ["a"] * len(x), ["a"] * len(y)).level != "none"
    assert alarms["ks"] <= 8 and alarms["cusum"] <= 8 and alarms["moved"] <= 8, alarms


OUTCOMES_BEFORE = ["offered"] * 350 + ["withheld"] * 150


def scores(mean: float, n: int, seed: int) -> list[float]:
    return np.random.default_rng(seed).normal(mean, size=n).tolist()


LOOKS = [
    # current scores' mean, current outcomes (offered, withheld), level, why
    (0.0, (140, 60), "none", "nothing changed"),
    (0.1, (140, 60), "none", "a change too small to matter"),
    (0.4, (140, 60), "seen", "four tenths of a standard deviation are seen"),
    (1.5, (140, 60), "tripped", "another population trips"),
    (0.0, (90, 110), "seen", "odds of withholding 2.9 times as high"),
    (0.0, (30, 170), "tripped", "odds of withholding 13 times as high"),
]


@pytest.mark.parametrize(("mean", "counts", "level", "why"), LOOKS, ids=[row[-1] for row in LOOKS])
def test_how_large_a_change_moves_the_breaker(mean: float, counts: tuple[int, int], level: str, why: str) -> None:
    mixed = np.random.default_rng(11).permutation(["offered"] * counts[0] + ["withheld"] * counts[1]).tolist()
    found = look(scores(0.0, 500, 1), scores(mean, 200, 2), OUTCOMES_BEFORE, mixed)
    assert (found.level, found.n_reference, found.n_current) == (level, 500, 200), found


@pytest.mark.parametrize(("before", "after"), [(LEAST_REFERENCE - 1, LEAST_CURRENT), (LEAST_REFERENCE, LEAST_CURRENT - 1), (0, 0)])
def test_too_few_are_not_judged(before: int, after: int) -> None:
    found = look([0.0] * before, [9.0] * after, ["a"] * before, ["b"] * after)
    assert (found.level, found.findings) == ("none", ())


def test_scores_that_are_not_known_leave_the_outcomes_judged() -> None:
    found = look([], [], ["a"] * 500, ["b"] * 200)
    assert found.level == "tripped" and {f.name for f in found.findings} == {"cusum:a", "cusum:b"}


def test_an_outcome_never_seen_before_and_constant_scores_do_not_break_it() -> None:
    found = look([1.0] * 500, [1.0] * 200, ["a"] * 500, ["a"] * 190 + ["new"] * 10)
    assert all(math.isfinite(f.value) and math.isfinite(f.limit) for f in found.findings)
    assert found.level == "seen", "ten of two hundred where none of five hundred were"
