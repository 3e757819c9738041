"""`scan`: a panel in, alarms out. Everything learned comes from before the calibration date; every row uses data up to its own day only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

from leye.kernel.errors import BadInput
from leye.watch.calendars import Calendar, moves_with_spring_festival
from leye.watch.drivers import aligned
from leye.watch.expect import Expected, expect
from leye.watch.fitness import Notice, fit_for_watch
from leye.watch.grid import Bools, Floats, Grid, build_grid, period_number
from leye.watch.one_side import LAMPS, ROW_ORDER, SCHEMA, Side, oriented_scores, watch_side
from leye.watch.realised import Realised

__all__ = ["LAMPS", "SCHEMA", "Direction", "ScanResult", "scan", "scan_panel"]

Direction = Literal["down", "up", "both"]
Break = tuple[str, date]


@dataclass(frozen=True, slots=True)
class ScanResult:
    """alerts: `unique_id, ds, level, score, evidence`, one row per onset, rise or re-alarm, by ds and id ·
    lamps: what is lit at the end of the panel, `unique_id, ds, level, direction, since, gap` (gap: log distance from the expected
    path, bad positive) · notices: series that are odd · realised: what calibration itself gave, by direction ·
    joined: whether January and February were taken together.
    """

    alerts: pl.DataFrame
    lamps: pl.DataFrame
    notices: tuple[Notice, ...]
    realised: dict[str, Realised]
    joined: bool


def scan(
    panel: pl.DataFrame,
    *,
    calibrate_before: date,
    nominal: float,
    seasonal: bool,
    direction: Direction | Mapping[str, str] = "down",
    parents: Mapping[str, str | None] | None = None,
    calendar: Calendar = "auto",
    drivers: Mapping[str, str] | None = None,
    breaks: Collection[Break] = (),
    fdr: float | None = None,
    seed: int = 0,
) -> pl.DataFrame:
    """Alarms of a panel `unique_id, ds, y`: frame `unique_id, ds, level, score, evidence`. See `scan_panel` for the arguments."""
    return scan_panel(
        panel,
        calibrate_before=calibrate_before,
        nominal=nominal,
        seasonal=seasonal,
        direction=direction,
        parents=parents,
        calendar=calendar,
        drivers=drivers,
        breaks=breaks,
        fdr=fdr,
        seed=seed,
    ).alerts


def scan_panel(
    panel: pl.DataFrame,
    *,
    calibrate_before: date,
    nominal: float,
    seasonal: bool,
    direction: Direction | Mapping[str, str] = "down",
    parents: Mapping[str, str | None] | None = None,
    calendar: Calendar = "auto",
    drivers: Mapping[str, str] | None = None,
    breaks: Collection[Break] = (),
    fdr: float | None = None,
    seed: int = 0,
) -> ScanResult:
    """Alarms, lamps and notices of a panel.

    nominal: rows a quiet series-year, of the lowest level and above, 0 < nominal <= 12 · seasonal: the input is not adjusted ·
    direction: what is bad, for all series or by unique_id (missing ids: down) · parents: unique_id to parent, for agreement and as a channel ·
    calendar: `cn` joins January and February, `none` does not, `auto` looks at the calibration data · drivers: channel to the unique_id of a series
    of the panel that speaks for all others; ids of five parts find theirs by themselves · breaks: (unique_id, first day of the new definition): the
    step between old and new is no shock · fdr: share of lamps lit by chance, 0 < fdr < 1, over the cells of one period; None: no control.
    Raises BadInput on a rate out of range, nothing to calibrate on, an unknown driver, or two rows of one series in one period.
    """
    _check_rates(nominal, fdr)
    grid = build_grid(panel, calibrate_before=calibrate_before)
    joined = seasonal and moves_with_spring_festival(grid, calendar)
    expected = expect(grid, seasonal=seasonal, joined=joined, breaks=_breaks(grid, breaks))
    notices, fit = fit_for_watch(panel, grid, expected)
    signs = _signs(grid.ids, direction)
    above = parents or {}
    every = np.where(fit, oriented_scores(grid, expected, signs), np.nan)
    results = {}
    for sign, name in ((-1.0, "down"), (1.0, "up")):
        keep = fit & ((signs == sign) | (signs == 0))
        if not keep.any():
            continue
        part, hoped = _columns(grid, expected, keep)
        rate = float(np.where(signs == 0, nominal / 2, nominal)[keep].min())
        names, others = aligned(grid.ids, part.ids, np.where(signs == 0, -sign * every, every), above, drivers or {})
        results[name] = watch_side(Side(part, hoped, sign, name, others, names, above, rate, fdr, seed))
    alerts = pl.concat([pl.DataFrame(schema=SCHEMA), *(r.alerts for r in results.values())]).sort(*ROW_ORDER, maintain_order=True)
    lamps = pl.concat([pl.DataFrame(schema=LAMPS), *(r.lamps for r in results.values())]).sort("unique_id", "direction")
    return ScanResult(alerts, lamps, notices, {name: r.realised for name, r in results.items()}, joined)


def _check_rates(nominal: float, fdr: float | None) -> None:
    if not 0 < nominal <= 12:
        raise BadInput(
            f"误报率 {nominal} 不在 0 到 12 之间", en=f"nominal must lie in (0, 12], got {nominal}", remedy_zh="例如 0.25，即每个序列四年误报一次"
        )
    if fdr is not None and not 0 < fdr < 1:
        raise BadInput(
            f"错误发现率 {fdr} 不在 0 到 1 之间", en=f"fdr must lie in (0, 1), got {fdr}", remedy_zh="例如 0.1，即同期亮的灯中至多一成是偶然",
            remedy_en="for example 0.1: at most a tenth of the lamps of one period are lit by chance",
        )  # fmt: skip


def _breaks(grid: Grid, breaks: Collection[Break]) -> Bools:
    """(periods, series) first period of a new definition. Raises BadInput on a series that is not in the panel."""
    table = np.zeros(grid.y.shape, dtype=bool)
    place = {name: i for i, name in enumerate(grid.ids)}
    for name, day in breaks:
        if name not in place:
            raise BadInput(
                f"口径变更表里的序列 {name} 不在面板里，或校准日期之前没有数据", en=f"break of {name}: no such series before the calibration date",
                remedy_zh="核对口径变更表的 unique_id", remedy_en="check unique_id in the table of breaks", code="E_BREAK",
            )  # fmt: skip
        t = int(pl.select(period_number(pl.lit(day), grid.step)).item()) - grid.first
        if 0 < t < len(table):
            table[t, place[name]] = True
    return table


def _signs(ids: Sequence[str], direction: str | Mapping[str, str]) -> Floats:
    """-1 where a fall is bad, 1 where a rise is, 0 for both."""
    word = {"down": -1.0, "up": 1.0, "both": 0.0}
    chosen = [direction if isinstance(direction, str) else direction.get(i, "down") for i in ids]
    for name in chosen:
        if name not in word:
            raise BadInput(f"方向“{name}”看不懂", en=f"unknown direction {name!r}", remedy_zh="可选 down（下降为坏）、up（上升为坏）、both")
    return np.array([word[name] for name in chosen])


def _columns(grid: Grid, expected: Expected, keep: Bools) -> tuple[Grid, Expected]:
    ids = tuple(i for i, kept in zip(grid.ids, keep, strict=True) if kept)
    tables = {name: getattr(expected, name)[:, keep] for name in ("x", "e", "noise", "drift")}
    return replace(grid, y=grid.y[:, keep], day=grid.day[:, keep], ids=ids), replace(expected, alpha=expected.alpha[keep], **tables)
