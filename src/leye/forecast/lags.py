"""The distributed-lag panel regression: one direct equation per horizon, solved for all series at once, in a plain and a robust form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import ROUNDING, Floats
from leye.forecast.design import Design
from leye.forecast.ridge import Equations, solve_all
from leye.forecast.scale import shift

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
    return np.where(sd > ROUNDING, sd, 1.0)


def forecast_changes(design: Design, *, horizon: int, robust: bool) -> LagForecast:
    """Fit on everything in `design` and forecast from its last column. Series without a growth rate at the end get 0 change."""
    unit = spread(design.growth, robust=robust)
    equations = _equations(design, unit, horizon, robust)
    coefficients = solve_all(equations)
    now = np.broadcast_to(equations.inputs[:, -1:], (len(unit), horizon, equations.inputs.shape[2]))
    latest = np.concatenate([now, equations.special[:, -1][:, :, None]], axis=-1)
    parts = latest * coefficients * unit[:, None, None]
    parts = np.where(np.isfinite(design.growth[:, -1])[:, None, None], parts, 0.0)
    return LagForecast(parts.sum(axis=-1), parts, (*design.groups, "pool", "shape"), _residual(equations, coefficients[:, 0], unit))


def _equations(design: Design, unit: Floats, horizon: int, robust: bool) -> Equations:
    n, periods = design.growth.shape
    inputs = np.empty((n, periods, len(design.groups) + 1))
    np.divide(design.inputs, unit[:, None, None], out=inputs[:, :, :-1])
    inputs[:, :, -1] = 1.0
    special = design.shapes[:, :, :horizon] / unit[:, None, None]
    growth = design.growth / unit[:, None]
    target = np.full((n, periods, horizon), np.nan)
    use = np.zeros((n, periods, horizon), dtype=bool)
    ready = np.isfinite(shift(growth, 3)) & design.known
    for h in range(1, min(horizon, periods - 1) + 1):
        target[:, :-h, h - 1] = growth[:, h:] - growth[:, :-h]
        use[:, :-h, h - 1] = ready[:, :-h] & design.known[:, h:]
    use &= np.isfinite(target)
    if robust:
        for block in (inputs, special, target):
            np.clip(block, -CLIP, CLIP, out=block)
    return Equations(inputs, special, np.where(use, target, 0.0), use)


def _residual(equations: Equations, coefficients: Floats, unit: Floats) -> Floats:
    """(n, T) error of the one-step equation, at the period that was forecast."""
    fitted = (equations.inputs @ coefficients[:, :-1, None])[:, :, 0] + equations.special[:, :, 0] * coefficients[:, -1:]
    error = np.where(equations.use[:, :, 0], equations.target[:, :, 0] - fitted, np.nan) * unit[:, None]
    return shift(error, 1)


def _median(x: Floats) -> Floats:
    """(n,) median over the finite values of each row, 0 for a row without any."""
    if not x.shape[1]:
        return np.zeros(len(x))
    ordered = np.sort(x, axis=1)
    count = np.isfinite(ordered).sum(axis=1)
    row = np.arange(x.shape[0])
    low, high = np.maximum((count - 1) // 2, 0), np.minimum(count // 2, x.shape[1] - 1)
    return np.where(count > 0, (ordered[row, low] + ordered[row, high]) / 2, 0.0)


@dataclass(frozen=True, slots=True)
class FrozenLags:
    """A fit held still: `unit` (n,) and `coefficients` (n, H, p + 1), to be asked what it would say of other data."""

    unit: Floats
    coefficients: Floats
    robust: bool

    def changes(self, design: Design) -> Floats:
        """(n, H) forecast of S(T+h) - S(T) from the last column of `design`; linear in it but for the clip of the robust form."""
        n, horizon, _ = self.coefficients.shape
        inputs = np.concatenate([design.inputs[:, -1] / self.unit[:, None], np.ones((n, 1))], axis=-1)
        special = design.shapes[:, -1, :horizon] / self.unit[:, None]
        if self.robust:
            inputs, special = np.clip(inputs, -CLIP, CLIP), np.clip(special, -CLIP, CLIP)
        change = (inputs[:, None, :] * self.coefficients[:, :, :-1]).sum(axis=-1) + special * self.coefficients[:, :, -1]
        return np.where(np.isfinite(design.growth[:, -1])[:, None], change * self.unit[:, None], 0.0)


def frozen_lags(design: Design, *, horizon: int, robust: bool) -> FrozenLags:
    """The fit behind `forecast_changes`, held still."""
    unit = spread(design.growth, robust=robust)
    return FrozenLags(unit, solve_all(_equations(design, unit, horizon, robust)), robust)
