"""`scan`: a panel in, alarms out. Everything learned comes from before the calibration date; every row uses data up to its own day only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
import polars as pl

from leye.kernel.errors import BadInput
from leye.watch.calendars import Calendar, moves_with_spring_festival
from leye.watch.calibrate import LEVELS, Calibration, calibrate
from leye.watch.channels import Agreement, agreement
from leye.watch.evidence import Finding, evidence_json
from leye.watch.expect import Expected, expect
from leye.watch.fitness import Notice, fit_for_watch, is_grainy
from leye.watch.grid import Bools, Floats, Grid, Ints, build_grid
from leye.watch.machine import Machine
from leye.watch.score import fuse, learn_fusion, moving_scale, own_score

Direction = Literal["down", "up", "both"]
SCHEMA = {"unique_id": pl.String, "ds": pl.Date, "level": pl.String, "score": pl.Float64, "evidence": pl.String}
LAMPS = {"unique_id": pl.String, "ds": pl.Date, "level": pl.String, "direction": pl.String, "since": pl.Date, "gap": pl.Float64}
EPOCH = date(1970, 1, 1)
SLACK_SEASONAL, SLACK = 0.25, 0.5  # k: half of the shift looked for; unadjusted series show a turn more slowly (measured, docs/models/watch.md)


@dataclass(frozen=True, slots=True)
class ScanResult:
    """alerts: `unique_id, ds, level, score, evidence`, one row per onset, rise or re-alarm, by ds and id ·
    lamps: what is lit at the end of the panel, `unique_id, ds, level, direction, since, gap` (gap: log distance from the expected
    path, bad positive) · notices: series that are odd · realised: false alarms a series-year of each level in calibration, by direction ·
    joined: whether January and February were taken together.
    """

    alerts: pl.DataFrame
    lamps: pl.DataFrame
    notices: tuple[Notice, ...]
    realised: dict[str, dict[str, float]]
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
    seed: int = 0,
) -> ScanResult:
    """Alarms, lamps and notices of a panel.

    nominal: rows a series-year on calm data, of the lowest level and above, 0 < nominal <= 12 · seasonal: the input is not adjusted ·
    direction: what is bad, for all series or by unique_id (missing ids: down) · parents: unique_id to parent, for agreement ·
    calendar: `cn` joins January and February, `none` does not, `auto` looks at the calibration data.
    Raises BadInput on a rate out of range, nothing to calibrate on, or two rows of one series in one period.
    """
    if not 0 < nominal <= 12:
        raise BadInput(
            f"误报率 {nominal} 不在 0 到 12 之间", en=f"nominal must lie in (0, 12], got {nominal}", remedy_zh="例如 0.25，即每个序列四年误报一次"
        )
    grid = build_grid(panel, calibrate_before=calibrate_before)
    joined = seasonal and moves_with_spring_festival(grid, calendar)
    expected = expect(grid, seasonal=seasonal, joined=joined)
    notices, fit = fit_for_watch(panel, grid, expected)
    signs = _signs(grid.ids, direction)
    results = []
    for sign, name in ((-1.0, "down"), (1.0, "up")):
        oriented = fit & ((signs == sign) | (signs == 0))
        if oriented.any():
            rate = np.where(signs == 0, nominal / 2, nominal)[oriented]
            part = _columns(grid, expected, oriented)
            results.append(_one_direction(*part, sign=sign, name=name, rate=float(rate.min()), seasonal=seasonal, parents=parents or {}, seed=seed))
    alerts = pl.concat([pl.DataFrame(schema=SCHEMA), *(r.alerts for r in results)]).sort("ds", "unique_id", "level", maintain_order=True)
    lamps = pl.concat([pl.DataFrame(schema=LAMPS), *(r.lamps for r in results)]).sort("unique_id", "direction")
    return ScanResult(alerts, lamps, notices, {k: v for r in results for k, v in r.realised.items()}, joined)


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
    return (
        replace(grid, y=grid.y[:, keep], day=grid.day[:, keep], ids=ids),
        replace(expected, x=expected.x[:, keep], e=expected.e[:, keep], alpha=expected.alpha[keep], noise=expected.noise[:, keep]),
    )


def _one_direction(
    grid: Grid, expected: Expected, *, sign: float, name: str, rate: float, seasonal: bool, parents: Mapping[str, str | None], seed: int
) -> ScanResult:
    slack = SLACK_SEASONAL if seasonal else SLACK
    miss = sign * expected.e
    even = miss / expected.noise
    z = own_score(even, *moving_scale(even, grid.calm))
    fusion = learn_fusion(z[: grid.calm], ~np.isin(grid.ids, [p for p in parents.values() if p]))
    learned = calibrate(even[: grid.calm], fusion, expected.alpha, is_grainy(grid), per_year=grid.step.per_year, nominal=rate, k=slack, seed=seed)
    score = np.array([fuse(row, fusion)[0] for row in z])
    agree = agreement(grid, z, fusion, parents, slack)
    realised = _realised(score[: grid.calm], miss[: grid.calm], agree, learned, expected.alpha, slack, grid.step.per_year)
    machine = Machine(learned.threshold, expected.alpha, slack)
    rows: list[dict[str, object]] = []
    since = np.zeros(len(grid.ids), dtype=np.int64)
    seen = np.zeros(len(grid.ids), dtype=np.int64)
    for t in range(grid.calm, len(score)):
        was = machine.lit
        level, counted = machine.step(score[t], miss[t], agree.says[t])
        since = np.where(machine.lit & ~was, grid.day[t], since)
        seen = np.where(np.isnan(score[t]), seen, grid.day[t])
        for i in np.flatnonzero(level):
            kind = "rise" if not counted[i] else "still" if was[i] else "onset"
            finding = _finding(grid, machine, learned, agree, t, int(i), name, kind, realised, expected.joined)
            day = EPOCH + timedelta(days=int(grid.day[t, i]))
            rows.append(
                {
                    "unique_id": grid.ids[i],
                    "ds": day,
                    "level": finding.level,
                    "score": finding.statistic,
                    "evidence": evidence_json(finding, grid.step),
                }
            )
    alerts = pl.DataFrame(rows, schema=SCHEMA)
    return ScanResult(alerts, _lamps(grid, machine, name, since, seen), (), {name: realised}, expected.joined)


def _finding(
    grid: Grid, machine: Machine, learned: Calibration, agree: Agreement, t: int, i: int, name: str, kind: str,
    realised: dict[str, float], joined: bool,
) -> Finding:  # fmt: skip
    rank = int(machine.level[i]) - 1
    level = LEVELS[rank]
    bad = float(machine.gap[i]) * (-1 if name == "down" else 1)
    factor = float(np.exp(np.clip(bad, -20, 20)))
    observed = float(grid.y[t, i])
    is_february = bool(joined and grid.months[t] == 2)
    if is_february:
        observed = float(np.sqrt(max(grid.y[t, i], 0) * max(grid.y[t - 1, i], 0))) if t else observed
    return Finding(
        direction=name, kind=kind, level=level, statistic=round(float(machine.d[i]), 4), threshold=round(float(learned.threshold[rank, i]), 4),
        change=round(factor - 1, 4), observed=observed, expected=observed / factor, run=max(int(machine.run[i]), 1),
        realised_fa=realised[level], promised_fa=learned.promised[rank], channels=agree.channels(t, i), joined_months=is_february,
    )  # fmt: skip


def _realised(score: Floats, miss: Floats, agree: Agreement, learned: Calibration, alpha: Floats, slack: float, per_year: int) -> dict[str, float]:
    """What the calibration period itself gives: rows of any level, lamps that reach each higher one, a series-year."""
    machine = Machine(learned.threshold, alpha, slack)
    rows: Ints = np.zeros(4, dtype=np.int64)
    highest = np.zeros(score.shape[1], dtype=np.int64)
    for t in range(len(score)):
        level, _ = machine.step(score[t], miss[t], agree.says[t])
        now = np.where(machine.lit, np.maximum(highest, machine.level), 0)
        rows[0] += int((level > 0).sum())
        for floor in (1, 2, 3):
            rows[floor] += int(((now > floor) & (highest <= floor)).sum())
        highest = now
    years = max(float((~np.isnan(score)).sum()) / per_year, 1e-9)
    return {name: round(float(n) / years, 4) for name, n in zip(LEVELS, rows, strict=True)}


def _lamps(grid: Grid, machine: Machine, name: str, since: Ints, seen: Ints) -> pl.DataFrame:
    lit = np.flatnonzero(machine.lit)
    return pl.DataFrame(
        {
            "unique_id": [grid.ids[i] for i in lit],
            "ds": [EPOCH + timedelta(days=int(seen[i])) for i in lit],
            "level": [LEVELS[int(machine.level[i]) - 1] for i in lit],
            "direction": [name] * len(lit),
            "since": [EPOCH + timedelta(days=int(since[i])) for i in lit],
            "gap": [float(machine.gap[i]) for i in lit],
        },
        schema=LAMPS,
    )
