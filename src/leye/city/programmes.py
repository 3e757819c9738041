"""Who took part in what while jobless, and who worked six months later: a table with planted effects and with selection to adjust for.

The rows never contradict a person's other dates. Spells of `unemployment` bring their own end; people who started work in the last year and a
half without an insured month before it may have been jobless as long as the table says. The outcome stands first; the programme is then drawn
from P(programme | covariates, outcome), which is Bayes' rule turned round, so that within each cell of covariates the shares of those at work
differ between programmes by the planted effects and by nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from leye.city.careers import Careers
from leye.city.dice import Array, chance, stream
from leye.city.frames import days, words
from leye.city.plants import Plant
from leye.city.population import DAYS_PER_MONTH, DAYS_PER_YEAR, EMPLOYED, FLEXIBLE, SELF_EMPLOYED, UNEMPLOYED, Residents

PROGRAMMES = ("none", "training", "internship", "job_fair_voucher")
EFFECTS = (0.0, 0.12, 0.08, 0.0)
"""Added to the probability of work within six months, by programme; chosen by us."""
PLANT_IDS = ("effect_training", "effect_internship", "placebo_voucher")
HALF_YEAR = 183
"""Days of follow-up; the window ends that long before the day, so that every row is followed to its end."""
WINDOW = 730


@dataclass(slots=True)
class Jobless:
    """One entry a row: resident, index day, whether at work within HALF_YEAR of it, and whole months without work by then."""

    person: Array
    start: Array
    at_work: Array
    months: Array


def programmes_frame(residents: Residents, careers: Careers, person_ids: pl.Series, *, seed: int) -> pl.DataFrame:
    """One row a person who was jobless on `started_on`: `person_id, programme, started_on, employed_6m, age, graduate, months_unemployed`.

    For `none` the index day is the day on which the person was asked. Ordered by person.
    """
    rng = stream(seed, "programmes")
    rows = _jobless(rng, residents, careers)
    age = np.floor((rows.start - residents.birth[rows.person]).astype(np.int64) / DAYS_PER_YEAR).astype(np.int64)
    graduate = residents.graduated[rows.person] <= rows.start  # NaT compares false
    cell = _cell(age, graduate, rows.months)
    programme = _programmes(rng, cell, rows.at_work)
    return pl.DataFrame(
        {
            "person_id": person_ids.gather(rows.person),
            "programme": words(PROGRAMMES, programme),
            "started_on": days(rows.start),
            "employed_6m": rows.at_work,
            "age": age,
            "graduate": graduate,
            "months_unemployed": rows.months,
        }
    ).sort("person_id")


def programme_plants(on: date) -> list[Plant]:
    """What each programme adds to the chance of work within six months."""
    first, given = on - timedelta(days=WINDOW), ["age", "graduate", "months_unemployed"]
    return [
        Plant(
            plant_id, "effect" if size else "no_effect", "programmes", {"programme": name, "against": "none", "given": given},
            first, on, size, "probability of work within six months", "people who took part against people alike who took part in nothing",
        )
        for plant_id, name, size in zip(PLANT_IDS, PROGRAMMES[1:], EFFECTS[1:], strict=True)
    ]  # fmt: skip


def _jobless(rng: np.random.Generator, r: Residents, c: Careers) -> Jobless:
    today = np.datetime64(r.on, "D")
    parts = [_spells(rng, c, today), _starters(rng, r, c, today), _still_without(rng, r, c, today)]
    person, start, at_work, months = (np.concatenate([p[i] for p in parts]) for i in range(4))
    return Jobless(person, start, at_work, months)


def _between(rng: np.random.Generator, low: Array, high: Array) -> Array:
    """A day from low to high, both included; needs low <= high."""
    span = (high - low).astype(np.int64) + 1
    return np.asarray(low + np.floor(rng.random(span.size) * span).astype("timedelta64[D]"))


def _spells(rng: np.random.Generator, c: Careers, today: np.datetime64) -> tuple[Array, ...]:
    """Registered spells that reach into the window; the index day falls evenly on the days of the spell in it."""
    low = np.maximum(c.spell_from, today - WINDOW)
    high = np.minimum(np.where(np.isnat(c.spell_to), today, c.spell_to - 1), today - HALF_YEAR - 1)
    person = np.flatnonzero(low <= high)
    start = _between(rng, low[person], high[person])
    at_work = (c.spell_to[person] - start).astype(np.int64) <= HALF_YEAR
    at_work &= ~np.isnat(c.spell_to[person])
    return person, start, at_work, ((start - c.spell_from[person]).astype(np.int64) / DAYS_PER_MONTH).astype(np.int64)


def _starters(rng: np.random.Generator, r: Residents, c: Careers, today: np.datetime64) -> tuple[Array, ...]:
    """People who began to work in the last year and a half, never registered, without an insured month before it."""
    fits = np.isin(r.status, (EMPLOYED, FLEXIBLE, SELF_EMPLOYED)) & np.isnat(c.spell_from) & ~c.prev_insured
    fits &= (c.since > today - WINDOW + HALF_YEAR + 1) & (c.since < today - 1) & (c.start < c.since - 2 * HALF_YEAR)
    person = np.flatnonzero(fits)
    since, n = c.since[person], person.size
    months = np.minimum(rng.exponential(4.0, n), 24).astype(np.int64)
    older = (r.age[person] >= 45).astype(np.float64)
    at_work = chance(rng, 0.52 - 0.17 * older + 0.08 * (months < 3) - 0.08 * (months >= 6), n)
    low = np.where(at_work, since - HALF_YEAR, since - 2 * HALF_YEAR)
    high = np.where(at_work, since - 1, since - HALF_YEAR - 1)
    start = _between(rng, np.maximum(low, today - WINDOW), np.minimum(high, today - HALF_YEAR - 1))
    room = ((start - c.start[person]).astype(np.int64) / DAYS_PER_MONTH).astype(np.int64)
    return person, start, at_work, np.minimum(months, room.clip(0))


def _still_without(rng: np.random.Generator, r: Residents, c: Careers, today: np.datetime64) -> tuple[Array, ...]:
    """The unemployed of today who never registered."""
    free = np.maximum(c.start, np.where(np.isnat(c.prev_to), c.start, c.prev_to + 1))
    low, high = np.maximum(free, today - WINDOW), today - HALF_YEAR - 1
    person = np.flatnonzero((r.status == UNEMPLOYED) & ~c.is_registered & (low <= high))
    start = _between(rng, low[person], np.full(person.size, high))
    months = ((start - free[person]).astype(np.int64) / DAYS_PER_MONTH).astype(np.int64).clip(0, 24)
    return person, start, np.zeros(person.size, dtype=bool), months


def _cell(age: Array, graduate: Array, months: Array) -> Array:
    """Number of the cell: four age bands, diploma or not, under three, under six or more months without work."""
    band = np.searchsorted([25, 35, 45], age, side="right")
    return np.asarray(band * 6 + graduate * 3 + np.searchsorted([3, 6], months, side="right"))


def _selection() -> Array:
    """(24, 4) probability of each programme by cell: training finds the older and long jobless, the voucher the young and fresh. Chosen by us."""
    band, graduate, long = np.unravel_index(np.arange(24), (4, 2, 3))
    training = -1.0 + 0.45 * (band >= 2) + 0.35 * long - 0.4 * graduate
    internship = -2.2 + 1.2 * (band == 0) + 0.6 * graduate
    voucher = -0.6 - 0.4 * (band >= 2) - 0.35 * long
    odds = np.exp(np.stack([np.zeros(24), training, internship, voucher], axis=1))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def _programmes(rng: np.random.Generator, cell: Array, at_work: Array) -> Array:
    """Programme of each row by Bayes' rule within cell and outcome, drawn from evenly spaced uniforms, so that small cells hold their shares."""
    chosen = _selection()
    rows = np.bincount(cell, minlength=24)
    share = (np.bincount(cell, weights=at_work, minlength=24) + 1) / (rows + 2)
    effects = np.array(EFFECTS)
    without = share - chosen @ effects
    p = (without[:, None] + effects).clip(0.02, 0.98)
    given = np.stack([chosen * (1 - p), chosen * p], axis=1)  # (24, outcome, programme)
    given /= given.sum(axis=2, keepdims=True)
    edges = np.cumsum(given, axis=2)[cell, at_work.astype(np.int64)]
    return np.asarray((_even(rng, cell * 2 + at_work)[:, None] > edges[:, :-1]).sum(axis=1))


def _even(rng: np.random.Generator, group: Array) -> Array:
    """(n,) uniforms that lie evenly within each group, in random order."""
    order = np.lexsort((rng.random(group.size), group))
    count = np.bincount(group)
    rank = np.arange(group.size) - (np.cumsum(count) - count)[group[order]]
    even = np.empty(group.size)
    even[order] = (rank + rng.random(group.size)) / count[group[order]]
    return even
