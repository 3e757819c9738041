"""Means of a figure by group (waiting, pay) and their ratio to the best-treated group, with intervals by the delta method."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from leye.trust.audit.cells import JOIN, Flags, is_small, texts
from leye.trust.audit.clusters import mean_variances
from leye.trust.audit.comparison import holm
from leye.trust.audit.intervals import Floats, Z, two_sided
from leye.trust.audit.table import Decisions, Measure


def compare_means(decisions: Decisions, groupings: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    """One row a measure, grouping and group: `measure, grouping, group, n, mean, mean_lo, mean_hi, ratio, ratio_lo, ratio_hi, reference,
    left_out, p, p_holm`.

    n: rows where the figure is known · ratio: mean over that of the reference, the group that fares best among those not left out (the lowest
    mean when low is good); ln ratio ± z sqrt(v1/m1² + v2/m2²), v the variance of a mean; empty unless both means are positive · p: of equal
    means, adjusted by Holm over all comparisons of the measure.
    """
    tables = []
    for measure in decisions.measures:
        parts = [_of_grouping(decisions, columns, measure) for columns in groupings]
        table = pl.concat(parts)
        tables.append(table.with_columns(pl.Series("p_holm", holm(table["p"].fill_null(math.nan).to_list())).fill_nan(None)))
    return pl.concat(tables)


def _of_grouping(decisions: Decisions, columns: tuple[str, ...], measure: Measure) -> pl.DataFrame:
    value = pl.col(measure.column)
    known = decisions.frame.drop_nulls(list(columns)).group_by(list(columns), maintain_order=True)
    table = known.agg(pl.len().cast(pl.Int64).alias("rows"), value.count().cast(pl.Int64).alias("n"), value.mean().alias("mean")).sort(list(columns))
    mean, n = table["mean"].fill_null(math.nan).to_numpy(), table["n"].to_numpy()
    variance = mean_variances(decisions, columns, measure.column)
    left_out = is_small(table["rows"].to_numpy(), decisions.frame.height)
    cannot_refer = left_out | np.isnan(variance) if decisions.cluster else left_out
    reference = _best(mean, cannot_refer, is_low_good=measure.is_low_good)
    ratio, low, high, p = _ratios(mean, variance, reference)
    half = Z * np.sqrt(variance)
    return pl.DataFrame({
        "measure": texts([measure.column] * len(n)), "grouping": texts([JOIN.join(columns)] * len(n)),
        "group": texts([JOIN.join(g) for g in table.select(columns).iter_rows()]),
        "n": n, "mean": mean, "mean_lo": mean - half, "mean_hi": mean + half, "ratio": ratio, "ratio_lo": low, "ratio_hi": high,
        "reference": np.arange(len(n)) == (-1 if reference is None else reference), "left_out": left_out, "p": p,
    }).with_columns(pl.col(pl.Float64).fill_nan(None))  # fmt: skip


def _best(mean: Floats, left_out: Flags, *, is_low_good: bool) -> int | None:
    worth = np.where(left_out | np.isnan(mean), -np.inf, -mean if is_low_good else mean)
    return int(worth.argmax()) if worth.size and np.isfinite(worth.max()) else None


def _ratios(mean: Floats, variance: Floats, reference: int | None) -> tuple[Floats, Floats, Floats, Floats]:
    """Ratio, its ends and p by group; the reference's own ratio is 1 without an interval of its own."""
    out = np.full((4, len(mean)), np.nan)
    if reference is None or not mean[reference] > 0:
        return out[0], out[1], out[2], out[3]
    fits = mean > 0
    safe = np.where(fits, mean, np.nan)
    centre = np.log(safe / mean[reference])
    se = np.sqrt(variance / safe**2 + variance[reference] / mean[reference] ** 2)
    out[0], out[1], out[2] = np.exp(centre), np.exp(centre - Z * se), np.exp(centre + Z * se)
    out[3] = two_sided(centre, se)
    out[1:, reference] = (1.0, 1.0, np.nan)
    return out[0], out[1], out[2], out[3]
