"""Posts by skill: for every skill the rows that have to do with it and in what way, so that a person's few skills find their posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from leye.match.ranking.coded import smallest

Array = np.ndarray[Any, Any]
REQUIRED, PREFERRED, MENTIONED, PROJECT = range(4)
"""In what way a post has to do with a skill."""


@dataclass(frozen=True)
class Postings:
    """rows[starts[s]:starts[s + 1]]: rows of skill s, ascending, none twice · ways: beside rows, a place in kind, of and least · kind: one of the
    four ways · of: how many skills the post has of that kind · least: level asked for, 0 none · memo: worths of ways, made once for people alike."""

    starts: Array
    rows: Array
    ways: Array
    kind: Array
    of: Array
    least: Array
    memo: dict[tuple[int, int, bool], Array] = field(default_factory=dict)

    def within(self, skill: int, window: Window) -> Iterator[tuple[Array, Array]]:
        """Places in the window and ways of the skill's rows, stretch by stretch."""
        start, end = self.starts[skill], self.starts[skill + 1]
        rows = self.rows[start:end]
        at, to = (np.searchsorted(rows, edge) for edge in (window.first, window.last))
        for k in np.flatnonzero(at < to).tolist():
            yield rows[at[k] : to[k]] - window.shift[k], self.ways[start + at[k] : start + to[k]]


@dataclass(frozen=True)
class Window:
    """The rows of a board that a person's place allows: first, last: (stretches,) · shift: what is taken from a row to get its place in here."""

    first: Array
    last: Array
    shift: Array
    size: int

    @classmethod
    def of(cls, first: Array, last: Array) -> Window:
        """Of stretches in ascending order; neighbours become one."""
        apart = np.flatnonzero(first[1:] != last[:-1]) + 1 if len(first) else np.zeros(0, dtype=np.int64)
        first = first[np.concatenate([[0], apart])] if len(first) else first
        last = last[np.concatenate([apart - 1, [-1]])] if len(last) else last
        size = last - first
        before = (np.cumsum(size) - size).astype(np.int32)
        return cls(first.astype(np.int32), last.astype(np.int32), first.astype(np.int32) - before, int(size.sum()))

    def rows(self, places: Array) -> Array:
        """Rows of places in the window, ascending."""
        ends = np.searchsorted(places, self.last - self.shift)
        made: Array = places + np.repeat(self.shift, np.diff(ends, prepend=0))
        return made

    def places(self, rows: Array) -> Array:
        """Places in the window of rows in it, in any order."""
        made: Array = rows - (self.shift[0] if len(self.first) == 1 else self.shift[np.searchsorted(self.last, rows, side="right")])
        return made


def make_postings(entries: pl.DataFrame, skills: int) -> Postings:
    """entries: `row, id, kind, of, least`, one for each row and skill."""
    by_skill = entries.sort("id", "row")
    ways = by_skill.select("kind", "of", "least").unique(maintain_order=True).with_row_index("way")
    numbered = by_skill.select("kind", "of", "least").join(ways, on=["kind", "of", "least"], how="left", maintain_order="left")["way"]
    starts = np.concatenate([[0], np.cumsum(np.bincount(by_skill["id"].to_numpy(), minlength=skills))])
    rows = by_skill["row"].to_numpy()
    kind, of, least = (ways[c].to_numpy() for c in ("kind", "of", "least"))
    return Postings(starts, rows, smallest(numbered.to_numpy(), len(ways)), kind, of, least)
