"""What became of earlier cohorts, turned into a correction of the model's probabilities: a line by its evidence, then a rising curve by what is left.

First the model's log odds are moved and stretched (Cox 1958, Biometrika 45; Platt 1999), with a prior that says "the model is right". Then adjacent
violators are pooled on what the line says, and that curve is believed as far as it stands out from chance (the positive part of James and Stein 1961;
Efron and Morris 1973, JASA 68). With few people both leave the model's own word; with many, or with a model that is off, both correct it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from leye.forecast.arrays import Floats, Ints
from leye.forecast.hazard.isotonic import NO_BLOCKS, Blocks, pooled, wilson

LEVEL_SD, SLOPE_SD = 0.3, 0.15
"""Prior deviations of the line's level (log odds) and of its slope from 1. Chosen by us on seeds 1 to 6 of `bench/unemployment_risk`, so that neither
a right model nor one off by 0.4, or stretched by 1.3, or bent, ends above the goal on average."""

BINS = 10
"""Equal parts in which the curve must stand out from chance; James and Stein's factor takes two less."""

GROUPS = 2_000
"""Equal groups of rows that stand for their means; chosen by us: at 200,000 people two million rows would be pooled one by one otherwise."""

LEAST = 1e-6  # probabilities nearer to 0 or 1 have no log odds that a line could use
STEPS, CLOSE = 40, 1e-10


@dataclass(frozen=True, slots=True)
class Line:
    """logit(p) = logit(raw) + level + stretch * (logit(raw) - middle); level and stretch 0 leave the model as it is."""

    level: float
    stretch: float
    middle: float

    def probability(self, raw: Floats) -> Floats:
        """(n,) moved and stretched; the order of raw stays, because stretch is held above -1."""
        if not self.level and not self.stretch:
            return raw
        x = _log_odds(raw)
        return np.asarray(expit(x + self.level + self.stretch * (x - self.middle)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """line: first correction · blocks: the rising curve over what the line says · trust: how far the curve is believed, 0 to 1."""

    line: Line
    blocks: Blocks
    trust: float

    def probability(self, raw: Floats) -> Floats:
        """(n,) calibrated; it never falls where the model's rises."""
        p = self.line.probability(raw)
        if not self.trust:
            return p
        return np.asarray(np.clip(p + self.trust * (np.interp(p, self.blocks.centre, self.blocks.share) - p), 0.0, 1.0))

    def range_of(self, raw: Floats) -> tuple[Floats, Floats]:
        """Lower and upper end of a 90 % range: Wilson's interval of the people nearest by, widened to hold the stated probability."""
        p = self.probability(raw)
        if not self.blocks.centre.size:
            return np.zeros(len(raw)), np.ones(len(raw))
        near = self.blocks.wide()
        place = np.searchsorted((near.centre[1:] + near.centre[:-1]) / 2, self.line.probability(raw))
        low, high = wilson(near.share[place], near.people[place])
        return np.minimum(low, p), np.maximum(high, p)


NONE = Calibration(Line(0.0, 0.0, 0.0), NO_BLOCKS, 0.0)
"""Nothing is known of earlier cohorts: the model's own word."""


def calibrated(raw: Floats, y: Floats, person: Ints) -> Calibration:
    """Learn from n rows of earlier cohorts. raw: the model's probability · y: 0 or 1 · person: whose row it is.

    Rows weigh alike, because whom it hits early stands in fewer cohorts and would be counted double otherwise; together they weigh as many as there
    are people, because a person's rows are no independent witnesses.
    """
    if not raw.size:
        return NONE
    order = np.argsort(raw, kind="stable")
    people = np.unique(person).size
    first = np.linspace(0, raw.size, min(GROUPS, raw.size), endpoint=False).astype(np.int64)
    size = np.diff(first, append=raw.size)
    x, came = (np.add.reduceat(values[order], first) / size for values in (raw, y))
    weight = size * (people / raw.size)
    line = fit_line(x, came, weight)
    return Calibration(line, pooled(line.probability(x), came, weight), _trust(line.probability(raw), y, person, order))


def fit_line(raw: Floats, y: Floats, weight: Floats) -> Line:
    """The most probable level and stretch given the prior, by Newton's method. y: (n,) shares that came true · weight: (n,) people."""
    x = _log_odds(raw)
    middle = float(np.average(x, weights=weight))
    design = np.column_stack([np.ones(x.size), x - middle])
    prior = np.array([LEVEL_SD, SLOPE_SD]) ** -2.0
    found = np.zeros(2)
    for _ in range(STEPS):
        p = expit(x + design @ found)
        slope = design.T @ (weight * (p - y)) + prior * found
        step = np.linalg.solve((design * (weight * p * (1 - p))[:, None]).T @ design + np.diag(prior), slope)
        found = found - step
        if float(np.abs(step).max()) < CLOSE:
            break
    return Line(float(found[0]), float(max(found[1], LEAST - 1)), middle)


def _trust(p: Floats, y: Floats, person: Ints, order: Ints) -> float:
    """1 - (BINS - 2) / chi2, not below 0: chi2 sums each bin's squared excess of what came over its variance, a person's rows counted together."""
    place = np.empty(p.size, dtype=np.int64)
    for k, rows in enumerate(np.array_split(order, BINS)):
        place[rows] = k
    _, who = np.unique(person, return_inverse=True)
    own = np.bincount(place * (int(who.max()) + 1) + who, weights=y - p, minlength=BINS * (int(who.max()) + 1)).reshape(BINS, -1)
    spread = (own**2).sum(axis=1)
    chi2 = float((own.sum(axis=1)[spread > 0] ** 2 / spread[spread > 0]).sum())
    return max(0.0, 1 - (BINS - 2) / chi2) if chi2 > 0 else 0.0


def _log_odds(p: Floats) -> Floats:
    return np.asarray(logit(np.clip(p, LEAST, 1 - LEAST)))
