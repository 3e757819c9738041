"""Parts of the hazard against answers worked by hand and slow references."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from leye.forecast.hazard.calibration import LEVEL_SD, NONE, SLOPE_SD, calibrated, fit_line
from leye.forecast.hazard.inputs import LEVELS, Question, read_rules, shipped_rules
from leye.forecast.hazard.isotonic import pooled, wilson
from leye.forecast.hazard.logistic import fit_many
from leye.forecast.hazard.scores import area_under_curve, calibration_error, gap_of
from leye.forecast.hazard.spline import basis, knots_of
from leye.kernel.errors import BadInput
from leye.packs import open_pack

shares = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


def test_pooling_by_hand():
    found = pooled(np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.0, 1.0, 0.0, 1.0]), np.ones(4))
    assert found.share.tolist() == [0.0, 0.5, 1.0], "the two in the middle violate the order and are pooled"
    assert found.centre.tolist() == pytest.approx([0.1, 0.25, 0.4])
    assert found.people.tolist() == [1, 2, 1]


def slow_isotonic(raw: np.ndarray, y: np.ndarray) -> np.ndarray:
    """max over starts of min over ends of the mean between them (Barlow, Bartholomew, Bremner and Brunk 1972)."""
    values = np.unique(raw)
    sums = np.array([y[raw == v].sum() for v in values])
    size = np.array([(raw == v).sum() for v in values])
    return np.array(
        [max(min(sums[a : b + 1].sum() / size[a : b + 1].sum() for b in range(k, len(values))) for a in range(k + 1)) for k in range(len(values))]
    )


@given(shares)
def test_pooling_is_the_max_min_of_means(rows):
    raw, y = np.round(np.array([r for r, _ in rows]), 2), np.array([float(b) for _, b in rows])
    found = pooled(raw, y, np.ones(len(raw)))
    repeated = np.repeat(found.share, [int(p) for p in found.people])
    _, place = np.unique(np.sort(raw), return_inverse=True)
    assert repeated == pytest.approx(slow_isotonic(raw, y)[place], abs=1e-12)


@given(shares)
def test_calibration_never_turns_an_order_round_and_stays_a_probability(rows):
    raw, y = np.array([r for r, _ in rows]), np.array([float(b) for _, b in rows])
    asked = np.linspace(0, 1, 101)
    found = calibrated(np.repeat(raw, 50), np.repeat(y, 50), np.arange(50 * len(raw)))
    p, (low, high) = found.probability(asked), found.range_of(asked)
    assert (np.diff(p) >= -1e-12).all()
    assert ((low >= 0) & (low <= p) & (p <= high) & (high <= 1)).all()


def test_the_line_is_the_one_that_a_general_optimiser_finds():
    rng = np.random.default_rng(4)
    raw, weight = rng.uniform(0.05, 0.9, 300), rng.uniform(0.2, 2, 300)
    y = (rng.random(300) < raw**1.5).astype(float)
    x = np.log(raw / (1 - raw))
    middle = np.average(x, weights=weight)

    def loss(b: np.ndarray) -> float:
        eta = x + b[0] + b[1] * (x - middle)
        return float((weight * (np.logaddexp(0, eta) - y * eta)).sum() + b[0] ** 2 / LEVEL_SD**2 / 2 + b[1] ** 2 / SLOPE_SD**2 / 2)

    line = fit_line(raw, y, weight)
    assert (line.level, line.stretch) == pytest.approx(minimize(loss, np.zeros(2), tol=1e-12).x, abs=1e-5)


def drawn(people: int, wrong: Callable[[np.ndarray], np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(chances that are stated, what came, true chances) of people whose true chances lie between 0.1 and 0.8."""
    rng = np.random.default_rng(people)
    truth = rng.uniform(0.1, 0.8, people)
    return 1 / (1 + np.exp(-wrong(np.log(truth / (1 - truth))))), (rng.random(people) < truth).astype(float), truth


OFF = [
    (lambda x: x, 2_000, 1.35, "of a right model and few people hardly anything changes"),
    (lambda x: x + 0.5, 2_000, 0.5, "a level that is off is moved back"),
    (lambda x: 1.4 * x, 2_000, 0.5, "odds that are stretched too far are drawn together"),
    (lambda x: x + 0.5 * np.abs(x), 40_000, 0.5, "a bend is straightened by the curve once there are people enough"),
]


@pytest.mark.parametrize(("wrong", "people", "most", "why"), OFF, ids=[o[-1] for o in OFF])
def test_calibration_corrects_what_is_wrong_and_leaves_what_is_right(wrong, people, most, why):
    raw, y, truth = drawn(people, wrong)
    p = calibrated(raw, y, np.arange(people)).probability(raw)
    noise = 0.5 / np.sqrt(people / 10)  # of one of ten bins
    assert calibration_error(p, truth) <= most * max(calibration_error(raw, truth), noise)


def test_trust_in_the_curve_needs_evidence():
    raw, y, _ = drawn(4_000, lambda x: x)
    bent, came, _ = drawn(40_000, lambda x: x + 0.5 * np.abs(x))
    assert calibrated(raw, y, np.arange(4_000)).trust < 0.5 < 0.9 < calibrated(bent, came, np.arange(40_000)).trust
    twelve = calibrated(np.repeat(raw, 12), np.repeat(y, 12), np.repeat(np.arange(4_000), 12))
    once = calibrated(raw, y, np.arange(4_000))
    assert twelve.trust == pytest.approx(once.trust, abs=0.02), "a person's rows count as one witness"
    assert (twelve.line.level, twelve.line.stretch) == pytest.approx((once.line.level, once.line.stretch), abs=1e-3)


