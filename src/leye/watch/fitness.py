"""Which series can be watched, and a named reason for each that cannot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from leye.watch.expect import Expected
from leye.watch.grid import Bools, Floats, Grid

FEWEST = 6  # innovations in calibration; below that a spread means nothing
GAPPY = 1 / 3  # share of missing periods from which a series is named (but watched)

FEWEST_COUNTED = 10  # usual count a period; chosen by us: at 10 chance alone (Poisson) moves a count by a third, and below that one case is news
COUNTED_PERIODS = 12  # periods before the calibration date that tell the usual count; chosen by us: the latest year of months

GRAINY = 0.15  # share of periods in calibration that repeat the value before; above it a series is mostly small counts


@dataclass(frozen=True, slots=True)
class Notice:
    """One series and what is odd about it. code: too_short, constant, no_history, gappy, few · is_watched: whether it can still raise an alarm."""

    unique_id: str
    code: str
    zh: str
    en: str
    is_watched: bool


def fit_for_watch(panel: pl.DataFrame, grid: Grid, expected: Expected) -> tuple[tuple[Notice, ...], Bools]:
    """Notices by unique_id, and (series,) whether each series of the grid is watched."""
    notices: list[Notice] = []
    calm = grid.calm
    count = (~np.isnan(expected.e[:calm])).sum(axis=0)
    fit = np.ones(len(grid.ids), dtype=bool)
    for i, name in enumerate(grid.ids):
        past = grid.y[:calm, i]
        known = past[~np.isnan(past)]
        if len(known) and (known == known[0]).all():
            fit[i] = False
            notices.append(Notice(name, "constant", "校准期内数值不变，无法判断异常", "constant in calibration", False))
        elif count[i] < FEWEST:
            fit[i] = False
            notices.append(
                Notice(
                    name, "too_short", f"校准期内可用的只有{count[i]}期，至少要{FEWEST}期", f"only {count[i]} usable periods in calibration", False
                )
            )
        elif usual_count(known) < FEWEST_COUNTED:
            fit[i] = False
            notices.append(
                Notice(
                    name, "few", f"每期平均只有{usual_count(known):.1f}，不到{FEWEST_COUNTED}，个别增减就会误报，不单独预警，请看上级序列",
                    f"about {usual_count(known):.1f} a period, fewer than {FEWEST_COUNTED}: watched through the series above it", False,
                )
            )  # fmt: skip
        elif np.isnan(past[np.flatnonzero(~np.isnan(past))[0] :]).mean() > GAPPY:
            notices.append(
                Notice(name, "gappy", "校准期内三分之一以上的时期缺数，预警会偏慢", "over a third of the calibration periods missing", True)
            )
    watched = set(grid.ids)
    for name in panel["unique_id"].cast(pl.String).unique().sort().to_list():
        if name not in watched:
            notices.append(Notice(name, "no_history", "校准日期之前没有数据", "no data before the calibration date", False))
    return tuple(sorted(notices, key=lambda n: n.unique_id)), fit


def usual_count(known: Floats) -> float:
    """Mean of the latest known values of a series of whole numbers from 0 on; infinity for a series that does not count anything."""
    counts = len(known) > 0 and bool(((known >= 0) & (known % 1 == 0)).all())
    return float(known[-COUNTED_PERIODS:].mean()) if counts else float("inf")


def is_grainy(grid: Grid) -> Bools:
    """(series,) whether values in calibration often repeat, as small counts do."""
    step = np.diff(grid.y[: grid.calm], axis=0)
    known = ~np.isnan(step)
    repeats: Floats = (np.where(known, step, 1.0) == 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return repeats > GRAINY
