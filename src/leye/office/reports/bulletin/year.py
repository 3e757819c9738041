"""本季与去年同季: the mean of the quarter's months against that of the same quarter a year before, for every main indicator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from leye.office.published import Series
from leye.office.reports.bulletin.choice import main_series, value_at
from leye.office.reports.bulletin.steps import action
from leye.office.reports.content import Block, Section, Span
from leye.office.reports.figures_zh import series_href
from leye.office.reports.pen import Pen, formula
from leye.office.reports.sources import Cell, Formula

HEADER = (("指标", "Indicator"), ("本季月均", "Monthly mean"), ("去年同季月均", "A year ago"), ("变化", "Change"))


def on_year(pen: Pen, months: Sequence[date]) -> Section:
    """months: first days of the quarter's months. An indicator that lacks one of the six months is left out and said so."""
    before = [date(m.year - 1, m.month, 1) for m in months]
    whole = [s for s in main_series(pen.snapshot) if all(value_at(pen.snapshot, s, m) is not None for m in (*months, *before))]
    left_out = [s for s in main_series(pen.snapshot) if s not in whole]
    changed = sorted(whole, key=lambda s: (-_size(pen, s, months, before), s.unique_id))
    nothing: Block = pen.line("没有两年都完整的指标。", "No indicator is complete in both years.")
    table = [pen.table(("季内各月的平均", "Means of the quarter's months"), HEADER, [_row(pen, s, months, before) for s in whole])] if whole else []
    return pen.section(
        ("本季与去年同季", "Against the same quarter a year ago"),
        finding=[_finding(pen, changed[0], months, before)] if changed else [nothing],
        evidence=table or [nothing],
        uncertainty=[
            pen.line(
                "同比不扣除春节移动、政策和口径变化的影响；只看一年，起点高低会左右结果。",
                "The comparison takes out neither moving holidays nor changes of policy or definition; one year's base may be odd.",
            ),
            *(pen.line("{series}不全，没有列入。", "{series} is incomplete and left out.", series=pen.title(s)) for s in left_out),
        ],
        action=action(
            pen, [s.unique_id for s in changed[:3]], reason=("变化最大的指标没有亮灯。", "no lamp burns for the indicators that changed most.")
        ),
    )


def mean_of(pen: Pen, series: Series, months: Sequence[date]) -> Cell:
    """Mean of a series over months."""
    where = (("unique_id", "=", series.unique_id), ("ds", ">=", months[0]), ("ds", "<=", months[-1]))
    return pen.where("panel", where, "y", how="mean")


def _change(pen: Pen, series: Series, months: Sequence[date], before: Sequence[date]) -> Formula:
    return formula("difference" if series.unit == "ratio" else "change", mean_of(pen, series, months), mean_of(pen, series, before))


def _size(pen: Pen, series: Series, months: Sequence[date], before: Sequence[date]) -> float:
    """For the order only: relative change, of ratios too."""
    new, old = (pen.value(mean_of(pen, series, m)) for m in (months, before))
    return abs(new / old - 1) if old else 0.0


def _changed(pen: Pen, series: Series, months: Sequence[date], before: Sequence[date]) -> Span:
    form = "gap" if series.unit == "ratio" else "share"
    return pen.number(_change(pen, series, months, before), form, series_href(series.unique_id), series.unit or "")


def _row(pen: Pen, series: Series, months: Sequence[date], before: Sequence[date]) -> list[Span]:
    means = [pen.figure(mean_of(pen, series, m), series) for m in (months, before)]
    return [pen.title(series), *means, _changed(pen, series, months, before)]


def _finding(pen: Pen, series: Series, months: Sequence[date], before: Sequence[date]) -> Block:
    return pen.line(
        "变化最大的是{series}：本季月均 {now}，去年同季 {then}，{change}。",
        "The largest change: {series}: {now} a month on average, {then} in the same quarter a year ago, {change}.",
        series=pen.title(series),
        now=pen.figure(mean_of(pen, series, months), series),
        then=pen.figure(mean_of(pen, series, before), series),
        change=_changed(pen, series, months, before),
    )
