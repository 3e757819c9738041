"""Which series a bulletin speaks of, and small sentences that several sections need."""

from __future__ import annotations

from datetime import date

from leye.office.published import Row, Series, Snapshot
from leye.office.reports.content import Paragraph, Span
from leye.office.reports.figures_zh import series_href
from leye.office.reports.findings import Finding
from leye.office.reports.pen import Pen, formula
from leye.office.reports.sources import Formula
from leye.office.reports.surprise import main_model

ORDER = ("jobless_rate", "registered", "claims", "insured", "leaving", "postings", "gig_orders", "calls", "postings_occ")
"""Indicators in the order that a bureau reads them: the survey rate first, hotline last."""
GAPS = ("gap_region", "gap_rural")


def main_series(snapshot: Snapshot) -> list[Series]:
    """The whole city's indicators; of a panel of one's own its roots. Gap indicators have their own section."""
    roots = [s for s in snapshot.series.values() if not s.parent and s.indicator not in GAPS and (s.grp in (None, "all"))]
    rank = {name: at for at, name in enumerate(ORDER)}
    return sorted(roots, key=lambda s: (rank.get(s.indicator or "", len(ORDER)), s.unique_id))


def newest(snapshot: Snapshot, series: Series) -> tuple[date, float] | None:
    """The newest month with a value; None when there is none."""
    return next(((ds, y) for ds, y in reversed(snapshot.history.get(series.unique_id, [])) if y is not None), None)


def value_at(snapshot: Snapshot, series: Series, ds: date) -> float | None:
    """The observed value of a month; None when unknown."""
    return next((y for d, y in snapshot.history.get(series.unique_id, []) if d == ds), None)


def a_year_before(ds: date) -> date:
    """The same month of the year before."""
    return date(ds.year - 1, ds.month, 1)


def change_on_year(pen: Pen, series: Series, ds: date) -> Span:
    """Against the same month a year before: a share, of ratios in percentage points; 未知 where that month is not known."""
    before, href = a_year_before(ds), series_href(series.unique_id)
    if value_at(pen.snapshot, series, before) is None:
        return Span(pen.pick("未知", "unknown"))
    both = (pen.y(series, ds), pen.y(series, before))
    if series.unit == "ratio":
        return pen.number(formula("difference", *both), "gap", href, "ratio")
    return pen.number(formula("change", *both), "share", href)


def expected_then(snapshot: Snapshot, series: Series, ds: date) -> Row | None:
    """What the published model said of a month from the earliest origin that reaches it, out of the back-test; None without one."""
    model = main_model(snapshot)
    rows = [r for r in snapshot.of_series("backtest", series.unique_id) if r["ds"] == ds and r["model"] == model and r["lo-80"] is not None]
    return min(rows, key=lambda r: r["origin"], default=None)


def finding_line(pen: Pen, found: Finding) -> Paragraph:
    """One finding, its figures out of lamps and panel."""
    uid, href = found.series.unique_id, series_href(found.series.unique_id)
    gap, direction = (pen.cell("lamps", c, unique_id=uid) for c in ("gap", "direction"))
    is_up = found.change > 0
    side = ("高于", "above") if is_up else ("低于", "below")
    change = formula("lamp_change", gap, direction)
    usual: Formula = formula("lamp_expected", pen.y(found.series, found.ds), gap, direction)
    return pen.line(
        "{series}自{since}起" + side[0] + "预期，{month}为 {y}，按以往规律约 {usual}，相差 {change}。",
        "{series} has been " + side[1] + " expectation since {since}: {y} in {month} where about {usual} was usual, a difference of {change}.",
        level=found.level,
        series=pen.title(found.series),
        since=pen.number(pen.cell("lamps", "since", unique_id=uid), "month", href),
        month=pen.month(found.series, found.ds),
        y=pen.figure(pen.y(found.series, found.ds), found.series),
        usual=pen.figure(usual, found.series),
        change=pen.number(change, "share", href),
    )


def coverage_line(pen: Pen) -> Paragraph | None:
    """How often the published model's intervals have held so far, over all series and origins; None without a back-test."""
    model = main_model(pen.snapshot)
    rows = [r for r in pen.snapshot.rows("backtest_summary") if r["model"] == model]
    if model is None or not rows:
        return None
    whole = [("model", "=", model), ("origin", "=", None)]
    pooled = any(r["origin"] is None for r in rows)
    where = tuple(whole) if pooled else (("model", "=", model),)
    how = "only" if pooled else "mean"
    origins = pen.number(pen.where("backtest", (("model", "=", model),), "origin", how="distinct"), "count", "/cockpit")
    got = {c: pen.number(pen.where("backtest_summary", where, c, how=how), "percent", "/cockpit") for c in ("coverage_80", "coverage_95")}
    return pen.line(
        "到目前为止，回测的 {origins} 个起点上，{narrow}区间命中 {held}，{wide}区间命中 {held_wide}（按今天的数据版本，不是当时的）。",
        "So far, over {origins} back-test origins, {narrow} intervals held {held} and {wide} intervals {held_wide} (on today's vintages).",
        origins=origins,
        narrow=pen.setting("interval_narrow", "tenth"),
        wide=pen.setting("interval_wide", "tenth"),
        held=got["coverage_80"],
        held_wide=got["coverage_95"],
    )
