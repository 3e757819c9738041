"""A register drawn forward: people who lose work and find it again, month by month, with monthly chances that are known to the last digit.

The city itself draws spells backward from today's states, so that what it shows today is exact; a person's own chance is then not known. This one is
the other way round, in the same tables, for judging risk profiles: `leye demo` does not make it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from leye.city.dice import Array, chance, stream
from leye.city.marginals import by_section, districts, marginals, sections
from leye.kernel.period import Month

WARM_UP = 60  # months before the register begins; chosen by us: durations have settled by then
LOSE = -5.45  # log odds of losing work in a month: about six in a hundred a year
FIND = -1.75
TENURE_DECAY, TENURE_FLOOR = 0.20, 6  # new jobs end sooner, evenly less so over half a year
WAGE_LOSES, WAGE_FINDS = -0.8, 0.35
DIPLOMA_FINDS, STALE_FINDS = 0.25, -0.35
SMALL_LOSES = 0.5
SECTION_SPREAD = 0.45
OLDER_FROM = 45


@dataclass(frozen=True, slots=True)
class WorkingLives:
    """tables: people, unemployment, insurance_months, firms, indicators · n people over T months, the last of `on`.

    loses, finds: (n,) log odds of a month's turn, apart from age and duration · state: (n, T) 1 at work, 0 without · tenure: (n, T) months in
    the state, 0 for the first · born: month number.
    """

    tables: dict[str, pl.DataFrame]
    on: date
    state: Array
    tenure: Array
    loses: Array
    finds: Array
    born: Array
    first: int

    def true_chance(self, person: Array, month: Array, horizon: int, *, question: str) -> Array:
        """(k,) the chance that work is lost (`job_loss`) or none found (`no_job`) within the horizon, by the monthly chances that drew the
        register."""
        stays = np.ones(person.size)
        for ahead in range(horizon):
            lasted = self.tenure[person, month] + ahead
            stays *= 1 - (self._lose(person, lasted) if question == "job_loss" else self._find(person, lasted, month + ahead))
        return np.asarray(1 - stays if question == "job_loss" else stays)

    def _lose(self, person: Array, tenure: Array) -> Array:
        return _chance(self.loses[person] - TENURE_DECAY * np.minimum(tenure, TENURE_FLOOR))

    def _find(self, person: Array, lasted: Array, month: Array) -> Array:
        years = (self.first + month - self.born[person]) / 12
        slower = np.where(years >= OLDER_FROM, np.log(marginals()["hazard_older_ratio"]), 0.0)
        return _chance(self.finds[person] + slower + STALE_FINDS * np.log1p(lasted))


def draw_lives(people: int, *, seed: int, on: date, months: int = 48) -> WorkingLives:
    """A register of working people up to the end of the month of `on`. Equal arguments give equal tables."""
    rng = stream(seed, "working_lives")
    last = Month.of(on)
    first = (last.first.year - 1970) * 12 + last.first.month - months  # the register ends with the month of the day
    age = 18 + 38 * rng.random(people)
    born = first + months // 2 - np.floor(age * 12).astype(np.int64)
    section = rng.choice(len(sections()), size=people, p=by_section("staff") / by_section("staff").sum())
    district = rng.choice(len(districts()), size=people, p=list(marginals()["districts"].values()))
    wage = rng.normal(0, 0.35, people)
    diploma, small = chance(rng, 0.3, people), chance(rng, 0.35, people)
    of_section = rng.normal(0, SECTION_SPREAD, (2, len(sections())))
    loses = LOSE + TENURE_DECAY * TENURE_FLOOR / 2 + WAGE_LOSES * wage + SMALL_LOSES * small + of_section[0, section]
    finds = FIND + WAGE_FINDS * wage + DIPLOMA_FINDS * diploma - 0.5 * of_section[1, section]
    empty = np.empty((people, 0))
    state, tenure, spells = _walk(rng, WorkingLives({}, on, empty, empty, loses, finds, born, first), months)
    done = WorkingLives({}, on, state, tenure, loses, finds, born, first)
    done.tables.update(_tables(rng, done, spells, section, district, wage, diploma, small))
    return done


def _walk(rng: np.random.Generator, lives: WorkingLives, months: int) -> tuple[Array, Array, list[tuple[Array, Array, Array]]]:
    """States and months in them; every spell without work as (people, first month, month of the new job or -1)."""
    n = lives.loses.size
    person = np.arange(n)
    working, lasted = np.ones(n, dtype=bool), np.full(n, TENURE_FLOOR)
    began = np.full(n, -(10**6))
    state, tenure = np.empty((n, months), dtype=np.int8), np.empty((n, months), dtype=np.int16)
    spells = []
    for t in range(-WARM_UP, months):
        if t >= 0:
            state[:, t], tenure[:, t] = working, np.minimum(lasted, 10_000)
        p = np.where(working, lives._lose(person, lasted), lives._find(person, lasted, np.full(n, t)))
        turns = chance(rng, p, n)
        found = np.flatnonzero(turns & ~working)
        if t >= 0:
            spells.append((found, began[found], np.full(found.size, t + 1)))
        began = np.where(turns & working, t + 1, began)
        lasted = np.where(turns, 0, lasted + 1)
        working = working ^ turns
    still = np.flatnonzero(~working & (began < months))
    spells.append((still, began[still], np.full(still.size, -1)))
    return state, tenure, spells


def _tables(
    rng: np.random.Generator, lives: WorkingLives, spells: list[tuple[Array, Array, Array]], section: Array, district: Array, wage: Array,
    diploma: Array, small: Array,
) -> dict[str, pl.DataFrame]:  # fmt: skip
    n, months = lives.state.shape
    ids = pl.Series([f"P{k:08d}" for k in range(n)])
    firm = _firms_of(rng, section, district, small)
    row, month = np.nonzero(lives.state)
    base = np.rint(600_000 * np.exp(wage[row])).astype(np.int64)
    days = pl.Series([_day(lives.first + m) for m in range(-WARM_UP, months + 2)], dtype=pl.Date)
    who = np.concatenate([s[0] for s in spells])
    begin = np.concatenate([s[1] for s in spells])
    end = np.concatenate([s[2] for s in spells])
    inside = (begin < months) & (begin >= -WARM_UP)
    who, begin, end = who[inside], begin[inside], np.where(end[inside] >= months, -1, end[inside])
    dated = days.gather(begin + WARM_UP)
    ended = pl.Series([None if e < 0 else _day(lives.first + int(e)) for e in end], dtype=pl.Date)
    names = pl.Series([f"F{k:08d}" for k in range(int(firm.max()) + 1)])
    first_of = np.unique(firm, return_index=True)[1]
    return {
        "people": _people(rng, lives, ids, district, diploma),
        "unemployment": pl.DataFrame({"person_id": ids.gather(who), "registered_on": dated, "ended_on": ended,
                                      "reason": pl.Series(np.array(["contract_end", "dismissed", "resigned"])[rng.integers(0, 3, who.size)])}),
        "insurance_months": pl.DataFrame({"person_id": ids.gather(row), "month": days.gather(month + WARM_UP), "firm_id": names.gather(firm[row]),
                                          "kind": pl.Series(["employee"]).gather(np.zeros(row.size, dtype=np.int64)), "base_fen": base}),
        "firms": pl.DataFrame({"firm_id": names, "region": pl.Series(districts()).gather(district[first_of]),
                               "industry": pl.Series([f"{s}01" for s in sections()]).gather(section[first_of])}),
        "indicators": pl.DataFrame(schema={"unique_id": pl.String, "ds": pl.Date, "y": pl.Float64}),
    }  # fmt: skip


def _people(rng: np.random.Generator, lives: WorkingLives, ids: pl.Series, district: Array, diploma: Array) -> pl.DataFrame:
    n = district.size
    born = pl.Series([_day(int(b)) for b in lives.born], dtype=pl.Date)
    graduated = pl.Series([_day(int(b) + 12 * 18) if d else None for b, d in zip(lives.born, diploma, strict=True)], dtype=pl.Date)
    return pl.DataFrame(
        {
            "person_id": ids,
            "region": pl.Series(districts()).gather(district),
            "sex": pl.Series(["F", "M"]).gather(chance(rng, 0.525, n).astype(np.int64)),
            "birth": born,
            "hukou_type": pl.Series(["rural", "urban"]).gather(chance(rng, 0.55, n).astype(np.int64)),
            "disability_grade": np.where(chance(rng, 0.04, n), 3, 0),
            "graduated_on": graduated,
            "cert_on": pl.Series([None] * n, dtype=pl.Date),
        }
    )


def _firms_of(rng: np.random.Generator, section: Array, district: Array, small: Array) -> Array:
    """(n,) firm of each person: of the own section, district and size; small ones of about six people, large ones of about sixty."""
    cell = (section * len(districts()) + district) * 2 + small
    firm = np.zeros(section.size, dtype=np.int64)
    count = 0
    for c in np.unique(cell):
        rows = np.flatnonzero(cell == c)
        firms = max(1, rows.size // (6 if c % 2 else 60))
        firm[rows] = count + rng.integers(0, firms, rows.size)
        count += firms
    return np.unique(firm, return_inverse=True)[1]


def _chance(log_odds: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def _day(number: int) -> date:
    return date(1970 + number // 12, number % 12 + 1, 1)
