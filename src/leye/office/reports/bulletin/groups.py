"""重点群体: registered unemployed, open posts and income of each key group, with forecast and chance where it has a series."""

from __future__ import annotations

from collections.abc import Sequence

from leye.office.nightly.groups_step import LEAST, KeyGroupPage, key_group_pages
from leye.office.published import Row, Series
from leye.office.reports.bulletin.steps import action
from leye.office.reports.content import Block, Section, Span
from leye.office.reports.figures_zh import series_href
from leye.office.reports.pen import Pen

HEADER = (
    ("群体", "Group"),
    ("人数", "People"),
    ("登记失业（居民库）", "Registered (residents)"),
    ("对口岗位", "Posts in their trades"),
    ("工资中位数", "Median wage"),
)


def groups(pen: Pen) -> Section:
    """The group with most registered unemployed makes the finding; counts of one to nine are not told."""
    rows = {(r["grp"], r["figure"]): r for r in pen.snapshot.rows("key_groups") if r["policy"] is None}
    shown = [g for g in key_group_pages().values() if _may(rows, g.id, "heads")]
    series = {g.id: s for g in shown if (s := _series(pen, g)) is not None}
    ahead = [_ahead(pen, s) for s in series.values() if _is_large(pen, s)]
    table = [pen.table(("各群体现况", "The groups now"), HEADER, [_row(pen, rows, g) for g in shown])] if shown else []
    nothing: Block = pen.line("本次运行没有群体的数。", "The run holds no figures of groups.")
    return pen.section(
        ("重点群体", "Key groups"),
        finding=_finding(pen, rows, shown) or [nothing],
        evidence=[*table, *ahead] or [nothing],
        uncertainty=_uncertainty(pen, bool(ahead)),
        action=action(pen, [s.unique_id for s in series.values()], reason=("没有重点群体的灯亮着。", "no lamp of a key group burns.")),
    )


def _may(rows: dict[tuple[str, str], Row], grp: str, figure: str) -> bool:
    """Whether a count may be told."""
    row = rows.get((grp, figure))
    return row is not None and row["n"] is not None and row["n"] >= LEAST


def _number(pen: Pen, rows: dict[tuple[str, str], Row], grp: str, figure: str, column: str = "n", form: str = "figure", unit: str = "person") -> Span:
    if not _may(rows, grp, figure):
        return Span(pen.pick("太少，不列", "too few"))
    where = (("grp", "=", grp), ("figure", "=", figure), ("policy", "=", None))
    return pen.number(pen.where("key_groups", where, column), form, f"/groups/{grp}", unit)


def _finding(pen: Pen, rows: dict[tuple[str, str], Row], shown: Sequence[KeyGroupPage]) -> list[Block]:
    known = [g for g in shown if _may(rows, g.id, "registered")]
    if not known:
        return [pen.line("各群体的登记失业人数都太少，不单独列出。", "No group has enough registered unemployed to be told apart.")] if shown else []
    most = max(known, key=lambda g: (rows[g.id, "registered"]["n"], g.id))
    return [
        pen.line(
            "登记失业最多的是{grp}，{n}；在其常做的职业里开着的岗位 {posts}。",
            "Most registered unemployed: {grp}, {n}; open posts in their usual trades: {posts}.",
            grp=_name(pen, most),
            n=_number(pen, rows, most.id, "registered"),
            posts=_number(pen, rows, most.id, "posts", unit="post"),
        )
    ]


def _name(pen: Pen, group: KeyGroupPage) -> Span:
    return Span(pen.pick(group.zh, group.en), f"/groups/{group.id}")


def _row(pen: Pen, rows: dict[tuple[str, str], Row], group: KeyGroupPage) -> list[Span]:
    counts = [_number(pen, rows, group.id, f) for f in ("heads", "registered")]
    posts = _number(pen, rows, group.id, "posts", unit="post")
    return [_name(pen, group), *counts, posts, _number(pen, rows, group.id, "income", "value_fen", "yuan", "")]


def _series(pen: Pen, group: KeyGroupPage) -> Series | None:
    """The city's series of the group's registered unemployed."""
    every = pen.snapshot.series.values()
    return next(
        (s for s in every if group.series and s.indicator == "registered" and s.grp == group.series and (s.region or "").endswith("00")), None
    )


def _is_large(pen: Pen, series: Series) -> bool:
    """Whether the forecast is no small count."""
    return any((r["mean"] or 0) >= LEAST for r in pen.snapshot.of_series("forecast", series.unique_id)[:1])


def _ahead(pen: Pen, series: Series) -> Block:
    first = pen.snapshot.of_series("forecast", series.unique_id)[0]
    keys = {"unique_id": series.unique_id, "ds": first["ds"]}
    low, high = (pen.cell("forecast", c, **keys) for c in ("lo-80", "hi-80"))
    return pen.line(
        "{series}：{month}预测 {mean}，{narrow}区间 {between}。",
        "{series}: forecast for {month} {mean}, {narrow} interval {between}.",
        series=pen.title(series),
        month=pen.month(series, first["ds"], "forecast"),
        mean=pen.figure(pen.cell("forecast", "mean", **keys), series),
        narrow=pen.setting("interval_narrow", "tenth"),
        between=pen.pair(low, high, series_href(series.unique_id), series.unit or ""),
    )


def _uncertainty(pen: Pen, has_forecast: bool) -> list[Block]:
    said = pen.line(
        "不足 {least} 人的数不列；同一人可以属于几个群体，各行不能相加。",
        "Counts under {least} are not told; people may belong to several groups, so rows do not add up.",
        least=pen.setting("least_count", "count"),
    )
    narrow = pen.line("群体的序列人数少，预测区间相对更宽。", "Series of groups are small, so their intervals are wide for their size.")
    return [said, narrow] if has_forecast else [said]
