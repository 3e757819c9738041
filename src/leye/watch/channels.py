"""Channels beside the own series: the common factor, the parent, and other indicators of the same place and trade. Each is a sum of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from leye.watch.fusion import Fusion
from leye.watch.grid import Bools, Floats, Grid
from leye.watch.score import SLACK, common_factor, is_wandering, slack
from leye.watch.sums import RunningSum

AGREES_FROM = 2.0  # chosen by us: standard deviations of the summed score at which a second channel counts as agreeing


@dataclass(frozen=True, slots=True)
class Agreement:
    """All (periods, series). says: whether any other channel agrees · factor, parent, sibling: height over AGREES_FROM, NaN where absent."""

    says: Bools
    factor: Floats
    parent: Floats
    sibling: Floats

    def channels(self, t: int, i: int) -> dict[str, float | None]:
        """Heights of the other channels as shares of what counts as agreeing; None marks a channel that is missing."""
        named = (("factor", self.factor), ("parent", self.parent), ("sibling", self.sibling))
        return {"own": 1.0} | {name: None if np.isnan(table[t, i]) else round(float(table[t, i]), 3) for name, table in named}


def running_sum(z: Floats, k: float | Floats, wanders: Bools | None = None) -> Floats:
    """The sum of the machine without restart but capped at twice the agreeing height, so that it falls again soon after the evidence stops."""
    total = np.zeros_like(z)
    now = RunningSum(z.shape[1:], wanders)
    for t in range(len(z)):
        now.c = np.minimum(now.add(np.where(np.isnan(z[t]), 0.0, z[t] - k)), 2 * AGREES_FROM)
        total[t] = now.c
    return total


def agreement(grid: Grid, z: Floats, fusion: Fusion, parents: Mapping[str, str | None], alpha: Floats) -> Agreement:
    """Agreement of the other channels for every series and period."""
    factor = common_factor(z, fusion.members) / fusion.factor_sd
    has_factor = ~np.isnan(factor).all(axis=0)
    factor_height = np.where(has_factor, running_sum(factor, SLACK) / AGREES_FROM, np.nan)
    own = running_sum(z, slack(alpha), is_wandering(alpha)) / AGREES_FROM
    place = {name: i for i, name in enumerate(grid.ids)}
    above = np.array([place.get(parents.get(name) or "", -1) for name in grid.ids])
    parent_height = np.where(above >= 0, own[:, above], np.nan)
    sibling_height = _siblings(grid.ids, own)
    tables = (factor_height, parent_height, sibling_height)
    says = np.zeros(z.shape, dtype=bool)
    for table in tables:
        says |= np.nan_to_num(table) >= 1
    return Agreement(says, *tables)


def _siblings(ids: tuple[str, ...], own: Floats) -> Floats:
    """Highest channel among other indicators of the same place, trade, occupation and group; ids are `indicator/region/industry/occupation/grp`."""
    cells: dict[tuple[str, ...], list[int]] = {}
    for i, name in enumerate(ids):
        parts = tuple(name.split("/"))
        if len(parts) == 5:
            cells.setdefault(parts[1:], []).append(i)
    best = np.full(own.shape, np.nan)
    for members in cells.values():
        for i in members:
            others = [j for j in members if j != i]
            if others:
                best[:, i] = own[:, others].max(axis=1)
    return best
