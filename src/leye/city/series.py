"""Shapes of monthly series: trend, season, the moving Spring Festival, a common cycle, noise. All on the log scale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from leye.city.dice import Array
from leye.kernel.codes import spring_festivals
from leye.kernel.period import Month


@dataclass(frozen=True, slots=True)
class Calendar:
    """The months of the indicators, oldest first, with what the festival does to each: `dip` and `rush` are shares of its days."""

    months: tuple[Month, ...]
    dip: Array
    rush: Array

    @property
    def size(self) -> int:
        """How many months."""
        return len(self.months)

    def month_of_year(self) -> Array:
        """(months,) 0 for January to 11 for December."""
        return np.array([m.month - 1 for m in self.months])


def calendar_to(on: date, months: int) -> Calendar:
    """The months that end with the month of the day. The dip runs from 10 days before the new year to 8 after, the rush on to day 40."""
    end = Month.of(on)
    stretch = tuple(end + (k - months + 1) for k in range(months))
    return Calendar(stretch, share_of_days(stretch, -10, 8), share_of_days(stretch, 9, 40))


def share_of_days(months: tuple[Month, ...], first: int, last: int) -> Array:
    """Share of each month's days that lie in [new year + first, new year + last]."""
    days = {new_year + timedelta(days=k) for new_year in spring_festivals().values() for k in range(first, last + 1)}
    return np.array([sum(m.first + timedelta(days=k) in days for k in range(m.period.days)) / m.period.days for m in months])


@dataclass(frozen=True, slots=True)
class Shape:
    """How a kind of series moves. `trend` per year; `season` the yearly wave with its phase month; festival effects at a full share; noise sd."""

    trend: float = 0.02
    season: float = 0.03
    peak_month: int = 6
    dip: float = 0.0
    rush: float = 0.0
    cycle: float = 1.0
    noise: float = 0.02
    keeps: float = 0.5


def paths(rng: np.random.Generator, calendar: Calendar, shapes: list[Shape], cycle: Array) -> Array:
    """(series, months) log levels, one row a shape. `cycle` (months,) is the city's common factor. Noise is AR(1) with `keeps` as its memory."""
    year = (np.arange(calendar.size) - calendar.size + 1) / 12
    month = calendar.month_of_year()
    rows = []
    for s in shapes:
        wave = s.season * (np.cos(2 * np.pi * (month + 1 - s.peak_month) / 12) + 0.35 * np.cos(4 * np.pi * (month + 1 - s.peak_month) / 12))
        rows.append(s.trend * year + wave - s.dip * calendar.dip + s.rush * calendar.rush + s.cycle * cycle)
    keeps, noise = np.array([s.keeps for s in shapes]), np.array([s.noise for s in shapes])
    return np.asarray(np.array(rows) + autoregression(rng, calendar.size, keeps) * noise[:, None])


def autoregression(rng: np.random.Generator, months: int, keeps: Array) -> Array:
    """(series, months) stationary AR(1) of unit variance."""
    e = rng.normal(size=(keeps.size, months))
    out = np.empty_like(e)
    out[:, 0] = e[:, 0]
    for t in range(1, months):
        out[:, t] = keeps * out[:, t - 1] + np.sqrt(1 - keeps**2) * e[:, t]
    return out


def common_cycle(rng: np.random.Generator, months: int) -> Array:
    """(months,) the city's slow cycle, sd about one percent."""
    return np.asarray(autoregression(rng, months, np.array([0.85]))[0] * 0.01)


def anchored(last: Array, logs: Array) -> Array:
    """(series, months) whole numbers that end in `last` exactly and follow the shape before."""
    return np.asarray(np.rint(last[:, None] * np.exp(logs - logs[:, -1:])).astype(np.int64))
