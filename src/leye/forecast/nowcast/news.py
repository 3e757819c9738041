"""News between two vintages of a nowcast: weight times surprise of each release, summing to the change exactly.

Given its parameters the nowcast is linear in the data, and a value that comes as it was expected moves nothing (Bańbura and Modugno 2014, J. Applied
Econometrics 29(1), section 2.3). So new cells are first filled with what was expected of them, then replaced release by release; revised cells
likewise. What other parameters alone would change is `model`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from leye.forecast.arrays import Floats
from leye.forecast.news import NEWS
from leye.forecast.news_vintages import align
from leye.forecast.nowcast.factors import smooth
from leye.forecast.nowcast.mixed import Mixed, mixed_of, month_at, relaid
from leye.forecast.nowcast.model import Fitted, fit, levels, open_quarters
from leye.forecast.nowcast.run import central

Effect = tuple[str, str | None, date | None, float | None, float | None, Floats]
"""kind, release, period, figure expected or known before, figure now, (open quarters,) effect on the working scale."""


def nowcast_news(old: pl.DataFrame, new: pl.DataFrame, targets: Sequence[str], *, ahead: int = 1) -> pl.DataFrame:
    """As `leye.forecast.news.NEWS`, for every quarter that both vintages had to nowcast. old, new: `unique_id, ds, y`.

    A target that falls back in the new vintage has one effect, of the model. Raises BadInput: as `read_mixed`, and E_NEWS_ORDER.
    """
    v = align(old, new, None)
    now = mixed_of(v.new, targets, ahead=ahead)
    before = relaid(v.old, now)
    with threadpool_limits(1, user_api="blas"):
        fitted, then = fit(now), fit(before)
        rows = [row for j in range(len(targets)) for row in _rows_of(now, before, fitted, then, j)]
    return pl.DataFrame(rows, schema=NEWS, orient="row").sort("unique_id", "ds", maintain_order=True)


def _rows_of(now: Mixed, before: Mixed, fitted: Fitted, then: Fitted, target: int) -> list[tuple[object, ...]]:
    x_after, code = central(now, fitted, target)
    said, _ = central(before, then, target)
    ahead, earlier = open_quarters(now, target), open_quarters(before, target)
    x_before = said[[q - earlier.start for q in ahead]] if ahead and ahead.start >= earlier.start else np.full(len(ahead), np.nan)
    effects = _effects(now, before, fitted, target) if code is None and np.isfinite(x_before).all() else []
    rest = x_after - x_before - sum((e[-1] for e in effects), start=np.zeros(len(ahead)))
    back = np.exp if now.log_targets[target] else np.asarray
    y_after, y_before = back(x_after), back(x_before)
    step = x_after - x_before
    slope = y_after if now.log_targets[target] else np.ones_like(step)
    per_unit = np.where(np.abs(step) > 1e-12, (y_after - y_before) / np.where(np.abs(step) > 1e-12, step, 1.0), slope)
    out: list[tuple[object, ...]] = []
    for i, q in enumerate(ahead):
        if not (np.isfinite(x_before[i]) and np.isfinite(x_after[i])):
            continue
        ends = (float(y_before[i]), float(y_after[i]))
        key = (now.target_ids[target], now.day(target, q))
        out += [(*key, *e[:-1], float(e[-1][i] * per_unit[i]), *ends) for e in effects if e[-1][i] != 0.0]
        left = ends[1] - ends[0] - sum(float(e[-1][i] * per_unit[i]) for e in effects)
        out.append((*key, "model", None, None, None, None, left if abs(rest[i]) > 0 or left else 0.0, *ends))
    return out


def _effects(now: Mixed, before: Mixed, fitted: Fitted, target: int) -> list[Effect]:
    """Effects of indicators, then of the target's own figures; all with the parameters of the new vintage."""
    z0, z1 = fitted.standard(before), fitted.standard(now)
    start = replace(now, targets=before.targets)
    ahead = open_quarters(now, target)
    skip = ahead.start - open_quarters(start, target).start
    k0, k1 = np.isfinite(z0), np.isfinite(z1)
    both = np.where(k0 & k1, z1, np.nan)
    expected = _expected(fitted, both)
    revised = np.where(k0, np.where(k1, z1, expected), np.nan)
    filled = np.where(k1, np.where(k0, z1, expected), np.nan)
    ids = [uid for uid, used in zip(now.ids, fitted.rows, strict=True) if used]
    out: list[Effect] = []
    for kind, base, goal in (("revision", z0, revised), ("new", filled, z1)):
        for row, effect in _row_effects(fitted, start, target, base, goal):
            figures = _figures(now, before, fitted, ids[row], kind, expected[row])
            out.append((kind, ids[row], *figures, effect[skip:]))
    return out + _own(now, before, fitted, target, z1, skip)


