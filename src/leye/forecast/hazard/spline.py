"""Restricted cubic splines of duration (Harrell, Regression Modeling Strategies, 2nd ed., 2.4.5): smooth between knots, straight beyond them."""

from __future__ import annotations

import numpy as np

from leye.forecast.arrays import Floats, Ints

QUANTILES = (0.10, 0.50, 0.90)
"""Harrell's places for three knots, at quantiles of the durations seen (2nd ed., table 2.3)."""


def knots_of(duration: Ints) -> tuple[float, ...]:
    """Knots on the scale log(1 + months), at least two that differ; fewer when durations hardly vary."""
    found = np.unique(np.quantile(np.log1p(duration.astype(np.float64)), QUANTILES)) if duration.size else np.array([0.0])
    return tuple(float(k) for k in found)


def basis(duration: Ints, knots: tuple[float, ...]) -> Floats:
    """(n, max(1, knots - 1)) columns: log(1 + months), then for each inner knot the cubic term that is straight beyond the last two knots."""
    t = np.log1p(duration.astype(np.float64))
    if len(knots) < 3:
        return t[:, None]
    last, before = knots[-1], knots[-2]
    width = (last - knots[0]) ** 2
    columns = [t]
    for knot in knots[:-2]:
        cube = _cube(t - knot) - _cube(t - before) * (last - knot) / (last - before) + _cube(t - last) * (before - knot) / (last - before)
        columns.append(cube / width)
    return np.column_stack(columns)


def _cube(x: Floats) -> Floats:
    return np.asarray(np.clip(x, 0.0, None) ** 3)
