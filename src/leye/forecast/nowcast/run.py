"""`nowcast`: quarterly targets out of ragged monthly indicators, with intervals from the same raggedness in the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from leye.forecast.arrays import Floats
from leye.forecast.nowcast.mixed import MONTHS_OF_QUARTER, Mixed, month_at, read_mixed
from leye.forecast.nowcast.model import LEAST_MONTHS, Fitted, fit, levels, open_quarters, stepped_back

PAST, LEAST_PAST, LEARN_FROM = 40, 12, 32
"""Past quarters behind an interval, the fewest that are enough, and quarters of history that even the oldest of them is fitted on."""
UNSURE = 0.05
"""Width on the working scale where nothing at all is known of a target's movement. # chosen by us: five per cent"""
TEXTS = {
    "all_missing": ("没有任何数值，无从推算。", "no value at all: nothing to nowcast from."),
    "constant": ("数值从未变化，沿用该值。", "the value never changed: it is carried on."),
    "short": (
        "季度历史太短，不足以估计，沿用最近一季（有季节的沿用去年同季）。",
        "too few quarters for a bridge: the last one, or last year's where there is a season, is carried on.",
    ),
    "indicators": (
        "可用的月度指标太少，沿用最近一季（有季节的沿用去年同季）。",
        "too few monthly indicators: the last quarter, or last year's where there is a season, is carried on.",
    ),
}
"""Code to Chinese and English sentence."""


@dataclass(frozen=True, slots=True)
class Nowcast:
    """table: `unique_id, ds, kind (backcast, nowcast, forecast), mean, lo-80, hi-80, …, method (factors or fallback), fallback, fallback_zh`, a row
    for every quarter of a target from the first unknown one · indicators: `unique_id, last, is_used`, the monthly series and their newest month."""

    table: pl.DataFrame
    indicators: pl.DataFrame


def nowcast(
    panel: pl.DataFrame, targets: Sequence[str], *, origin: date | None = None, ahead: int = 1, levels_pct: Sequence[int] = (80, 95)
) -> Nowcast:
    """Nowcast quarterly `targets` of `panel` (`unique_id, ds, y`, monthly and quarterly series together), to `ahead` quarters after the newest month.

    Rows after `origin` are not read. Raises BadInput: as `read_mixed`.
    """
    mixed = read_mixed(panel, targets, origin=origin, ahead=ahead)
    with threadpool_limits(1, user_api="blas"):
        fitted = fit(mixed)
        errors = past_errors(mixed, fitted)
        rows = [row for j in range(len(mixed.target_ids)) for row in _rows(mixed, fitted, j, errors[j], levels_pct)]
    bands = [f"{side}-{level}" for level in levels_pct for side in ("lo", "hi")]
    schema: dict[str, pl.DataType] = {"unique_id": pl.String(), "ds": pl.Date(), "kind": pl.String(), "mean": pl.Float64()}
    schema |= {name: pl.Float64() for name in bands} | {name: pl.String() for name in ("method", "fallback", "fallback_zh")}
    return Nowcast(pl.DataFrame(rows, schema=schema, orient="row").sort("unique_id", "ds"), _indicators(mixed, fitted))


def central(mixed: Mixed, fitted: Fitted, target: int) -> tuple[Floats, str | None]:
    """((open quarters,) working-scale levels, code of the fallback or None)."""
    code = fallback_of(mixed, fitted, target)
    if code is None:
        return levels(fitted, mixed, target, fitted.standard(mixed)[:, :, None])[:, 0], None
    ahead, level = open_quarters(mixed, target), mixed.targets[target].copy()
    for q in ahead:
        last = level[ahead.start - 1] if ahead.start else np.nan
        year_ago = level[q - 4] if mixed.lag == 4 and q >= 4 else np.nan
        level[q] = year_ago if np.isfinite(year_ago) else last
    return level[ahead.start :], code


def fallback_of(mixed: Mixed, fitted: Fitted, target: int) -> str | None:
    """Why a target has no nowcast of the model, or None."""
    seen = mixed.targets[target][np.isfinite(mixed.targets[target])]
    if not len(seen):
        return "all_missing"
    if len(seen) >= 3 and (seen == seen[0]).all():
        return "constant"
    if fitted.bridges[target] is not None:
        return None
    return "indicators" if fitted.factors is None else "short"


