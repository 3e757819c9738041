"""Rows to cells: one pass counts group x label x outcome; every figure made of 0/1 outcomes is a function of these counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from leye.trust.audit.intervals import Counts, Floats
from leye.trust.audit.table import LABEL, SCORE, SELECTED, Decisions

SMALL_SHARE = 0.02
"""A group with a smaller share of all rows cannot be the reference (LL144 of New York City, rules § 5-301)."""
JOIN = "+"
_TRUTH = {"positives": "positives", "negatives": "negatives", "hits": "chosen_positives", "false_alarms": "chosen_negatives"}
Flags: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Grouping:
    """Counts by group of one column, or of several jointly. All arrays are (groups,), groups in the order of their labels.

    n: rows · selected: of them chosen · scored: rows with a score · above: scores above the file's median · unknown: rows with any part
    missing, which are in no group · rows: all rows of the file · positives, negatives: rows known to be true or false, chosen among them `hits` and
    `false_alarms`; None without a label.
    """

    columns: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    n: Counts
    selected: Counts
    scored: Counts
    above: Counts
    unknown: int
    rows: int
    positives: Counts | None = None
    negatives: Counts | None = None
    hits: Counts | None = None
    false_alarms: Counts | None = None

    @property
    def name(self) -> str:
        """`sex`, `sex+age_band`."""
        return JOIN.join(self.columns)

    @property
    def labels(self) -> list[str]:
        """`女+16-24`: the parts as they were found."""
        return [JOIN.join(p) for p in self.parts]

    def names(self) -> dict[str, pl.Series]:
        """The columns `grouping` and `group` of a table of this grouping."""
        return {"grouping": texts([self.name] * len(self.n)), "group": texts(self.labels)}

    @property
    def left_out(self) -> Flags:
        """(groups,) whether the group is too small to be the reference."""
        return is_small(self.n, self.rows)


def is_small(n: Counts, rows: int) -> Flags:
    """(groups,) whether n is less than two per cent of all rows; in whole numbers, so that exactly two of a hundred stays in."""
    return np.asarray(n * round(1 / SMALL_SHARE) < rows, dtype=np.bool_)


def sorted_scores(decisions: Decisions, *, labelled: bool = False) -> Floats:
    """All scores that are present, ascending; rows of unknown group included. labelled: only of rows whose truth is known."""
    rows = decisions.frame.filter(pl.col(LABEL).is_not_null()) if labelled else decisions.frame
    return np.sort(rows[SCORE].drop_nulls().to_numpy())


def count_cells(decisions: Decisions, median: float | None, bin_edges: Floats | None = None) -> pl.DataFrame:
    """One row a cell that occurs: the group columns, `selected`, `label` when there is one; `n`, `scored`, `above` (strictly over the median).

    With the inner edges of score bins also `bin`, from 1 (null without a score; a score on an edge falls below it), and `score`, the sum in the cell.
    """
    score = pl.col(SCORE)
    keys = [pl.col(c) for c in (*decisions.groups, SELECTED, *([LABEL] if decisions.has_label else []))]
    sums = [pl.len().alias("n"), score.count().alias("scored"), (pl.lit(0, pl.UInt32) if median is None else (score > median).sum()).alias("above")]
    if bin_edges is not None:
        over = [(score > edge).cast(pl.UInt8) for edge in bin_edges]
        keys.append(pl.when(score.is_not_null()).then(pl.sum_horizontal(pl.lit(1, pl.UInt8), *over)).alias("bin"))
        sums.append(score.sum().alias("score_sum"))
    # the streaming engine counts on one core's cache and needs half of the CPU of the other (bench/trust_audit)
    return decisions.frame.lazy().group_by(keys).agg(sums).collect(engine="streaming")


def groupings_of(groups: Sequence[str]) -> list[tuple[str, ...]]:
    """Each column alone, then all of them jointly."""
    return [*((g,) for g in groups), *([tuple(groups)] if len(groups) > 1 else [])]


def grouping(cells: pl.DataFrame, columns: Sequence[str]) -> Grouping:
    """The counts of one grouping, summed from the cells."""
    chosen = pl.col(SELECTED) == 1
    sums = [pl.col("n").sum(), (pl.col("n") * chosen).sum().alias("selected"), pl.col("scored").sum(), pl.col("above").sum()]
    has_label = LABEL in cells.columns
    if has_label:
        for name, truth in (("positives", 1), ("negatives", 0)):
            rows = pl.col("n") * (pl.col(LABEL) == truth).fill_null(False)
            sums += [rows.sum().alias(name), (rows * chosen).sum().alias(f"chosen_{name}")]
    known = cells.drop_nulls(list(columns)).group_by(list(columns)).agg(s.cast(pl.Int64) for s in sums).sort(list(columns))
    total = int(cells["n"].sum())

    def counts(name: str) -> Counts:
        return known[name].to_numpy().astype(np.int64)

    return Grouping(
        columns=tuple(columns),
        parts=tuple(known.select(columns).iter_rows()),
        **{name: counts(name) for name in ("n", "selected", "scored", "above")},
        unknown=total - int(known["n"].sum()),
        rows=total,
        **{field: counts(column) for field, column in (_TRUTH.items() if has_label else ())},
    )


def unknown_by_column(cells: pl.DataFrame, groups: Sequence[str]) -> dict[str, int]:
    """How many rows have no group, by column."""
    return {g: int(cells.filter(pl.col(g).is_null())["n"].sum()) for g in groups}


def texts(values: Sequence[str]) -> pl.Series:
    """A column of text that stays one when it is empty."""
    return pl.Series(values, dtype=pl.String)
