"""Hardship, disability, service and the recognitions that go with them; and the one key group a registered person is counted under."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.city.careers import Careers
from leye.city.dice import Array, chance, pick, stream
from leye.city.population import EMPLOYED, FLEXIBLE, INACTIVE, SELF_EMPLOYED, UNEMPLOYED, Households, Residents

GROUPS = ("graduates", "veterans", "disabled", "hard_to_employ", "poverty_alleviated", "older", "migrant_workers", "other")
"""Groups of registered unemployment. Everyone is counted once, under the first that fits, so that groups add up."""


@dataclass(slots=True)
class Standing:
    """One entry a resident (`home_dibao`: one a household). `grade` is 0 for none, 1 gravest to 4."""

    grade: Array
    work_able: Array
    willing: Array
    dibao: Array
    home_dibao: Array
    tekun: Array
    alleviated: Array
    zero_family: Array
    land_lost: Array
    veteran: Array
    loan_other: Array
    hard: Array
    group: Array


def stand(residents: Residents, homes: Households, careers: Careers, *, seed: int) -> Standing:
    """Draw the standing of all residents from their age, hukou, work and household."""
    rng = stream(seed, "standing")
    n, r = residents.n, residents
    grade = np.where(chance(rng, 0.012 + 0.0007 * r.age.clip(0, 80), n), 1 + pick(rng, n, (0.12, 0.2, 0.3, 0.38)), 0)
    grade[(r.status == EMPLOYED) & (grade == 1)] = 3
    able = (r.age >= 16) & (r.age < 76) & ~((grade >= 1) & (grade <= 2) & ~np.isin(r.status, (EMPLOYED, FLEXIBLE, SELF_EMPLOYED, UNEMPLOYED)))
    working = np.isin(r.status, (EMPLOYED, FLEXIBLE, SELF_EMPLOYED))
    zero_home = _zero_homes(rng, residents, homes, careers, able)
    poor = np.bincount(r.household, weights=(grade > 0) + 2.0 * (r.status == UNEMPLOYED) - 1.5 * working, minlength=homes.size.size)
    home_dibao = chance(rng, np.select([zero_home, poor > 1, poor > 0], [0.35, 0.16, 0.06], 0.003), homes.size.size)
    dibao, zero_family = home_dibao[r.household], zero_home[r.household]
    veteran = r.male & (r.age >= 20) & (r.age <= 58) & chance(rng, 0.035, n) & (r.status != 4)
    alleviated = r.is_rural & chance(rng, np.where(r.is_local, 0.004, 0.04), n)
    hard = _hard_to_employ(rng, residents, careers, grade, zero_family, dibao)
    willing = careers.is_registered | ((r.status == UNEMPLOYED) & chance(rng, 0.55, n)) | (working & chance(rng, 0.03, n))
    loan_other = (r.status == SELF_EMPLOYED) & chance(rng, 0.22, n)
    return Standing(
        grade=grade,
        work_able=able,
        willing=willing & able,
        dibao=dibao,
        home_dibao=home_dibao,
        tekun=(r.age >= 60) & ~dibao & chance(rng, 0.006, n),
        alleviated=alleviated,
        zero_family=zero_family,
        land_lost=r.is_rural & r.is_local & chance(rng, 0.05, n),
        veteran=veteran,
        loan_other=loan_other,
        hard=hard,
        group=_groups(residents, grade, veteran, hard, alleviated),
    )


def _zero_homes(rng: np.random.Generator, residents: Residents, homes: Households, careers: Careers, able: Array) -> Array:
    """Households that are certified: someone is registered, nobody of working age works, and most of those who could apply have."""
    count = homes.size.size
    working = np.bincount(residents.household[np.isin(residents.status, (EMPLOYED, FLEXIBLE, SELF_EMPLOYED))], minlength=count)
    registered = np.bincount(residents.household[careers.is_registered & able], minlength=count)
    return np.asarray((working == 0) & (registered > 0) & chance(rng, 0.4, count))


def _hard_to_employ(rng: np.random.Generator, residents: Residents, careers: Careers, grade: Array, zero: Array, dibao: Array) -> Array:
    """Recognised today; the older, the disabled, long spells, zero-employment and dibao families among those who look for work or work flexibly."""
    older = residents.age >= np.where(residents.male, 50, 40)
    spell_days = (np.datetime64(residents.on, "D") - careers.spell_from).astype(np.int64)
    long_spell = careers.is_registered & (spell_days > 365)
    p = np.select([zero, grade > 0, dibao, long_spell, older], [0.9, 0.7, 0.6, 0.5, 0.28], 0.02)
    p = np.where(careers.is_registered, p, np.where(residents.status == FLEXIBLE, p * 0.25, np.where(residents.status == EMPLOYED, p * 0.04, 0.0)))
    return np.asarray((residents.age >= 18) & (residents.status != INACTIVE) & chance(rng, p, residents.n))


def _groups(residents: Residents, grade: Array, veteran: Array, hard: Array, alleviated: Array) -> Array:
    recent = residents.is_graduate & (residents.age <= 27)
    older = residents.age >= np.where(residents.male, 50, 40)
    return np.select([recent, veteran, grade > 0, hard, alleviated, older, residents.is_rural], [0, 1, 2, 3, 4, 5, 6], 7)
