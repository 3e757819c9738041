"""Outcome review: what followed a closed alarm, beside the forecast made at the time, which knew of no action.

A difference from that forecast is not an effect of what was done: forecasts miss by themselves, which the interval shows, and alarms are raised at
unusual values, after which the next ones tend to be more usual (regression to the mean, Galton 1886). The words say so and claim no cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

FEWEST = 3  # months; chosen by us: fewer say nothing about a course


@dataclass(frozen=True, slots=True)
class Month:
    """Observed beside the forecast of then, in the series' unit; position: `below`, `inside`, `above` of the 80 % interval."""

    ds: date
    observed: float
    mean: float
    low: float
    high: float

    @property
    def position(self) -> str:
        """Where the observed value lies."""
        return "below" if self.observed < self.low else "above" if self.observed > self.high else "inside"


@dataclass(frozen=True, slots=True)
class Review:
    """months: oldest first · zh, en: one sentence that claims no cause."""

    months: tuple[Month, ...]
    zh: str
    en: str


def review(forecast: Iterable[Mapping[str, Any]], history: Sequence[tuple[date, float | None]]) -> Review:
    """The later course against a forecast. forecast: rows `ds, mean, lo-80, hi-80` of one series · history: observed values; None is missing."""
    seen = {ds: y for ds, y in history if y is not None}
    rows = [r for r in forecast if r["ds"] in seen and None not in (r["mean"], r["lo-80"], r["hi-80"])]
    months = tuple(Month(r["ds"], seen[r["ds"]], r["mean"], r["lo-80"], r["hi-80"]) for r in sorted(rows, key=lambda r: r["ds"]))
    return Review(months, *_said(months))


def _said(months: tuple[Month, ...]) -> tuple[str, str]:
    if len(months) < FEWEST:
        return (
            f"预警之后才有{len(months)}个月的数，至少要{FEWEST}个月才好比较。",
            f"Only {len(months)} months have followed; a comparison needs at least {FEWEST}.",
        )
    count = {where: sum(m.position == where for m in months) for where in ("below", "inside", "above")}
    return (
        f"预警后{len(months)}个月里，{count['inside']}个月落在当时预测的八成区间内，{count['below']}个月低于区间，{count['above']}个月高于区间。"
        "当时的预测不知道后来的处置；差别可能来自处置、别的原因或偶然，这里不作因果判断。",
        f"Of {len(months)} months after the alarm {count['inside']} lie inside the 80 % interval forecast then, {count['below']} below and "
        f"{count['above']} above. That forecast knew of no action; a difference may come from action, other causes or chance: no cause is claimed.",
    )
