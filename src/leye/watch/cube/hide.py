"""What a reader may see of the cube: small counts hidden, and enough beside them that nothing hidden follows from what is shown.

Every sum that the cube shows is a line: a cell that does not split an axis, and its parts along that axis. A line in which one cell is hidden,
or in which the hidden parts together are few, gives the hidden ones away; another cell of it is hidden too, until no line does. What several
lines give away together (two hidden squares joined by a bridge) is found by the exact test of `told` and mended the same way.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from leye.watch.cube.cells import ALL, AXES
from leye.watch.cube.told import TOLERANCE, Told, is_free, lines_of, taken, told_together

LEAST = 10
"""Count under which a cell is not shown; chosen by the programme, the same as on the open pages of policies."""
CELL = ["indicator", *AXES]


def hide(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells (LEAVES, with every margin) and `hidden`, month by month on its own. A count of 0 tells nobody apart and is shown.

    Each round hides at least one cell more of every month that still tells something, so it ends: at the latest with nothing shown but zeros.
    """
    rows = cells.with_columns(((pl.col("n") > 0) & (pl.col("n") < LEAST)).alias("hidden")).sort(*CELL, "month")
    settled = [rows.clear()]
    while not rows.is_empty():
        mended = _mended(lines_guarded(rows))
        at_rest = [same for _, same in mended if same is not None]
        settled += at_rest
        open_still = [more for more, _ in mended if more is not None]
        rows = pl.concat(open_still) if open_still else rows.clear()
    return pl.concat(settled).sort(*CELL, "month")


def lines_guarded(rows: pl.DataFrame) -> pl.DataFrame:
    """More cells of `hidden` until no single line gives one away."""
    before = -1
    while (hidden := int(rows["hidden"].sum())) != before:
        before = hidden
        for axis in AXES:
            rows = _guard_line(rows, axis)
    return rows


def _guard_line(rows: pl.DataFrame, axis: str) -> pl.DataFrame:
    """One more cell hidden in each line along `axis` that gives something away: the smallest shown part, or the sum itself."""
    line = ["indicator", "month", *(a for a in AXES if a != axis)]
    part, shown = pl.col(axis) != ALL, ~pl.col("hidden") & (pl.col("n") > 0)
    parts = (part & pl.col("hidden")).sum().over(line)
    few = pl.when(part & pl.col("hidden")).then(pl.col("n")).otherwise(0).sum().over(line)
    sum_hidden = (~part & pl.col("hidden")).any().over(line)
    has_parts = part.any().over(line)
    gives_away = has_parts & ((~sum_hidden & ((parts == 1) | ((parts > 0) & (few < LEAST)))) | (sum_hidden & (parts == 0)))
    candidate = pl.when(part & shown).then(pl.col("n"))
    first = (candidate == candidate.min().over(line)).fill_null(False)
    nth = first.cast(pl.Int64).cum_sum().over(line)
    none_left = ~candidate.is_not_null().any().over(line)
    marked = rows.sort(*line, axis)
    return marked.with_columns((pl.col("hidden") | (gives_away & ((first & (nth == 1)) | (none_left & ~part & ~sum_hidden)))).alias("hidden"))


def _mended(rows: pl.DataFrame) -> list[tuple[pl.DataFrame | None, pl.DataFrame | None]]:
    """Of each indicator and month (with more hidden, None) where its lines told something together, else (None, as it is)."""
    found: list[tuple[pl.DataFrame | None, pl.DataFrame | None]] = []
    for _, month in rows.group_by("indicator", "month", maintain_order=True):
        try:
            told = told_together(month)
        except ArithmeticError:  # what cannot be proven safe is not shown
            found.append((None, month.with_columns((pl.col("n") > 0).alias("hidden"))))
        else:
            found.append((_mend(month, told), None) if told.rows else (None, month))
    return found


def _mend(month: pl.DataFrame, told: Told) -> pl.DataFrame:
    """Beside each cell told one more is hidden: the smallest shown in the sums that tell it, of those that then are not told themselves, if any.

    There is one to hide: a cell told by hidden cells and zeros alone would be 0. Where rounding finds none, the month's smallest goes.
    """
    hidden, n = month["hidden"].to_numpy().copy(), month["n"].to_numpy()
    lines, keys = lines_of(month), month.select(AXES).rows()
    lonely = {i for i in np.flatnonzero(~hidden & (n > 0)).tolist() if not is_free(lines[i], keys[i], told.redundant)}
    for weights in told.weights:
        beside = [i for i in np.flatnonzero(~hidden & (n > 0)).tolist() if abs(taken(lines[i], keys[i], weights)) > TOLERANCE]
        beside = beside or np.flatnonzero(~hidden & (n > 0)).tolist()
        if beside:
            hidden[min(beside, key=lambda i: (i in lonely, n[i], i))] = True
    return month.with_columns(pl.Series("hidden", hidden))
