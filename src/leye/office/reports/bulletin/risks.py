"""风险与情景: for the main indicators what the low, middle and high course would be at the end of the forecast; lamps that could spread."""

from __future__ import annotations

from collections.abc import Sequence

from leye.office.published import Series
from leye.office.reports.bulletin.choice import coverage_line, main_series
from leye.office.reports.bulletin.steps import action
from leye.office.reports.content import Block, Section, Span
from leye.office.reports.figures_zh import series_href
from leye.office.reports.pen import Pen, formula

AHEAD = 6  # months; chosen by us: half a year is what a quarter's plan can still act upon
HEADER = (("指标", "Indicator"), ("月份", "Month"), ("不利", "Bad course"), ("中间", "Middle course"), ("有利", "Good course"))


def risks(pen: Pen) -> Section:
    """Courses are the ends of the narrow interval, the bad one on the side that the indicator's lamps watch."""
    shown = [s for s in main_series(pen.snapshot) if len(pen.snapshot.of_series("forecast", s.unique_id)) >= AHEAD]
    nothing: Block = pen.line("本次运行没有够长的预测，写不出情景。", "No forecast of the run reaches far enough for scenarios.")
    table = [pen.table(("各情景在期末的数", "Figures at the end of each course"), HEADER, [_row(pen, s) for s in shown], 2)] if shown else []
    lit = [r["unique_id"] for r in pen.snapshot.rows("lamps") if r["level"] in ("orange", "red")]
    return pen.section(
        ("风险与情景", "Risks and scenarios"),
        finding=_finding(pen, shown) or [nothing],
        evidence=table or [nothing],
        uncertainty=_uncertainty(pen),
        action=action(
            pen,
            lit,
            reason=("没有橙色、红色的灯，按中间情景准备即可。", "no lamp stands at orange or red; the middle course is enough to prepare for."),
        ),
    )


def _sides(series: Series) -> tuple[str, str]:
    return ("lo-80", "hi-80") if series.calm_direction != "up" else ("hi-80", "lo-80")


def _row(pen: Pen, series: Series) -> list[Span]:
    r = pen.snapshot.of_series("forecast", series.unique_id)[AHEAD - 1]
    bad, good = _sides(series)
    figures = [pen.figure(pen.cell("forecast", c, unique_id=series.unique_id, ds=r["ds"]), series) for c in (bad, "mean", good)]
    return [pen.title(series), pen.month(series, r["ds"], "forecast"), *figures]


def _finding(pen: Pen, shown: Sequence[Series]) -> list[Block]:
    """The indicator whose bad course lies farthest from its middle."""
    known = [s for s in shown if s.unit != "ratio" and (_distance(pen, s) is not None)]
    if not known:
        return []
    series = max(known, key=lambda s: (_distance(pen, s) or 0.0, s.unique_id))
    r = pen.snapshot.of_series("forecast", series.unique_id)[AHEAD - 1]
    keys = {"unique_id": series.unique_id, "ds": r["ds"]}
    bad = _sides(series)[0]
    change = formula("change", pen.cell("forecast", bad, **keys), pen.cell("forecast", "mean", **keys))
    return [
        pen.line(
            "把握最小的是{series}：到{month}，不利情景比中间情景 {change}。",
            "The least sure: {series}: by {month} the bad course differs from the middle one by {change}.",
            series=pen.title(series),
            month=pen.month(series, r["ds"], "forecast"),
            change=pen.number(change, "share", series_href(series.unique_id)),
        )
    ]


def _distance(pen: Pen, series: Series) -> float | None:
    r = pen.snapshot.of_series("forecast", series.unique_id)[AHEAD - 1]
    bad = r[_sides(series)[0]]
    return abs(bad / r["mean"] - 1) if bad is not None and r["mean"] else None


def _uncertainty(pen: Pen) -> list[Block]:
    said = pen.line(
        "情景取{narrow}区间的两端，由过去的误差得出，不含没有先例的冲击；各指标的不利情景不会同时发生。",
        "Courses are the ends of {narrow} intervals out of past errors, without shocks that have no precedent; "
        "bad courses of all indicators will not come together.",
        narrow=pen.setting("interval_narrow", "tenth"),
    )
    held = coverage_line(pen)
    return [said, held] if held else [said]
