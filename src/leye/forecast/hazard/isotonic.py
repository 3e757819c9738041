"""Isotonic calibration by pooling adjacent violators (Ayer, Brunk, Ewing, Reid and Silverman 1955), leaning on the model where people are few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import Floats

PRIOR = 2_000.0
"""People whose word the model's own probability counts for against the calibration cohorts; chosen by us on seeds 1 to 6."""

LEAST_BLOCK = 50.0  # people behind a stated range; chosen by us: below, it says nothing
Z90 = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Calibration:
    """Blocks in order of the model's probability. centre: mean of the model · share: what came of them · people: how many (distinct)."""

    centre: Floats
    share: Floats
    people: Floats

    def probability(self, raw: Floats) -> Floats:
        """(n,) calibrated: straight lines between block centres, blended with the model's own word; it never falls where the model's rises."""
        if self.centre.size == 0:
            return raw
        trust = float(self.people.sum() / (self.people.sum() + PRIOR))
        return np.asarray(np.clip(raw + trust * (np.interp(raw, self.centre, self.share) - raw), 0.0, 1.0))

    def range_of(self, raw: Floats) -> tuple[Floats, Floats]:
        """Lower and upper end of a 90 % range: Wilson's interval of the people nearest by, widened to hold the stated probability."""
        p = self.probability(raw)
        if self.centre.size == 0:
            return np.zeros(len(raw)), np.ones(len(raw))
        centre, share, people = _wide_blocks(self)
        nearest = np.abs(raw[:, None] - centre[None, :]).argmin(axis=1)
        low, high = wilson(share[nearest], people[nearest])
        return np.minimum(low, p), np.maximum(high, p)


def pooled(raw: Floats, y: Floats, weight: Floats) -> Calibration:
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
    return Calibration(found[:, 2] / found[:, 0], found[:, 1] / found[:, 0], found[:, 0])


def wilson(share: Floats, people: Floats, z: float = Z90) -> tuple[Floats, Floats]:
    """Wilson's score interval of a share (Wilson 1927, JASA 22)."""
    middle = (share + z**2 / (2 * people)) / (1 + z**2 / people)
    half = z / (1 + z**2 / people) * np.sqrt(share * (1 - share) / people + z**2 / (4 * people**2))
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)


def _wide_blocks(of: Calibration) -> tuple[Floats, Floats, Floats]:
    """Neighbouring blocks together until each has LEAST_BLOCK people, the last one with what is left."""
    groups: list[list[float]] = []
    for centre, share, people in zip(of.centre, of.share, of.people, strict=True):
        if groups and groups[-1][2] < LEAST_BLOCK:
            groups[-1] = [groups[-1][0] + centre * people, groups[-1][1] + share * people, groups[-1][2] + people]
        else:
            groups.append([centre * people, share * people, people])
    if len(groups) > 1 and groups[-1][2] < LEAST_BLOCK:
        last = groups.pop()
        groups[-1] = [a + b for a, b in zip(groups[-1], last, strict=True)]
    found = np.array(groups)
    return found[:, 0] / found[:, 2], found[:, 1] / found[:, 2], found[:, 2]
