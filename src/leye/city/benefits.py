"""Unemployment insurance of residents: months that count, who draws benefit today, what is left over from an earlier right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.city.careers import Careers
from leye.city.dice import Array, chance, stream
from leye.city.insurance import employee_months, month_number
from leye.city.population import UNEMPLOYED, Residents

INVOLUNTARY_REASONS = 6
"""Reasons below this number are 非因本人意愿中断就业 (失业保险条例 art. 14)."""


@dataclass(slots=True)
class Benefits:
    """One entry a resident. Months are whole months."""

    present_months: Array
    total_months: Array
    contribution_months: Array
    unused_months: Array
    claiming: Array
    claimed_months: Array
    self_paid: Array
    lump_received: Array


def entitled_months(contribution_months: Array) -> Array:
    """Longest time of benefit: under a year paid 0, to five years 12, to ten years 18, beyond 24 months (失业保险条例 art. 17)."""
    return np.select([contribution_months < 12, contribution_months < 60, contribution_months < 120], [0, 12, 18], 24)


def draw_benefits(residents: Residents, careers: Careers, *, seed: int) -> Benefits:
    """Work out the rights of everyone, and draw who applied."""
    rng = stream(seed, "benefits")
    n = residents.n
    present, total = employee_months(careers, on=residents.on)
    involuntary = (careers.left_reason >= 0) & (careers.left_reason < INVOLUNTARY_REASONS)
    before = np.where(careers.prev_insured, total - present, 0)
    closed = ~np.isnat(careers.spell_to)
    claimed_then = closed & involuntary & (entitled_months(before) > 0) & chance(rng, 0.7, n)
    contribution = np.where(claimed_then, present, total)
    elapsed = np.datetime64(residents.on, "M").astype(np.int64) - month_number(careers.spell_from) + 1
    right = np.where(careers.is_registered & involuntary, entitled_months(contribution), 0)
    applied = (right > 0) & chance(rng, 0.9, n) & (residents.status == UNEMPLOYED)
    claiming = applied & (elapsed <= right)
    claimed = np.where(applied, np.minimum(elapsed, right), 0)
    spell_months = (month_number(careers.spell_to) - month_number(careers.spell_from)).clip(0, 24)
    unused = np.where(claimed_then, (entitled_months(before) - spell_months).clip(0, 24), 0)
    self_paid = ~chance(rng, np.where(residents.is_rural & (total > 0), 0.02, 0.0), n)
    return Benefits(present, total, contribution, unused, claiming, claimed, self_paid, ~self_paid & (claimed > 0) & chance(rng, 0.6, n))
