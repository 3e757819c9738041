import numpy as np
import pytest

from leye.forecast.conformal import default_width, half_widths
from leye.forecast.weights import EQUAL_SHARE, mix_past, model_weights, past_origins

ORIGINS = [
    (200, 12, 12, [187, 175, 163, 151, 139, 127, 115], "yearly where history allows"),
    (480, 12, 12, [467 - 12 * j for j in range(10)], "a quarter of forty years"),
    (1200, 12, 12, [1187 - 12 * j for j in range(21)], "at most twenty-one"),
    (60, 6, 12, [53, 49, 45, 41, 37, 33, 29], "closer together on a short history"),
    (30, 6, 12, [], "none when too short"),
]


@pytest.mark.parametrize(("periods", "horizon", "season", "columns", "why"), ORIGINS, ids=[o[-1] for o in ORIGINS])
def test_past_origins(periods, horizon, season, columns, why):
    assert past_origins(periods, horizon=horizon, season=season) == columns


def test_the_better_model_counts_more_but_never_alone():
    dice = np.random.default_rng(0)
    errors = np.stack([dice.normal(0, s, (5, 20, 3)) for s in (1.0, 2.0, 8.0)])
    weights = model_weights(errors, np.ones((3, 20), dtype=bool))
    assert weights.sum(axis=0) == pytest.approx(np.ones(20))
    assert (weights[0] > weights[1]).all() and (weights[1] > weights[2]).all()
    assert (weights >= EQUAL_SHARE / 3).all()


def test_a_model_that_is_not_able_has_no_weight():
    able = np.array([[True, True], [True, False]])
    weights = model_weights(np.ones((2, 3, 2, 4)), able)
    assert weights[:, 0].tolist() == pytest.approx([0.5, 0.5])
    assert weights[:, 1].tolist() == pytest.approx([1.0, 0.0])


def test_without_past_origins_all_able_models_count_alike():
    assert model_weights(np.zeros((2, 0, 1, 3)), np.ones((2, 1), dtype=bool))[:, 0].tolist() == [0.5, 0.5]


def test_mixed_errors_use_the_models_that_were_able_then():
    errors = np.array([[[[1.0]]], [[[np.nan]]]])
    assert mix_past(errors, np.array([[0.25], [0.75]]))[0, 0, 0] == 1.0


def test_widths_cover_what_they_should_on_steady_errors():
    dice = np.random.default_rng(1)
    size = np.array([1.0, 5.0, 20.0])[:, None] * np.array([1.0, 2.0])
    draws = dice.normal(0, 1, (400, 3, 2)) * size
    widths = half_widths(draws[:200], ages=[0.0] * 200, levels=(80, 95), typical=np.ones((3, 2)))
    for at, level in enumerate((0.80, 0.95)):
        assert (np.abs(draws[200:]) <= widths[at]).mean() == pytest.approx(level, abs=0.03)
    assert (widths[1] > widths[0]).all()


def test_recent_errors_count_more():
    errors = np.array([1.0, 1.0, 1.0, 9.0])[:, None, None] * np.ones((4, 6, 2))
    old = half_widths(errors, ages=[0, 1, 2, 20], levels=(80,), typical=np.ones((6, 2)))
    new = half_widths(errors, ages=[20, 2, 1, 0], levels=(80,), typical=np.ones((6, 2)))
    assert (new > 2 * old).all()


def test_nothing_to_calibrate_on_gives_the_wide_default():
    widths = half_widths(np.zeros((0, 2, 3)), ages=[], levels=(80, 95), typical=np.full((2, 3), 0.5))
    assert widths[0] == pytest.approx(np.full((2, 3), 0.5 * default_width(80)))
    assert default_width(80) < default_width(90) < default_width(95)
