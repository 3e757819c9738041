"""The watch over all series whose bad side is the same: scores and thresholds from the calibration period, then the machine period by period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from leye.watch.calibrate import LEVELS, Calibration, Past, calibrate
from leye.watch.channels import Agreement, agreement
from leye.watch.evidence import Finding, evidence_json
from leye.watch.expect import Expected
from leye.watch.fitness import is_grainy
from leye.watch.fusion import Fusion, fuse, learn_fusion
from leye.watch.grid import Floats, Grid, Ints
from leye.watch.machine import Machine
from leye.watch.quiet import quiet_periods
from leye.watch.score import moving_scale, own_score, reference

SCHEMA = {"unique_id": pl.String, "ds": pl.Date, "level": pl.String, "score": pl.Float64, "evidence": pl.String}
LAMPS = {"unique_id": pl.String, "ds": pl.Date, "level": pl.String, "direction": pl.String, "since": pl.Date, "gap": pl.Float64}
EPOCH = date(1970, 1, 1)
SLACK = 0.25  # k: least half of the shift looked for; the reference value is added to it (score.reference)
ROW_ORDER = ("ds", "unique_id", "level")


@dataclass(frozen=True, slots=True)
class Side:
    """One bad side of a panel. sign, name: -1 `down` or 1 `up` · others: (channels, periods, series) scores beside the factor, `names` of them ·
    parents: for agreement · rate: rows a quiet series-year · seasonal: the input is not adjusted · q: false-discovery rate or None.
    """

    grid: Grid
    expected: Expected
    sign: float
    name: str
    others: Floats
    names: tuple[str, ...]
    parents: Mapping[str, str | None]
    rate: float
    seasonal: bool
    q: float | None
    seed: int


@dataclass(frozen=True, slots=True)
class SideResult:
    """alerts, lamps: as in ScanResult · realised: rate of each level in the quiet part of calibration."""

    alerts: pl.DataFrame
    lamps: pl.DataFrame
    realised: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Ready:
    """All (periods, series) but `learned` and `fusion`: what the machine runs on."""

    miss: Floats
    score: Floats
    learned: Calibration
    agree: Agreement
    fusion: Fusion
    stack: Floats
    realised: dict[str, float]


def oriented_scores(grid: Grid, expected: Expected, signs: Floats) -> Floats:
    """(periods, series) own scores, each series turned to its bad side."""
    even = np.where(signs == 0, -1.0, signs) * expected.e / expected.noise
    return own_score(even, *moving_scale(even, grid.calm))


def watch_side(side: Side) -> SideResult:
    """Alarms and lamps of one side."""
    ready = _prepare(side)
    grid, expected, learned = side.grid, side.expected, ready.learned
    machine = Machine(learned.threshold, expected.alpha, SLACK, learned.calm, side.q)
    rows: list[dict[str, object]] = []
    since = np.zeros(len(grid.ids), dtype=np.int64)
    seen = np.zeros(len(grid.ids), dtype=np.int64)
    for t in range(grid.calm, len(ready.score)):
        was = machine.lit
        level, counted = machine.step(ready.score[t], ready.miss[t], ready.agree.says[t])
        since = np.where(machine.lit & ~was, grid.day[t], since)
        seen = np.where(np.isnan(ready.score[t]), seen, grid.day[t])
        for i in np.flatnonzero(level):
            kind = "rise" if not counted[i] else "still" if was[i] else "onset"
            rows.append(_row(side, ready, machine, t, int(i), kind))
    return SideResult(pl.DataFrame(rows, schema=SCHEMA), _lamps(grid, machine, side.name, since, seen), ready.realised)


def _prepare(side: Side) -> _Ready:
    grid, expected, per_year = side.grid, side.expected, side.grid.step.per_year
    calm = grid.calm
    miss = side.sign * expected.e
    even = miss / expected.noise
    center, spread = moving_scale(even, calm)
    z = own_score(even, center, spread)
    shift = reference(expected.drift, spread, expected.alpha, side.sign, per_year, SLACK, seasonal=side.seasonal) - SLACK
    past = quiet_periods(expected.x[:calm], expected.e[:calm], side.sign, per_year)
    leaves = ~np.isin(grid.ids, [p for p in side.parents.values() if p])
    fusion = learn_fusion(z[:calm], side.others[:, :calm], side.names, past.quiet, past.begins, leaves)
    still = Past(np.where(past.quiet, even[:calm], np.nan), side.others[:, :calm], shift[:calm])
    learned = calibrate(still, fusion, expected.alpha, is_grainy(grid), per_year=per_year, nominal=side.rate, k=SLACK, seed=side.seed)
    fused, stack = fuse(z, fusion, side.others)
    score = fused - shift
    agree = agreement(grid, z, fusion, side.parents, SLACK)
    quiet_score = np.where(past.quiet, score[:calm], np.nan)
    realised = _realised(quiet_score, miss[:calm], agree, learned, expected.alpha, per_year, side.q)
    return _Ready(miss, score, learned, agree, fusion, stack, realised)


def _row(side: Side, ready: _Ready, machine: Machine, t: int, i: int, kind: str) -> dict[str, object]:
    finding = _finding(side, ready, machine, t, i, kind)
    day = EPOCH + timedelta(days=int(side.grid.day[t, i]))
    text = evidence_json(finding, side.grid.step)
    return {"unique_id": side.grid.ids[i], "ds": day, "level": finding.level, "score": finding.statistic, "evidence": text}


def _finding(side: Side, ready: _Ready, machine: Machine, t: int, i: int, kind: str) -> Finding:
    grid, learned = side.grid, ready.learned
    rank = int(machine.level[i]) - 1
    level = LEVELS[rank]
    factor = float(np.exp(np.clip(float(machine.gap[i]) * side.sign, -20, 20)))
    is_february = bool(side.expected.joined and grid.months[t] == 2)
    observed = float(grid.y[t, i])
    if is_february and t:
        observed = float(np.sqrt(max(grid.y[t, i], 0) * max(grid.y[t - 1, i], 0)))
    weights, missing = _weights(ready, t, i)
    return Finding(
        direction=side.name, kind=kind, level=level, statistic=round(float(machine.d[i]), 4), threshold=round(float(learned.threshold[rank, i]), 4),
        change=round(factor - 1, 4), observed=observed, expected=observed / factor, run=max(int(machine.run[i]), 1),
        realised_fa=ready.realised[level], promised_fa=learned.promised[rank], channels=ready.agree.channels(t, i) | _heights(ready, t, i),
        joined_months=is_february, weights=weights, missing=missing, p_value=float(machine.p[i]), fdr=side.q,
    )  # fmt: skip


def _weights(ready: _Ready, t: int, i: int) -> tuple[dict[str, float], list[str]]:
    """Weights in force beside 1 of the own series, and channels that have one but no value now."""
    named = [
        (name, float(w), bool(np.isnan(v))) for name, w, v in zip(ready.fusion.names, ready.fusion.weight[:, i], ready.stack[:, t, i], strict=True)
    ]
    return {n: round(w, 3) for n, w, gone in named if w > 0 and not gone}, [n for n, w, gone in named if w > 0 and gone]


def _heights(ready: _Ready, t: int, i: int) -> dict[str, float | None]:
    """Score of each fused channel of this period that has a weight, in standard deviations; None where it is missing."""
    told = {}
    for c, name in enumerate(ready.fusion.names):
        if ready.fusion.weight[c, i] > 0 and name not in ("factor", "parent"):
            value = float(ready.stack[c, t, i])
            told[name] = None if np.isnan(value) else round(value, 3)
    return told


def _realised(score: Floats, miss: Floats, agree: Agreement, learned: Calibration, alpha: Floats, per_year: int, q: float | None) -> dict[str, float]:
    """What the quiet part of the calibration period itself gives: rows of any level, lamps that reach each higher one, a series-year."""
    machine = Machine(learned.threshold, alpha, SLACK, learned.calm, q)
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
