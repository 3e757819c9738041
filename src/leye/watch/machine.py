"""The alarm machine: a sum with restart, lamps with four levels, re-alarms and hysteresis, for many series at once.

C(t) is the sum of score(t) - k of sums.py, set back to 0 whenever it reaches the lowest threshold.
While a lamp is lit a second sum D goes on without restart; its height decides the level. Scores are oriented: positive is bad.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from leye.watch.discovery import CalmHeights, discoveries
from leye.watch.grid import Bools, Floats, Ints
from leye.watch.sums import RunningSum

RE_ALARM = 6  # periods between rows of one lamp that stays lit (contract of the alarm table)
DARK_AFTER = 2  # quiet periods before a lamp goes out: hysteresis (contract)
RISE_TO = 4  # chosen by us: yellow and orange wait for the next row; red is said at once. A rise is a row that no rate is promised for
RISE_AFTER = 2  # periods between a row and a rise in level: never a row each period
KEPT_LOSS = 0.5  # chosen by us: a lamp stays lit while half of the loss at its onset is still there
HEADROOM = 1.25  # chosen by us: D may exceed the red threshold by a quarter, so that a lamp can fall again soon after the turn


@dataclass(slots=True)
class Machine:
    """State of all series. `threshold`: (4, series) heights of blue, yellow, orange, red; `alpha`: (series,) smoothing of the level.

    k: what is taken off every score, of all or (series,) · wanders: (series,) levels that wander, see sums.py; None: none ·
    calm, q: heights of calm paths and the false-discovery rate over the cells of one period; without q every sum that crosses lights ·
    p: chance of each cell's height this period · top: highest c since it was 0 ·
    c, d: the two sums · gap: log distance (bad positive) from the path expected when the run began · run: periods in a row on the bad side of it.
    """

    threshold: Floats
    alpha: Floats
    k: float | Floats
    calm: CalmHeights | None = None
    q: float | None = None
    wanders: Bools | None = None
    sums: RunningSum = field(init=False)
    p: Floats = field(init=False)
    top: Floats = field(init=False)
    c: Floats = field(init=False)
    d: Floats = field(init=False)
    drifted: Floats = field(init=False)
    gap: Floats = field(init=False)
    gap_at_onset: Floats = field(init=False)
    run: Ints = field(init=False)
    lit: Bools = field(init=False)
    level: Ints = field(init=False)
    age: Ints = field(init=False)
    quiet: Ints = field(init=False)
    renewed: Bools = field(init=False)

    def __post_init__(self) -> None:
        shape = self.threshold.shape[1:]
        self.sums = RunningSum(shape, self.wanders)
        for name in ("c", "d", "drifted", "gap", "gap_at_onset", "p", "top"):
            setattr(self, name, np.zeros(shape))
        for name in ("run", "level", "age", "quiet"):
            setattr(self, name, np.zeros(shape, dtype=np.int64))
        for name in ("lit", "renewed"):
            setattr(self, name, np.zeros(shape, dtype=bool))

    def step(self, score: Floats, miss: Floats, agree: Bools | None = None) -> tuple[Ints, Bools]:
        """One period. score: (series,) fused score; miss: (series,) innovation, bad positive; NaN passes the series over.

        agree: whether a second channel or the parent agrees, needed for orange; None when agreement plays no part.
        Returns (level of a row to write or 0, whether that row is an onset or a re-alarm rather than a rise in level).
        """
        known = ~(np.isnan(score) | np.isnan(miss))
        score, miss = np.where(known, score, 0.0), np.where(known, miss, 0.0)
        step = np.where(known, score - self.k, 0.0)
        self.c = self.sums.add(step)
        self.d = np.minimum(np.maximum(np.where(self.lit, self.d + step, self.c), 0.0), HEADROOM * self.threshold[3])
        self.gap = self.drifted + miss
        self.drifted = self.drifted + self.alpha * miss
        self.run = np.where(known, np.where(self.gap > 0, self.run + 1, 0), self.run)
        crossed = known & (self.c >= self.threshold[0])
        height = self._height(agree)
        crossed = crossed & (self.lit | self._may_light(known))
        onset = crossed & ~self.lit
        again, rises, dark = self._keep_lit(known, crossed, height)
        self._light(onset, height)
        self._go_dark(dark)
        self.sums.restart(crossed & ~self._wanders())
        self.c, self.top = self.sums.c, np.where(crossed, 0.0, self.top)
        rested = (self.c == 0) & ~self.lit
        self.drifted = np.where(rested, 0.0, self.drifted)
        counted = onset | again
        return np.where(counted | rises, self.level, 0), counted

    def _wanders(self) -> Bools:
        return np.zeros(self.threshold.shape[1:], dtype=bool) if self.wanders is None else self.wanders

    def _may_light(self, known: Bools) -> Bools:
        """Cells that stand out among all cells of this period. One that crosses and does not goes on summing, and may light at a new height."""
        if self.calm is None:
            return np.ones(known.shape, dtype=bool)
        rises = self.c > self.top
        self.top = np.where(self.c == 0, 0.0, np.maximum(self.top, self.c))
        self.p = np.where(known, np.where(rises, self.calm.p_values(self.c / self.threshold[0]), 1.0), np.nan)
        if self.q is None:
            return np.ones(known.shape, dtype=bool)
        return discoveries(np.where(self.lit, np.nan, self.p), self.q)  # a lit one is not asked again

    def _height(self, agree: Bools | None) -> Ints:
        """Level that D stands for, at least blue. Orange without agreement stays yellow; red speaks for itself."""
        height: Ints = np.maximum((self.d >= self.threshold).sum(axis=0), 1)
        if agree is not None:
            height = np.where((height == 3) & ~agree, 2, height)
        return height

    def _light(self, onset: Bools, height: Ints) -> None:
        self.lit = self.lit | onset
        self.level = np.where(onset, height, self.level)
        self.gap_at_onset = np.where(onset, self.gap, self.gap_at_onset)
        self.age = np.where(onset, 0, self.age)
        self.quiet = np.where(onset, 0, self.quiet)
        self.renewed = self.renewed & ~onset

    def _keep_lit(self, known: Bools, crossed: Bools, height: Ints) -> tuple[Bools, Bools, Bools]:
        """Lamps that were lit before this period: (re-alarm, rise in level, goes dark)."""
        lit = self.lit & known
        self.age = np.where(lit, self.age + 1, self.age)
        self.renewed = self.renewed | (lit & crossed)
        self.gap_at_onset = np.where(lit, np.maximum(self.gap_at_onset, self.gap), self.gap_at_onset)
        recovered = ((self.gap < KEPT_LOSS * self.gap_at_onset) | (self.gap <= 0)) & (self.c == 0)
        is_quiet = np.where(self._wanders(), self.c < self.threshold[0], recovered)
        self.quiet = np.where(lit, np.where(is_quiet, self.quiet + 1, 0), self.quiet)
        due = lit & (self.age >= RE_ALARM)
        fresh = np.where(self._wanders(), crossed, self.renewed | (self.c >= self.threshold[0] / 2))
        dark = lit & ((self.quiet >= DARK_AFTER) | (due & ~fresh))
        again = due & fresh & ~dark
        rises = lit & ~dark & ~again & (height > self.level) & (height >= RISE_TO) & (self.age >= RISE_AFTER)
        self.level = np.where(again | rises, height, self.level)
        self.age = np.where(again | rises, 0, self.age)
        self.renewed = self.renewed & ~again
        return again, rises, dark

    def _go_dark(self, dark: Bools) -> None:
        self.lit = self.lit & ~dark
        self.level = np.where(dark, 0, self.level)
        self.d = np.where(dark, self.c, self.d)
