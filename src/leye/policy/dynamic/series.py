"""The indicator as a rule sees it: one value a period, a ratio or a change where asked, unknown where a part is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from leye.kernel.errors import BadInput
from leye.policy.dynamic.rule import DynamicRule
from leye.policy.optimise.arrays import Floats


@dataclass(frozen=True, slots=True)
class Observed:
    """(periods,) ds in order · x: the indicator, NaN unknown · heads: who would be paid in the period, NaN unknown."""

    ds: pl.Series
    x: Floats
    heads: Floats


def observe(panel: pl.DataFrame, rule: DynamicRule) -> Observed:
    """panel: `unique_id, ds, y`. Raises BadInput (E_SERIES_UNKNOWN) naming near ids; periods without a row are there, as unknown."""
    wanted = [rule.indicator.series, rule.indicator.over, rule.cost.heads_series if rule.cost else ""]
    found = {name: _series(panel, name) for name in wanted if name}
    ds = _periods(found[rule.indicator.series]["ds"])
    x = _on(found[rule.indicator.series], ds)
    if rule.indicator.over:
        below = _on(found[rule.indicator.over], ds)
        x = np.divide(x, below, out=np.full(len(x), np.nan), where=below != 0)
    if rule.indicator.change == "year":
        x = _against_a_year_before(x, _per_year(ds))
    heads = np.zeros(len(ds))
    if rule.cost is not None:
        heads = _on(found[rule.cost.heads_series], ds) if rule.cost.heads_series else np.full(len(ds), rule.cost.heads)
        heads = heads * rule.cost.share
    return Observed(ds, x, heads)


def _series(panel: pl.DataFrame, name: str) -> pl.DataFrame:
    rows = panel.filter(pl.col("unique_id") == name).sort("ds")
    if rows.height == 0:
        near = panel["unique_id"].unique().sort().to_list()
        shown = [n for n in near if n.split("/")[0] == name.split("/")[0]][:5] or near[:5]
        raise BadInput(
            f"面板里没有序列“{name}”",
            en=f"the panel has no series {name!r}",
            remedy_zh=f"面板里有：{'、'.join(shown)}",
            remedy_en=f"the panel has: {', '.join(shown)}",
            code="E_SERIES_UNKNOWN",
        )
    return rows


def _per_year(ds: pl.Series) -> int:
    gap = float(np.median(np.diff(ds.to_numpy().astype("datetime64[D]").astype(np.int64)))) if len(ds) > 1 else 30.0
    return 12 if 26 <= gap <= 33 else 4 if 80 <= gap <= 100 else 52 if 6 <= gap <= 8 else 365 if gap < 3 else 1


def _periods(ds: pl.Series) -> pl.Series:
    """Every period from the first to the last, in the series' own step."""
    step = {12: "1mo", 4: "3mo", 52: "1w", 365: "1d", 1: "1y"}[_per_year(ds)]
    return pl.date_range(ds[0], ds[-1], interval=step, eager=True).alias("ds")


def _on(rows: pl.DataFrame, ds: pl.Series) -> Floats:
    joined = pl.DataFrame({"ds": ds}).join(rows.select("ds", "y"), on="ds", how="left", maintain_order="left")
    return joined["y"].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _against_a_year_before(x: Floats, per_year: int) -> Floats:
    changed = np.full(len(x), np.nan)
    before = x[:-per_year]
    changed[per_year:] = np.divide(x[per_year:], before, out=np.full(len(before), np.nan), where=before != 0) - 1.0
    return changed
