"""Rows of a discrete-time hazard: one a person and month at risk, with what was known then and whether it happened in the month after."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from leye.forecast.arrays import Bools, Floats, Ints

Columns = npt.NDArray[np.float32]
"""Inputs are flags and log ratios: half the memory of double precision, at seven digits. What is learned from them is computed in double."""

BLOCK = 65_536  # rows made double at a time

HORIZONS = (6, 12)
"""Months ahead that a profile speaks of."""


@dataclass(frozen=True, slots=True)
class PersonMonths:
    """n rows, ordered by month, then person.

    person: row of the calendar's people · key: hash of the person's id · month: of the calendar · duration: whole months in the state · x: (n,
    p) columns · codes: which input each
    column belongs to · event: whether the state ended in the month after · is_known: whether that can be told by the last month · lag: months after
    the next one that it takes to tell · ends: whether the event is the end that the question fears (losing work) or the one it hopes for.
    """

    question: str
    person: Ints
    key: Ints
    month: Ints
    duration: Ints
    x: Columns
    codes: tuple[str, ...]
    event: Bools
    is_known: Bools
    lag: int
    is_feared: bool
    happened: dict[int, Floats] = field(default_factory=dict)
    """By horizon, (n,) 1 when what the question fears came true within it, 0 when not, NaN while that cannot be told."""

    def at(self, rows: Bools | Ints | slice) -> PersonMonths:
        """Some of the rows; of a slice nothing is copied."""
        return replace(
            self,
            person=self.person[rows], key=self.key[rows], month=self.month[rows], duration=self.duration[rows], x=self.x[rows],
            event=self.event[rows],
            is_known=self.is_known[rows], happened={h: y[rows] for h, y in self.happened.items()},
        )  # fmt: skip

    def between(self, first: int, last: int) -> PersonMonths:
        """The rows of months `first` to `last`; nothing is copied."""
        low, high = np.searchsorted(self.month, [first, last + 1])
        return self.at(slice(int(low), int(high)))

    def known_by(self, month: int) -> PersonMonths:
        """The rows up to a month with the outcomes that could be told at its end: what a run of that month would have had."""
        old = self.between(0, month)
        told = old.month + 1 + self.lag <= month
        happened = {h: np.where(old.month + h + self.lag <= month, y, np.nan) for h, y in old.happened.items()}
        return replace(old, event=old.event & told, is_known=told, happened=happened)

    def __len__(self) -> int:
        return int(self.person.size)


def stacked(parts: dict[str, Floats | Columns]) -> tuple[Columns, tuple[str, ...]]:
    """Columns side by side with the input that each belongs to. parts: input -> (n,) or (n, k)."""
    blocks = {code: values.reshape(len(values), -1) for code, values in parts.items()}
    codes = tuple(code for code, block in blocks.items() for _ in range(block.shape[1]))
    found = np.empty((len(next(iter(blocks.values()))), len(codes)), dtype=np.float32)
    at = 0
    for block in blocks.values():
        found[:, at : at + block.shape[1]] = block
        at += block.shape[1]
    return found, codes


def times(x: Columns, weight: Floats) -> Floats:
    """(n,) x @ weight in double precision, a block of rows at a time."""
    return np.concatenate([x[i : i + BLOCK].astype(np.float64) @ weight for i in range(0, max(len(x), 1), BLOCK)])


def one_hot(codes: Ints, size: int) -> Columns:
    """(n, size) of 0 and 1; a row of zeros where the code is -1."""
    found = np.zeros((codes.size, size), dtype=np.float32)
    known = codes >= 0
    found[np.flatnonzero(known), codes[known]] = 1.0
    return found


def log_ratio(amount: Floats, median: Floats) -> Floats:
    """(n,) log of an amount over its month's median, within a factor of four; 0 where unknown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(amount / median)
    return np.asarray(np.where(np.isfinite(ratio), np.clip(ratio, -np.log(4), np.log(4)), 0.0))
