"""Corrections of persons: an equal title takes the corrected class, a near-equal one is drawn towards it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from leye.match.occupations.folds import NEAR, bigrams
from leye.match.occupations.table import Class, Table

NEAR_AGREE = 0.75
"""Probability that near-equal titles mean one class: of 98 pairs of different titles in folds 1–4 with likeness ≥ 0.7, 75 share their label."""


@dataclass(frozen=True, slots=True)
class Override:
    """A person's correction: titles that clean to `clean` are `code` from `valid_from` (`YYYY-MM`) on."""

    clean: str
    code: str
    valid_from: str
    note: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction says of a title: the class, and the corrected title it was said of."""

    held: Class
    clean: str
    note: str


class Corrections:
    """Corrections in force in one month, found by equal title or by likeness of character bigrams."""

    def __init__(self, overrides: Sequence[Override], table: Table) -> None:
        """The newest correction of a title counts whose code the table still has; an old code is read as what took its place."""
        self._equal: dict[str, Corrected] = {}
        for made in sorted(overrides, key=lambda o: o.valid_from):
            if made.valid_from <= table.month and (made.code in table.classes or made.code in table.retired):
                self._equal[made.clean] = Corrected(table.resolve(made.code)[0], made.clean, made.note)
        self._grams = {clean: bigrams(_joined(clean)) for clean in self._equal}
        self._holders: dict[str, list[str]] = defaultdict(list)
        for clean, grams in self._grams.items():
            for gram in grams:
                self._holders[gram].append(clean)

    def equal(self, clean: str) -> Corrected | None:
        """The correction of this very title."""
        return self._equal.get(clean)

    def near(self, clean: str) -> Corrected | None:
        """The correction of the likest title, from Jaccard likeness 0.7 on; equally like ones by character, so order says nothing."""
        grams = bigrams(_joined(clean))
        shared = Counter(other for gram in grams for other in self._holders.get(gram, ()))
        likeness = {other: n / (len(grams) + len(self._grams[other]) - n) for other, n in shared.items()}
        best = min(likeness, key=lambda other: (-likeness[other], other), default="")
        return self._equal[best] if best and likeness[best] >= NEAR else None


def _joined(clean: str) -> str:
    return clean.replace(" ", "")
