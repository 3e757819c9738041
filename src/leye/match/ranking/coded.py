"""Columns of the board as small whole numbers beside the distinct values they stand for, and ragged lists in one array."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

Ints = np.ndarray[Any, np.dtype[np.int32]]


@dataclass(frozen=True)
class Coded:
    """codes: (n,) place of each row's value in `values`, which are distinct and in the order of their first row."""

    codes: np.ndarray[Any, Any]
    values: list[Any]

    def table(self, of: Callable[[Any], int]) -> Ints:
        """A whole number for every distinct value."""
        return np.fromiter((of(v) for v in self.values), dtype=np.int32, count=len(self.values))


def coded_rows(columns: pl.DataFrame, make: Callable[..., Hashable]) -> Coded:
    """Distinct rows of some columns, each made once into what the rules read; lists come as lists, null as None. Equal things made share a place."""
    keys = columns.select(part for c in columns.columns for part in _keys(c, columns.schema[c]))
    first = keys.with_row_index("row").unique(keys.columns, keep="first", maintain_order=True)
    made = [make(*row) for row in columns[first["row"]].iter_rows()]
    place: dict[Hashable, int] = {}
    of_key = np.fromiter((place.setdefault(m, len(place)) for m in made), dtype=np.int32, count=len(made))
    numbered = first.drop("row").with_columns(pl.Series("place", of_key))
    codes = keys.join(numbered, on=keys.columns, how="left", nulls_equal=True, maintain_order="left")["place"].to_numpy()
    return Coded(smallest(codes, len(place)), list(place))


def _keys(column: str, kind: pl.DataType) -> list[pl.Expr]:
    """What tells the values of a column apart; a list by its length and its words, for an empty list is not a list of one empty word."""
    if not isinstance(kind, pl.List):
        return [pl.col(column)]
    return [pl.col(column).list.len().alias(f"{column} length"), pl.col(column).list.join("\x1f").alias(column)]


def smallest(codes: np.ndarray[Any, Any], below: int) -> np.ndarray[Any, Any]:
    """Codes in the narrowest type that holds numbers under `below`: a column of a million rows then stays in the cache."""
    return codes.astype(np.uint8 if below <= 1 << 8 else np.uint16 if below <= 1 << 16 else np.int32)


@dataclass(frozen=True)
class Ragged:
    """Lists of whole numbers: row r holds flat[starts[r]:starts[r + 1]]. Further columns run beside flat."""

    starts: np.ndarray[Any, np.dtype[np.int64]]
    flat: Ints
    beside: tuple[np.ndarray[Any, Any], ...] = ()

    def of(self, rows: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Entries of some rows: places in flat, and for each the place of its row in `rows`."""
        first, count = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        owner = np.repeat(np.arange(len(rows)), count)
        ends = np.cumsum(count)
        return np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - count), count), owner
