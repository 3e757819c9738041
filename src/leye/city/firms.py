"""Firms: industry and district by quota, staff shared out among them so that the sections keep their share of the employed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from leye.city.dice import Array, apportion, chance, quota, stream
from leye.city.marginals import by_section, districts, marginals, sections
from leye.city.population import EMPLOYED, Residents

KINDS = ("enterprise", "individual_business", "social_org", "institution")
SIZES = ("micro", "small", "medium", "large")
SIZE_FROM_STAFF = (20, 300, 1000)
"""Least staff of small, medium, large: the staff criterion for industry in 工信部联企业〔2011〕300号, used here for every section."""
KEY_DIVISIONS = ("C34", "C35", "C38", "C39", "I65", "M73")
"""Divisions that the city calls key industries; chosen by us: equipment, appliances, software, research."""


@dataclass(slots=True)
class Firms:
    """One entry a firm. `division` indexes `divisions()`; `founded` is datetime64[D]; `staff` counts the insured and is filled by careers."""

    district: Array
    section: Array
    division: Array
    kind: Array
    founded: Array
    employees: Array
    affected: Array
    in_difficulty: Array
    staff: Array

    @property
    def n(self) -> int:
        """How many firms."""
        return int(self.district.size)


def divisions() -> tuple[str, ...]:
    """Divisions of GB/T 4754 that occur in the city, in section order."""
    return tuple(d for row in marginals()["industries"].values() for d in row["divisions"])


def found_firms(residents: Residents, *, seed: int, on: date) -> tuple[Firms, Array]:
    """Draw firms and give every employed resident one in the own district. Returns (firms, firm number per resident, -1 for none)."""
    rng = stream(seed, "firms")
    n = max(len(districts()) * 4, round(residents.rows_in_all * marginals()["firms_per_resident"]))
    section = quota(rng, n, by_section("firms"))
    district = _spread(rng, residents, n)
    kind = _kinds(rng, section)
    founded = np.datetime64(on, "D") - np.floor(60 + rng.exponential(2600, n).clip(0, 12000)).astype("timedelta64[D]")
    hotel = np.array(sections())[section] == "H"
    firms = Firms(
        district=district,
        section=section,
        division=_divisions(rng, section),
        kind=kind,
        founded=founded,
        employees=np.zeros(n, dtype=np.int64),
        affected=chance(rng, np.where(section == sections().index("C"), 0.07, 0.02), n),
        in_difficulty=chance(rng, np.where(hotel, 0.12, 0.03), n),
        staff=np.zeros(n, dtype=np.int64),
    )
    employer = np.full(residents.n, -1)
    for d in range(len(districts())):
        workers = np.flatnonzero((residents.status == EMPLOYED) & (residents.district == d))
        _hire_in_district(rng, firms, np.flatnonzero(district == d), workers, employer)
    return firms, employer


def _spread(rng: np.random.Generator, residents: Residents, n: int) -> Array:
    """Districts of firms in proportion to the employed who live there, so that every firm can have staff."""
    employed = np.bincount(residents.district[residents.status == EMPLOYED], minlength=len(districts()))
    return quota(rng, n, employed)


def _kinds(rng: np.random.Generator, section: Array) -> Array:
    letters = np.array(sections())[section]
    kind = quota(rng, section.size, list(marginals()["firm_kinds"].values()))
    kind[(kind == KINDS.index("social_org")) & ~np.isin(letters, ("N", "O", "P", "Q", "R"))] = KINDS.index("enterprise")
    public = np.isin(letters, ("P", "Q"))
    kind[public & chance(rng, 0.6, section.size)] = KINDS.index("institution")
    kind[letters == "S"] = KINDS.index("institution")
    return kind


def _divisions(rng: np.random.Generator, section: Array) -> Array:
    counts = np.array([len(row["divisions"]) for row in marginals()["industries"].values()])
    first = np.concatenate(([0], np.cumsum(counts)[:-1]))
    return np.asarray(first[section] + np.floor(rng.random(section.size) * counts[section]).astype(np.int64))


def _hire_in_district(rng: np.random.Generator, firms: Firms, here: Array, workers: Array, employer: Array) -> None:
    """Share the district's employed out over its firms: by section first, then within a section by a long-tailed size; at least one each."""
    in_section = np.bincount(firms.section[here], minlength=len(sections()))
    staff = np.maximum(apportion(workers.size, by_section("staff") * (in_section > 0)), in_section)
    while (excess := int(staff.sum()) - workers.size) > 0:
        largest = int(np.argmax(staff - in_section))
        staff[largest] -= min(excess, int(staff[largest] - in_section[largest]))
    size = np.exp(rng.normal(0.0, 1.7, here.size))
    employees = np.ones(here.size, dtype=np.int64)
    for s in np.flatnonzero(in_section):
        mine = firms.section[here] == s
        employees[mine] += apportion(int(staff[s] - in_section[s]), size[mine])
    firms.employees[here] = employees
    slots = np.repeat(here, employees)
    employer[rng.permutation(workers)] = slots
