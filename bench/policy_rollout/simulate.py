"""Roll-outs with a known effect: free draws, grids that differ, weeks that differ, people who leave the list when they have applied."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.policy.promote.panel import Panel
from leye.policy.promote.wedge import since_reached

EFFECT = (0.03, 0.024, 0.016, 0.01)
WEEKS, QUIET = 8, 2


@dataclass(frozen=True)
class World:
    """grids, people in all, weekly rate, its sd between grids, whether grids are of very unlike size, effect by week, drift of the rate a week."""

    name: str
    grids: int = 28
    people: int = 1_050
    rate: float = 0.010
    between_sd: float = 0.004
    skewed: bool = False
    effect: tuple[float, ...] = EFFECT
    drift: float = 0.10

    @property
    def total(self) -> float:
        return sum(self.effect)


def roll_out(world: World, dice: np.random.Generator) -> Panel:
    """One simulated roll-out: the order by lot within blocks of like size, as `draw_schedule` does it."""
    weight = dice.lognormal(0, 0.8 if world.skewed else 0.1, world.grids)
    people = np.maximum(dice.multinomial(world.people, weight / weight.sum()), 1)
    slots = np.arange(QUIET, WEEKS + 1)
    reached, block = np.empty(world.grids, np.int64), np.empty(world.grids, np.int64)
    order = np.argsort(-people, kind="stable")
    for number, at in enumerate(range(0, world.grids, slots.size)):
        mine = order[at : at + slots.size]
        reached[mine], block[mine] = dice.permutation(slots)[: mine.size], number
    since = since_reached(reached, WEEKS)
    added = np.select([since == k for k in range(len(world.effect))], world.effect, 0.0)
    level = np.clip(world.rate + world.between_sd * dice.standard_normal(world.grids), 0.0005, None)
    season = (1 + world.drift) ** np.arange(WEEKS) * (1 + 0.2 * np.sin(np.arange(WEEKS)))
    left, at_risk, applied = people.copy(), np.zeros((world.grids, WEEKS), np.int64), np.zeros((world.grids, WEEKS), np.int64)
    for t in range(WEEKS):
        at_risk[:, t] = left
        applied[:, t] = dice.binomial(left, np.clip(level * season[t] + added[:, t], 0, 1))
        left = left - applied[:, t]
    return Panel(world.name, tuple(f"G{i}" for i in range(world.grids)), tuple(range(WEEKS)), at_risk, applied, reached, block)  # type: ignore[arg-type]
