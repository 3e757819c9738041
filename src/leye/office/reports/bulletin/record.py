"""预测的成绩: what was forecast for the quarter's months, from origins before it, beside what came; misses as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from leye.office.published import Row, Series
from leye.office.reports.bulletin.choice import coverage_line, main_series
from leye.office.reports.bulletin.steps import none_needed
from leye.office.reports.content import Block, Section, Span
from leye.office.reports.figures_zh import series_href
from leye.office.reports.pen import Pen, formula
from leye.office.reports.sources import Condition, Formula
from leye.office.reports.surprise import main_model

HEADER = (
    ("指标", "Indicator"),
    ("月份", "Month"),
    ("预测起点", "Origin"),
    ("预测", "Forecast"),
    ("区间", "Interval"),
    ("实际", "Observed"),
    ("相差", "Error"),
)
BASE = "seasonal_naive"
HREF = "/cockpit"


def record(pen: Pen, months: Sequence[date]) -> Section:
    """Mean absolute error over all series against last year's figure as the forecast, and the share of observations inside the intervals."""
    model = main_model(pen.snapshot)
    rows = _rows(pen, model, months)
    if not rows:
        said: Block = pen.line(
            "这一季还没有预测可以对照：序列太短，或回测的起点不在季前。",
            "No forecast of this quarter can be compared: series are too short, or no origin lies before it.",
        )
        none = none_needed(pen, ("没有成绩可评。", "there is no record to judge."))
        return pen.section(_TITLE, finding=[said], evidence=[said], uncertainty=[said], action=[none])
    shown = _main_rows(pen, rows)
    assert model is not None
    table = pen.table(
        ("全市指标：当时的预测与实际", "City-wide indicators: forecast then and observed"), HEADER, [_row(pen, model, s, r) for s, r in shown], 3
    )
    return pen.section(
        _TITLE,
        finding=[_finding(pen, model, months)],
        evidence=[table] if shown else [_finding(pen, model, months)],
        uncertainty=_uncertainty(pen, model, months),
        action=[
            none_needed(
                pen,
                (
                    "成绩只用来校准区间与权重，程序已自动计入下一次运行。",
                    "the record calibrates intervals and weights, which the next run takes in by itself.",
                ),
            )
        ],
    )


_TITLE = ("预测的成绩", "Record of the forecasts")


def _rows(pen: Pen, model: str | None, months: Sequence[date]) -> list[Row]:
    """Rows of the quarter whose origin lies before it."""
    frame = pen.snapshot.frame("backtest")
    if model is None or not frame.width:
        return []
    quarter = pl.col("ds").is_between(months[0], months[-1]) & (pl.col("origin") < months[0])
    return frame.filter(quarter, pl.col("model") == model, pl.col("y").is_not_null()).sort("unique_id", "ds", "origin").to_dicts()


def _main_rows(pen: Pen, rows: Sequence[Row]) -> list[tuple[Series, Row]]:
    """The main indicators, each month from the newest origin before the quarter."""
    newest: dict[tuple[str, date], Row] = {(r["unique_id"], r["ds"]): r for r in rows}
    return [(s, r) for s in main_series(pen.snapshot) for (uid, _), r in sorted(newest.items()) if uid == s.unique_id]


def _where(model: str, months: Sequence[date]) -> tuple[Condition, ...]:
    return (("model", "=", model), ("ds", ">=", months[0]), ("ds", "<=", months[-1]), ("origin", "<", months[0]))


def _error(pen: Pen, model: str, months: Sequence[date]) -> Formula:
    """Mean absolute error over the scale of the series, over all rows of the quarter."""
    return formula("scaled_error", *(pen.where("backtest", _where(model, months), c, how="list") for c in ("y", "mean", "scale")))


def _finding(pen: Pen, model: str, months: Sequence[date]) -> Block:
    n = pen.number(pen.where("backtest", _where(model, months), "y", how="count"), "count", HREF)
    if "scale" not in pen.snapshot.frame("backtest").columns:
        return pen.line("本季有 {n} 个预测等到了实际数。", "Forecasts of the quarter that met an observation: {n}.", n=n)
    ours, base = (pen.number(_error(pen, m, months), "decimal", HREF) for m in (model, BASE))
    return pen.line(
        "本季有 {n} 个预测等到了实际数；平均相对误差 {ours}，照去年同期猜是 {base}（小的好）。",
        "Forecasts of the quarter that met an observation: {n}; mean scaled error {ours}, "
        "with last year's figure as the forecast {base} (smaller is better).",
        n=n,
        ours=ours,
        base=base,
    )


def _row(pen: Pen, model: str, series: Series, r: Row) -> list[Span]:
    keys = {"model": model, "unique_id": series.unique_id, "origin": r["origin"], "ds": r["ds"]}
    href, unit = series_href(series.unique_id), series.unit or ""
    y, mean, low, high = (pen.cell("backtest", c, **keys) for c in ("y", "mean", "lo-80", "hi-80"))
    days = [pen.number(pen.cell("backtest", c, **keys), "month", href) for c in ("ds", "origin")]
    gap = pen.number(formula("difference", y, mean), "gap", href, unit)
    return [pen.title(series), *days, pen.figure(mean, series), pen.pair(low, high, href, unit), pen.figure(y, series), gap]


def _uncertainty(pen: Pen, model: str, months: Sequence[date]) -> list[Block]:
    held = {
        x: pen.number(
            formula("inside", *(pen.where("backtest", _where(model, months), c, how="list") for c in (f"lo-{x}", "y", f"hi-{x}"))), "percent", HREF
        )
        for x in ("80", "95")
    }
    blocks: list[Block] = [
        pen.line(
            "本季{narrow}区间命中 {held}，{wide}区间命中 {held_wide}；同一季的预测彼此相关，一季的命中率起落很大。",
            "In this quarter {narrow} intervals held {held} and {wide} intervals {held_wide}; one quarter's forecasts go together: the share jumps.",
            narrow=pen.setting("interval_narrow", "tenth"),
            wide=pen.setting("interval_wide", "tenth"),
            held=held["80"],
            held_wide=held["95"],
        )
    ]
    whole = coverage_line(pen)
    return [*blocks, whole] if whole else blocks
