"""附：方法: what the figures were made with, where each can be followed to, and what the report cannot say."""

from __future__ import annotations

from leye.office.reports.bulletin.steps import none_needed
from leye.office.reports.content import Section, Span
from leye.office.reports.pen import Pen


def methods(pen: Pen) -> Section:
    """The appendix; in every issue, because readers of a single one need it."""
    run = pen.snapshot.run_id
    href = f"/reports/{run}"

    def of(column: str, form: str) -> Span:
        return pen.number(pen.cell("run", column, run_id=run), form, href)

    cards = Span(pen.pick("算法备案", "the register of algorithms"), "/algorithms")
    return pen.section(
        ("附：方法与出处", "Methods and sources"),
        finding=[
            pen.line(
                "全文只写运行 {run} 的结果，发布于{at}，数据到{on}为止。",
                "The text holds results of run {run} only, published {at}, on data up to {on}.",
                run=of("run_id", "text"),
                at=of("published_at", "instant"),
                on=of("on", "date"),
            )
        ],
        evidence=[
            pen.line(
                "预测：滞后回归、指数平滑与去年同期按历史误差加权，向前 {months} 个月；"
                "预警：可重启的累计和，按过去重抽样校准；程序版本 {code}。模型说明见{cards}。",
                "Forecasts: lag regressions, smoothing and last year's figure weighted by past errors, {months} months ahead; "
                "warnings: restarting cumulative sums calibrated by resampling the past; program {code}. Models: {cards}.",
                months=pen.setting("forecast_months", "count"),
                code=of("code_hash", "text"),
                cards=cards,
            ),
            pen.line(
                "每个数都能点开，看到它的历史和来源；另附全部数字及出处的表。",
                "Every number opens at its history and source; a table of all numbers with sources is attached.",
            ),
        ],
        uncertainty=[
            pen.line(
                "区间与误报率由过去得出，未来若与过去不同就不成立；文中的同比与对照都不说明因果。",
                "Intervals and false-alarm rates come from the past and fail where the future differs; comparisons claim no cause.",
            )
        ],
        action=[none_needed(pen, ("本节只作说明。", "this section only explains."))],
    )
