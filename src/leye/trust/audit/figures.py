"""The audit as a whole: every figure of the formula sheet over one table of decisions, as small tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from leye.trust.audit.bootstrap import odds_gaps
from leye.trust.audit.cells import SMALL_SHARE, Grouping, count_cells, grouping, groupings_of, sorted_scores, unknown_by_column
from leye.trust.audit.clusters import LEAST_PERSONS, Clustered, clustered
from leye.trust.audit.comparison import FLAGGED, FOUR_FIFTHS, LEAST_N, OPEN, Comparison, compare, holm
from leye.trust.audit.intervals import LEVEL, share_of
from leye.trust.audit.labelled import bin_edges, calibration, error_rates, spread, truth_counts
from leye.trust.audit.means import compare_means
from leye.trust.audit.order import median
from leye.trust.audit.table import LABEL, SCORE, SELECTED, Decisions

RATE_COLUMNS = (
    "grouping", "group", "n", "selected", "selection_rate", "selection_lo", "selection_hi", "scored", "scoring_rate", "scoring_lo", "scoring_hi",
    "impact_ratio", "impact_lo", "impact_hi", "scoring_impact_ratio", "scoring_impact_lo", "scoring_impact_hi", "left_out",
)  # fmt: skip
"""The columns of `rates.csv` that are fixed; what follows them may grow."""


@dataclass(frozen=True, slots=True)
class Audit:
    """rates: one row a grouping and group · gaps: one row a grouping and measure · errors, calibration: None without labels ·
    means: None without measures · summary: what `audit.json` says."""

    rates: pl.DataFrame
    gaps: pl.DataFrame
    errors: pl.DataFrame | None
    calibration: pl.DataFrame | None
    means: pl.DataFrame | None
    summary: dict[str, object]

    def tables(self) -> dict[str, pl.DataFrame]:
        """Name of the file without its ending, and the table; absent ones are left out."""
        found = {"rates": self.rates, "gaps": self.gaps, "errors": self.errors, "calibration": self.calibration, "means": self.means}
        return {name: table for name, table in found.items() if table is not None}


def audit(decisions: Decisions, *, draws: int = 0, seed: int = 0) -> Audit:
    """Rates, ratios, intervals and verdicts by each group column and by all of them jointly.

    draws: resamples for the percentile intervals, 0 for the closed forms only · seed: decides every draw. Formulas: docs/reference/trust-audit.md.
    """
    scores = sorted_scores(decisions)
    middle = median(scores)
    edges = bin_edges(sorted_scores(decisions, labelled=True)) if decisions.has_label else None
    cells = count_cells(decisions, middle, edges)
    found = [grouping(cells, columns) for columns in groupings_of(decisions.groups)]
    dice = np.random.Generator(np.random.PCG64(seed)) if draws else None
    compared = [_compare(decisions, g, middle, dice, draws) for g in found]
    is_probability = bool(scores.size and scores[0] >= 0 and scores[-1] <= 1)
    rates = _with_p(pl.concat(_rates(g, *c) for g, c in zip(found, compared, strict=True)))
    return Audit(
        rates=rates,
        gaps=pl.concat(_gaps(g, *c, dice, draws) for g, c in zip(found, compared, strict=True)),
        errors=pl.concat(error_rates(g) for g in found) if decisions.has_label else None,
        calibration=pl.concat(calibration(cells, g.columns, is_probability=is_probability) for g in found) if edges is not None else None,
        means=compare_means(decisions, [g.columns for g in found]) if decisions.measures else None,
        summary=_summary(decisions, cells, middle, found, rates, draws, seed),
    )


def _compare(decisions: Decisions, g: Grouping, middle: float | None, dice: np.random.Generator | None, draws: int) -> tuple[Comparison, Comparison]:
    """Selection and scoring."""
    behind: list[Clustered | None] = [None, None]
    if decisions.cluster:
        above = pl.lit(False) if middle is None else pl.col(SCORE) > middle
        behind = [
            clustered(decisions, g.columns, pl.col(SELECTED), pl.col(SELECTED).is_not_null()),
            clustered(decisions, g.columns, above.fill_null(False), pl.col(SCORE).is_not_null()),
        ]
    pairs = ((g.selected, g.n, behind[0]), (g.above, g.scored, behind[1]))
    first, second = (compare(k, n, g.left_out, rows=g.rows, dice=dice, draws=draws, clusters=c) for k, n, c in pairs)
    return first, second


def _rates(g: Grouping, selection: Comparison, scoring: Comparison) -> pl.DataFrame:
    columns: dict[str, object] = {
        **g.names(), "n": g.n, "selected": g.selected,
        "selection_rate": selection.rate, "selection_lo": selection.lo, "selection_hi": selection.hi,
        "scored": g.scored, "scoring_rate": scoring.rate, "scoring_lo": scoring.lo, "scoring_hi": scoring.hi,
        "impact_ratio": selection.ratio, "impact_lo": selection.ratio_lo, "impact_hi": selection.ratio_hi,
        "scoring_impact_ratio": scoring.ratio, "scoring_impact_lo": scoring.ratio_lo, "scoring_impact_hi": scoring.ratio_hi,
        "left_out": g.left_out,
    }  # fmt: skip
    for prefix, c in (("", selection), ("scoring_", scoring)):
        columns |= {
            f"{prefix}four_fifths": pl.Series(c.four_fifths, dtype=pl.Boolean), f"{prefix}verdict": pl.Series(c.verdict, dtype=pl.String),
            f"{prefix}needed_n": pl.Series(c.needed, dtype=pl.Int64), f"{prefix}p": c.p,
            f"{prefix}interval": pl.Series(["bootstrap" if b else "log_ratio" for b in c.is_bootstrap], dtype=pl.String),
        }  # fmt: skip
        if c.clusters is not None:
            columns |= {f"{prefix}persons": c.clusters.persons, f"{prefix}design_effect": c.clusters.design_effect}
    for prefix, name, c in (("selection", "impact", selection), ("scoring", "scoring_impact", scoring)):
        if c.rate_boot is not None and c.log_ends is not None:
            columns |= dict(zip((f"{prefix}_boot_lo", f"{prefix}_boot_hi"), c.rate_boot, strict=True))
            columns |= dict(zip((f"{name}_log_lo", f"{name}_log_hi"), c.log_ends, strict=True))
    return pl.DataFrame(columns).with_columns(pl.col(pl.Float64).fill_nan(None))


def _with_p(rates: pl.DataFrame) -> pl.DataFrame:
    """With the p values adjusted over all comparisons of the table, selection and scoring each for itself."""
    adjusted = [pl.Series(f"{c}_holm", holm(rates[c].fill_null(math.nan).to_list())).fill_nan(None) for c in ("p", "scoring_p")]
    return rates.with_columns(adjusted)


def _gaps(g: Grouping, selection: Comparison, scoring: Comparison, dice: np.random.Generator | None, draws: int) -> pl.DataFrame:
    """`grouping, measure, value, lo, hi`; ends only with draws. All groups count, the small ones too, as in the definitions of the measures."""
    rows: list[tuple[str, float, tuple[float, float] | None]] = []
    for name, c in (("selection_rate", selection), ("scoring_rate", scoring)):
        known = c.rate[~np.isnan(c.rate)]
        quotient = float(known.min() / known.max()) if known.size and known.max() > 0 else math.nan
        rows += [(f"{name}_difference", spread(c.rate), c.gap), (f"{name}_ratio", quotient, c.quotient)]
    if g.positives is not None:
        positives, negatives, hits, false_alarms = truth_counts(g)
        tpr, fpr = spread(share_of(hits, positives)), spread(share_of(false_alarms, negatives))
        odds = float(np.fmax(tpr, fpr))
        ends = odds_gaps(dice, hits, positives, false_alarms, negatives, rows=g.rows, draws=draws) if dice is not None and len(g.n) else {}
        rows += [
            ("equal_opportunity_difference", tpr, ends.get("tpr")),
            ("false_positive_rate_difference", fpr, ends.get("fpr")),
            ("equalised_odds_difference", odds, ends.get("odds")),
        ]
    return pl.DataFrame(
        [(g.name, name, value, *(_around(value, ends))) for name, value, ends in rows],
        schema={"grouping": pl.String, "measure": pl.String, "value": pl.Float64, "lo": pl.Float64, "hi": pl.Float64},
        orient="row",
    ).with_columns(pl.col(pl.Float64).fill_nan(None))


def _around(value: float, ends: tuple[float, float] | None) -> tuple[float, float]:
    """The interval, widened to hold its estimate: a spread is never resampled below 0, so its percentiles lean upwards."""
    return (math.nan, math.nan) if ends is None else (float(np.fmin(ends[0], value)), float(np.fmax(ends[1], value)))


def _summary(
    decisions: Decisions, cells: pl.DataFrame, middle: float | None, found: Sequence[Grouping], rates: pl.DataFrame, draws: int, seed: int
) -> dict[str, object]:
    comparisons = int(rates["p"].is_not_null().sum())
    labels = {} if not decisions.has_label else {"label_missing": int(decisions.frame[LABEL].null_count())}
    return {
        "rows": decisions.frame.height, "median_score": middle, "unknown": unknown_by_column(cells, decisions.groups),
        "small_share": SMALL_SHARE, "level": LEVEL,
        "groups": list(decisions.groups), "unknown_jointly": found[-1].unknown, "score_missing": int(decisions.frame[SCORE].null_count()), **labels,
        "four_fifths": FOUR_FIFTHS, "least_n": LEAST_N, "least_persons": LEAST_PERSONS if decisions.cluster else None,
        "draws": draws, "seed": seed if draws else None,
        "ratio_interval": "bootstrap" if draws and not decisions.cluster else "log_ratio", "cluster": decisions.cluster or None,
        "verdicts": {v: int((rates["verdict"] == v).sum()) for v in ("reference", "clear", FLAGGED, OPEN)},
        "comparisons": {
            "number": comparisons, "adjustment": "holm",
            "zh": f"共比较 {comparisons} 次。即使完全公平，平均也有 {comparisons * (1 - LEVEL):.1f} 次的 p 会小于 0.05；请看 Holm 调整后的 p_holm。",
            "en": f"{comparisons} comparisons: with no difference at all about {comparisons * (1 - LEVEL):.1f} have p < 0.05; read p_holm (Holm).",
        },
    }  # fmt: skip
