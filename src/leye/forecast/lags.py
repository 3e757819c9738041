"""The distributed-lag panel regression: one direct equation per horizon, solved for all series at once, in a plain and a robust form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.forecast.design import Design, season_shape
from leye.forecast.panel import Bools, Floats
from leye.forecast.ridge import gram, solve_shrunk

CLIP = 6.0
"""Robust form: inputs and targets beyond 6 robust deviations count as 6 (notes of the measured design; 3 to 9 differ by under 2 %)."""
MAD_TO_SD = 1.4826
"""Median absolute deviation of a normal variable times this is its standard deviation."""


@dataclass(frozen=True, slots=True)
class LagForecast:
    """change: (n, H) forecast of S(T+h) - S(T) · parts: (n, H, g) its terms, summing to `change` · groups: g labels ·
    residual: (n, T) error of the one-step equation in sample, NaN where it has none."""

    change: Floats
    parts: Floats
    groups: tuple[str, ...]
    residual: Floats


def spread(growth: Floats, *, robust: bool) -> Floats:
    """(n,) scale of one period's change of growth: standard deviation, or MAD; 1 where nothing ever changes."""
    steps = np.diff(growth, axis=1)
    seen = np.isfinite(steps)
    count = np.maximum(seen.sum(axis=1), 1)
    mean = np.where(seen, steps, 0.0).sum(axis=1) / count
    sd: Floats = np.sqrt(np.where(seen, (steps - mean[:, None]) ** 2, 0.0).sum(axis=1) / count)
    if robust:
        mad = MAD_TO_SD * _median(np.abs(steps - _median(steps)[:, None]))
        sd = np.where(mad > 0.1 * sd, mad, sd)
    return np.where(sd > 0, sd, 1.0)


def forecast_changes(design: Design, *, horizon: int, robust: bool) -> LagForecast:
    """Fit on everything in `design` and forecast from its last column. Series without a growth rate at the end get 0 change."""
    unit = spread(design.growth, robust=robust)
    n, periods = design.growth.shape
    scaled = design.inputs / unit[:, None, None]
    growth = design.growth / unit[:, None]
    extra = np.ones((n, periods, 2))
    inputs = np.concatenate([scaled, extra], axis=-1)
    if robust:
        np.clip(inputs, -CLIP, CLIP, out=inputs)
    groups = (*design.groups, "pool", "shape")
    change, parts = np.zeros((n, horizon)), np.zeros((n, horizon, len(groups)))
    residual = np.full((n, periods), np.nan)
    for h in range(1, horizon + 1):
        if periods <= h:
            break
        shape = season_shape(design.x, horizon=h, season=design.season) / unit[:, None]
        inputs[:, :, -1] = np.clip(shape, -CLIP, CLIP) if robust else shape
        target, use = _target(design, growth, h)
        if robust:
            target = np.clip(target, -CLIP, CLIP)
        coefficients = solve_shrunk(gram(inputs[:, : periods - h], target, use))
        terms = inputs[:, -1] * coefficients * unit[:, None]
        parts[:, h - 1] = np.where(np.isfinite(growth[:, -1:]), terms, 0.0)
        change[:, h - 1] = parts[:, h - 1].sum(axis=1)
        if h == 1:
            fitted = (inputs[:, :-1] * coefficients[:, None, :]).sum(axis=-1)
            residual[:, 1:] = np.where(use, (target - fitted) * unit[:, None], np.nan)
    return LagForecast(change, parts, groups, residual)


def _target(design: Design, growth: Floats, h: int) -> tuple[Floats, Bools]:
    target = growth[:, h:] - growth[:, :-h]
    use = np.isfinite(target) & design.known[:, h:] & design.known[:, :-h]
    use &= np.isfinite(_earlier(growth, 3))[:, :-h]
    return np.nan_to_num(target), use


def _earlier(growth: Floats, by: int) -> Floats:
    out = np.full_like(growth, np.nan)
    out[:, by:] = growth[:, :-by]
    return out


def _median(x: Floats) -> Floats:
    """(n,) median over the finite values of each row, 0 for a row without any."""
    ordered = np.sort(x, axis=1)
    count = np.isfinite(ordered).sum(axis=1)
    row = np.arange(x.shape[0])
    low, high = np.maximum((count - 1) // 2, 0), np.minimum(count // 2, x.shape[1] - 1)
    return np.where(count > 0, (ordered[row, low] + ordered[row, high]) / 2, 0.0)
