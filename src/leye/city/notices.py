"""Two roll-outs of plain notices by grid over the last eight weeks: one that raises applications, and one (A/A) that changes nothing.

Both notices went to people who *may* be entitled: to flexible workers about the subsidy of their own contributions, to the self-employed about
the guaranteed loan. Their lists come from the register of the day; what the roll-outs brought (an application, a payment) is not among the facts
of `people` yet, because departments report with a delay.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from leye.city.dice import Array, chance, stream
from leye.city.frames import days, ids
from leye.city.plants import Plant
from leye.city.population import FLEXIBLE, SELF_EMPLOYED, Households, Residents

WEEKS = 8
QUIET_WEEKS = 2
"""Weeks before the first grid is reached, for the pre-trend."""
NOTICE_EFFECT = (0.03, 0.024, 0.016, 0.01)
"""Added to the weekly rate of application in the first, second … week after the notice; 0.08 in all. Chosen by us."""
OPENED = 0.62
"""Share of delivered notices that are opened; only those who opened apply because of it. Chosen by us."""


@dataclass(frozen=True, slots=True)
class RollOut:
    """One policy's notices: who is on the list (status numbers), the weekly rate without notice, and what the notice adds by week after it."""

    policy: str
    statuses: tuple[int, ...]
    base_rate: float
    effect: tuple[float, ...]


ROLL_OUTS = (RollOut("ss_flex_hard", (FLEXIBLE,), 0.010, NOTICE_EFFECT), RollOut("startup_loan", (SELF_EMPLOYED,), 0.012, (0.0,) * 4))


