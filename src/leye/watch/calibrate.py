"""Thresholds that keep a promised false-alarm rate: the whole machine is run over block-bootstrapped calm paths of the calibration misses.

Blocks keep serial dependence, one set of time blocks for all series keeps what they have in common, and each path is scored with a scale
learned on its own first part, as real data after the calibration date are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.watch.discovery import CalmHeights, calm_heights
from leye.watch.fusion import Fusion, fuse
from leye.watch.grid import Bools, Floats, Ints
from leye.watch.machine import Machine
from leye.watch.order import center_and_spread
from leye.watch.score import CLIP, SCALE_WINDOW, is_wandering, moving_scale, slack, standard_scores

LEVELS = ("blue", "yellow", "orange", "red")
LEVEL_RATES = (0.5, 0.25, 0.1, 0.04)  # false alarms a series-year: at most 1 in 2, 4, 10, 25 years
PATH = 120  # periods of a bootstrapped path that are watched
CELLS = 6_000  # paths × series of one bootstrap: about the size at which rates settle to a few percent
BLOCK, SHORTEST_BLOCK = 24, 8  # periods; chosen by us: a level that returns to its mean needs about ten periods to do so
FEW = 36  # periods; chosen by us: up to here every block comes from any series, since a dozen values of its own say little about a series' tails
SLOW_SCALE = 12  # periods between updates of the scale along a path: as good as every third here, at a quarter of the time
LONGEST = 180  # periods; chosen by us: fifteen years; older ones say little about how smooth a series is today
MOST_SERIES = 2_000  # series that take part in the bootstrap
OWN_WEIGHT = 480  # periods; a series with forty calm years would have as much say in its threshold as the panel (docs/models/watch.md)
SURE_ROWS = 40  # rows added to both sides of a comparison of counts: rows come in clusters, so few of them say little
FAR_APART = (1.0, 1.5, 2.0, 3.0)  # times the lowest threshold, while the levels are not known yet
OUT_OF_REACH = (1.0, 50.0, 50.0, 50.0)
LEAST_APART = 1.15  # chosen by us: when calm paths are too few to tell levels apart, each stands 15 % above the one below
FACTORS = np.array([0.55, 0.65, 0.75, 0.87, 1.0, 1.15, 1.33, 1.55, 1.8])


@dataclass(frozen=True, slots=True)
class Calibration:
    """threshold: (4, series) · promised: rate of each level a series-year, blue first · calm: heights of the sum on the calm paths."""

    threshold: Floats
    promised: tuple[float, ...]
    calm: CalmHeights


@dataclass(frozen=True, slots=True)
class _Paths:
    score: Floats  # (periods, paths, series)
    miss: Floats
    alpha: Floats  # (series,)
    years: Floats  # (series,) watched series-years
    learned: tuple[Floats, Floats]  # score and miss of the part that the scale was learned on


@dataclass(frozen=True, slots=True)
class Past:
    """What calibration knows, all of it (…, calm periods, series). raw: what is scored (score.raw_evidence) · miss: oriented innovations;
    both bad positive, evened out for the noise of a young season, NaN outside quiet times · others: (channels, …) scores beside the factor.
    """

    raw: Floats
    miss: Floats
    others: Floats

    def part(self, chosen: Ints) -> Past:
        """The same for some of the series."""
        return Past(self.raw[:, chosen], self.miss[:, chosen], self.others[:, :, chosen])


def calibrate(past: Past, fusion: Fusion, alpha: Floats, grainy: Bools, *, per_year: int, nominal: float, seed: int) -> Calibration:
    """Thresholds of all series for `nominal` rows (onsets, rises, re-alarms) a series-year of calm data.

    grainy: (series,) whether values often repeat, as small counts do.
    """
    promised = tuple(nominal * rate / LEVEL_RATES[0] for rate in LEVEL_RATES)
    chosen = np.unique(np.linspace(0, past.miss.shape[1] - 1, min(past.miss.shape[1], MOST_SERIES)).astype(int))
    part, some = fusion.part(chosen), past.part(chosen)
    kinds = np.where(is_wandering(alpha[chosen]), 1, 0) + np.where(grainy[chosen], 2, 0)
    paths = _paths(some, part, alpha[chosen], kinds, per_year=per_year, seed=seed)
    one = np.ones(len(chosen))
    height = _solve(paths, np.outer(FAR_APART, one), nominal, low=0.5, high=60.0)
    ratios = _level_ratios(paths, height, promised)
    target = nominal / _dependence(paths, some, part, height * np.outer(ratios, one))
    own = _own(paths, np.outer(ratios, one) * height, nominal, known=(~np.isnan(some.miss)).sum(axis=0))
    height = _solve(paths, np.outer(ratios, own), target, low=height / 3, high=height * 2)
    everyone = np.ones(past.miss.shape[1])
    everyone[chosen] = own
    calm = calm_heights(paths.score, height * own, slack(paths.alpha), is_wandering(paths.alpha))
    return Calibration(height * np.outer(ratios, everyone), promised, calm)


def _paths(past: Past, fusion: Fusion, alpha: Floats, kinds: Ints, *, per_year: int, seed: int) -> _Paths:
    dice = np.random.default_rng(seed)
    miss = past.miss
    rows = np.flatnonzero((~np.isnan(miss)).any(axis=1))
    start = max(int(rows[0]) if len(rows) else 0, len(miss) - LONGEST)
    calm = miss[start:]
    block = min(max(len(calm) // 2, SHORTEST_BLOCK), BLOCK, len(calm))
    learning = min(len(calm), SCALE_WINDOW)
    count = int(np.clip(CELLS // max(miss.shape[1], 1), 8, 400))
    blocks = -(-(learning + PATH) // block)
    begin = dice.integers(0, len(calm), size=(blocks, count))
    index = ((begin[:, None, :] + np.arange(block)[None, :, None]) % len(calm)).reshape(-1, count)
    order = _trades(index, block, kinds, min(1.0, FEW / len(calm)), dice)
    raw, e = (_drawn(_in_units(table[start:]), index, order)[: learning + PATH] for table in (past.raw, miss))
    others = np.stack([_drawn(c[start:], index, order)[: learning + PATH] for c in past.others]) if len(past.others) else np.empty((0, *e.shape))
    z = standard_scores(raw, moving_scale(raw, learning, every=SLOW_SCALE), alpha)
    score = np.stack([fuse(row, fusion, others[:, t])[0] for t, row in enumerate(z)])
    years = (~np.isnan(score[learning:])).sum(axis=(0, 1)) / per_year
    return _Paths(score[learning:], e[learning:], alpha, years, (score[:learning], e[:learning]))


def _dependence(paths: _Paths, past: Past, fusion: Fusion, threshold: Floats) -> float:
    """Rows of the calibration periods themselves over those of as many bootstrapped periods, both scored in sample; 1 when the paths are faithful.

    Blocks cut long memory: misses that cancel over more than a block make the paths too lively, misses that add up make them too tame.
    SURE_ROWS are added to both, and the answer stays within half and twice.
    """
    last = -len(paths.learned[0])
    calm = past.miss[last:]
    raw = past.raw[last:]
    z = standard_scores(raw, center_and_spread(raw), paths.alpha)
    score = fuse(z, fusion, past.others[:, last:])[0][:, None, :]
    real = _Paths(score, calm[:, None, :], paths.alpha, paths.years, paths.learned)
    made = _Paths(*paths.learned, paths.alpha, paths.years, paths.learned)
    drawn = made.score.shape[1]
    ratio = (float(_counts(real, threshold)[0].sum()) + SURE_ROWS) / (float(_counts(made, threshold)[0].sum()) / drawn + SURE_ROWS)
    return float(np.clip(ratio, 0.5, 2.0))


def _in_units(calm: Floats) -> Floats:
    """Misses in units of each series' typical size."""
    center, spread = center_and_spread(calm)
    wide = np.clip(calm - center, -CLIP * spread, CLIP * spread)
    size = np.sqrt(np.where(np.isnan(wide), 0.0, wide**2).sum(axis=0) / np.maximum((~np.isnan(wide)).sum(axis=0), 1))
    return calm / np.where(size > 0, size, 1.0)


