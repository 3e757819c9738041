"""What each forecast is made of, in units of y, summing to the forecast exactly.

On the working scale a forecast is base + sum of terms (lag inputs times their coefficients, weighted over models). A term's value in units of y
is its working-scale size times the logarithmic mean (y1 - y0) / (x1 - x0) of the step from base to forecast (the additive LMDI of Ang 2005),
so that the values sum to y1 - y0 without a remainder.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from leye.forecast.arrays import Bools, Floats
from leye.forecast.engine import Fitted
from leye.forecast.panel import Panel

TERMS: tuple[str, ...] = (
    "base",
    "growth",
    "lags_recent",
    "lags_year",
    "lags_before",
    "above",
    "total",
    "shape",
    "level",
    "trend",
    "pool",
    "others",
    "reconciliation",
)
"""Order in which terms are written."""


def term_names(step_unit: str, season: int) -> dict[str, str]:
    """Chinese name of each term, in the panel's own periods."""
    named = {"month": "个月", "quarter": "个季度", "half": "个半年", "year": "年", "day": "天", "business": "个工作日"}
    period = named.get(step_unit, "周" if season == 52 else "期")
    recent = min(3, season)
    return {
        "base": "去年同期水平",
        "growth": "当前同比增势",
        "lags_recent": f"近1–{recent}{period}变化",
        "lags_year": f"近4–{season}{period}变化",
        "lags_before": f"{season + 1}{period}前以来变化",
        "above": "上级序列走势",
        "total": "总体走势",
        "shape": "季节形态",
        "level": "平滑掉的短期波动",
        "trend": "长期趋势",
        "pool": "各序列共同的常数项",
        "others": "其他模型的份额",
        "reconciliation": "与上下级求和一致的调整",
    }


LAST_LEVEL = "最近一期水平"
NO_LEVEL = "没有自己的数值"


def contributions(panel: Panel, values: Floats, *, base_zh: Sequence[str], horizon: int) -> pl.DataFrame:
    """`unique_id, ds, term, term_zh, value` from `values` (n, H, len(TERMS)); series with NaN have no rows. base_zh: n names of the base."""
    names = term_names(panel.step.unit, panel.step.season)
    row, column, term = np.nonzero(np.isfinite(values.sum(axis=-1))[:, :, None] & _present(values))
    spoken = np.where(term == 0, np.array(base_zh)[row], np.array([names[t] for t in TERMS])[term])
    return pl.DataFrame(
        {
            "unique_id": np.array(panel.ids)[row],
            "ds": pl.Series(panel.future(horizon))[column],
            "term": np.array(TERMS)[term],
            "term_zh": spoken,
            "value": values[row, column, term],
        }
    )


def term_values(fitted: Fitted, mean: Floats) -> Floats:
    """(n, H, len(TERMS)) values in units of y; the last one is what reconciliation and clipping changed."""
    terms = working_terms(fitted)
    start, end = fitted.base, fitted.x
    y_start, y_end = fitted.scale.back(start), fitted.scale.back(end)
    step = end - start
    slope = np.stack([fitted.scale.slope(y_start[:, h]) for h in range(mean.shape[1])], axis=1)
    per_unit = np.where(np.abs(step) > 1e-12, (y_end - y_start) / np.where(np.abs(step) > 1e-12, step, 1.0), slope)
    values: Floats = terms * per_unit[:, :, None]
    values[:, :, 0] = y_start
    values[:, :, -1] = 0.0
    values[:, :, -1] = mean - values.sum(axis=-1)
    return values


def working_terms(fitted: Fitted) -> Floats:
    """(n, H, len(TERMS)) terms on the working scale; base and reconciliation are left 0, the rest sum to forecast less base."""
    n, horizon = fitted.x.shape
    out = np.zeros((n, horizon, len(TERMS)))
    parent = fitted.tree.parent
    is_root, under_root = parent < 0, (parent >= 0) & (parent == fitted.tree.roots)
    for candidate, weight in zip(fitted.candidates, fitted.weights, strict=True):
        if candidate.parts is None:
            continue
        told = np.where(fitted.from_season == (candidate.start == "season"), weight, 0.0)
        for g, group in enumerate(candidate.groups):
            for rows, term in _homes(group, is_root, under_root, fitted.season):
                out[:, :, TERMS.index(term)] += np.where(rows, told, 0.0)[:, None] * candidate.parts[:, :, g]
    others = TERMS.index("others")
    out[:, :, others] = (fitted.x - fitted.base) - out.sum(axis=-1)
    return out


def _homes(group: str, is_root: Bools, under_root: Bools, season: int) -> list[tuple[Bools, str]]:
    """Which rows' term a group of inputs belongs to: above a root there is only the root itself, so its inputs are own lags."""
    everywhere = np.ones(len(is_root), dtype=bool)
    kind, _, lag = group.partition(":")
    if kind in ("now", "growth"):
        return [(everywhere, "growth")]
    if kind in ("shape", "pool", "level", "trend"):
        return [(everywhere, kind)]
    if kind == "pattern":
        return [(everywhere, "shape")]
    own = "lags_recent" if int(lag) <= 3 else ("lags_year" if int(lag) <= season else "lags_before")
    if kind == "own":
        return [(everywhere, own)]
    if kind == "up":
        return [(is_root, own), (~is_root, "above")]
    if kind == "factor":
        return [(everywhere, "total")]
    return [(is_root, own), (under_root, "above"), (~is_root & ~under_root, "total")]


def _present(values: Floats) -> Bools:
    """Terms worth a row: the base always, others where they are not exactly zero."""
    present: Bools = values != 0.0
    present[:, :, 0] = True
    return present


def largest(values: Sequence[tuple[str, float]], count: int) -> list[tuple[str, float]]:
    """The `count` terms of greatest size, base left out, greatest first; ties keep the order of TERMS."""
    return sorted((v for v in values if v[0] != "base"), key=lambda v: (-abs(v[1]), TERMS.index(v[0])))[:count]