def notices_frames(residents: Residents, homes: Households, person_ids: pl.Series, *, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(notices, eligible): one row a person in a reached grid; one row a person and week before the application."""
    parts = [_roll_out(plan, residents, homes, person_ids, seed=seed) for plan in ROLL_OUTS]
    notices = pl.concat([p[0] for p in parts]).sort("policy", "person_id")
    return notices, pl.concat([p[1] for p in parts]).sort("policy", "person_id", "week")


def notice_plants(on: date) -> list[Plant]:
    """What the notice adds to applications, summed over the weeks after it, and the roll-out that adds nothing."""
    first = on - timedelta(days=WEEKS * 7 - 1)
    return [
        Plant(name, "effect" if any(plan.effect) else "no_effect", "eligible", {"policy": plan.policy, "by_week": list(plan.effect)}, first, on,
              round(sum(plan.effect), 6), "weekly rate of application, summed over the first four weeks after the notice", about)
        for plan, name, about in zip(ROLL_OUTS, ("effect_notice", "placebo_notice"), (
            "a plain notice, reached grids against those of the same week not yet reached", "a form letter that changed nothing (A/A)"), strict=True)
    ]  # fmt: skip


def _roll_out(plan: RollOut, r: Residents, homes: Households, person_ids: pl.Series, *, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    rng = stream(seed, f"notices:{plan.policy}")
    person = np.flatnonzero(np.isin(r.status, plan.statuses) & (r.age >= 18) & (r.age < np.where(r.male, 60, r.retire_base)))
    grid, n = homes.grid[r.household[person]], person.size
    reached = _weeks_of_grids(rng, np.bincount(grid, minlength=homes.grid_district.size))[grid]
    monday = np.datetime64(r.on, "D") - (WEEKS * 7 - 1)
    delivered = np.where(reached < WEEKS, monday + reached * 7 + rng.integers(0, 2, n), np.datetime64("NaT", "D"))
    delivered[chance(rng, 0.03, n)] = np.datetime64("NaT", "D")
    opened = np.where(chance(rng, OPENED, n), delivered + rng.integers(0, 3, n), np.datetime64("NaT", "D"))
    applied_week = _apply(rng, plan, grid, reached, ~np.isnat(opened))
    applied = np.where(applied_week < WEEKS, monday + applied_week * 7 + rng.integers(3, 7, n), np.datetime64("NaT", "D"))
    paid = np.where(chance(rng, 0.55, n), applied + rng.integers(7, 22, n), np.datetime64("NaT", "D"))
    paid = np.where(paid <= np.datetime64(r.on, "D"), paid, np.datetime64("NaT", "D"))
    seen = (reached < WEEKS) & (applied_week >= reached)
    opened = np.where(opened <= np.datetime64(r.on, "D"), opened, np.datetime64("NaT", "D"))
    notices = pl.DataFrame(
        {
            "grid_id": ids("grid", grid[seen]),
            "person_id": person_ids.gather(person[seen]),
            "policy": pl.Series([plan.policy]).new_from_index(0, int(seen.sum())),
            "delivered_on": days(delivered[seen]),
            "opened_on": days(opened[seen]),
            "applied_on": days(applied[seen]),
            "paid_on": days(paid[seen]),
        }
    )
    return notices, _panel(plan, person_ids.gather(person), grid, reached, applied_week, monday)


def _weeks_of_grids(rng: np.random.Generator, people: Array) -> Array:
    """(grids,) week in which each grid is reached, WEEKS for those not reached yet: a lottery within blocks of grids of like size."""
    slots = np.arange(QUIET_WEEKS, WEEKS + 1)
    order = np.argsort(-people, kind="stable")
    week = np.empty(people.size, dtype=np.int64)
    for at in range(0, people.size, slots.size):
        block = order[at : at + slots.size]
        week[block] = rng.permutation(slots)[: block.size]
    return week


def _apply(rng: np.random.Generator, plan: RollOut, grid: Array, reached: Array, opened: Array) -> Array:
    """(n,) week of the application, WEEKS for none. Grids differ a little, weeks differ, and only those who opened apply because of the notice.

    Each week is a systematic sample by probability within the people reached in the same week, so that one city shows its plant clearly.
    """
    level = 1 + 0.2 * rng.standard_normal(int(grid.max(initial=0)) + 1).clip(-2, 2)[grid]
    season = 1 + 0.25 * np.sin(np.arange(WEEKS) * 1.3)
    share = np.ones(WEEKS + 1)
    for week in np.unique(reached):
        share[week] = max(opened[reached == week].mean(), 0.05)
    effect = np.concatenate([np.array(plan.effect), np.zeros(WEEKS)])
    applied = np.full(grid.size, WEEKS)
    for week in range(WEEKS):
        since = week - reached
        lift = np.where((since >= 0) & opened, effect[since.clip(0)] / share[reached], 0.0)
        p = np.where(applied == WEEKS, plan.base_rate * season[week] * level + lift, 0.0)
        applied[_systematic(rng, p, reached)] = week
    return applied


def _systematic(rng: np.random.Generator, p: Array, group: Array) -> Array:
    """Rows drawn with probability p each, so that every group's count is within one of its expected number."""
    order = np.lexsort((rng.random(p.size), group))
    edges = np.floor(np.cumsum(p[order]) + rng.random())
    return np.asarray(order[np.diff(edges, prepend=0.0) > 0])


def _panel(plan: RollOut, person_ids: pl.Series, grid: Array, reached: Array, applied_week: Array, monday: np.datetime64) -> pl.DataFrame:
    """Person-weeks at risk: up to and including the week of the application."""
    many = np.minimum(applied_week + 1, WEEKS)
    row = np.repeat(np.arange(grid.size), many)
    week = np.arange(row.size) - np.repeat(np.cumsum(many) - many, many)
    return pl.DataFrame(
        {
            "grid_id": ids("grid", grid[row]),
            "person_id": person_ids.gather(row),
            "policy": pl.Series([plan.policy]).new_from_index(0, row.size),
            "week": days(monday + week * 7),
            "notified": week >= reached[row],
            "applied": week == applied_week[row],
        }
    )
