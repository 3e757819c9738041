import numpy as np
import pytest

from leye.forecast.scores import covered, seasonal_naive_scale, smape, winkler

WINKLER = [
    (10.0, 8.0, 12.0, 80, 4.0, "inside: the width alone"),
    (7.0, 8.0, 12.0, 80, 14.0, "one below at 80 %: 4 + 2 / .2 · 1"),
    (13.0, 8.0, 12.0, 95, 44.0, "one above at 95 %: 4 + 2 / .05 · 1"),
]


@pytest.mark.parametrize(("y", "low", "high", "level", "score", "why"), WINKLER, ids=[w[-1] for w in WINKLER])
def test_interval_score_by_hand(y, low, high, level, score, why):
    assert winkler(np.array([y]), np.array([low]), np.array([high]), level=level)[0] == pytest.approx(score)


def test_smape_by_hand():
    assert smape(np.array([100.0, 0.0, 50.0]), np.array([50.0, 0.0, 50.0])).tolist() == pytest.approx([200 / 3, 0.0, 0.0])


def test_scale_uses_the_last_fifteen_seasons_only():
    early, late = np.tile([0.0, 100.0], 10), np.repeat(np.arange(15.0), 2)
    assert seasonal_naive_scale(np.concatenate([early, late])[None], season=2)[0] == pytest.approx(1.0)


@pytest.mark.parametrize("row", [[1.0, 1.0, 1.0], [np.nan, np.nan, np.nan], [1.0, np.nan, np.nan]])
def test_a_series_that_never_moves_or_is_unknown_has_no_scale(row):
    assert np.isnan(seasonal_naive_scale(np.array([row]), season=1)[0])


def test_coverage_is_unknown_where_a_band_is():
    got = covered(np.array([1.0, 1.0, 3.0]), np.array([0.0, np.nan, 0.0]), np.array([1.0, 2.0, 2.0]))
    assert got[0] == 1.0 and np.isnan(got[1]) and got[2] == 0.0