def _row_effects(fitted: Fitted, mixed: Mixed, target: int, base: Floats, goal: Floats) -> list[tuple[int, Floats]]:
    """(row, (open quarters,) effect of bringing that row from base to goal), rows that differ; all at once, since the nowcast is linear."""
    same = (base == goal) | (np.isnan(base) & np.isnan(goal))
    rows = np.flatnonzero(~same.all(axis=1))
    sets = np.repeat(base[:, :, None], len(rows) + 1, axis=2)
    for k, row in enumerate(rows):
        sets[row, :, k + 1] = goal[row]
    said = levels(fitted, mixed, target, sets)
    return [(int(row), said[:, k + 1] - said[:, 0]) for k, row in enumerate(rows)]


def _own(now: Mixed, before: Mixed, fitted: Fitted, target: int, z: Floats, skip: int) -> list[Effect]:
    """The effect of the target's own figures: a quarter that came out, or one that was revised."""
    old, new = before.targets[target], now.targets[target]
    same = (old == new) | (np.isnan(old) & np.isnan(new))
    if same.all():
        return []
    start = replace(now, targets=before.targets)
    was, said = (levels(fitted, mixed, target, z[:, :, None])[:, 0] for mixed in (start, now))
    uid, back = now.target_ids[target], np.exp if now.log_targets[target] else float
    came = np.flatnonzero(np.isfinite(new) & np.isnan(old))
    quarter = int(came[-1]) if len(came) else int(np.flatnonzero(~same)[-1])
    first = open_quarters(start, target).start
    foreseen = was[quarter - first] if quarter >= first else old[quarter]
    figures = tuple(float(back(v)) if np.isfinite(v) else None for v in (foreseen, new[quarter]))
    kind = "new" if len(came) else "revision"
    return [(kind, uid, now.day(target, quarter), figures[0], figures[1], said - was[skip:])]


def _expected(fitted: Fitted, z: Floats) -> Floats:
    """(n, T) what the factors say of every cell, known or not."""
    assert fitted.factors is not None
    found: Floats = fitted.factors.loading @ smooth(fitted.factors, z[:, :, None])[:, :, 0]
    return found


def _figures(now: Mixed, before: Mixed, fitted: Fitted, uid: str, kind: str, expected: Floats) -> tuple[date | None, float | None, float | None]:
    """(period, figure before or expected, figure now) of the newest month that came, or of the one revised most."""
    assert fitted.factors is not None
    row = now.ids.index(uid)
    used = int(fitted.rows[:row].sum())
    old, new = before.indicators[row], now.indicators[row]
    back = np.exp if now.log_indicators[row] else float
    if kind == "revision":
        gap = np.where(np.isfinite(old) & np.isfinite(new), np.abs(new - old), 0.0)
        at = int(np.argmax(gap))
        figures = (old[at], new[at])
    else:
        came = np.flatnonzero(np.isfinite(new) & np.isnan(old))
        if not len(came):
            return None, None, None
        at, lag = int(came[-1]), 1 if now.lag == 1 else 12
        changes = fitted.factors.centre[used] + fitted.factors.unit[used] * expected
        foreseen = new[at - lag] + changes[at] if at >= lag else np.nan
        figures = (foreseen, new[at])
    shown = [float(back(v)) if np.isfinite(v) else None for v in figures]
    return month_at(now.first, at), shown[0], shown[1]
