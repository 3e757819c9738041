"""Facts of the firm, joined in for its employees, and parameters of the place."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from leye.city.careers import Careers
from leye.city.dice import Array, stream
from leye.city.factsheet import Fact, Facts, fact_sheet, masked
from leye.city.firms import KEY_DIVISIONS, SIZE_FROM_STAFF, Firms, divisions
from leye.city.frames import words
from leye.city.insurance import insured_base
from leye.city.marginals import marginals
from leye.city.population import OLDER_HIRE_AGE, Residents

_SIZE_OF = ("micro", "small", "medium", "large")


def firm_facts(residents: Residents, careers: Careers, firms: Firms, *, seed: int, on: date) -> Facts:
    """(firms,) arrays of the ten firm facts. `firm_staff` counts the insured of today."""
    rng = stream(seed, "facts_firms")
    size = np.searchsorted(np.array(SIZE_FROM_STAFF), firms.staff, side="right")
    allowed = fact_sheet()["firm_size"].allowed
    months = ((np.datetime64(on, "D") - firms.founded).astype(np.int64) / 30.44).astype(np.int64)
    paid_months = np.minimum(months, np.where(rng.random(firms.n) < 0.85, months, rng.integers(1, 30, firms.n)))
    insured = careers.firm[careers.is_insured]
    base = np.bincount(insured, weights=insured_base(careers.wage_fen[careers.is_insured]), minlength=firms.n)
    ui_bp = marginals()["insurance"]["ui_bp"]
    share_of_year = (paid_months.clip(0, 12)) / 12
    recent = careers.is_insured & ((np.datetime64(on, "D") - careers.since).astype(np.int64) < 365)
    counts = residents.is_graduate | ~np.isnat(careers.spell_to) | (residents.age >= OLDER_HIRE_AGE)
    return {
        "firm_kind": np.asarray(firms.kind),
        "firm_size": np.array([allowed.index(s) for s in _SIZE_OF])[size],
        "firm_staff": firms.staff,
        "firm_layoffs_last_year": rng.binomial(firms.staff, np.where(firms.in_difficulty, 0.12, 0.015)),
        "firm_new_hires_12m": np.bincount(careers.firm[recent & counts], minlength=firms.n),
        "firm_ui_paid_months": paid_months.clip(0, 600),
        "firm_ui_paid_last_year_fen": np.rint(base * ui_bp / 10_000 * 12 * 0.96 * share_of_year).astype(np.int64),
        "firm_affected": firms.affected,
        "firm_in_difficulty": firms.in_difficulty,
        "firm_key_industry": np.isin(firms.division, [divisions().index(d) for d in KEY_DIVISIONS]),
    }


def firm_columns(facts: Facts) -> dict[str, pl.Series]:
    """The firm facts as columns of the firms table, nothing lost."""
    return {name: _firm_column(fact_sheet()[name], values) for name, values in facts.items()}


def _firm_column(fact: Fact, values: Array) -> pl.Series:
    return words(fact.allowed, values) if fact.type == "enum" else pl.Series(values)


def joined(facts: Facts, employer: Array) -> Facts:
    """The firm facts of everyone's employer; unknown without one."""
    known = employer >= 0
    return {
        name: np.where(known, values[employer], -1) if fact_sheet()[name].type == "enum" else masked(values[employer], known)
        for name, values in facts.items()
    }


def place_facts(residents: Residents) -> Facts:
    """Parameters of the place; the same for everyone."""
    local = marginals()["local"]
    return {f"local_{name}": np.full(residents.n, value, dtype=np.int64) for name, value in local.items()}