def _trades(index: Ints, block: int, kinds: Ints, share: float, dice: np.random.Generator) -> Ints:
    """(blocks, paths, series) whose values each series gets: of `share` of the blocks those of another series of its kind, else its own.

    A trade is one permutation within the kinds for one block of one path, so what the series have in common at a time stays together.
    """
    alike = [np.flatnonzero(kinds == kind) for kind in np.unique(kinds)]
    order = np.tile(np.arange(len(kinds)), (-(-len(index) // block), index.shape[1], 1))
    for b, path in np.ndindex(order.shape[:2]):
        if dice.random() < share:
            for members in alike:
                order[b, path, members] = dice.permutation(members)
    return np.repeat(order, block, axis=0)[: len(index)]


def _drawn(table: Floats, index: Ints, order: Ints) -> Floats:
    """(periods, paths, series) of a (periods, series) table."""
    drawn: Floats = table[index[:, :, None], order]
    return drawn


def _counts(paths: _Paths, threshold: Floats) -> tuple[Floats, Floats]:
    """(series,) onsets and re-alarms, and of every lamp's life the highest D, as a flat array."""
    shape = paths.score.shape[1:]
    height, alpha = np.broadcast_to(threshold[:, None, :], (4, *shape)), np.broadcast_to(paths.alpha, shape)
    machine = Machine(height, alpha, slack(paths.alpha), wanders=is_wandering(paths.alpha))
    rows, top = np.zeros(shape), np.zeros(shape)
    tops: list[Floats] = []
    for score, miss in zip(paths.score, paths.miss, strict=True):
        was_lit = machine.lit
        _, counted = machine.step(score, miss)
        rows += counted
        tops.append(top[was_lit & ~machine.lit])
        top = np.where(machine.lit, np.where(was_lit, np.maximum(top, machine.d), machine.d), 0.0)
    tops.append(top[machine.lit])
    total: Floats = rows.sum(axis=0)
    return total, np.concatenate(tops)


def _solve(paths: _Paths, shape: Floats, nominal: float, *, low: float, high: float) -> float:
    """The factor on `shape` (4, series) at which the panel's mean rate is `nominal`; bisection on the logarithm."""
    years = max(float(paths.years.sum()), 1e-9)
    while high / low > 1.01:
        middle = float(np.sqrt(low * high))
        rate = float(_counts(paths, middle * shape)[0].sum()) / years
        low, high = (middle, high) if rate > nominal else (low, middle)
    return float(np.sqrt(low * high))


def _level_ratios(paths: _Paths, height: float, promised: tuple[float, ...]) -> Floats:
    """Heights of the four levels over the lowest: as many lamps rise above each in a series-year as promised."""
    _, tops = _counts(paths, height * np.outer(OUT_OF_REACH, np.ones(paths.score.shape[-1])))
    years = float(paths.years.sum())
    highest = -np.sort(-tops)
    ratios = [1.0]
    for level in promised[1:]:
        place = min(int(level * years), len(highest) - 1)
        top = float(highest[place]) / height if len(highest) else 0.0
        ratios.append(max(top, ratios[-1] * LEAST_APART))
    return np.array(ratios)


def _own(paths: _Paths, threshold: Floats, nominal: float, *, known: Ints) -> Floats:
    """Each series' own factor on the panel's threshold, mixed with 1 on the logarithm by how many calm periods it has."""
    excess = np.empty((len(FACTORS), paths.score.shape[-1]))
    for i, factor in enumerate(FACTORS):
        rows = _counts(paths, threshold * factor)[0]
        excess[i] = np.log((rows + 0.5) / np.maximum(paths.years, 1e-9) / nominal)
    excess = np.minimum.accumulate(excess, axis=0)
    own = np.array([np.interp(0.0, -excess[:, i], np.log(FACTORS)) for i in range(excess.shape[1])])
    mixed: Floats = np.exp(known / (known + OWN_WEIGHT) * own)
    return mixed
