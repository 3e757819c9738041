"""Question `job_loss`: employees month by month, and whether registered unemployment follows."""

from __future__ import annotations

import numpy as np

from leye.forecast.arrays import Bools, Floats, Ints
from leye.forecast.hazard.facts import Facts
from leye.forecast.hazard.market import SECTIONS
from leye.forecast.hazard.person_months import HORIZONS, PersonMonths, log_ratio, one_hot, stacked

QUESTION = "job_loss"
LAG = 1
"""A month more: registration may come in the month after the first one without insurance."""

TENURE_SEEN = 9
"""Months of tenure that are told apart. Chosen by us: a quarter of the 36 months of the table, which is where the first row then lies."""

YOUNGEST = 16
PENSION_AGE = 60
"""From here on people leave work for a pension, and are not at risk of unemployment: a border of the law, not an input. One age for everybody,
so that
nothing is computed from a person's sex; women who retire earlier do not register, and count among those to whom nothing happened."""


def lost_work(facts: Facts) -> tuple[Bools, Bools]:
    """(n, T) whether the month after brings registered unemployment, and whether that can be told by the table's end.

    Registered in the next month, or in the one after it with no insurance in between (two weeks' notice and a queue at the window take that long).
    Who leaves work and never registers is not seen: into the household, a pension, another city.
    """
    c = facts.calendar
    registers, gone, ahead = _registrations(facts), ~c.insured, np.arange(c.months)
    one, two = np.minimum(ahead + 1, c.months - 1), np.minimum(ahead + 2, c.months - 1)
    event = c.employee & (registers[:, one] | (registers[:, two] & gone[:, one]))
    known = np.broadcast_to(ahead + 1 + LAG < c.months, event.shape)
    return np.asarray(event & known), np.asarray(known)


def _registrations(facts: Facts) -> Bools:
    """(n, T) whether a spell of registration begins in the month."""
    c = facts.calendar
    found = np.zeros(c.employee.shape, dtype=np.bool_)
    begin, row = c.spells["begin"].to_numpy(), c.spells["row"].to_numpy()
    inside = (begin >= 0) & (begin < c.months)
    found[row[inside], begin[inside]] = True
    return found


def rows_at_work(facts: Facts) -> PersonMonths:
    """All rows of the table: employees under the retirement age who are not registered unemployed, from the month on where tenure can be told."""
    c = facts.calendar
    event, known = lost_work(facts)
    person, month = _at_risk(facts)
    firm = c.firm[person, month].astype(np.int64)
    section = np.where(firm >= 0, facts.firm_section[firm], -1)
    district = np.where(firm >= 0, facts.firm_district[firm], facts.home_district[person])
    x, codes = stacked(
        {
            "industry": one_hot(section, len(SECTIONS)),
            "wage": log_ratio(c.base_fen[person, month].astype(np.float64), facts.median_base[month]),
            "firm": np.where(firm[:, None] >= 0, facts.firm_state(np.maximum(firm, 0), month), 0.0),
            "spells": _registered_lately(facts)[person, month],
            "skill": facts.skill(person, month),
            "market": facts.market.look_up(district, section, month),
        }
    )
    tenure = np.minimum(facts.tenure[person, month], TENURE_SEEN)
    happened = {h: _within(event, known, h)[person, month] for h in HORIZONS}
    return PersonMonths(QUESTION, person, c.key[person], month, tenure, x, codes, event[person, month], known[person, month], LAG, True, happened)


def _at_risk(facts: Facts) -> tuple[Ints, Ints]:
    c = facts.calendar
    at_risk = c.employee & ~c.jobless
    at_risk[:, : TENURE_SEEN - 1] = False
    month, person = np.nonzero(at_risk.T)
    years = facts.age(person, month)
    of_age = (years == -1) | ((years >= YOUNGEST) & (years < PENSION_AGE))
    return person[of_age].astype(np.int64), month[of_age].astype(np.int64)


def _registered_lately(facts: Facts) -> Floats:
    """(n, T) 1 when registered unemployed in this month or the eight before."""
    c = facts.calendar
    total = np.cumsum(np.pad(c.jobless, ((0, 0), (TENURE_SEEN, 0))), axis=1)
    return np.asarray(total[:, TENURE_SEEN:] - total[:, :-TENURE_SEEN] > 0, dtype=np.float64)


def _within(event: Bools, known: Bools, horizon: int) -> Floats:
    """(n, T) whether the event comes in one of the next months, this one's transition included; NaN while not all of them are known."""
    months = event.shape[1]
    found = np.full(event.shape, np.nan)
    total = np.cumsum(np.pad(event, ((0, 0), (1, 0))), axis=1)
    last = int(known[0].sum()) if known.size else 0
    for t in range(min(months, max(last - horizon + 1, 0))):
        found[:, t] = total[:, t + horizon] - total[:, t] > 0
    return found
