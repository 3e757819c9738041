"""Residents before work comes in: households in grids in districts, age, sex, hukou, schooling and the state on the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from leye.city.dice import Array, chance, quota, stream
from leye.city.marginals import districts, marginals
from leye.city.plants import DUPLICATE_SHARE

STATUSES = ("employed", "flexible", "self_employed", "unemployed", "student", "inactive")
EMPLOYED, FLEXIBLE, SELF_EMPLOYED, UNEMPLOYED, STUDENT, INACTIVE = range(6)
OLDER_HIRE_AGE = 50
"""Hires from this age on count among the key groups of a firm; chosen by us."""
DAYS_PER_YEAR = 365.2425
DAYS_PER_MONTH = DAYS_PER_YEAR / 12


@dataclass(slots=True)
class Households:
    """One entry a household: district number, grid number, whether registered here, whether of rural hukou, and its size."""

    district: Array
    grid: Array
    is_local: Array
    is_rural: Array
    size: Array
    grid_district: Array


@dataclass(slots=True)
class Residents:
    """One entry a resident. `birth` is datetime64[D], `age` whole years on the day, `row` the number in the person id.

    `graduated` is datetime64[D], NaT without a counting diploma; `retire_base` is the woman's old statutory age, 0 for men.
    """

    on: date
    rows_in_all: int
    row: Array
    male: Array
    birth: Array
    age: Array
    household: Array
    district: Array
    is_local: Array
    is_rural: Array
    graduated: Array
    retire_base: Array
    status: Array

    @property
    def n(self) -> int:
        """How many residents there are; the rest of the people rows are second records."""
        return int(self.male.size)

    @property
    def is_graduate(self) -> Array:
        """Who has, or gets in this school year, a diploma that counts."""
        return ~np.isnat(self.graduated)


def settle(people: int, *, seed: int, on: date) -> tuple[Residents, Households]:
    """Draw residents and households. `people` is the number of rows of the people table, second records included; at least 200."""
    rng = stream(seed, "people")
    n = people - round(people * DUPLICATE_SHARE)
    row = np.sort(rng.permutation(people)[:n])
    age, band = _ages(rng, n)
    male = quota(rng, n, [1 - marginals()["male"], marginals()["male"]]).astype(bool)
    birth = _births(rng, age, on)
    homes, household = _households(stream(seed, "households"), age)
    local, rural = homes.is_local[household], homes.is_rural[household]
    graduated = _graduations(rng, birth, age, band, on)
    base = np.where(male, 0, np.where(chance(rng, np.where(np.isnat(graduated), 0.15, 0.75), n), 55, 50))
    status = _statuses(rng, male, age, band, base, graduated, on)
    people_of = Residents(on, people, row, male, birth, age, household, homes.district[household], local, rural, graduated, base, status)
    return people_of, homes


def _ages(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    bands = marginals()["age_bands"]
    band = quota(rng, n, [share for _, _, share in bands])
    low = np.array([b[0] for b in bands])[band]
    high = np.array([b[1] for b in bands])[band]
    return low + np.floor(rng.random(n) * (high - low + 1)).astype(np.int64), band


def _births(rng: np.random.Generator, age: Array, on: date) -> Array:
    """A day of birth that gives exactly this age on the day; a margin of a day keeps clear of leap years."""
    last = np.datetime64(on, "D") - np.ceil(age * DAYS_PER_YEAR).astype("timedelta64[D]")
    back = np.floor(rng.random(age.size) * 363).astype("timedelta64[D]")
    return np.asarray(last - np.timedelta64(1, "D") - back)


def _households(rng: np.random.Generator, age: Array) -> tuple[Households, Array]:
    """Adults in random order fill households; children join a household of at least two adults where there is one."""
    m = marginals()
    adults = rng.permutation(np.flatnonzero(age >= 18))
    sizes = m["adults_per_household"]
    mean = sum(k * share for k, share in sizes.items())
    adult_count = np.array(list(sizes))[quota(rng, int(adults.size / mean * 1.02) + 8, list(sizes.values()))]
    household = np.zeros(age.size, dtype=np.int64)
    household[adults] = np.repeat(np.arange(adult_count.size), adult_count)[: adults.size]
    homes = int(household[adults].max()) + 1
    children = np.flatnonzero(age < 18)
    in_home = np.bincount(household[adults], minlength=homes)
    couples = np.flatnonzero(in_home >= 2)
    household[children] = rng.choice(couples, children.size)
    district = np.sort(quota(rng, homes, list(m["districts"].values())))
    grid, grid_district = _grids(district)
    is_local = quota(rng, homes, [1 - m["hukou_local"], m["hukou_local"]]).astype(bool)
    is_rural = chance(rng, np.where(is_local, m["rural_when_local"], m["rural_when_other"]), homes)
    return Households(district, grid, is_local, is_rural, np.bincount(household, minlength=homes), grid_district), household


def _grids(district: Array) -> tuple[Array, Array]:
    """Neighbouring households of a district form a grid; returns the grid of each household and the district of each grid."""
    per_grid = marginals()["households_per_grid"]
    count = np.bincount(district, minlength=len(districts()))
    grids = np.maximum(1, np.rint(count / per_grid).astype(np.int64))
    first_home, first_grid = np.concatenate(([0], np.cumsum(count)[:-1])), np.concatenate(([0], np.cumsum(grids)[:-1]))
    place = np.arange(district.size) - first_home[district]
    return first_grid[district] + place * grids[district] // np.maximum(count[district], 1), np.repeat(np.arange(len(districts())), grids)


def _graduations(rng: np.random.Generator, birth: Array, age: Array, band: Array, on: date) -> Array:
    """30 June of the year of the diploma, at 21 to 24; younger cohorts have more of them. Next June counts for those in their last year."""
    share = np.select([band <= 1, age <= 27, age <= 34, age <= 44, age <= 54], [0.0, 0.46, 0.38, 0.24, 0.12], 0.04)
    year = birth.astype("datetime64[Y]").astype(np.int64) + 1970 + 21 + quota(rng, age.size, [0.25, 0.35, 0.3, 0.1])
    day = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + np.timedelta64(5, "M")
    day = day.astype("datetime64[D]") + np.timedelta64(29, "D")
    last_june = on.year + (1 if on.month >= 7 else 0)
    has = chance(rng, share, age.size) & (year <= last_june) & (year >= 1990)
    return np.where(has, day, np.datetime64("NaT", "D"))


def _statuses(rng: np.random.Generator, male: Array, age: Array, band: Array, base: Array, graduated: Array, on: date) -> Array:
    """State on the day by age band, held by quota; the retired do not work for a firm, last-year students study, no graduate is a student again."""
    table = marginals()["status_by_age"]
    status = np.full(age.size, INACTIVE)
    for number in range(len(table)):
        rows = np.flatnonzero(band == number)
        status[rows] = quota(rng, rows.size, table[number])
    retired = age >= np.where(male, 60, base)
    leaves = retired & np.isin(status, (EMPLOYED, UNEMPLOYED))
    status[leaves] = np.where(chance(rng, 0.25, int(leaves.sum())), FLEXIBLE, INACTIVE)
    to_come = graduated > np.datetime64(on, "D")
    status[to_come] = STUDENT
    again = (status == STUDENT) & ~np.isnat(graduated) & ~to_come
    status[again] = EMPLOYED
    too_young = (age < 16) & (status != INACTIVE)
    status[too_young] = STUDENT
    return status
