"""与上期相比: what the newer run knows that the run of the issue before did not: new months, revised figures, moved forecasts, lamps lit and out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from leye.office.published import Series, Snapshot
from leye.office.reports.bulletin.choice import main_series
from leye.office.reports.bulletin.steps import action, none_needed
from leye.office.reports.content import Block, Section, Span
from leye.office.reports.figures_zh import series_href
from leye.office.reports.pen import Pen, formula

SHOWN = 6  # chosen by us
HEADER = (("指标", "Indicator"), ("月份", "Month"), ("上期预测", "Forecast then"), ("本期预测", "Forecast now"), ("相差", "Difference"))
REVISED = (("序列", "Series"), ("月份", "Month"), ("上期的数", "Figure then"), ("本期的数", "Figure now"), ("修订", "Revision"))


@dataclass(frozen=True, slots=True)
class _Moved:
    series: Series
    ds: date
    by: float


def changes(pen: Pen) -> Section:
    """Without an issue before there is nothing to compare, and the section says so."""
    title = ("与上期相比", "Since the last issue")
    if pen.before is None:
        said: Block = pen.line(
            "没有更早的运行可比：这是首期，或上期用的是同一次运行，或那次运行已被清理。",
            "No earlier run to compare with: this is the first issue, the last one used the same run, or that run was swept away.",
        )
        return pen.section(
            title,
            finding=[said],
            evidence=[said],
            uncertainty=[_vintage(pen)],
            action=[none_needed(pen, ("没有可比的上期。", "nothing to compare with."))],
        )
    before = pen.before
    moved, revised = _moved(pen, before), _revised(pen, before)
    lit_now, lit_then = ({r["unique_id"] for r in s.rows("lamps")} for s in (pen.snapshot, before))
    fresh = [u for u in sorted(lit_now - lit_then) if u in pen.snapshot.series]
    return pen.section(
        title,
        finding=_finding(pen, before, fresh, [u for u in sorted(lit_then - lit_now) if u in pen.snapshot.series]),
        evidence=_evidence(pen, before, moved, revised),
        uncertainty=[_vintage(pen)],
        action=action(pen, fresh, reason=("没有新亮的灯。", "no lamp has lit since.")),
    )


def _finding(pen: Pen, before: Snapshot, fresh: list[str], out: list[str]) -> list[Block]:
    then, now = pen.rows("lamps", (), "/alerts", of=before), pen.rows("lamps", (), "/alerts")
    run = pen.number(pen.cell("issue", "before_run"), "text", f"/reports/{before.run_id}")
    found: list[Block] = [
        pen.line(
            "上期（运行 {run}）亮着 {then} 盏灯，本期 {now} 盏。",
            "Lamps in the issue before (run {run}): {then}; now: {now}.",
            run=run,
            then=then,
            now=now,
        )
    ]
    found += [
        pen.line(
            "新亮：{series}，自{since}起。",
            "Newly lit: {series}, since {since}.",
            level=_level(pen, u),
            series=pen.title(pen.snapshot.series[u]),
            since=_since(pen, u),
        )
        for u in fresh[:SHOWN]
    ]
    return found + [pen.line("熄灭：{series}。", "Gone out: {series}.", series=pen.title(pen.snapshot.series[u])) for u in out[:SHOWN]]


def _level(pen: Pen, uid: str) -> str:
    return next(str(r["level"]) for r in pen.snapshot.rows("lamps") if r["unique_id"] == uid)


def _since(pen: Pen, uid: str) -> Span:
    return pen.number(pen.cell("lamps", "since", unique_id=uid), "month", series_href(uid))


def _evidence(pen: Pen, before: Snapshot, moved: list[_Moved], revised: list[_Moved]) -> list[Block]:
    blocks: list[Block] = []
    if moved:
        rows = [_row(pen, before, m, "forecast", "mean") for m in moved]
        blocks.append(pen.table(("同月的预测变了多少", "How forecasts of the same month moved"), HEADER, rows, 2))
    if revised:
        rows = [_row(pen, before, m, "panel", "y") for m in revised[:SHOWN]]
        blocks.append(pen.table(("已公布的数被修订最大的", "Largest revisions of published figures"), REVISED, rows, 2))
    return blocks or [pen.line("预测与已公布的数都没有变。", "Neither forecasts nor published figures changed.")]


def _row(pen: Pen, before: Snapshot, m: _Moved, table: str, column: str) -> list[Span]:
    keys: dict[str, Any] = {"unique_id": m.series.unique_id, "ds": m.ds}
    new, old = pen.cell(table, column, **keys), pen.cell(table, column, of=before, **keys)
    gap = pen.number(formula("difference", new, old), "gap", series_href(m.series.unique_id), m.series.unit or "")
    return [pen.title(m.series), pen.month(m.series, m.ds, table), pen.figure(old, m.series), pen.figure(new, m.series), gap]


def _moved(pen: Pen, before: Snapshot) -> list[_Moved]:
    """The main indicators' forecasts of the first month that both runs speak of."""
    found = []
    for series in main_series(pen.snapshot):
        old = {r["ds"]: r["mean"] for r in before.of_series("forecast", series.unique_id)}
        both = [r for r in pen.snapshot.of_series("forecast", series.unique_id) if old.get(r["ds"]) is not None and r["mean"] is not None]
        if both and abs(both[0]["mean"] - old[both[0]["ds"]]) > 0:
            found.append(_Moved(series, both[0]["ds"], both[0]["mean"] - old[both[0]["ds"]]))
    return found


def _revised(pen: Pen, before: Snapshot) -> list[_Moved]:
    """Months whose observed value is another one now, the largest share first."""
    old, new = before.frame("panel"), pen.snapshot.frame("panel")
    if not old.width or not new.width:
        return []
    both = new.join(old, on=["unique_id", "ds"], suffix="_then").filter(pl.col("y") != pl.col("y_then"))
    size = (pl.col("y") - pl.col("y_then")).abs() / pl.max_horizontal(pl.col("y_then").abs(), pl.lit(1e-9))
    ordered = both.with_columns(size.alias("size")).sort("size", "unique_id", "ds", descending=[True, False, False])
    return [
        _Moved(pen.snapshot.series[r["unique_id"]], r["ds"], r["y"] - r["y_then"])
        for r in ordered.to_dicts()
        if r["unique_id"] in pen.snapshot.series
    ]


def _vintage(pen: Pen) -> Block:
    return pen.line(
        "已公布的数还会修订；预测的变动来自新月份、修订，也可能来自程序的新版本。",
        "Published figures may still be revised; forecasts move with new months and revisions, and perhaps with a new version of the program.",
    )
