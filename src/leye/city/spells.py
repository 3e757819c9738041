"""Spells of registered unemployment: a sample of the inflow of the last 36 months, open for who is registered today, closed for some who work.

Duration is exponential with a monthly hazard that differs between the older (45 and over on the day) and the rest. Whoever came to the labour market
within the window can only have had spells since then: their open spells are cut at their own start, and as many of them have found work again as the
hazard asks for, or the young, and who never worked, would seem to be without hope.
"""

from __future__ import annotations

import numpy as np

from leye.city.dice import Array, stream
from leye.city.marginals import marginals
from leye.city.plants import OLDER_FROM_AGE
from leye.city.population import DAYS_PER_MONTH, EMPLOYED, Residents

SETTLED_AFTER = 14  # months before the window; chosen by us: there is room for a job before the first spell
NO_DAY = np.datetime64("NaT", "D")


def draw_spells(rng: np.random.Generator, residents: Residents, registered: Array, start: Array, *, seed: int) -> tuple[Array, Array]:
    """(first day, day of the new job), NaT where there is none. start: first day on the labour market · registered: who is on the day."""
    today, window = np.datetime64(residents.on, "D"), float(marginals()["insurance_window"])
    first, last = np.full(residents.n, NO_DAY), np.full(residents.n, NO_DAY)
    room = (today - start).astype(np.int64)
    settled = room > (window + SETTLED_AFTER) * DAYS_PER_MONTH
    seen = np.minimum(window, room / DAYS_PER_MONTH).clip(0)  # months in which a spell can have begun
    newcomers = stream(seed, "newcomers")
    for older in (False, True):
        h = _hazard(older)
        group = (residents.age >= OLDER_FROM_AGE) == older
        open_rows = np.flatnonzero(registered & group)
        elapsed = -np.log1p(-rng.random(open_rows.size) * -np.expm1(-h * seen[open_rows])) / h
        back = np.minimum(np.ceil(elapsed * DAYS_PER_MONTH).astype(np.int64), room[open_rows].clip(2) - 1)
        first[open_rows] = today - back.astype("timedelta64[D]")
        works = (residents.status == EMPLOYED) & group
        old = open_rows[settled[open_rows]]
        eligible = rng.permutation(np.flatnonzero(works & settled))[: round(float(closed_for_each_open(h, seen[old]).sum()))]
        new = open_rows[~settled[open_rows]]
        young = np.flatnonzero(works & ~settled & (seen > 0))
        young = _weighted(newcomers, young, h, seen[young])[: round(float(closed_for_each_open(h, seen[new]).sum()))]
        for dice, people in ((rng, eligible), (newcomers, young)):
            began, ended = _closed(dice, h, seen[people])
            first[people] = today - np.ceil(began * DAYS_PER_MONTH).astype("timedelta64[D]")
            last[people] = np.maximum(today - np.ceil(ended * DAYS_PER_MONTH).astype("timedelta64[D]"), first[people] + np.timedelta64(1, "D"))
    return first, last


def closed_for_each_open(h: float, seen: Array) -> Array:
    """Closed spells for each open one when spells began evenly over the months seen: h w / (1 - exp(-h w)) - 1 (the inflow over who is left)."""
    w = np.asarray(seen, dtype=np.float64).clip(1e-9)
    return np.asarray(h * w / -np.expm1(-h * w) - 1)


def _hazard(older: bool) -> float:
    m = marginals()
    return float(m["hazard_per_month"] * (m["hazard_older_ratio"] if older else 1.0))


def _weighted(rng: np.random.Generator, rows: Array, h: float, seen: Array) -> Array:
    """The rows in random order, those who had longer for a spell that is over sooner in it (Efraimidis and Spirakis 2006)."""
    expected = seen - -np.expm1(-h * seen) / h
    return rows[np.argsort(rng.exponential(1.0, rows.size) / expected.clip(1e-12), kind="stable")]


def _closed(rng: np.random.Generator, h: float, seen: Array) -> tuple[Array, Array]:
    """(months before the day when the spell began, when it ended): begun evenly over the months seen and over by the day."""
    began, lasted = np.zeros(seen.size), np.zeros(seen.size)
    left = np.arange(seen.size)
    while left.size:  # the shortest time seen is accepted too, only later
        began[left], lasted[left] = rng.random(left.size) * seen[left], rng.exponential(1 / h, left.size)
        left = left[lasted[left] >= began[left]]
    return began, began - lasted
