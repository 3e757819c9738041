"""How good probabilities are: expected calibration error, Brier score, area under the curve, gaps of groups with their intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import Bools, Floats

BINS = 10
Z95 = 1.959963984540054


def calibration_error(p: Floats, y: Floats, bins: int = BINS) -> float:
    """Mean of |mean(y) - mean(p)| over bins of equal size by p, weighted by size (Naeini, Cooper and Hauskrecht 2015). y: outcomes, or true
    probabilities."""
    if p.size == 0:
        return float("nan")
    parts = np.array_split(np.argsort(p, kind="stable"), min(bins, p.size))
    return float(sum(abs(float((y[i] - p[i]).mean())) * len(i) for i in parts) / p.size)


def calibration_bins(p: Floats, y: Floats, bins: int = BINS) -> list[tuple[float, float, int]]:
    """(mean of p, share of y, people) of bins of equal size, lowest first."""
    if p.size == 0:
        return []
    parts = np.array_split(np.argsort(p, kind="stable"), min(bins, p.size))
    return [(float(p[i].mean()), float(y[i].mean()), len(i)) for i in parts]


def brier(p: Floats, y: Floats) -> float:
    """Mean squared error of probabilities (Brier 1950)."""
    return float(np.mean((p - y) ** 2)) if p.size else float("nan")


def area_under_curve(p: Floats, y: Floats) -> float:
    """Chance that somebody to whom it happened stands above somebody to whom it did not, ties half; NaN without both (Mann and Whitney 1947)."""
    happened = y > 0.5
    n1, n0 = int(happened.sum()), int((~happened).sum())
    if not n1 or not n0:
        return float("nan")
    _, place, count = np.unique(p, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    return float((rank[happened].sum() - n1 * (n1 + 1) / 2) / (n1 * n0))


@dataclass(frozen=True, slots=True)
class Gap:
    """A group's mean stated probability less what came of it; low, high: 95 % interval (normal, outcomes independent given the probabilities)."""

    group: str
    people: int
    stated: float
    happened: float
    gap: float
    low: float
    high: float


def gap_of(group: str, p: Floats, y: Floats, rows: Bools) -> Gap:
    """The gap of one group; positive where the risk is overstated. rows: (n,) who belongs to it, at least one."""
    stated, came = float(p[rows].mean()), float(y[rows].mean())
    half = Z95 * float(np.sqrt(np.sum(p[rows] * (1 - p[rows])))) / int(rows.sum())
    return Gap(group, int(rows.sum()), stated, came, stated - came, stated - came - half, stated - came + half)
