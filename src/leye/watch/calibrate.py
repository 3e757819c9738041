"""Thresholds that keep a promised false-alarm rate: the whole machine is run over block-bootstrapped calm paths of the calibration misses.

Blocks keep serial dependence, one set of time blocks for all series keeps what they have in common, and each path is scored with a scale
learned on its own first part, as real data after the calibration date are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.watch.grid import Floats
from leye.watch.machine import Machine
from leye.watch.order import center_and_spread
from leye.watch.score import SCALE_WINDOW, Fusion, fuse, own_score

LEVELS = ("blue", "yellow", "orange", "red")
LEVEL_RATES = (0.5, 0.25, 0.1, 0.04)  # false alarms a series-year: at most 1 in 2, 4, 10, 25 years
PATH = 120  # periods of a bootstrapped path that are watched
CELLS = 6_000  # paths × series of one bootstrap: about the size at which rates settle to a few percent
BLOCK = 24  # periods
MOST_SERIES = 2_000  # series that take part in the bootstrap
OWN_WEIGHT = 120  # periods; chosen by us: a series with ten calm years has as much say in its threshold as the panel
FACTORS = np.array([0.55, 0.65, 0.75, 0.87, 1.0, 1.15, 1.33, 1.55, 1.8])


@dataclass(frozen=True, slots=True)
class Calibration:
    """threshold: (4, series) · promised: rate of each level a series-year, blue first."""

    threshold: Floats
    promised: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Paths:
    score: Floats  # (periods, paths, series)
    miss: Floats
    alpha: Floats
    years: Floats  # (series,) watched series-years


def calibrate(miss: Floats, fusion: Fusion, alpha: Floats, *, per_year: int, nominal: float, k: float, seed: int) -> Calibration:
    """Thresholds of all series for `nominal` counted rows (onsets and re-alarms) a series-year of the lowest level.

    miss: (calm periods, series) oriented innovations, bad positive.
    """
    promised = tuple(nominal * rate / LEVEL_RATES[0] for rate in LEVEL_RATES)
    chosen = np.unique(np.linspace(0, miss.shape[1] - 1, min(miss.shape[1], MOST_SERIES)).astype(int))
    part = Fusion(fusion.weight[chosen], fusion.norm[chosen], fusion.factor_sd, fusion.members[chosen])
    paths = _paths(miss[:, chosen], part, alpha[chosen], per_year=per_year, seed=seed)
    pooled = _solve(paths, nominal, k)
    ratios = _level_ratios(paths, pooled, promised, k)
    own = np.full(miss.shape[1], pooled)
    if len(chosen) == miss.shape[1]:
        own = _own(paths, pooled, nominal, k, known=(~np.isnan(miss)).sum(axis=0))
    return Calibration(ratios[:, None] * own, promised)


def _paths(miss: Floats, fusion: Fusion, alpha: Floats, *, per_year: int, seed: int) -> _Paths:
    dice = np.random.default_rng(seed)
    rows = np.flatnonzero((~np.isnan(miss)).any(axis=1))
    start = int(rows[0]) if len(rows) else 0
    calm = miss[start:]
    block = int(np.clip(len(calm) // 3, 1, BLOCK))
    learning = min(len(calm), SCALE_WINDOW)
    count = int(np.clip(CELLS // max(miss.shape[1], 1), 8, 400))
    blocks = -(-(learning + PATH) // block)
    begin = dice.integers(0, len(calm), size=(blocks, count))
    index = ((begin[:, None, :] + np.arange(block)[None, :, None]) % len(calm)).reshape(-1, count)
    e = calm[index]
    center, spread = center_and_spread(e[:learning])
    z = own_score(e[learning:], center, spread, np.ones(1))
    score = np.stack([fuse(row, fusion)[0] for row in z])
    years = (~np.isnan(score)).sum(axis=(0, 1)) / per_year
    return _Paths(score, e[learning:], alpha, years)


def _counts(paths: _Paths, threshold: Floats, k: float) -> tuple[Floats, Floats]:
    """(series,) counted rows, and of every lamp's life the highest D, as a flat array."""
    shape = paths.score.shape[1:]
    machine = Machine(np.broadcast_to(threshold, (4, *shape)).copy(), np.broadcast_to(paths.alpha, shape), k)
    rows, top = np.zeros(shape), np.zeros(shape)
    tops: list[Floats] = []
    for score, miss in zip(paths.score, paths.miss, strict=True):
        was_lit = machine.lit
        _, counted = machine.step(score, miss)
        rows += counted
        ended = was_lit & ~machine.lit
        tops.append(top[ended])
        top = np.where(machine.lit, np.where(was_lit, np.maximum(top, machine.d), machine.d), 0.0)
    tops.append(top[machine.lit])
    total: Floats = rows.sum(axis=0)
    return total, np.concatenate(tops)


def _solve(paths: _Paths, nominal: float, k: float) -> float:
    """The one threshold at which the panel's mean rate is `nominal`; bisection on the logarithm."""
    low, high = 0.5, 60.0
    years = float(paths.years.sum())
    for _ in range(11):
        middle = float(np.sqrt(low * high))
        rate = float(_counts(paths, _flat(middle, paths), k)[0].sum()) / max(years, 1e-9)
        low, high = (middle, high) if rate > nominal else (low, middle)
    return float(np.sqrt(low * high))


def _flat(height: float, paths: _Paths) -> Floats:
    """All four levels at one height times 1, 2, 3, 4: enough while only the lowest is looked for."""
    heights: Floats = np.array([1.0, 2.0, 3.0, 4.0])[:, None, None] * np.full(paths.score.shape[-1], height)
    return heights


def _level_ratios(paths: _Paths, height: float, promised: tuple[float, ...], k: float) -> Floats:
    """Heights of the four levels over the lowest: as many lamps rise above each in a series-year as promised."""
    _, tops = _counts(paths, np.array([1.0, 50.0, 50.0, 50.0])[:, None, None] * np.full(paths.score.shape[-1], height), k)
    years = float(paths.years.sum())
    highest = -np.sort(-tops)
    ratios = [1.0]
    for level in promised[1:]:
        place = min(int(level * years), len(highest) - 1)
        top = float(highest[place]) / height if len(highest) else 0.0
        ratios.append(max(top, ratios[-1] * 1.15))  # chosen by us: levels stay at least 15 % apart when calm paths are too few to tell them apart
    return np.array(ratios)


def _own(paths: _Paths, pooled: float, nominal: float, k: float, *, known: Floats) -> Floats:
    """Each series' own threshold, mixed with the pooled one on the logarithm by how many calm periods it has."""
    excess = np.empty((len(FACTORS), paths.score.shape[-1]))
    for i, factor in enumerate(FACTORS):
        rows = _counts(paths, _flat(pooled * factor, paths), k)[0]
        excess[i] = np.log((rows + 0.5) / np.maximum(paths.years, 1e-9) / nominal)
    excess = np.minimum.accumulate(excess, axis=0)
    own = np.array([np.interp(0.0, -excess[:, i], np.log(FACTORS)) for i in range(excess.shape[1])])
    share = known / (known + OWN_WEIGHT)
    return pooled * np.exp(share * own)
