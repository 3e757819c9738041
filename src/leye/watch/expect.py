"""What a period was expected to be, from earlier periods only: logarithm, season, drift and a smoothed level; and by how much it missed.

L = log y; s(t) = trimmed mean over the last six years of (L - centred yearly mean) at the same season, all of it at least half a year old;
x = L - s; e(t) = x(t) - level(t-1) - drift(t); level(t) = level(t-1) + drift(t) + alpha e(t). Our own one-sided form of the classical
decomposition followed by simple exponential smoothing with drift; argued in docs/models/watch.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.watch.grid import Bools, Floats, Grid
from leye.watch.order import median, trimmed_mean

YEARS_OF_SEASON = 6  # chosen by us: six same-month values, two trimmed, follow a changing season and survive one odd year
DRIFT_LAG = 3  # periods; as for the score scales: a turn that has just begun must not become the expectation
DRIFT_YEARS = 3  # median of three: of 1, 2, 3, 5 and 8 the one with most found at equal false alarms (docs/models/watch.md)
ALPHAS = (0.1, 0.2, 0.35, 0.5, 0.7, 1.0)  # chosen by us: 1 is a random walk, 0.1 a level that hardly moves
POOL_WEIGHT = 12  # periods; chosen by us: after one year of its own a series has as much say in its alpha as the panel


@dataclass(frozen=True, slots=True)
class Expected:
    """x: (periods, series) log level without season · e: its innovations, NaN where there is no expectation · alpha: (series,) ·
    noise: (periods, series) how much wider e is than with a perfectly known season · drift: (periods, series) usual growth a period ·
    joined: January and February as one.
    """

    x: Floats
    e: Floats
    alpha: Floats
    noise: Floats
    drift: Floats
    joined: bool


def log_level(y: Floats, calm: int) -> Floats:
    """Logarithm of each series, made safe by what its calibration data look like.

    All positive there: log, with later zeros read as half of the smallest value seen. Some zeros: log(y + a tenth of the mean, at least 1 where
    the values are counts). Negative values: asinh(y / typical size), which is linear near zero and a logarithm far away.
    """
    past = y[:calm]
    known = ~np.isnan(past)
    low = np.where(known, past, np.inf).min(axis=0)
    size = np.where(known, np.abs(past), 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    size = np.where(size > 0, size, 1.0)
    counts = (np.where(known, past, 0.0) % 1 == 0).all(axis=0)
    offset = np.where(low > 0, 0.0, np.where(counts, np.maximum(size / 10, 1.0), size / 10))
    floor = np.where(low > 0, low / 2, offset)
    safe = np.maximum(np.where(np.isnan(y), 1.0, y) + offset, np.where(low < 0, 1.0, floor))
    with_log = np.log(safe)
    return np.where(np.isnan(y), np.nan, np.where(low < 0, np.arcsinh(np.where(np.isnan(y), 0.0, y) / size), with_log))


def join_spring_festival(log_y: Floats, grid: Grid) -> tuple[Floats, Bools]:
    """January and February as one figure, since the lunar new year moves between them. Monthly grids.

    Both months carry the mean of the two; the January is not scored (second value: (periods,) False), because in January only half is known.
    A year with one of the two missing is missing.
    """
    joined, scored = log_y.copy(), np.ones(len(log_y), dtype=bool)
    for t in np.flatnonzero(grid.months == 1):
        scored[t] = False
        if t + 1 < len(log_y):
            joined[t : t + 2] = (log_y[t] + log_y[t + 1]) / 2
        else:
            joined[t] = np.nan
    if len(log_y) and grid.months[0] == 2:
        joined[0] = np.nan
    return joined, scored


def season_so_far(log_y: Floats, season: int) -> tuple[Floats, Floats]:
    """Seasonal offset of each period from earlier years only, NaN before the first is known (one and a half seasons); and the noise it adds.

    noise: sqrt(1 + 1/years), the standard deviation of a value less the mean of `years` others, over that of the value.
    """
    deviation = log_y - _yearly_mean(log_y, season)
    years = np.full((YEARS_OF_SEASON, *log_y.shape), np.nan)
    for j in range(YEARS_OF_SEASON):
        lag = season * (j + 1)
        years[j, lag:] = deviation[: max(len(log_y) - lag, 0)]
    known = (~np.isnan(years)).sum(axis=0)
    return trimmed_mean(years), np.sqrt(1 + 1 / np.maximum(known, 1))


def _yearly_mean(log_y: Floats, season: int) -> Floats:
    """Centred mean over one season (2 × season form when the season is even); NaN where over a third of it is missing or in the future."""
    half = season // 2
    total, weight = np.zeros_like(log_y), np.zeros_like(log_y)
    for k in range(-half, half + 1):
        w = 0.5 if season % 2 == 0 and abs(k) == half else 1.0
        shifted = _shift(log_y, -k)
        known = ~np.isnan(shifted)
        total += np.where(known, w * shifted, 0.0)
        weight += np.where(known, w, 0.0)
    complete = ~np.isnan(_shift_exists(len(log_y), half))[:, None]
    return np.where(complete & (weight >= season * 2 / 3), total / np.maximum(weight, 1e-9), np.nan)


def _shift_exists(periods: int, half: int) -> Floats:
    """NaN for periods whose window reaches beyond either end of the table."""
    inside = np.full(periods, np.nan)
    inside[half : max(periods - half, half)] = 0.0
    return inside


def _shift(table: Floats, lag: int) -> Floats:
    """Rows moved down by `lag` (up when negative), NaN moved in."""
    moved = np.full_like(table, np.nan)
    if lag >= 0:
        moved[lag:] = table[: len(table) - lag] if lag < len(table) else table[:0]
    else:
        moved[: max(len(table) + lag, 0)] = table[-lag:]
    return moved


def drift_so_far(x: Floats, per_year: int) -> Floats:
    """Usual growth a period: median of the last three yearly changes, three periods old, shrunk to 0 while few years are known."""
    x = carried_on(x)
    changes = np.full((DRIFT_YEARS, *x.shape), np.nan)
    for j in range(DRIFT_YEARS):
        changes[j] = _shift(x, DRIFT_LAG + j * per_year) - _shift(x, DRIFT_LAG + (j + 1) * per_year)
    known = (~np.isnan(changes)).sum(axis=0)
    return np.where(known > 0, np.nan_to_num(median(changes)) / per_year * known / (known + 2), 0.0)


def carried_on(x: Floats) -> Floats:
    """Gaps filled with the last value before them."""
    filled = x.copy()
    for t in range(1, len(x)):
        filled[t] = np.where(np.isnan(x[t]), filled[t - 1], x[t])
    return filled


def innovations(x: Floats, drift: Floats, alpha: Floats) -> Floats:
    """e(t) for smoothing weights alpha, shape (..., series) broadcast against the series; missing periods carry the level on with the drift."""
    e = np.full((len(x), *np.broadcast_shapes(alpha.shape, x.shape[1:])), np.nan)
    level = np.full(e.shape[1:], np.nan)
    for t in range(len(x)):
        ahead = level + drift[t]
        e[t] = x[t] - ahead
        level = np.where(np.isnan(x[t]), ahead, np.where(np.isnan(level), x[t], ahead + alpha * np.nan_to_num(e[t])))
    return e


def learn_alpha(x: Floats, drift: Floats) -> Floats:
    """(series,) smoothing weight with the smallest typical miss in calibration, own and panel-wide evidence mixed."""
    grid = np.repeat(np.array(ALPHAS)[:, None], x.shape[1], axis=1)
    e = np.abs(innovations(x, drift, grid))
    loss = np.log(np.maximum(median(np.minimum(e, 10.0)) + _mean(e), 1e-12))
    count = (~np.isnan(e)).sum(axis=0)
    own = np.where(count >= 6, loss - loss[-1], 0.0)
    pooled = own.mean(axis=1, keepdims=True)
    weight = count / (count + POOL_WEIGHT)
    chosen: Floats = np.array(ALPHAS)[np.argmin(weight * own + (1 - weight) * pooled, axis=0)]
    return chosen


def _mean(e: Floats) -> Floats:
    known = ~np.isnan(e)
    mean: Floats = np.where(known, e, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return mean


def spliced(log_y: Floats, breaks: Bools, season: int) -> Floats:
    """Series with the steps between definitions taken out: later values are moved so that the first period of a new definition goes on as before.

    The step is the change into that period less the same change one season earlier (`season` 0: less nothing), both known on that day.
    """
    out = log_y.copy()
    for t, i in np.argwhere(breaks):
        step = out[t, i] - out[t - 1, i]
        usual = out[t - season, i] - out[t - 1 - season, i] if 0 < season < t else 0.0
        out[t:, i] -= step - (usual if np.isfinite(usual) else 0.0) if np.isfinite(step) else 0.0
    return out


def expect(grid: Grid, *, seasonal: bool, joined: bool, breaks: Bools | None = None) -> Expected:
    """Expectations of a whole grid; every row of the result depends on that period and earlier ones (and on calibration choices) only.

    breaks: (periods, series) first period of a new definition; it is not scored.
    """
    log_y = log_level(grid.y, grid.calm)
    if breaks is not None and breaks.any():
        log_y = spliced(log_y, breaks, grid.step.season if seasonal else 0)
    scored = np.ones(len(log_y), dtype=bool)
    if joined:
        log_y, scored = join_spring_festival(log_y, grid)
    season, noise = season_so_far(log_y, grid.step.season) if seasonal else (np.zeros_like(log_y), np.ones_like(log_y))
    x = log_y - season
    x[~scored] = np.nan
    drift = drift_so_far(x, grid.step.per_year if grid.step.name != "daily" else 28)
    alpha = learn_alpha(x[: grid.calm], drift[: grid.calm])
    e = innovations(x, drift, alpha)
    if breaks is not None:
        e[breaks] = np.nan
    return Expected(x, e, alpha, noise, drift, joined)
