"""展望: where the main indicators go in the next months, with interval, chance of a fall and of a turn, and the fan of the first."""

from __future__ import annotations

from collections.abc import Sequence

from leye.office.published import Row, Series
from leye.office.reports.bulletin.choice import coverage_line, main_series
from leye.office.reports.bulletin.steps import action
from leye.office.reports.content import Block, Section, Span
from leye.office.reports.figures_zh import series_href
from leye.office.reports.pen import Pen

MONTHS = 3  # chosen by us: the horizon of the chances
HEADER = (
    ("指标", "Indicator"),
    ("月份", "Month"),
    ("预测", "Forecast"),
    ("窄区间", "Narrow interval"),
    ("宽区间", "Wide interval"),
    ("下降的可能", "Chance of a fall"),
    ("转折的可能", "Chance of a turn"),
)


def outlook(pen: Pen) -> Section:
    """The next month and the third; the surest direction makes the finding."""
    shown = [s for s in main_series(pen.snapshot) if pen.snapshot.of_series("forecast", s.unique_id)]
    nothing: Block = pen.line("本次运行没有预测。", "The run holds no forecasts.")
    table = [pen.table(("近期预测", "The months ahead"), HEADER, [r for s in shown for r in _rows(pen, s)], 2)]
    picture = [pen.picture(shown[0], "首要指标：历史、预测与区间", "The first indicator: history, forecast and intervals")] if shown else []
    return pen.section(
        ("展望", "Outlook"),
        finding=[_finding(pen, shown) or nothing],
        evidence=[*table, *picture] if shown else [nothing],
        uncertainty=_uncertainty(pen),
        action=action(
            pen,
            [s.unique_id for s in shown],
            reason=("预测只作提前量参考，预案由亮起的灯启动。", "a forecast opens no plan; lamps do."),
        ),
    )


def _chance(pen: Pen, series: Series) -> Row | None:
    return next((r for r in pen.snapshot.of_series("direction", series.unique_id) if r["p_fall"] is not None), None)


def _finding(pen: Pen, shown: Sequence[Series]) -> Block | None:
    told = [(s, r) for s in shown if (r := _chance(pen, s))]
    if not told:
        return None
    series, row = max(told, key=lambda t: (abs(t[1]["p_fall"] - 0.5), t[0].unique_id))
    keys = {"unique_id": series.unique_id, "ds": row["ds"]}
    href = series_href(series.unique_id)
    return pen.line(
        "方向最明确的是{series}：{month}低于现在的可能{fall}，同比走势转向的可能{turn}。",
        "The surest direction: {series}: chance of being lower than now in {month} {fall}, of a turn of its year-on-year course {turn}.",
        series=pen.title(series),
        month=pen.number(pen.cell("direction", "ds", **keys), "month", href),
        fall=pen.number(pen.cell("direction", "p_fall", **keys), "tenths", href),
        turn=pen.number(pen.cell("direction", "p_turn", **keys), "tenths", href),
    )


def _rows(pen: Pen, series: Series) -> list[list[Span]]:
    ahead = pen.snapshot.of_series("forecast", series.unique_id)[:MONTHS]
    chance = _chance(pen, series)
    return [_row(pen, series, ahead[at], chance) for at in dict.fromkeys((0, len(ahead) - 1))]


def _row(pen: Pen, series: Series, r: Row, chance: Row | None) -> list[Span]:
    keys = {"unique_id": series.unique_id, "ds": r["ds"]}
    href, unit = series_href(series.unique_id), series.unit or ""
    between = [pen.pair(pen.cell("forecast", f"lo-{x}", **keys), pen.cell("forecast", f"hi-{x}", **keys), href, unit) for x in ("80", "95")]
    chances = [Span("")] * 2
    if chance is not None and chance["ds"] == r["ds"]:
        chances = [pen.number(pen.cell("direction", c, **keys), "tenths", href) for c in ("p_fall", "p_turn")]
    mean = pen.figure(pen.cell("forecast", "mean", **keys), series)
    return [pen.title(series), pen.month(series, r["ds"], "forecast"), mean, *between, *chances]


def _uncertainty(pen: Pen) -> list[Block]:
    said = pen.line(
        "窄区间是{narrow}区间，宽区间是{wide}区间；大的转折期里区间会失灵，历史上命中明显变低。",
        "The narrow interval is one of {narrow}, the wide one of {wide}; at great turns intervals fail, and in the past they held much less often.",
        narrow=pen.setting("interval_narrow", "tenth"),
        wide=pen.setting("interval_wide", "tenth"),
    )
    held = coverage_line(pen)
    return [said, held] if held else [said]
