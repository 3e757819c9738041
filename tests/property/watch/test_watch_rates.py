"""What the thresholds promise: false rows on calm data the scan has not seen, and planted falls found."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from leye.watch import scan
from tests_support.watch_panels import calm, long_form, month

CALM_KINDS = [
    ("walk", 120, "a level that wanders, ten calm years"),
    ("walk", 36, "a level that wanders, three calm years as in the demo city"),
    ("noise", 120, "a level that stays, with noise"),
]


def made(kind: str, seed: int) -> np.ndarray:
    if kind == "walk":
        return calm(50, 260, seed=seed, noise=0.01)
    season = calm(50, 260, noise=0.0)
    return season * np.exp(np.random.default_rng(seed).normal(0, 0.02, season.shape))


@pytest.mark.parametrize(("kind", "cut", "_why"), CALM_KINDS, ids=[c[-1] for c in CALM_KINDS])
def test_false_rows_on_unseen_calm_data_within_a_factor_of_one_and_a_half(kind: str, cut: int, _why: str) -> None:
    rows = sum(scan(long_form(made(kind, seed)), calibrate_before=month(cut), nominal=0.25, seasonal=True).height for seed in (11,))
    rate = rows / (50 * (260 - cut) / 12)
    assert 0.25 / 1.5 < rate < 0.25 * 1.5


def test_higher_levels_are_rarer() -> None:
    levels = dict(scan(long_form(made("walk", 11)), calibrate_before=month(60), nominal=1.0, seasonal=True)["level"].value_counts().iter_rows())
    at_least = np.cumsum([levels.get(name, 0) for name in ("red", "orange", "yellow", "blue")])
    assert at_least[0] < at_least[1] < at_least[2] < at_least[3]


def test_a_lower_promise_gives_fewer_rows() -> None:
    frame = long_form(made("walk", 12))
    few, many = (scan(frame, calibrate_before=month(60), nominal=rate, seasonal=True).height for rate in (0.1, 0.5))
    assert few * 2 < many


@pytest.mark.parametrize("fall", [0.08, 0.2])
def test_planted_falls_are_found(fall: float) -> None:
    y = calm(30, 110, seed=5, noise=0.01)
    y[96:] *= 1 - fall
    found = scan(long_form(y), calibrate_before=month(60), nominal=0.25, seasonal=True).filter(pl.col("ds") >= month(96))
    assert found.filter(pl.col("ds") <= month(99))["unique_id"].n_unique() >= (27 if fall < 0.1 else 30), "eight and twenty standard deviations"


def test_a_rise_is_found_only_when_a_rise_is_bad() -> None:
    y = calm(10, 110, seed=6, noise=0.01)
    y[96:, :5] *= 1.25
    late = {"calibrate_before": month(60), "nominal": 0.1, "seasonal": True}
    up = scan(long_form(y), direction={f"s{i:02d}": "up" for i in range(10)}, **late).filter(pl.col("ds") >= month(96))  # type: ignore[arg-type]
    down = scan(long_form(y), direction="down", **late).filter(pl.col("ds").is_between(month(96), month(99)))  # type: ignore[arg-type]
    assert {f"s{i:02d}" for i in range(5)} <= set(up["unique_id"]) and not set(down["unique_id"]) & {f"s{i:02d}" for i in range(5)}