def test_without_earlier_cohorts_the_model_has_its_own_word():
    raw = np.array([0.0, 0.3, 1.0])
    assert calibrated(np.empty(0), np.empty(0), np.empty(0, dtype=np.int64)) is NONE
    assert NONE.probability(raw).tolist() == raw.tolist()
    assert [v.tolist() for v in NONE.range_of(raw)] == [[0.0] * 3, [1.0] * 3]


def test_wilson_by_hand():
    low, high = wilson(np.array([0.5]), np.array([100.0]), 1.96)
    assert (low[0], high[0]) == pytest.approx((0.4038, 0.5962), abs=1e-4)


def test_many_fits_are_the_single_fits_of_a_general_optimiser():
    rng = np.random.default_rng(3)
    x, weight = rng.normal(size=(400, 3)), rng.integers(0, 3, (2, 400)).astype(float)
    y = (rng.random(400) < 1 / (1 + np.exp(-x @ [0.5, -1, 0]))).astype(float)
    penalty = np.array([[0.1, 0.1, 0.0], [0.01, 1.0, 0.5]])
    found = fit_many(x, y, weight, penalty)
    for j in range(2):

        def loss(b: np.ndarray, j: int = j) -> float:
            eta = b[0] + x @ b[1:]
            return float((weight[j] * (np.logaddexp(0, eta) - y * eta)).sum() / weight[j].sum() + (penalty[j] / 2 * b[1:] ** 2).sum())

        assert found[j] == pytest.approx(minimize(loss, np.zeros(4), tol=1e-12).x, abs=1e-4)


def test_a_fit_with_one_outcome_only_stays_finite():
    assert np.isfinite(fit_many(np.zeros((10, 1)), np.zeros(10), np.ones((1, 10)), np.ones((1, 1)))).all()


def test_the_spline_is_straight_beyond_its_last_knot():
    knots = knots_of(np.arange(30))
    t = np.array([40, 60, 90, 135])  # 1 + t grows by equal factors nearly: compare slopes on the log scale
    values, x = basis(t, knots), np.log1p(t)
    slopes = np.diff(values, axis=0) / np.diff(x)[:, None]
    assert slopes[1:] == pytest.approx(np.broadcast_to(slopes[:1], slopes[1:].shape), rel=1e-9)


SCORES = [
    ([0.1, 0.9], [0, 1], 1.0, "right order"),
    ([0.9, 0.1], [0, 1], 0.0, "wrong order"),
    ([0.5, 0.5], [0, 1], 0.5, "a tie counts half"),
    ([0.2, 0.4, 0.4, 0.8], [0, 0, 1, 1], 0.875, "three and a half of four pairs"),
]


@pytest.mark.parametrize(("p", "y", "auc", "why"), SCORES, ids=[s[-1] for s in SCORES])
def test_area_under_the_curve(p, y, auc, why):
    assert area_under_curve(np.array(p), np.array(y, dtype=float)) == pytest.approx(auc)


def test_calibration_error_and_gap_by_hand():
    p, y = np.array([0.2, 0.2, 0.6, 0.6]), np.array([0.0, 1.0, 1.0, 1.0])
    assert calibration_error(p, y, bins=2) == pytest.approx((0.3 + 0.4) / 2)
    gap = gap_of("F", p, y, np.array([True, True, False, False]))
    assert (gap.people, gap.stated, gap.happened) == (2, 0.2, 0.5)
    assert (gap.gap, gap.high - gap.low) == pytest.approx((-0.3, 2 * 1.959964 * np.sqrt(0.32) / 2))


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_probability_never_means_a_lower_level(a, b):
    question = Question("q", ("", ""), {"attention": 0.2, "priority": 0.5})
    low, high = sorted((a, b))
    assert LEVELS.index(question.level_of(low)) <= LEVELS.index(question.level_of(high))


SPOILT = [
    ("    reason: >-\n      大龄", "    why: >-\n      大龄", "E_RISK_PROTECTED", "a protected input without its reason"),
    ("  - code: wage\n", "  - code: sex\n", "E_RISK_PROTECTED", "a protected name that says it is none"),
    ("attention: 0.10, priority: 0.20", "attention: 0.30, priority: 0.20", "E_PACK", "levels in the wrong order"),
    ("questions: [job_loss]\n", "questions: [nix]\n", "E_PACK", "an unknown question"),
]


@pytest.mark.parametrize(("old", "new", "code", "why"), SPOILT, ids=[s[-1] for s in SPOILT])
def test_a_spoilt_pack_is_refused(old, new, code, why, tmp_path: Path):
    text = open_pack("risk/unemployment.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "risk.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_rules(tmp_path / "risk.yaml")
    assert refused.value.code == code


def test_of_protected_attributes_only_age_is_an_input_and_only_where_help_is_owed():
    protected = {code: one.questions for code, one in shipped_rules().inputs.items() if one.is_protected}
    assert protected == {"age": frozenset({"no_job"})}
    words = "".join(w for one in shipped_rules().inputs.values() for pair in (one.up, one.down) for w in pair)
    assert not any(word in words for word in ("岁", "性别", "男", "女", "户口", "残疾", "women", "disab")), "reasons name no protected attribute"
