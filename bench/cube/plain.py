"""The plain way to hide, as the peer: dense least squares find what the sums tell, the smallest shown neighbour is hidden beside, forty rounds."""

from __future__ import annotations

import numpy as np
import polars as pl

from leye.watch.cube.cells import AXES
from leye.watch.cube.hide import lines_guarded
from leye.watch.cube.told import lines_of

ROUNDS = 40


def told_densely(month: pl.DataFrame) -> list[int]:
    """Rows of hidden cells that follow from all sums, by the share of a random vector in the null space."""
    hidden = np.flatnonzero(month["hidden"].to_numpy())
    lines, keys, row_of = lines_of(month), month.select(AXES).rows(), {}
    entries = [
        (row_of.setdefault(line, len(row_of)), c, -1.0 if keys[at][line[0]] == "all" else 1.0) for c, at in enumerate(hidden) for line in lines[at]
    ]
    if not entries:
        return []
    a = np.zeros((len(row_of), len(hidden)))
    for row, column, value in entries:
        a[row, column] = value
    z = np.random.default_rng(7).normal(size=len(hidden))
    return hidden[np.abs(z - a.T @ np.linalg.lstsq(a.T, z, rcond=None)[0]) < 1e-6].tolist()


def hide_plainly(cells: pl.DataFrame, least: int) -> pl.DataFrame:
    """One month of cells with `hidden`; when the rounds are over and something is still told, nothing is shown."""
    rows = lines_guarded(cells.with_columns(((pl.col("n") > 0) & (pl.col("n") < least)).alias("hidden")))
    for _ in range(ROUNDS):
        told = told_densely(rows)
        if not told:
            return rows
        hidden, n, lines = rows["hidden"].to_numpy().copy(), rows["n"].to_numpy(), lines_of(rows)
        for at in told:
            shown = np.flatnonzero(~hidden & (n > 0)).tolist()
            beside = [i for i in shown if not set(lines[at]).isdisjoint(lines[i])] or shown
            if beside:
                hidden[min(beside, key=lambda i: n[i])] = True
        rows = lines_guarded(rows.with_columns(pl.Series("hidden", hidden)))
    return rows.with_columns((pl.col("n") > 0).alias("hidden"))
