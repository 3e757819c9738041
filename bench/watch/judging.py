"""One panel judged: ours and the peers on the same events, months and quiet years, and the permuted-time null."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import events as ev
import numpy as np
import peers
import polars as pl
from panels import Split

from leye.watch.expect import Expected, expect
from leye.watch.grid import Grid, build_grid
from leye.watch.order import center_and_spread
from leye.watch.scanning import scan_panel
from leye.watch.score import moving_scale, own_score

HEAD = "| detector | false alarms per quiet series-year | with rises in level | detected | mean delay, months (miss = 13) |"


@dataclass(frozen=True)
class Case:
    """What is judged: the panel with its drivers, the series that count, and their events."""

    panel: pl.DataFrame
    parents: dict[str, str | None]
    split: Split
    seasonal: bool
    grid: Grid
    expected: Expected
    events: list[list[ev.Event]]
    options: dict[str, Any]


def case(panel: pl.DataFrame, parents: dict[str, str | None], split: Split, *, seasonal: bool, **options: Any) -> Case:
    grid = build_grid(panel.filter(pl.col("unique_id").is_in(list(parents))), calibrate_before=split.cut)
    level = ev.smooth(grid.y, adjusted=not seasonal)
    events = [ev.events_of(level[:, i]) for i in range(len(grid.ids))]
    return Case(panel, parents, split, seasonal, grid, expect(grid, seasonal=seasonal, joined=False), events, options)


def quiet(c: Case) -> np.ndarray:
    """(months, series) outside every event, the benchmark's own definition."""
    calm = np.ones(c.grid.y.shape, dtype=bool)
    for i, of in enumerate(c.events):
        for e in of:
            calm[max(0, e.peak - ev.EARLY) : e.trough + 4, i] = False
    return calm


def ours(c: Case, nominal: float, **options: Any) -> tuple[pl.DataFrame, float, dict[str, float]]:
    """(alarms with month number and kind, CPU seconds, realised rates in calibration)."""
    began = time.process_time()
    result = scan_panel(c.panel, calibrate_before=c.split.cut, nominal=nominal, seasonal=c.seasonal, parents=c.parents, **(c.options | options))
    cpu = time.process_time() - began
    months = pl.col("ds").dt.year().cast(pl.Int64) * 12 + pl.col("ds").dt.month() - 1 - c.grid.first
    kind = pl.col("evidence").str.json_path_match("$.kind")
    return result.alerts.with_columns(months.alias("t"), kind.alias("kind")), cpu, result.realised["down"].rates


def line(c: Case, name: str, rows: pl.DataFrame) -> str:
    """Onsets and re-alarms are counted as false; a rise in level of a lamp that is lit is shown apart."""
    counted, every = (_tally(c, [part.filter(pl.col("unique_id") == i)["t"].sort().to_numpy() for i in c.grid.ids])
                      for part in (rows.filter(pl.col("kind") != "rise"), rows))  # fmt: skip
    return _line(name, counted, f"{every.false_rate:.3f}")


def peer_lines(c: Case, nominal: float) -> list[str]:
    """Every peer at its threshold for `nominal` on the quiet calibration months."""
    miss = -c.expected.e / c.expected.noise
    z = own_score(miss, *moving_scale(miss, c.grid.calm))
    yearly = center_and_spread(c.expected.x[12 : c.grid.calm] - c.expected.x[: c.grid.calm - 12])[1]
    still = quiet(c)
    lines = []
    for name, make, scale in (
        ("Shewhart", peers.shewhart, None), ("3-month mean", peers.three_month_mean, None), ("EWMA .2", peers.ewma, None),
        ("CUSUM k=.5", peers.cusum, None), ("EARS-C3", peers.ears_c3, None), ("Farrington-like", peers.farrington_like, None),
        ("Sahm-like", peers.sahm_like, yearly),
    ):  # fmt: skip
        rows = peers.calibrated(make(z, c.expected.x), c.grid.calm, nominal, still, scale)
        after = np.arange(len(rows)) >= c.grid.calm
        lines.append(_line(name, _tally(c, [np.flatnonzero(rows[:, i] & after) for i in range(rows.shape[1])]), "–"))
    return lines


def shuffled_rate(c: Case, nominal: float, seeds: Sequence[int]) -> tuple[float, float]:
    """(onsets and re-alarms, with rises) a series-year when quiet changes of the calibration years are dealt anew: nothing happens, all are false.

    Years of monthly changes without season are drawn with one order for all series, and the season and drift are put back.
    """
    rates = []
    for seed in seeds:
        rows, _, _ = ours(Case(_dealt(c, seed), c.parents, c.split, c.seasonal, c.grid, c.expected, c.events, {}), nominal)
        years = (len(c.grid.y) - c.grid.calm) / 12 * len(c.grid.ids)
        rates.append((rows.filter(pl.col("kind") != "rise").height / years, rows.height / years))
    return float(np.mean([r[0] for r in rates])), float(np.mean([r[1] for r in rates]))


def _dealt(c: Case, seed: int) -> pl.DataFrame:
    """The panel with the months of both parts filled from quiet calibration years in a random order."""
    dice = np.random.default_rng(seed)
    log_y = np.log(c.grid.y)
    still = quiet(c)[: c.grid.calm]
    change = np.where(still[1:], np.diff(log_y[: c.grid.calm], axis=0), np.nan)
    first = (-(c.grid.first + 1)) % 12  # years of change that begin in January
    whole = (len(change) - first) // 12
    years = change[first : first + whole * 12].reshape(whole, 12, -1)
    usual = np.nanmedian(years, axis=0)
    rest = np.where(np.isnan(years), 0.0, years - usual)
    order = dice.integers(0, whole, size=len(log_y) // 12 + 2)
    path = np.concatenate([usual + rest[k] for k in order])
    start = (c.grid.first + 1) % 12
    path = path[start : start + len(log_y) - 1]
    y = np.exp(np.vstack([log_y[:1], log_y[0] + np.cumsum(path, axis=0)]))
    days = [date((c.grid.first + t) // 12, (c.grid.first + t) % 12 + 1, 1) for t in range(len(y))]
    return pl.DataFrame({"unique_id": np.repeat(c.grid.ids, len(y)).tolist(), "ds": days * len(c.grid.ids), "y": y.T.ravel()})


def _tally(c: Case, rows: list[np.ndarray]) -> ev.Tally:
    return ev.tally(rows, c.events, c.grid.calm, len(c.grid.y))


def _line(name: str, t: ev.Tally, every: str) -> str:
    return f"| {name} | {t.false_rate:.3f} | {every} | {t.found / t.events:.2f} ({t.found}/{t.events}) | {t.delay:.2f} |"
