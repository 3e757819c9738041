"""The order in which grids are told: a lottery within blocks of like size, so that every step holds large and small grids alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from leye.kernel.errors import BadInput
from leye.policy.promote.effect import LEAST_GRIDS
from leye.policy.promote.panel import DAYS_A_WEEK, Counts

NOT_YET = -1
"""Step of grids that are told only after the evaluation."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One grid's turn. step: from 0, NOT_YET for those kept to the end · on: day of delivery, None for those · block: of the lottery, by size."""

    grid: str
    people: int
    step: int
    on: date | None
    block: int


@dataclass(frozen=True, slots=True)
class Balance:
    """What one step holds."""

    step: int
    grids: int
    people: int
    mean_people: float


def draw_schedule(people: dict[str, int], *, start: date, steps: int, seed: int, quiet_weeks: int = 2, keep_last: bool = True) -> tuple[Turn, ...]:
    """Draw the turns of grids, given how many people on the list live in each. One step a week, the first after `quiet_weeks` weeks of only watching.

    Grids are ordered by size and cut into blocks of as many grids as there are steps (one more when `keep_last`); within a block the steps fall by
    lot. Ties go by id, so that people and seed decide everything. Raises BadInput (E_ROLLOUT_PLAN).
    """
    slots = steps + keep_last
    if steps < 1 or quiet_weeks < 0 or any(n < 0 for n in people.values()):
        raise _refuse("批数至少 1，观察周数和人数不能为负", "steps must be at least 1, weeks and people not negative")
    if len(people) < max(LEAST_GRIDS, slots):
        raise _refuse(f"只有 {len(people)} 个网格，{slots} 批至少要 {max(LEAST_GRIDS, slots)} 个", f"{len(people)} grids do not make {slots} steps")
    dice = np.random.Generator(np.random.PCG64(seed))
    order = sorted(people, key=lambda grid: (-people[grid], grid))
    turns = []
    for number, at in enumerate(range(0, len(order), slots)):
        block = order[at : at + slots]
        for grid, slot in zip(block, dice.permutation(slots)[: len(block)].tolist(), strict=True):
            step = slot if slot < steps else NOT_YET
            on = start + timedelta(days=DAYS_A_WEEK * (quiet_weeks + step)) if step >= 0 else None
            turns.append(Turn(grid, people[grid], step, on, number))
    return tuple(sorted(turns, key=lambda turn: turn.grid))


def balance(turns: Sequence[Turn]) -> tuple[Balance, ...]:
    """Grids and people of each step, the kept ones last."""
    steps = sorted({t.step for t in turns}, key=lambda s: (s == NOT_YET, s))
    found = []
    for step in steps:
        mine = [t.people for t in turns if t.step == step]
        found.append(Balance(step, len(mine), sum(mine), sum(mine) / len(mine)))
    return tuple(found)


def reach_weeks(turns: Sequence[Turn], *, start: date, weeks: int) -> tuple[Counts, Counts, Counts]:
    """(people, reach week, block) of each grid as arrays; `weeks` where a grid is not reached in these weeks."""
    reached = [weeks if t.on is None else min((t.on - start).days // DAYS_A_WEEK, weeks) for t in turns]
    return np.array([t.people for t in turns]), np.array(reached), np.array([t.block for t in turns])


def _refuse(zh: str, en: str) -> BadInput:
    return BadInput(
        zh,
        en=en,
        remedy_zh="减少批数，或把更多网格纳入；每批每周一次",
        remedy_en="take fewer steps or more grids; one step a week",
        code="E_ROLLOUT_PLAN",
    )
