"""Cells of the cube as anyone outside the night may see them: of a hidden one neither count nor change nor lamp is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl

from leye.office.monitoring.questions import Question
from leye.office.nightly.cube_step import AXES_OF
from leye.office.published import Row, Snapshot
from leye.watch.cube import ALL, AXES

LEVELS = {"red": 4, "orange": 3, "yellow": 2, "blue": 1}
BAD_SIDE = {"insured": -1, "postings": -1, "postings_ads": -1, "insured_now": -1, "registered": 1, "registrations": 1}
"""Sign of the surprise that is bad news."""

Worth = Callable[[Row], tuple[Any, ...]]
ORDERS: dict[str, Worth] = {
    "surprise": lambda r: (-LEVELS.get(r["level"] or "", 0), -abs(r["surprise"] or 0.0)),
    "heads": lambda r: (-abs(r["n"] - r["year_ago"]) if r["change"] is not None else 0,),
    "share": lambda r: (-abs(r["change"] or 0.0),),
}
"""Ways to sort cells: lit ones first and then by surprise; by heads gained or lost in a year; by percent. In each the ones without a year to compare
with come after the others, hidden ones last."""


def indicators(snapshot: Snapshot) -> list[str]:
    """Indicators that the run counted, in the order of the cube."""
    counted = set(snapshot.frame("cube")["indicator"].unique()) if snapshot.frame("cube").width else set()
    return [i for i in AXES_OF if i in counted]


def cells(snapshot: Snapshot, asked: Question, order: str = "surprise") -> list[Row]:
    """Cells inside `asked.within` that split `asked.axes` and nothing else, in one of ORDERS.

    A row: the four axes, `cell, month, n, hidden, year_ago, change, surprise, level, since, scanned, watched, pooled_into, series`. None is unknown
    or not to be told. change: share of last year's count of the month · series: of the panel that counts the same.
    """
    places = [_place(a, asked) for a in AXES]
    found = snapshot.select("cube", pl.all_horizontal(pl.col("indicator") == asked.indicator, *places))
    worth = ORDERS[order]
    return sorted((_told(snapshot, r) for r in found), key=lambda r: (r["hidden"], r["level"] is None and r["change"] is None, *worth(r), r["cell"]))


def counted_month(snapshot: Snapshot, indicator: str) -> date | None:
    """Newest month of an indicator's cells."""
    rows = snapshot.select("cube", (pl.col("indicator") == indicator) & pl.all_horizontal(pl.col(a) == ALL for a in AXES))
    return rows[0]["month"] if rows else None


def worst(snapshot: Snapshot, limit: int) -> list[Row]:
    """At most `limit` cells of two axes or more that are lit to the bad side, worst first; of cells that lie in one another only the worse."""
    kept: list[Row] = []
    for row in sorted(_lit(snapshot), key=lambda r: (*ORDERS["surprise"](r), r["cell"])):
        if len(kept) < limit and not any(_in_one_another(row, other) for other in kept):
            kept.append(row)
    return kept


def _lit(snapshot: Snapshot) -> list[Row]:
    depth = pl.sum_horizontal((pl.col(a) != ALL).cast(pl.Int64) for a in AXES)
    lit = snapshot.select("cube", pl.col("level").is_not_null() & ~pl.col("hidden") & (depth >= 2)) if snapshot.frame("cube").width else []
    told = [_told(snapshot, r) for r in lit]
    return [r for r in told if (r["surprise"] or 0.0) * BAD_SIDE.get(r["indicator"], 0) >= 0]


def _in_one_another(one: Row, other: Row) -> bool:
    both = [(one[a], other[a]) for a in AXES]
    return one["indicator"] == other["indicator"] and (all(b in (a, ALL) for a, b in both) or all(a in (b, ALL) for a, b in both))


def _place(axis: str, asked: Question) -> pl.Expr:
    if axis in asked.axes:
        return pl.col(axis) != ALL
    return pl.col(axis) == asked.within.get(axis, ALL)


def _told(snapshot: Snapshot, row: Row) -> Row:
    hidden, before = row["hidden"], None if row["year_ago_hidden"] else row["year_ago"]
    both = not hidden and bool(before)
    return {
        **{k: row[k] for k in ("indicator", *AXES, "cell", "month", "hidden", "scanned", "watched")},
        "n": None if hidden else row["n"], "year_ago": before, "change": row["n"] / before - 1 if both else None,
        "surprise": row["surprise"] if both else None, "level": None if hidden else row["level"], "since": None if hidden else row["since"],
        "pooled_into": None if row["watched"] else row["pooled_into"], "series": None if hidden else _series_of(snapshot, row),
    }  # fmt: skip


def _series_of(snapshot: Snapshot, row: Row) -> str | None:
    """The series of the panel that counts the same, by its id."""
    region = row["region"] if row["region"] != ALL else _city(snapshot, row["indicator"])
    name = "/".join((row["indicator"], region, *(row[a] for a in AXES[1:])))
    return name if name in snapshot.series else None


def _city(snapshot: Snapshot, indicator: str) -> str:
    """The region above the districts, as the panel's series of an indicator write it."""
    kept: dict[str, str] = snapshot.__dict__.setdefault("_cube_city", {})
    if indicator not in kept:
        whole = {s.region for s in snapshot.series.values() if s.indicator == indicator and s.region and s.region.endswith("00")}
        kept[indicator] = min(whole, default=ALL)
    return kept[indicator]
