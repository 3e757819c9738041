"""Shares that rise with the model's probability, by pooling adjacent violators (Ayer, Brunk, Ewing, Reid and Silverman 1955)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import Floats

LEAST_BLOCK = 50.0  # people behind a stated range; chosen by us: below, it says nothing
Z90 = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks in order of the model's probability. centre: mean of the model · share: what came of them · people: how many (distinct)."""

    centre: Floats
    share: Floats
    people: Floats

    def wide(self) -> Blocks:
        """Neighbours together until each has LEAST_BLOCK people, the last one with what is left."""
        groups: list[list[float]] = []
        for centre, share, people in zip(self.centre, self.share, self.people, strict=True):
            if groups and groups[-1][2] < LEAST_BLOCK:
                groups[-1] = [groups[-1][0] + centre * people, groups[-1][1] + share * people, groups[-1][2] + people]
            else:
                groups.append([centre * people, share * people, people])
        if len(groups) > 1 and groups[-1][2] < LEAST_BLOCK:
            last = groups.pop()
            groups[-1] = [a + b for a, b in zip(groups[-1], last, strict=True)]
        found = np.array(groups)
        return Blocks(found[:, 0] / found[:, 2], found[:, 1] / found[:, 2], found[:, 2])


NO_BLOCKS = Blocks(np.empty(0), np.empty(0), np.empty(0))


def pooled(raw: Floats, y: Floats, weight: Floats) -> Blocks:
    """Blocks with rising shares. raw, y, weight: (n,), y in [0, 1], weights positive: an equal raw value is one block from the start."""
    order = np.argsort(raw, kind="stable")
    values, first = np.unique(raw[order], return_index=True)
    w = np.add.reduceat(weight[order], first)
    s = np.add.reduceat((weight * y)[order], first)
    c = values * w
    blocks: list[tuple[float, float, float]] = []
    for people, total, centre in zip(w.tolist(), s.tolist(), c.tolist(), strict=True):
        block = (people, total, centre)
        while blocks and blocks[-1][1] * block[0] >= block[1] * blocks[-1][0]:  # the earlier share is not below: one block
            before = blocks.pop()
            block = (before[0] + block[0], before[1] + block[1], before[2] + block[2])
        blocks.append(block)
    found = np.array(blocks, dtype=np.float64).reshape(-1, 3)
    return Blocks(found[:, 2] / found[:, 0], found[:, 1] / found[:, 0], found[:, 0])


def wilson(share: Floats, people: Floats, z: float = Z90) -> tuple[Floats, Floats]:
    """Wilson's score interval of a share (Wilson 1927, JASA 22)."""
    middle = (share + z**2 / (2 * people)) / (1 + z**2 / people)
    half = z / (1 + z**2 / people) * np.sqrt(share * (1 - share) / people + z**2 / (4 * people**2))
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)
