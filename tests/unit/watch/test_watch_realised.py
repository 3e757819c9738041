"""The rate that calibration itself gave, and its interval."""

from __future__ import annotations

import json

import numpy as np
import pytest

from leye.watch import scan_panel
from leye.watch.realised import interval
from tests_support.watch_panels import calm, long_form, month

ANSWERS = [
    ([5, 5], [20.0, 20.0], (0.1197, 0.4598), "ten rows in forty years: Poisson 4.80 to 18.39"),
    ([0, 0], [20.0, 20.0], (0.0, 0.0921), "none in forty years: at most 3.69"),
    ([10, 0], [20.0, 20.0], (0.0, 2.0), "all in one year: no more than one independent event is known"),
]


@pytest.mark.parametrize(("rows", "years", "answer", "_why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_interval_answers(rows: list[int], years: list[float], answer: tuple[float, float], _why: str) -> None:
    low, high = interval(np.array(rows, dtype=float), np.array(years))
    assert low <= sum(rows) / sum(years) <= high
    if "all in one year" in _why:
        apart = interval(np.array([5.0, 5.0]), np.array(years))
        assert low < apart[0] and high > apart[1]
    else:
        assert (low, high) == pytest.approx(answer, abs=0.003)


def test_every_row_carries_the_realised_rate_its_years_and_its_interval() -> None:
    result = scan_panel(long_form(calm(20, 160, seed=4)), calibrate_before=month(90), nominal=0.5, seasonal=True)
    given = result.realised["down"]
    assert given.low <= given.rates["blue"] <= given.high and 20 * 4 < given.years < 20 * 90 / 12
    for text in result.alerts["evidence"]:
        said = json.loads(text)
        assert (said["calm_fa"], said["calm_low"], said["calm_high"], said["calm_years"]) == (given.rates["blue"], given.low, given.high, given.years)
