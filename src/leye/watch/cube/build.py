"""The cube of a night: cells with their counts, what may be shown, the lamp of each, and how much it surprises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from leye.kernel.errors import BadInput
from leye.watch.cube.cells import AXES, margins
from leye.watch.cube.hide import hide
from leye.watch.cube.pool import pool
from leye.watch.scanning import LAMPS, scan_panel

WATCHED_MONTHS = 9
"""Newest months that are watched; the ones before teach what is usual. # chosen by us: of the 36 months that persons' tables hold, 27 are left
to learn from, of which 18 pass before the first expectation (docs/models/watch.md)"""
MOST_SCANNED = 1500
"""Cells scanned a night at most, the coarsest and largest first. # chosen by us: each costs CPU, and a false alarm now and then"""
LIT = {"cell": pl.String, "level": pl.String, "since": pl.Date, "scanned": pl.Boolean}
CELL = ["indicator", *AXES]
SEP = "/"


@dataclass(frozen=True, slots=True)
class Cube:
    """counts: `indicator, axes, month, n, hidden` · cells: one row a cell: `indicator, axes, cell, usual, watched, pooled_into, n, hidden,
    year_ago, expected, surprise, level, since, scanned`. `pooled_into` is the cell that watches a small one (null: none has enough) ·
    expected: last year's count if it had moved as the whole indicator did · surprise: distance from that in standard deviations of counts."""

    counts: pl.DataFrame
    cells: pl.DataFrame


def cell_id(*parts: str) -> str:
    """`indicator/region/industry/occupation/grp`, as the ids of series are written, with `all` for every axis that is not split."""
    return SEP.join(parts)


def build_cube(
    leaves: pl.DataFrame,
    *,
    direction: Mapping[str, str],
    axes: Mapping[str, Sequence[str]] | None = None,
    lit: pl.DataFrame | None = None,
    nominal: float = 0.25,
    fdr: float | None = None,
    seed: int = 0,
) -> Cube:
    """leaves: LEAVES · direction: indicator to what is bad, `down`, `up` or `both`; an indicator that it lacks is not scanned · lit: `cell, level,
    since, scanned` of cells that were scanned elsewhere, which then are not scanned again ·
    nominal: false rows a cell-year · fdr: share of the lamps of one month that chance may light, over all cells of an indicator. Raises BadInput."""
    cells = margins(leaves, axes)
    counts = hide(cells)
    ident = pl.concat_str(CELL, separator=SEP)
    pooled = pool(cells).with_columns(
        ident.alias("cell"), pl.concat_str("indicator", *(f"into_{a}" for a in AXES), separator=SEP).alias("pooled_into")
    )
    newest = _newest(counts)
    known = pl.DataFrame(schema=LIT) if lit is None else lit.select(pl.col(c).cast(t) for c, t in LIT.items())
    lamps = pl.concat([known, _lamps(cells, pooled.join(known, on="cell", how="anti"), direction, nominal, fdr, seed)])
    told = pooled.drop([f"into_{a}" for a in AXES]).join(newest, on=CELL, how="left").join(lamps, on="cell", how="left")
    return Cube(counts, told.with_columns(pl.col("scanned").fill_null(False)).sort("indicator", *AXES))


def _newest(counts: pl.DataFrame) -> pl.DataFrame:
    last = counts.filter(pl.col("month") == pl.col("month").max().over("indicator"))
    before = counts.with_columns(pl.col("month").dt.offset_by("1y")).select(*CELL, "month", year_ago="n", year_ago_hidden="hidden")
    both = last.join(before, on=[*CELL, "month"], how="left")
    whole = pl.all_horizontal(pl.col(a) == "all" for a in AXES)
    growth = (pl.col("n").filter(whole).first() / pl.col("year_ago").filter(whole).first()).over("indicator")
    expected = pl.col("year_ago") * growth
    spread = (expected + expected**2 / pl.col("year_ago")).sqrt()  # both counts are chance: Poisson now, Poisson a year ago
    return both.with_columns(expected.alias("expected")).with_columns(
        pl.when(pl.col("year_ago") > 0).then((pl.col("n") - pl.col("expected")) / spread).alias("surprise")
    ).select(*CELL, "month", "n", "hidden", "year_ago", "year_ago_hidden", "expected", "surprise")  # fmt: skip


def _lamps(cells: pl.DataFrame, pooled: pl.DataFrame, direction: Mapping[str, str], nominal: float, fdr: float | None, seed: int) -> pl.DataFrame:
    """`cell, level, since, scanned` of every cell that was scanned; level null where nothing is lit."""
    parts = [pl.DataFrame(schema=LIT)]
    for indicator in sorted(set(cells["indicator"]) & set(direction)):
        own = pooled.filter(pl.col("indicator") == indicator, pl.col("watched"))
        depth = pl.sum_horizontal((pl.col(a) != "all").cast(pl.Int64) for a in AXES)
        chosen = own.with_columns(depth.alias("_depth")).sort("_depth", "usual", "cell", descending=[False, True, False]).head(MOST_SCANNED)
        panel = cells.join(chosen.select(*CELL, "cell"), on=CELL).select(pl.col("cell").alias("unique_id"), "month", "n")
        parts.append(_scanned(panel.rename({"month": "ds", "n": "y"}), direction[indicator], nominal, fdr, seed))
    return pl.concat(parts)


def _scanned(panel: pl.DataFrame, direction: str, nominal: float, fdr: float | None, seed: int) -> pl.DataFrame:
    months = panel["ds"].unique().sort().to_list()
    if len(months) <= WATCHED_MONTHS:
        return pl.DataFrame(schema=LIT)
    cut: date = months[-WATCHED_MONTHS]
    lamps, unwatched = pl.DataFrame(schema=LAMPS), set(panel["unique_id"])
    try:
        got = scan_panel(
            panel,
            calibrate_before=cut,
            nominal=nominal,
            seasonal=True,
            direction=direction,  # type: ignore[arg-type]
            calendar="cn",
            fdr=fdr,
            seed=seed,
        )
        lamps, unwatched = got.lamps, {n.unique_id for n in got.notices if not n.is_watched}
    except BadInput as error:
        if error.code not in {"E_STEP", "E_NO_CALIBRATION"}:
            raise
    ids = panel.select(pl.col("unique_id").unique().sort().alias("cell"))
    lit = lamps.select(pl.col("unique_id").alias("cell"), "level", "since").unique("cell", keep="first", maintain_order=True)
    return ids.join(lit, on="cell", how="left").with_columns((~pl.col("cell").is_in(list(unwatched))).alias("scanned"))
