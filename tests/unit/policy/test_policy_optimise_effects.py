"""Effects: recovered where planted, absent where none is, refused where the data do not carry them; scores and reports by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
import pytest

from leye.kernel.errors import CheckFailed
from leye.policy.optimise.balance import measure_balance
from leye.policy.optimise.calibration import effect_calibration, outcome_calibration
from leye.policy.optimise.crossfit import Nuisance
from leye.policy.optimise.effects import Trial, estimate_effect, z_of
from leye.policy.optimise.overlap import crump_threshold, effective, measure_overlap
from leye.policy.optimise.protected import is_protected
from leye.policy.optimise.scores import aipw, average
from leye.policy.optimise.sensitivity import bias_scale, robustness_value


def trial(n: int, seed: int, *, effect: float, differs: float = 0.0, intercept: float = -2.0, chosen: float = 1.0) -> tuple[Trial, np.ndarray]:
    """People who are picked by flag and months, which also say who works; and the true effect of each."""
    dice = np.random.default_rng(seed)
    age, months = dice.uniform(18, 60, n), dice.integers(0, 24, n).astype(float)
    sex, flag = dice.choice(["F", "M"], n), dice.random(n) < 0.3
    take = 1 / (1 + np.exp(-(intercept + chosen * (0.9 * flag + 0.06 * months - 0.03 * (age - 40) - 0.3 * (sex == "M")))))
    treated = dice.random(n) < take
    base = 1 / (1 + np.exp(-(-0.3 - 0.02 * (age - 40) - 0.05 * months + 0.7 * flag)))
    true = np.clip(base + effect + differs * (flag - 0.3), 0, 1) - base
    worked = (dice.random(n) < base + treated * true).astype(float)
    frame = pl.DataFrame({"age": age, "sex": sex, "months": months, "flag": flag.astype(float)})
    return Trial("training", np.arange(n), treated, worked, frame, {"women": sex == "F", "few": np.arange(n) < 50}), true


def estimate(of: Trial, **more):
    return estimate_effect(of, seed=1, may_choose=("months", "flag"), **more)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("effect", [0.1, 0.0])
def test_a_planted_effect_lies_in_its_interval_and_none_is_no_evidence(seed: int, effect: float) -> None:
    of, true = trial(8_000, seed, effect=effect)
    found = estimate(of, comparisons=3)
    assert found.lo <= true[found.kept].mean() <= found.hi
    assert found.verdict == ("effective" if effect else "no_evidence")


def test_the_plain_difference_misleads_and_the_scores_do_not() -> None:
    of, true = trial(20_000, 9, effect=0.05, chosen=1.5)
    found = estimate(of)
    assert abs(found.mean.estimate - true[found.kept].mean()) < abs(found.unadjusted - true[found.kept].mean()) / 2


def test_harm_is_called_harm() -> None:
    of, _ = trial(8_000, 3, effect=-0.15)
    assert estimate(of).verdict == "harmful"


def test_people_are_told_apart_only_where_effects_differ() -> None:
    alike, _ = trial(8_000, 5, effect=0.08)
    apart, true = trial(8_000, 5, effect=0.1, differs=0.3)
    assert not estimate(alike).targeting.tells_apart
    targeting = estimate(apart).targeting
    told = targeting.effects(apart.covariates.select("months", "flag"))
    assert targeting.tells_apart and np.corrcoef(told, true)[0, 1] > 0.8
    assert targeting.calibration.slope == pytest.approx(1, abs=0.35)


def test_targeting_never_sees_what_may_not_choose() -> None:
    of, _ = trial(6_000, 5, effect=0.1, differs=0.3)
    before = estimate(of).targeting
    other = of.covariates.with_columns(sex=pl.lit("F"), age=pl.lit(30.0))
    assert before.effects(of.covariates.select("months", "flag")) == pytest.approx(before.effects(other.select("months", "flag")))
    assert not any(n.startswith(("age", "sex")) for n in before.basis.names)


def test_groups_have_their_own_interval_or_a_reason() -> None:
    of, true = trial(8_000, 2, effect=0.1)
    found = {g.group: g for g in estimate(of).groups}
    women = found["women"]
    assert women.mean is not None and women.lo is not None and women.hi is not None
    assert women.lo <= true[of.groups["women"]].mean() <= women.hi
    assert found["few"].mean is None and "各至少要 30 人" in found["few"].refused_zh and "at least 30" in found["few"].refused_en


def test_equal_seeds_give_equal_effects() -> None:
    of, _ = trial(3_000, 2, effect=0.1)
    assert estimate(of).mean == estimate(of).mean


def refused(of: Trial) -> CheckFailed:
    with pytest.raises(CheckFailed) as caught:
        estimate(of)
    assert caught.value.zh and caught.value.en and caught.value.remedy_zh and caught.value.remedy_en
    return caught.value


def test_a_handful_of_participants_is_refused() -> None:
    assert refused(trial(500, 1, effect=0.1, intercept=-4.5)[0]).code == "E_TOO_FEW"


def test_an_outcome_that_hardly_occurs_is_refused() -> None:
    of, _ = trial(3_000, 1, effect=0.0)
    assert refused(dataclasses.replace(of, outcome=np.zeros(3_000))).code == "E_TOO_FEW"


def test_a_tiny_share_is_refused() -> None:
    of, _ = trial(60_000, 1, effect=0.0, intercept=-7.0)
    treated = np.zeros(60_000, dtype=bool)
    treated[:150] = True
    outcome = np.tile([0.0, 1.0], 30_000)
    assert refused(dataclasses.replace(of, treated=treated, outcome=outcome)).code == "E_TINY_SHARE"


def test_a_programme_that_only_its_own_kind_gets_is_refused() -> None:
    of, _ = trial(6_000, 1, effect=0.1)
    flag = of.covariates["flag"].to_numpy() == 1
    dice = np.random.default_rng(3)
    only_them = np.where(flag, dice.random(6_000) < 0.97, dice.random(6_000) < 0.004)
    assert refused(dataclasses.replace(of, treated=only_them)).code in ("E_OVERLAP", "E_BALANCE")


def test_scores_by_hand() -> None:
    nuisance = Nuisance(np.zeros(3, np.int64), np.array([0.5, 0.25, 0.8]), np.array([0.2, 0.4, 0.5]), np.array([0.6, 0.5, 0.5]))
    score = aipw(np.array([True, False, True]), np.array([1.0, 1.0, 0.0]), nuisance)
    # 0.4 + 0.4/0.5 · 0.1 - 0.6/0.75 · 0 + (-0.5)/0.8
    assert score == pytest.approx([1.2, -0.7, -0.625])


def test_a_mean_of_single_rows_has_the_usual_error_and_doubled_rows_add_nothing() -> None:
    score = np.array([1.0, 2.0, 4.0, 7.0])
    once = average(score, np.arange(4), np.ones(4, bool))
    assert once.estimate == 3.5 and once.se == pytest.approx(score.std(ddof=1) / 2)
    twice = average(np.repeat(score, 2), np.repeat(np.arange(4), 2), np.ones(8, bool))
    assert twice.estimate == 3.5 and twice.se == pytest.approx(once.se)


def test_intervals_are_wider_for_more_programmes() -> None:
    assert z_of(0.95, 1) == pytest.approx(1.959964, abs=1e-5)
    assert z_of(0.95, 3) == pytest.approx(2.393980, abs=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_the_threshold_makes_the_variance_least(seed: int) -> None:
    e = np.random.default_rng(seed).beta(0.4, 2.0, 3_000)

    def variance(alpha: float) -> float:
        kept = e[(e >= alpha) & (e <= 1 - alpha)]
        return float(np.mean(1 / (kept * (1 - kept))) / len(kept))

    best = min(np.linspace(0.001, 0.3, 600), key=variance)
    assert crump_threshold(e) == pytest.approx(best, abs=0.01)
    assert crump_threshold(np.full(100, 0.4)) == 0.0


def test_effective_sample_sizes_by_hand() -> None:
    assert effective(np.ones(7)) == 7 and effective(np.array([3.0, 1.0])) == pytest.approx(1.6) and effective(np.zeros(0)) == 0


def test_the_histogram_counts_everybody() -> None:
    of, _ = trial(2_000, 1, effect=0.0)
    e = np.clip(np.random.default_rng(1).beta(2, 6, 2_000), 0.01, 0.99)
    found = measure_overlap(e, of.treated)
    assert sum(found.counts_treated) == of.treated.sum() and sum(found.counts_others) == (~of.treated).sum()


def test_weighting_by_the_true_chance_balances() -> None:
    dice = np.random.default_rng(8)
    x = dice.normal(size=30_000)
    e = 1 / (1 + np.exp(-x))
    treated = dice.random(30_000) < e
    rows = measure_balance(pl.DataFrame({"x": x}), treated, e, np.ones(30_000, bool))
    assert rows[0].covariate == "x" and rows[0].before > 0.7 and abs(rows[0].after) < 0.06


def test_outcome_calibration_knows_over_confidence() -> None:
    dice = np.random.default_rng(4)
    eta = dice.normal(size=20_000)
    worked = (dice.random(20_000) < 1 / (1 + np.exp(-eta))).astype(float)
    assert outcome_calibration(1 / (1 + np.exp(-eta)), worked).slope == pytest.approx(1, abs=0.06)
    assert outcome_calibration(1 / (1 + np.exp(-2 * eta)), worked).slope == pytest.approx(0.5, abs=0.04)
    assert [d.n for d in outcome_calibration(1 / (1 + np.exp(-eta)), worked).deciles] == [2_000] * 10


def test_effect_calibration_by_hand() -> None:
    predicted = np.array([0.0, 0.0, 0.2, 0.2])
    score = np.array([0.1, 0.1, 0.2, 0.2])
    found = effect_calibration(predicted, score, np.arange(4))
    assert found.slope == pytest.approx(0.5) and found.se == pytest.approx(0)
    assert effect_calibration(np.full(4, 0.3), score, np.arange(4)).slope == 0


def test_the_robustness_value_solves_its_equation() -> None:
    r = robustness_value(0.08, 0.9)
    assert r * r / (1 - r) == pytest.approx((0.08 / 0.9) ** 2)
    assert robustness_value(0.0, 0.9) == 0 and robustness_value(50.0, 0.9) < 1


def test_a_hidden_cause_of_that_strength_can_move_the_estimate_that_far() -> None:
    """Half of the cause stands between group and outcome: the real bias stays below what the formula allows."""
    dice = np.random.default_rng(6)
    n = 200_000
    hidden = dice.normal(size=n)
    treated = dice.random(n) < 1 / (1 + np.exp(-0.8 * hidden))
    y = 0.5 + 0.1 * hidden + 0.1 * dice.normal(size=n)
    share = float(treated.mean())
    plain = Nuisance(np.zeros(n, np.int64), np.full(n, share), np.full(n, y[~treated].mean()), np.full(n, y[treated].mean()))
    bias = y[treated].mean() - y[~treated].mean()
    scale = bias_scale(treated, y, plain, np.ones(n, bool))
    explained = np.corrcoef(hidden, y)[0, 1] ** 2
    alpha = np.where(treated, 1 + np.exp(-0.8 * hidden), -(1 + np.exp(0.8 * hidden)))
    short = np.where(treated, 1 / share, -1 / (1 - share))
    r = 1 - np.mean(short**2) / np.mean(alpha**2)
    assert bias <= scale * np.sqrt(explained * r / (1 - r)) * 1.02
    assert robustness_value(bias, scale) <= max(explained, r) * 1.02


@pytest.mark.parametrize(
    ("name", "protected"),
    [("sex", True), ("birth", True), ("age", True), ("disability_grade", True), ("hukou_local", True), ("female_retire_base", True),
     ("months_unemployed", False), ("graduate", False), ("language_level", False), ("wage", False)],
)  # fmt: skip
def test_protected_names(name: str, protected: bool) -> None:
    assert is_protected(name) is protected
