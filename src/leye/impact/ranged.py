"""A figure that several sources and assumptions give differently: shown as a range with its middle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean


@dataclass(frozen=True, slots=True)
class Ranged:
    """low, high: over every source and assumption · mid: mean of the sources at the middle assumption · by_source: at the middle assumption."""

    low: float
    mid: float
    high: float
    by_source: Mapping[str, float]


def ranged(figures: Mapping[tuple[str, str], float]) -> Ranged:
    """figures: (source, scenario) to figure. A mean, not a median, in the middle: means of effects add up to the mean of the change."""
    middle = {source: value for (source, scenario), value in figures.items() if scenario == "mid"}
    return Ranged(min(figures.values()), fmean(middle.values()), max(figures.values()), middle)
