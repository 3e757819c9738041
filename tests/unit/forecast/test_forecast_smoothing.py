"""Batched exponential smoothing against the same recursions in plain loops, and against statsforecast where the two are one model."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsforecast.models import SimpleExponentialSmoothing

from leye.forecast import smoothing
from leye.forecast.smoothing import ALPHAS, PHI, SETTINGS, smoothed_parts

H = 5
few = settings(max_examples=25, deadline=None)


def walks(seed: int, count: int = 6, periods: int = 60) -> np.ndarray:
    dice = np.random.default_rng(seed)
    return np.cumsum(dice.normal(0, 1, (count, periods)), axis=1) + dice.normal(0, dice.uniform(0, 2, (count, 1)), (count, periods))


def slow(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(H,) forecast and (2,) level and trend of one series, by every setting in turn."""
    best = None
    for alpha, beta in SETTINGS:
        level, trend, loss = y[0], 0.0, 0.0
        for value in y[1:]:
            said = level + (PHI * trend if beta else 0.0)
            miss = value - said
            level, trend, loss = said + alpha * miss, ((PHI * trend if beta else 0.0) + alpha * beta * miss), loss + miss * miss
        n, k = len(y) - 1, 5 if beta else 3
        score = n * np.log(loss / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1)
        if best is None or score < best[0]:
            best = (score, level, trend)
    assert best is not None
    _, level, trend = best
    return level + trend * np.cumsum(PHI ** np.arange(1, H + 1)), np.array([level, trend])


@few
@given(st.integers(0, 10_000))
def test_batched_equals_plain_loops(seed: int) -> None:
    y = walks(seed)
    made = y[:, -1:] + smoothed_parts(y, horizon=H).sum(axis=-1)
    assert made == pytest.approx(np.stack([slow(row)[0] for row in y]), rel=1e-9, abs=1e-9)


@few
@given(st.integers(0, 10_000), st.sampled_from(ALPHAS[:-1]))
def test_one_smoothing_weight_is_simple_exponential_smoothing(seed: int, alpha: float) -> None:
    y = walks(seed, count=2)
    with pytest.MonkeyPatch.context() as only:
        only.setattr(smoothing, "SETTINGS", ((alpha, 0.0),))
        made = y[:, -1:] + smoothed_parts(y, horizon=H).sum(axis=-1)
    theirs = np.stack([SimpleExponentialSmoothing(alpha=alpha).forecast(y=row, h=H)["mean"] for row in y])
    assert made == pytest.approx(theirs, rel=1e-6)


@few
@given(st.integers(0, 10_000), st.floats(-50, 50), st.floats(0.01, 100))
def test_moving_and_stretching_a_series_moves_and_stretches_its_forecast(seed: int, by: float, times: float) -> None:
    y = walks(seed)
    moved = smoothed_parts(y * times + by, horizon=H)
    assert moved == pytest.approx(smoothed_parts(y, horizon=H) * times, rel=1e-6, abs=1e-6 * times)


def test_what_comes_before_a_series_begins_does_not_count() -> None:
    y = walks(3)
    late = np.concatenate([np.full((6, 20), np.nan), y], axis=1)
    assert smoothed_parts(late, horizon=H) == pytest.approx(smoothed_parts(y, horizon=H), rel=1e-12)
    assert not smoothed_parts(np.full((2, 30), np.nan), horizon=H).any()


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    y = walks(4, count=7)
    whole = smoothed_parts(y, horizon=H)
    monkeypatch.setattr(smoothing, "BLOCK", 3)
    assert np.array_equal(smoothed_parts(y, horizon=H), whole)


SHAPES = [
    (np.full(40, 3.0), 0.0, "a constant stays"),
    (np.arange(40) * 0.5, 0.5 * np.cumsum(PHI ** np.arange(1, H + 1))[-1], "a straight line goes on, damped"),
]


@pytest.mark.parametrize(("y", "ahead", "why"), SHAPES, ids=[s[-1] for s in SHAPES])
def test_smoothing_answers(y: np.ndarray, ahead: float, why: str) -> None:
    assert smoothed_parts(y[None], horizon=H).sum(axis=-1)[0, -1] == pytest.approx(ahead, rel=0.35, abs=1e-9)
