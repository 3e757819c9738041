"""The rate of false alarms that calibration itself gave: what stands beside the promised one, with the series-years and the interval it rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.watch.calibrate import LEVELS
from leye.watch.grid import Bools, Floats
from leye.watch.machine import Machine

TWO_SIDED_95 = 1.96


@dataclass(frozen=True, slots=True)
class Realised:
    """rates: of each level, a series-year (onsets and re-alarms of any level; lamps that reach each higher one) · years: quiet series-years ·
    low, high: 95 % interval of the lowest level's rate.
    """

    rates: dict[str, float]
    years: float
    low: float
    high: float


def realised(score: Floats, miss: Floats, agrees: Bools, machine: Machine, per_year: int) -> Realised:
    """Run a fresh machine over the quiet part of calibration. score, miss, agrees: (calm periods, series), score NaN outside quiet times."""
    rows = np.zeros(len(score))
    reached = np.zeros(4)
    highest = np.zeros(score.shape[1], dtype=np.int64)
    for t in range(len(score)):
        _, counted = machine.step(score[t], miss[t], agrees[t])
        now = np.where(machine.lit, np.maximum(highest, machine.level), 0)
        rows[t] = counted.sum()
        for floor in (1, 2, 3):
            reached[floor] += int(((now > floor) & (highest <= floor)).sum())
        highest = now
    at_risk = (~np.isnan(score)).sum(axis=1) / per_year
    reached[0], years = rows.sum(), max(float(at_risk.sum()), 1e-9)
    low, high = interval(_by_year(rows, per_year), _by_year(at_risk, per_year))
    return Realised({name: round(float(n) / years, 4) for name, n in zip(LEVELS, reached, strict=True)}, round(years, 1), low, high)


def interval(rows: Floats, years: Floats) -> tuple[float, float]:
    """95 % interval of rows a series-year from calendar years of rows and of series-years at risk.

    Byar's approximation to the Poisson interval (Breslow & Day, Statistical Methods in Cancer Research II, 1987, eq. 2.13), on counts divided by
    their dispersion over calendar years (McCullagh & Nelder 1989, ch. 6.2), since series alarm together.

    >>> [round(x, 2) for x in interval(np.array([4.0, 6.0]), np.array([20.0, 20.0]))]
    [0.12, 0.46]
    """
    n, at_risk = float(rows.sum()), float(years.sum())
    if at_risk <= 0:
        return 0.0, float("inf")
    expected = n / at_risk * years
    some = expected > 0
    spread = max(float(((rows[some] - expected[some]) ** 2 / expected[some]).sum()) / max(int(some.sum()) - 1, 1), 1.0)
    n, at_risk = n / spread, at_risk / spread
    return round(_byar(n, -1.0) / at_risk, 4), round(_byar(n + 1, 1.0) / at_risk, 4)


def _byar(n: float, side: float) -> float:
    return float(n * max(1 - 1 / (9 * n) + side * TWO_SIDED_95 / (3 * np.sqrt(n)), 0.0) ** 3) if n > 0 else 0.0


def _by_year(values: Floats, per_year: int) -> Floats:
    padded = np.concatenate([values, np.zeros(-len(values) % per_year)])
    total: Floats = padded.reshape(-1, per_year).sum(axis=1)
    return total