def past_errors(mixed: Mixed, fitted: Fitted) -> list[Floats]:
    """One (past quarters, open quarters) of absolute working-scale errors a target, newest first; NaN where the truth is not known yet.

    At each past quarter everything is fitted anew on what was known with the raggedness of today, so nothing later leaks into an error.
    """
    quarters = mixed.targets.shape[1]
    steps = range(1, min(PAST, quarters - LEARN_FROM) + 1)
    found: list[list[Floats]] = [[] for _ in mixed.target_ids]
    with_model = [j for j in range(len(mixed.target_ids)) if fallback_of(mixed, fitted, j) is None]
    for back in steps if with_model else ():
        then = stepped_back(mixed, back)
        refitted = fit(then)
        for j in with_model:
            if refitted.bridges[j] is None:
                continue
            said = central(then, refitted, j)[0]
            start = open_quarters(then, j).start
            found[j].append(np.abs(said - mixed.targets[j, start : start + len(said)]))
    wide = [len(open_quarters(mixed, j)) for j in range(len(found))]
    return [np.stack(rows) if rows else np.full((0, n), np.nan) for rows, n in zip(found, wide, strict=True)]


def half_width(errors: Floats, level: int) -> float:
    """The error that `level` % of the past stayed within, by rank among n + 1 (split conformal); a little over the greatest where n is too small."""
    ordered = np.sort(errors)
    rank = int(np.ceil((len(ordered) + 1) * level / 100))
    return float(ordered[rank - 1]) if rank <= len(ordered) else float(ordered[-1]) * 1.25


def _rows(mixed: Mixed, fitted: Fitted, target: int, errors: Floats, levels_pct: Sequence[int]) -> list[tuple[object, ...]]:
    said, code = central(mixed, fitted, target)
    ahead = open_quarters(mixed, target)
    now = int(np.flatnonzero(np.isfinite(mixed.indicators).any(axis=0))[-1]) // MONTHS_OF_QUARTER
    zh = TEXTS[code][0] if code else None
    out: list[tuple[object, ...]] = []
    floor = [0.0] * len(levels_pct)
    for i, q in enumerate(ahead if code != "all_missing" else ()):
        known = errors[np.isfinite(errors[:, i]), i] if i < errors.shape[1] else np.zeros(0)
        widths = [half_width(known, p) if len(known) >= LEAST_PAST else _typical(mixed, target, p) * (i + 1) ** 0.5 for p in levels_pct]
        floor = [max(a, b) for a, b in zip(floor, widths, strict=True)]  # what lies further ahead is never surer
        back = np.exp if mixed.log_targets[target] else float
        bands = [float(back(said[i] + side * w)) for w in floor for side in (-1, 1)]
        kind = "backcast" if q < now else "nowcast" if q == now else "forecast"
        method = "fallback" if code else "factors"
        out.append((mixed.target_ids[target], mixed.day(target, q), kind, float(back(said[i])), *bands, method, code, zh))
    return out


def _typical(mixed: Mixed, target: int, level: int) -> float:
    """A width from the target's own changes, for want of past nowcasts."""
    seen = np.abs(mixed.target_changes[target])
    seen = seen[np.isfinite(seen)]
    return half_width(seen, level) if len(seen) >= 4 and seen.any() else UNSURE * level / 80


def _indicators(mixed: Mixed, fitted: Fitted) -> pl.DataFrame:
    known = np.isfinite(mixed.indicators)
    last = [month_at(mixed.first, int(np.flatnonzero(row)[-1])) if row.any() else None for row in known]
    rows = list(zip(mixed.ids, last, fitted.rows.tolist(), strict=True))
    return pl.DataFrame(rows, schema={"unique_id": pl.String(), "last": pl.Date(), "is_used": pl.Boolean()}, orient="row")


__all__ = ["LEAST_MONTHS", "Nowcast", "central", "half_width", "nowcast", "past_errors"]
