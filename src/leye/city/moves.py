"""Moves between the districts and the provinces that migrant workers come from: monthly counts with a planted Spring Festival wave.

Migrant workers leave for home in the twenty days before the lunar new year and come back in the month after the fifth day; where those days
fall in the calendar moves by up to a month from year to year, so last year's same month is a poor guide. Others move in summer.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from leye.city.dice import Array, stream
from leye.city.marginals import districts, marginals
from leye.city.plants import HOME_DAYS, HOME_TIMES, RETURN_DAYS, RETURN_TIMES, Plant
from leye.city.series import Calendar, autoregression, share_of_days
from leye.kernel.codes import spring_festivals
from leye.kernel.period import Month

PROVINCES = {"450000": 0.42, "430000": 0.30, "360000": 0.15, "520000": 0.13}
"""Where people from elsewhere come from, with their shares; chosen by us for a city of the Pearl River Delta."""
GROUPS = ("migrant_workers", "other")
MONTHLY = {"migrant_workers": (0.012, 0.004), "other": (0.0025, 0.006)}
"""Moves a month in a quiet month as a share of residents: with the provinces (each way), and between districts; chosen by us."""
NEARER = np.array(
    [[1.0, 0.9, 0.5, 0.3, 0.2], [0.9, 1.0, 0.5, 0.5, 0.3], [0.5, 0.5, 1.0, 0.2, 0.4], [0.3, 0.5, 0.2, 1.0, 0.3], [0.2, 0.3, 0.4, 0.3, 1.0]]
)
"""How much two districts have to do with each other; the diagonal is not used. Chosen by us."""
TREND = {"out": 0.02, "in": -0.02, "within": 0.01}
NOISE, KEEPS = 0.06, 0.4
SUMMER = 0.25


def moves_frame(people: int, calendar: Calendar, *, seed: int) -> pl.DataFrame:
    """`origin, dest, month, grp, n`: every pair of different places of which one is a district, every month of the calendar, zeros too."""
    rng = stream(seed, "moves")
    parts = []
    for grp in GROUPS:
        level, pairs, way = _pairs(people, grp)
        waves = {kind: _wave(calendar, grp, kind, rng) for kind in ("out", "in", "within")}
        rate = level[:, None] * np.exp(np.stack([waves[w] for w in way]))
        parts.append(_frame(pairs, calendar, grp, rng.poisson(rate)))
    return pl.concat(parts).sort("origin", "dest", "month", "grp")


def _pairs(people: int, grp: str) -> tuple[Array, list[tuple[str, str]], list[str]]:
    """(pairs,) quiet monthly moves, the pairs, and which way each leads."""
    far, near = MONTHLY[grp]
    share = np.array(list(marginals()["districts"].values()))
    level, pairs, way = [], [], []
    weight = np.outer(share, share) * NEARER * (1 - np.eye(share.size))
    for i, a in enumerate(districts()):
        for p, s in PROVINCES.items():
            for pair, kind in (((a, p), "out"), ((p, a), "in")):
                level.append(people * far * share[i] * s)
                pairs.append(pair)
                way.append(kind)
        for j, b in enumerate(districts()):
            if i != j:
                level.append(people * near * weight[i, j] / weight.sum())
                pairs.append((a, b))
                way.append("within")
    return np.array(level), pairs, way


def _wave(calendar: Calendar, grp: str, way: str, rng: np.random.Generator) -> Array:
    """(months,) log factor of one way: trend, summer, festival, noise that all pairs share."""
    year = (np.arange(calendar.size) - calendar.size + 1) / 12
    month = calendar.month_of_year()
    summer = SUMMER * np.isin(month, (6, 7)) * (grp == "other")
    festival = np.zeros(calendar.size)
    if grp == "migrant_workers" and way == "out":
        festival = np.log(HOME_TIMES) * share_of_days(calendar.months, *HOME_DAYS)
    if grp == "migrant_workers" and way == "in":
        festival = np.log(RETURN_TIMES) * share_of_days(calendar.months, *RETURN_DAYS)
    noise = autoregression(rng, calendar.size, np.array([KEEPS]))[0] * NOISE
    return np.asarray(TREND[way] * year + summer + festival + noise)


def _frame(pairs: list[tuple[str, str]], calendar: Calendar, grp: str, n: Array) -> pl.DataFrame:
    months = [m.first for m in calendar.months]
    at = np.repeat(np.arange(len(pairs)), len(months))
    return pl.DataFrame(
        {
            "origin": pl.Series([a for a, _ in pairs]).gather(at),
            "dest": pl.Series([b for _, b in pairs]).gather(at),
            "month": pl.Series(months * len(pairs), dtype=pl.Date),
            "grp": grp,
            "n": pl.Series(n.ravel(), dtype=pl.Int64),
        }
    )


def move_plants(on: date) -> list[Plant]:
    """The planted waves, from the first month of the indicators to that of the day."""
    end = Month.of(on)
    first = (end + (1 - int(marginals()["months"]))).first
    reach = (timedelta(days=RETURN_DAYS[1]), timedelta(days=-HOME_DAYS[0]))
    years = [y.isoformat() for y in spring_festivals().values() if first - reach[0] <= y <= end.last + reach[1]]

    def plant(name: str, where: dict[str, object], days: tuple[int, int], size: float, about: str) -> Plant:
        told = {**where, "grp": "migrant_workers", "days_from_new_year": list(days), "new_years": years}
        return Plant(name, "surge", "moves", told, first, end.last, size, "times, in a month full of such days", about)

    provinces, own = list(PROVINCES), list(districts())
    return [
        plant("festival_home", {"origin": own, "dest": provinces}, HOME_DAYS, HOME_TIMES, "migrant workers go home before the Spring Festival"),
        plant("festival_return", {"origin": provinces, "dest": own}, RETURN_DAYS, RETURN_TIMES, "and come back after it"),
    ]
