"""False-discovery control: the step-up rule by hand, p-values of passages, and what it does to a panel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leye.kernel.errors import BadInput
from leye.watch import scan
from leye.watch.discovery import HEIGHTS, CalmHeights, calm_heights, discoveries
from tests_support.watch_panels import calm, long_form, month

ANSWERS = [
    ([0.01, 0.02, 0.03, 0.04], 0.05, [True] * 4, "0.04 <= 0.05: all, though 0.02 > 0.0125 alone would not be first"),
    ([0.04, 0.9, 0.9, 0.9], 0.05, [False] * 4, "one of four needs 0.0125"),
    ([0.0125, 0.9, 0.9, 0.9], 0.05, [True, False, False, False], "on the line is in"),
    ([0.0125, float("nan")], 0.0125, [True, False], "a missing cell is not in the family"),
    ([], 0.1, [], "no cells"),
]


@pytest.mark.parametrize(("p", "q", "answer", "_why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_step_up_answers(p: list[float], q: float, answer: list[bool], _why: str) -> None:
    assert discoveries(np.array(p), q).tolist() == answer


@given(st.lists(st.floats(1e-6, 1), max_size=40), st.floats(0.01, 0.5))
def test_the_rule_agrees_with_a_slow_one(p: list[float], q: float) -> None:
    ranked = sorted(p)
    k = max((i + 1 for i in range(len(p)) if ranked[i] <= q * (i + 1) / len(p)), default=0)
    assert discoveries(np.array(p), q).tolist() == [k > 0 and v <= ranked[k - 1] for v in p]


def test_rates_of_passage_by_hand() -> None:
    score = np.array([[1.0], [1.0], [1.0], [1.0]])[:, :, None]  # one path, one series, k = 0, threshold 2: passes at the 2nd and 4th period
    heights = calm_heights(score, np.array([2.0]), 0.0)
    assert np.exp(heights.log_rate[0]) == pytest.approx(2.5 / 4) and np.exp(heights.log_rate[-1]) == pytest.approx(0.5 / 4)


@given(st.lists(st.floats(0.1, 10), min_size=2, max_size=20))
def test_higher_is_rarer_and_below_the_threshold_is_nothing(heights: list[float]) -> None:
    calm_rates = CalmHeights(np.log(0.02) - 2.0 * (HEIGHTS - 1))
    p = calm_rates.p_values(np.array(sorted(heights)))
    assert (np.diff(p) <= 0).all() and all(v == 1 for v, h in zip(p, sorted(heights), strict=True) if h < 1)


def test_chance_lamps_go_and_a_fall_of_many_cells_stays() -> None:
    y = calm(60, 120, seed=21, noise=0.01)
    y[100:, :12] *= 0.85
    asked = {"calibrate_before": month(72), "nominal": 0.5, "seasonal": True}
    every, fewer = scan(long_form(y), **asked), scan(long_form(y), fdr=0.1, **asked)  # type: ignore[arg-type]
    planted = {f"s{i:02d}" for i in range(12)}
    chance = [set(rows["unique_id"]) - planted for rows in (every, fewer)]
    found = set(fewer.filter(fewer["ds"] >= month(100))["unique_id"]) & planted
    assert len(found) >= 11 and len(chance[1]) * 2 < len(chance[0])


@pytest.mark.parametrize("q", [0.0, 1.0, -1.0])
def test_a_rate_out_of_range_is_refused(q: float) -> None:
    with pytest.raises(BadInput):
        scan(long_form(calm(3, 60)), calibrate_before=month(48), nominal=0.25, seasonal=True, fdr=q)
