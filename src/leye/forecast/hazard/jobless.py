"""Question `no_job`: the registered unemployed month by month, and whether work is found."""

from __future__ import annotations

import numpy as np

from leye.forecast.arrays import Floats, Ints
from leye.forecast.hazard.facts import Facts
from leye.forecast.hazard.market import SECTIONS
from leye.forecast.hazard.person_months import HORIZONS, Columns, PersonMonths, log_ratio, one_hot, stacked

QUESTION = "no_job"
REASONS = {
    "contract_end": 0, "dismissed": 1, "firm_closed": 2, "agreed_employer_proposed": 3, "forced_resignation": 1, "other_involuntary": 3,
    "resigned": 4, "never_employed": 5,
}  # fmt: skip
"""How the last job ended, in six kinds: small ones together."""

BEFORE = 6
LONGEST = 60
"""Months without work that are told apart; beyond, too few people are seen."""


def rows_jobless(facts: Facts) -> PersonMonths:
    """A row for each spell and month at whose end it lasts; a spell that was open before the table begins comes in with its first month there."""
    c = facts.calendar
    begin, end = c.spells["begin"].to_numpy(), c.spells["end"].to_numpy()
    low, high = np.clip(begin, 0, None), np.clip(end, 0, c.months)
    count = np.clip(high - low, 0, None)
    spell = np.repeat(np.arange(len(count)), count)
    month = np.repeat(low, count) + np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    order = np.lexsort((c.spells["row"].to_numpy()[spell], month))
    spell, month = spell[order], month[order].astype(np.int64)
    person = c.spells["row"].to_numpy()[spell].astype(np.int64)
    known = month + 1 < c.months
    event = known & (end[spell] == month + 1)
    x, codes = stacked(_columns(facts, person, month, begin[spell], _reasons(c.spells["reason"].to_list())[spell]))
    duration = np.minimum(month - begin[spell], LONGEST).astype(np.int64)
    happened = {h: np.where(month + h < c.months, (end[spell] > month + h).astype(np.float64), np.nan) for h in HORIZONS}
    return PersonMonths(QUESTION, person, c.key[person], month, duration, x, codes, event, known, 0, False, happened)


def _columns(facts: Facts, person: Ints, month: Ints, begin: Ints, reason: Ints) -> dict[str, Floats | Columns]:
    """What was known of each spell when it began, and of person and market in the row's month."""
    c = facts.calendar
    registered = np.clip(begin, 0, c.months - 1)
    worked = facts.last_work[person, registered]
    firm = np.where(worked >= 0, c.firm[person, np.maximum(worked, 0)], -1).astype(np.int64)
    base = np.where(worked >= 0, c.base_fen[person, np.maximum(worked, 0)], 0).astype(np.float64)
    section = np.where(firm >= 0, facts.firm_section[firm], -1)
    district = np.where(firm >= 0, facts.firm_district[firm], facts.home_district[person])
    return {
        "industry": one_hot(section, len(SECTIONS)),
        "wage": log_ratio(base, facts.median_base[np.maximum(worked, 0)]),
        "insured": _insured_before(facts, person, registered),
        "reason": one_hot(reason, max(REASONS.values()) + 1),
        "skill": facts.skill(person, month),
        "market": facts.market.look_up(district, section, month),
        "age": facts.age_bands(person, month),
    }


def _insured_before(facts: Facts, person: Ints, registered: Ints) -> Floats:
    """(n, 2) share of the six months before that were insured, and 1 where the table does not reach back so far (the share is then of those seen)."""
    total = np.cumsum(np.pad(facts.calendar.insured, ((0, 0), (1, 0))), axis=1)
    low = np.maximum(registered - BEFORE, 0)
    seen = registered - low
    share = np.where(seen > 0, (total[person, registered] - total[person, low]) / np.maximum(seen, 1), 0.5)
    return np.column_stack([share, (seen < BEFORE).astype(np.float64)])


def _reasons(names: list[str | None]) -> Ints:
    return np.array([REASONS.get(name, -1) if name is not None else -1 for name in names], dtype=np.int64)
