"""主要指标: the city's indicators, each against last year and against what the forecast had said before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from leye.office.published import Series
from leye.office.reports.bulletin.choice import change_on_year, coverage_line, expected_then, main_series, newest
from leye.office.reports.bulletin.steps import action
from leye.office.reports.content import Block, Section, Span
from leye.office.reports.figures_zh import series_href
from leye.office.reports.pen import Pen
from leye.office.reports.surprise import main_model

HEADER = (
    ("指标", "Indicator"),
    ("月份", "Month"),
    ("最新数", "Newest"),
    ("比去年同月", "On a year ago"),
    ("早先预测", "Forecast before"),
    ("当时的区间", "Interval then"),
    ("落在区间内", "Inside"),
)


def indicators(pen: Pen) -> Section:
    """One row an indicator; those outside their interval make the finding."""
    shown = [(s, point[0]) for s in main_series(pen.snapshot) if (point := newest(pen.snapshot, s))]
    outside = [(s, ds) for s, ds in shown if _is_inside(pen, s, ds) is False]
    return pen.section(
        ("主要指标", "Indicators"),
        finding=_finding(pen, shown, outside),
        evidence=[pen.table(("各项指标", "Indicators"), HEADER, [_row(pen, s, ds) for s, ds in shown], 2)] if shown else [_nothing(pen)],
        uncertainty=_uncertainty(pen),
        action=action(
            pen,
            [s.unique_id for s, _ in shown],
            reason=("全市指标没有亮灯。", "no lamp of a city-wide indicator burns."),
        ),
    )


def _finding(pen: Pen, shown: Sequence[tuple[Series, date]], outside: Sequence[tuple[Series, date]]) -> list[Block]:
    if not shown:
        return [_nothing(pen)]
    if not outside:
        return [pen.line("各项指标都没有超出早先预测的区间。", "No indicator lies outside the interval forecast before.")]
    return [
        pen.line(
            "{series}{month}为 {y}，比去年同月 {change}，超出早先预测的区间。",
            "{series}: {y} in {month}, {change} on a year ago, outside the interval forecast before.",
            series=pen.title(s),
            month=pen.month(s, ds),
            y=pen.figure(pen.y(s, ds), s),
            change=change_on_year(pen, s, ds),
        )
        for s, ds in outside
    ]


def _nothing(pen: Pen) -> Block:
    return pen.line("本次运行没有全市指标。", "The run holds no city-wide indicator.")


def _row(pen: Pen, series: Series, ds: date) -> list[Span]:
    told = expected_then(pen.snapshot, series, ds)
    unknown = Span(pen.pick("没有", "none"))
    row = [pen.title(series), pen.month(series, ds), pen.figure(pen.y(series, ds), series), change_on_year(pen, series, ds)]
    if told is None:
        return [*row, unknown, unknown, unknown]
    keys = {"model": main_model(pen.snapshot), "unique_id": series.unique_id, "origin": told["origin"], "ds": ds}
    mean = pen.figure(pen.cell("backtest", "mean", **keys), series)
    return [*row, mean, interval_span(pen, series, "backtest", keys), Span(_word(pen, _is_inside(pen, series, ds)))]


def interval_span(pen: Pen, series: Series, table: str, keys: dict[str, Any]) -> Span:
    """An interval in one cell: its low and high end as one number's text, low first."""
    low, high = (pen.cell(table, c, **keys) for c in ("lo-80", "hi-80"))
    return pen.pair(low, high, series_href(series.unique_id), series.unit or "")


def _is_inside(pen: Pen, series: Series, ds: date) -> bool | None:
    told = expected_then(pen.snapshot, series, ds)
    return None if told is None else told["lo-80"] <= told["y"] <= told["hi-80"]


def _word(pen: Pen, inside: bool | None) -> str:
    return pen.pick("没有", "none") if inside is None else pen.pick("是", "yes") if inside else pen.pick("否", "no")


def _uncertainty(pen: Pen) -> list[Block]:
    held = coverage_line(pen)
    said = pen.line(
        "表中区间是{narrow}区间，由过去的预测误差得出；城镇调查失业率是抽样调查的数，与登记失业口径不同。",
        "Intervals in the table are {narrow} intervals out of past errors; the surveyed jobless rate is a sample's, not the registered count.",
        narrow=pen.setting("interval_narrow", "tenth"),
    )
    return [said, held] if held else [said]
