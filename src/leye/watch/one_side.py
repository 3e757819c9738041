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
from leye.watch.realised import Realised, realised
from leye.watch.score import is_wandering, moving_scale, raw_evidence, slack, standard_scores

SCHEMA = {"unique_id": pl.String, "ds": pl.Date, "level": pl.String, "score": pl.Float64, "evidence": pl.String}
LAMPS = {"unique_id": pl.String, "ds": pl.Date, "level": pl.String, "direction": pl.String, "since": pl.Date, "gap": pl.Float64}
EPOCH = date(1970, 1, 1)
ROW_ORDER = ("ds", "unique_id", "level")


@dataclass(frozen=True, slots=True)
class Side:
    """One bad side of a panel. sign, name: -1 `down` or 1 `up` · others: (channels, periods, series) scores beside the factor, `names` of them ·
    parents: for agreement · rate: rows a quiet series-year · q: false-discovery rate or None.
    """

    grid: Grid
    expected: Expected
    sign: float
    name: str
    others: Floats
    names: tuple[str, ...]
    parents: Mapping[str, str | None]
    rate: float
    q: float | None
    seed: int


@dataclass(frozen=True, slots=True)
class SideResult:
    """alerts, lamps: as in ScanResult · realised: what the quiet part of calibration gave."""

    alerts: pl.DataFrame
    lamps: pl.DataFrame
    realised: Realised


@dataclass(frozen=True, slots=True)
class _Ready:
    """All (periods, series) but `learned` and `fusion`: what the machine runs on."""

    miss: Floats
    score: Floats
    learned: Calibration
    agree: Agreement
    fusion: Fusion
    stack: Floats
    realised: Realised


def oriented_scores(grid: Grid, expected: Expected, signs: Floats) -> Floats:
    """(periods, series) own scores, each series turned to its bad side."""
    raw = raw_evidence(expected, np.where(signs == 0, -1.0, signs), grid.calm)
    return standard_scores(raw, moving_scale(raw, grid.calm), expected.alpha)


def watch_side(side: Side) -> SideResult:
    """Alarms and lamps of one side."""
    ready = _prepare(side)
    grid, expected, learned = side.grid, side.expected, ready.learned
    machine = _machine(learned, expected.alpha, side.q)
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
    raw = raw_evidence(expected, side.sign, calm)
    z = standard_scores(raw, moving_scale(raw, calm), expected.alpha)
    past = quiet_periods(expected.x[:calm], expected.e[:calm], side.sign, per_year)
    leaves = ~np.isin(grid.ids, [p for p in side.parents.values() if p])
    fusion = learn_fusion(z[:calm], side.others[:, :calm], side.names, past.quiet, past.begins, leaves)
    quiet_raw, quiet_miss = (np.where(past.quiet, table[:calm], np.nan) for table in (raw, miss / expected.noise))
    still = Past(quiet_raw, quiet_miss, side.others[:, :calm])
    learned = calibrate(still, fusion, expected.alpha, is_grainy(grid), per_year=per_year, nominal=side.rate, seed=side.seed)
    score, stack = fuse(z, fusion, side.others)
    agree = agreement(grid, z, fusion, side.parents, expected.alpha)
    quiet_score = np.where(past.quiet, score[:calm], np.nan)
    given = realised(quiet_score, miss[:calm], agree.says[:calm], _machine(learned, expected.alpha, side.q), per_year)
    return _Ready(miss, score, learned, agree, fusion, stack, given)


def _machine(learned: Calibration, alpha: Floats, q: float | None) -> Machine:
    return Machine(learned.threshold, alpha, slack(alpha), learned.calm, q, is_wandering(alpha))


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
        realised_fa=ready.realised.rates[level], promised_fa=learned.promised[rank], channels=ready.agree.channels(t, i) | _heights(ready, t, i),
        joined_months=is_february, weights=weights, missing=missing, p_value=float(machine.p[i]), fdr=side.q,
        calm_years=ready.realised.years, calm_fa=ready.realised.rates["blue"], calm_low=ready.realised.low, calm_high=ready.realised.high,
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
