"""Columns of the board as small whole numbers beside the distinct values they stand for, and ragged lists in one array."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Ints = np.ndarray[Any, np.dtype[np.int32]]


@dataclass(frozen=True)
class Coded:
    """codes: (n,) place of each row's value in `values`, which are distinct and in the order of their first row."""

    codes: Ints
    values: list[Any]

    def table(self, of: Callable[[Any], int]) -> Ints:
        """A whole number for every distinct value."""
        return np.fromiter((of(v) for v in self.values), dtype=np.int32, count=len(self.values))


def coded(rows: Iterable[Hashable]) -> Coded:
    """Values of any hashable kind."""
    place: dict[Hashable, int] = {}
    codes = np.fromiter((place.setdefault(r, len(place)) for r in rows), dtype=np.int32)
    return Coded(codes, list(place))


def coded_lists(rows: Iterable[Sequence[Any] | None], make: Callable[[Sequence[Any]], Hashable]) -> Coded:
    """Lists, each distinct one made once into what the rules read; null stays None."""
    made: dict[Hashable, Hashable] = {}
    place: dict[Hashable, int] = {}
    codes = []
    for row in rows:
        key = None if row is None else tuple(row)
        if key not in made:
            made[key] = None if key is None else make(key)
        codes.append(place.setdefault(made[key], len(place)))
    return Coded(np.array(codes, dtype=np.int32), list(place))


@dataclass(frozen=True)
class Ragged:
    """Lists of whole numbers: row r holds flat[starts[r]:starts[r + 1]]. Further columns run beside flat."""

    starts: np.ndarray[Any, np.dtype[np.int64]]
    flat: Ints
    beside: tuple[Ints, ...] = ()

    def of(self, rows: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Entries of some rows: places in flat, and for each the place of its row in `rows`."""
        first, count = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        owner = np.repeat(np.arange(len(rows)), count)
        ends = np.cumsum(count)
        return np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - count), count), owner


def ragged(lists: Sequence[Sequence[tuple[int, ...]]], width: int) -> Ragged:
    """Rows of tuples, `width` numbers each: the first goes to flat, the others beside it."""
    starts = np.concatenate([[0], np.cumsum([len(x) for x in lists], dtype=np.int64)])
    table = np.array([entry for row in lists for entry in row], dtype=np.int32).reshape(-1, width)
    return Ragged(starts, np.ascontiguousarray(table[:, 0]), tuple(np.ascontiguousarray(table[:, k]) for k in range(1, width)))
