"""What a reader may see of the cube: small counts hidden, and enough beside them that nothing hidden follows from what is shown.

Every sum that the cube shows is a line: a cell that does not split an axis, and its parts along that axis. A line in which one cell is hidden,
or in which the hidden parts together are few, gives the hidden ones away; another cell of it is hidden too, until no line does. What several
lines give away together (two hidden squares joined by a bridge) is found by an exact test on the hidden cells and mended the same way.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
from threadpoolctl import threadpool_limits

from leye.watch.cube.cells import ALL, AXES

LEAST = 10
"""Count under which a cell is not shown; chosen by the programme, the same as on the open pages of policies."""
ROUNDS = 40
CELL = ["indicator", *AXES]
DICE = 20_250_801
"""Seed of the exact test's random vector: a fixed one, so that equal tables are hidden alike."""
TOLERANCE = 1e-6


def hide(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells (LEAVES, with every margin) and `hidden`, month by month on its own. A count of 0 tells nobody apart and is shown."""
    rows = cells.with_columns(((pl.col("n") > 0) & (pl.col("n") < LEAST)).alias("hidden"))
    for _ in range(ROUNDS):
        before = int(rows["hidden"].sum())
        for axis in AXES:
            rows = _guard_lines(rows, axis)
        if int(rows["hidden"].sum()) == before:
            rows = _guard_together(rows)
            if int(rows["hidden"].sum()) == before:
                return rows
    return rows.with_columns((pl.col("hidden") | (pl.col("n") > 0)).alias("hidden"))  # never reached in practice: then nothing is shown


def _guard_lines(rows: pl.DataFrame, axis: str) -> pl.DataFrame:
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


def _guard_together(rows: pl.DataFrame) -> pl.DataFrame:
    """Each cell that the lines give away together gets a cell hidden beside it: the smallest shown of one of its lines, else of the month."""
    return pl.concat(_mend(month) for _, month in rows.group_by("indicator", "month", maintain_order=True))


def _mend(month: pl.DataFrame) -> pl.DataFrame:
    told = np.flatnonzero(told_together(month))
    if not len(told):
        return month
    hidden, n = month["hidden"].to_numpy().copy(), month["n"].to_numpy()
    of_axis = [month[a].to_numpy() for a in AXES]
    for at in told:
        for i in range(len(AXES)):
            line = np.logical_and.reduce([of_axis[j] == of_axis[j][at] for j in range(len(AXES)) if j != i])
            free = np.flatnonzero(line & ~hidden & (n > 0))
            if len(free):
                hidden[free[int(np.argmin(n[free]))]] = True
                break
        else:  # all its lines are hidden and still tell it: something farther off has to go
            shown = np.flatnonzero(~hidden & (n > 0))
            if len(shown):
                hidden[shown[int(np.argmin(n[shown]))]] = True
    return month.with_columns(pl.Series("hidden", hidden))


def told_together(month: pl.DataFrame) -> npt.NDArray[np.bool_]:
    """(rows,) hidden cells of one indicator and month whose value follows from all lines at once.

    With A the lines restricted to the hidden cells, a cell is told when its unit vector lies in the row space of A; then, and only then, is every
    vector of A's null space 0 there. One random vector less its share of the row space shows that with probability 1.
    """
    hidden = np.flatnonzero(month["hidden"].to_numpy())
    told = np.zeros(month.height, dtype=np.bool_)
    lines = _lines(month, hidden)
    if len(hidden) and len(lines):
        z = np.random.default_rng(DICE).normal(size=len(hidden))
        with threadpool_limits(1, user_api="blas"):
            told[hidden] = np.abs(z - lines.T @ np.linalg.lstsq(lines.T, z, rcond=None)[0]) < TOLERANCE
    return told


def _lines(month: pl.DataFrame, hidden: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """(lines, hidden cells) the sums that hold among hidden cells: parts 1, the cell they add up to -1."""
    keys = month.select(AXES).rows()
    in_use = [{k[:i] + k[i + 1 :] for k in keys if k[i] != ALL} for i in range(len(AXES))]
    row_of: dict[tuple[object, ...], int] = {}
    entries = []
    for column, at in enumerate(hidden):
        key = keys[int(at)]
        for i in range(len(AXES)):
            rest = key[:i] + key[i + 1 :]
            if rest in in_use[i]:
                entries.append((row_of.setdefault((i, *rest), len(row_of)), column, -1.0 if key[i] == ALL else 1.0))
    out = np.zeros((len(row_of), len(hidden)))
    for row, column, value in entries:
        out[row, column] = value
    return out
