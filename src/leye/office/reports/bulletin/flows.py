"""人员流动: moves of the newest month against the month a year before, and the pairs that are forecast to move most."""

from __future__ import annotations

from datetime import date

import polars as pl

from leye.kernel.codes import current_regions, key_groups
from leye.office.nightly.flows_step import LEAST
from leye.office.published import Row
from leye.office.reports.bulletin.steps import none_needed
from leye.office.reports.content import Block, Section, Span
from leye.office.reports.pen import Pen, formula

SHOWN = 5  # chosen by us
HEADER = (("从", "From"), ("到", "To"), ("群体", "Group"), ("预测人数", "Forecast"), ("区间", "Interval"))
HREF = "/flows"


def flows(pen: Pen) -> Section:
    """Totals only where they are not small; pairs as forecast, which are estimates and may be told."""
    counted, ahead = pen.snapshot.frame("flows"), pen.snapshot.frame("flow_forecast")
    nothing: Block = pen.line("本次运行没有流动的数。", "The run holds no flows.")
    last = counted["month"].max() if counted.width and counted.height else None
    first = ahead["month"].min() if ahead.width and ahead.height else None
    total = _total(pen, last) if isinstance(last, date) else None
    pairs = _pairs(pen, first) if isinstance(first, date) else []
    table = (
        [pen.table(("下月预测最多的去向", "Largest flows forecast for the next month"), HEADER, [_row(pen, r) for r in pairs], 3)] if pairs else []
    )
    return pen.section(
        ("人员流动", "Flows"),
        finding=[total or nothing],
        evidence=table or [nothing],
        uncertainty=[_uncertainty(pen)],
        action=[
            none_needed(
                pen,
                (
                    "流动只作监测，不触发预案；春节前后的起落已按农历计入预测。",
                    "flows are watched only and open no plan; the Spring Festival is in the forecast.",
                ),
            )
        ],
    )


def _total(pen: Pen, last: date) -> Block | None:
    """The newest month in all; None where it or last year's is too small to be told."""
    before = date(last.year - 1, last.month, 1)
    both = [pen.where("flows", (("month", "=", m), ("kind", "=", "moves")), "n", how="sum") for m in (last, before)]
    if any((pen.value(c) or 0) < LEAST for c in both):
        return None
    months = [pen.number(pen.where("flows", (("month", "=", m),), "month", how="max"), "month", HREF) for m in (last, before)]
    return pen.line(
        "{month}登记迁移共 {n}，{before}为 {year_ago}，{change}。",
        "Registered moves in {month}: {n}; in {before}: {year_ago}, {change}.",
        month=months[0],
        n=pen.number(both[0], "figure", HREF, "person"),
        before=months[1],
        year_ago=pen.number(both[1], "figure", HREF, "person"),
        change=pen.number(formula("change", *both), "share", HREF),
    )


def _pairs(pen: Pen, first: date) -> list[Row]:
    frame = pen.snapshot.frame("flow_forecast").filter(pl.col("month") == first, pl.col("origin") != pl.col("dest"))
    return frame.sort("mean", "origin", "dest", "grp", descending=[True, False, False, False]).head(SHOWN).to_dicts()


def _row(pen: Pen, r: Row) -> list[Span]:
    keys = {c: r[c] for c in ("kind", "grp", "origin", "dest", "month")}
    low, high = (pen.cell("flow_forecast", c, **keys) for c in ("lo-80", "hi-80"))
    href = f"{HREF}?grp={r['grp']}"
    mean = pen.number(pen.cell("flow_forecast", "mean", **keys), "figure", href, "person")
    return [Span(_place(pen, r["origin"])), Span(_place(pen, r["dest"])), Span(_group(pen, r["grp"])), mean, pen.pair(low, high, href, "person")]


def _place(pen: Pen, code: str) -> str:
    return current_regions()[code].name if code in current_regions() else pen.pick("未填", "not stated")


def _group(pen: Pen, grp: str) -> str:
    found = key_groups().get(grp)
    return pen.pick(found.zh, found.en) if found else pen.pick("其他", "others")


def _uncertainty(pen: Pen) -> Block:
    return pen.line(
        "表中是{narrow}区间；不足 {least} 人的实数不公开，预测是模型的估计。",
        "Intervals in the table are {narrow} intervals; counts under {least} are hidden, forecasts are estimates of the model.",
        narrow=pen.setting("interval_narrow", "tenth"),
        least=pen.setting("least_count", "count"),
    )
