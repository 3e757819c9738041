"""Stretches of the board that share what a bound needs: blocks of one place, and in them cells of one occupation."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from leye.match.ranking.coded import smallest

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Blocks:
    """Rows of one city, one answer about remote work, and with or without required skills. Arrays are (blocks,).

    remote: 1 yes, 0 no, -1 unknown · asks: some skill is required · of_row: (n,) block of every row · low, high: (3, blocks) the box around the
    places of a block, +inf and -inf where none is known · unplaced: some row has no place · shuttle: some row has one.
    """

    first: Array
    last: Array
    city: list[str | None]
    remote: Array
    asks: Array
    of_row: Array
    low: Array
    high: Array
    unplaced: Array
    shuttle: Array

    @cached_property
    def in_city(self) -> dict[str | None, Array]:
        """Blocks of each city; None: of no known city."""
        found: defaultdict[str | None, list[int]] = defaultdict(list)
        for block, city in enumerate(self.city):
            found[city].append(block)
        return {city: np.array(blocks) for city, blocks in found.items()}


@dataclass(frozen=True)
class Cells:
    """Rows of one block with one occupation. first, last, block, occupation, band (the highest), unpaid (some row's pay is unknown): (cells,) ·
    of_block: (blocks + 1,) where each block's cells begin · of_row: (n,) cell of every row."""

    first: Array
    last: Array
    block: Array
    occupation: Array
    band: Array
    unpaid: Array
    of_block: Array
    of_row: Array


def make_blocks(keys: pl.DataFrame, places: tuple[Array, Array, Array], shuttle: Array) -> Blocks:
    """keys: `remote`, `asks`, `city`, rows of one block side by side · places: axes on the unit sphere, NaN unknown."""
    runs = keys.with_columns(pl.struct(pl.all()).rle_id().alias("block"))
    each = runs.group_by("block", maintain_order=True).agg(pl.len(), pl.first("remote", "asks", "city"))
    last = np.cumsum(each["len"].cast(pl.Int64).to_numpy())
    first = last - each["len"].cast(pl.Int64).to_numpy()
    known = ~np.isnan(places[0])
    low = np.array([_over(np.minimum, np.where(known, axis, np.inf), first) for axis in places])
    high = np.array([_over(np.maximum, np.where(known, axis, -np.inf), first) for axis in places])
    return Blocks(
        first, last, each["city"].to_list(), each["remote"].cast(pl.Int8).fill_null(-1).to_numpy(), each["asks"].to_numpy(),
        smallest(runs["block"].to_numpy(), len(each)), low, high, _over(np.logical_or, ~known, first), _over(np.logical_or, shuttle, first),
    )  # fmt: skip


def make_cells(blocks: Blocks, occupation: Array, band: Array) -> Cells:
    """occupation: (n,) codes, equal ones side by side within a block · band: (n,)."""
    n = len(occupation)
    begins = np.ones(n, dtype=bool)
    begins[1:] = (occupation[1:] != occupation[:-1]) | (blocks.of_row[1:] != blocks.of_row[:-1])
    first = np.flatnonzero(begins)
    block = blocks.of_row[first]
    of_block = np.searchsorted(first, np.append(blocks.first, n))
    of_row = np.cumsum(begins, dtype=np.int32) - np.int32(1)
    bands, unpaid = _over(np.maximum, band, first), _over(np.minimum, band, first) == 0
    return Cells(first, np.append(first[1:], n)[: len(first)], block, occupation[first], bands, unpaid, of_block, of_row)


def _over(what: np.ufunc, values: Array, first: Array) -> Array:
    """One value for every stretch that begins at `first`."""
    made: Array = what.reduceat(values, first) if len(first) else values[:0]
    return made


def stretched(first: Array, last: Array) -> Array:
    """The whole numbers of [first, last) of every stretch, one after the other."""
    size = last - first
    ends = np.cumsum(size)
    made: Array = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - size), size)
    return made
