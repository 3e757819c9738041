"""Summed evidence of many series at once, with restart: Page's sum for levels that stay, the largest fall of the last months for levels that wander.

Level that stays: C(t) = max(0, C(t-1) + s(t)) (Page, Biometrika 1954). Level that wanders: C(t) = max(0, max over j <= REACH of s(t) + … + s(t-j+1)),
with s the mean of three changes: how far the three-month mean lies below its highest value of the last REACH months, which is the form of Sahm's rule
(Sahm, Direct Stimulus Payments to Individuals, 2019; hers has three and twelve months). A restart forgets what lies before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from leye.watch.grid import Bools, Floats

REACH = 5  # periods; of 3, 4, 5, 6, 8, 12 and 18 with most found in development at equal false alarms (docs/models/watch.md)


@dataclass(slots=True)
class RunningSum:
    """wanders: (…, series) which series are summed over the last REACH periods only; None: none of them · c: the sums now."""

    shape: tuple[int, ...]
    wanders: Bools | None = None
    c: Floats = field(init=False)
    recent: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.c = np.zeros(self.shape)
        self.recent = np.zeros((REACH, *self.shape))

    def add(self, step: Floats) -> Floats:
        """The sums after one more period; a step of 0 says nothing."""
        self.c = np.maximum(self.c + step, 0.0)
        if self.wanders is not None:
            self.recent[:-1] = self.recent[1:]
            self.recent[-1] = step
            self.c = np.where(self.wanders, self._largest_fall(), self.c)
        return self.c

    def _largest_fall(self) -> Floats:
        total, most = np.zeros(self.shape), np.zeros(self.shape)
        for step in self.recent[::-1]:
            total = total + step
            most = np.maximum(most, total)
        return most

    def restart(self, where: Bools) -> None:
        """Back to 0; earlier periods no longer count."""
        self.c = np.where(where, 0.0, self.c)
        self.recent = np.where(where, 0.0, self.recent)
