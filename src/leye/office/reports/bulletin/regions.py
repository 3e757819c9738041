"""区域与行业: cells of the monitoring cube that changed most, and the gap indicators; small cells stay hidden here as on the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

import polars as pl

from leye.kernel.codes import current_regions, industries
from leye.office.published import Row
from leye.office.reports.bulletin.choice import GAPS
from leye.office.reports.bulletin.steps import action
from leye.office.reports.content import Block, Section, Span
from leye.office.reports.figures_zh import series_href
from leye.office.reports.findings import RANK
from leye.office.reports.pen import Pen, formula

SHOWN = 8  # chosen by us: half a printed page
INDICATORS = {"insured": ("参保", "insured", "person"), "postings": ("岗位", "posts", "post")}
"""Indicators of the cube that split regions and trades: name in both languages, unit."""
HEADER = (("指标", "Indicator"), ("区域", "Region"), ("行业", "Trade"), ("人数或岗位", "Count"), ("去年同月", "A year ago"), ("变化", "Change"))


def regions(pen: Pen) -> Section:
    """Lit cells first, then by surprise; the newest gaps with their intervals."""
    cells = _cells(pen)
    gaps = _gaps(pen)
    return pen.section(
        ("区域与行业", "Regions and trades"),
        finding=_finding(pen, cells),
        evidence=_evidence(pen, cells, gaps),
        uncertainty=_uncertainty(pen, bool(gaps)),
        action=action(pen, _series_of(pen, cells), reason=("没有区县或行业的灯亮着。", "no lamp of a district or trade burns.")),
    )


def _cells(pen: Pen) -> list[Row]:
    """Shown cells of a region, a trade or both whose count and that of a year ago may be told."""
    frame = pen.snapshot.frame("cube")
    if not frame.width:
        return []
    may = ~pl.col("hidden") & ~pl.col("year_ago_hidden") & (pl.col("year_ago") > 0)
    plain = (pl.col("occupation") == "all") & (pl.col("grp") == "all") & ((pl.col("region") != "all") | (pl.col("industry") != "all"))
    rows = frame.filter(pl.col("indicator").is_in(list(INDICATORS)), may, plain, pl.col("watched")).to_dicts()
    return sorted(rows, key=lambda r: (-RANK.get(r["level"] or "", 0), -abs(r["surprise"] or 0.0), r["cell"]))[:SHOWN]


def _finding(pen: Pen, cells: Sequence[Row]) -> list[Block]:
    if not cells:
        return [pen.line("本次运行没有可以分区域、分行业的单元。", "The run holds no cells by region and trade.")]
    first = cells[0]
    lit = pen.where("cube", (("level", "in", "|".join(RANK)), ("hidden", "=", False)), how="rows")
    return [
        pen.line(
            "变化最大的是{region}、{trade}的{what}：{month}为 {n}，去年同月 {year_ago}，{change}。全部单元里亮灯的有 {lit} 个。",
            "The largest change: {what} in {region}, {trade}: {n} in {month}, {year_ago} a year ago, {change}. Lit cells in all: {lit}.",
            level=first["level"] or "",
            **_parts(pen, first),
            lit=pen.number(lit, "count", "/cube"),
        )
    ]


def _parts(pen: Pen, row: Row) -> dict[str, Span]:
    zh, en, unit = INDICATORS[row["indicator"]]
    href = _href(row)

    def of(column: str, form: str) -> Span:
        return pen.number(pen.cell("cube", column, cell=row["cell"]), form, href, unit)

    change = formula("change", pen.cell("cube", "n", cell=row["cell"]), pen.cell("cube", "year_ago", cell=row["cell"]))
    return {
        "what": Span(pen.pick(zh, en)),
        "region": Span(_region(pen, row["region"])),
        "trade": Span(_trade(pen, row["industry"])),
        "month": of("month", "month"),
        "n": of("n", "figure"),
        "year_ago": of("year_ago", "figure"),
        "change": pen.number(change, "share", href),
    }


def _evidence(pen: Pen, cells: Sequence[Row], gaps: Sequence[Row]) -> list[Block]:
    blocks: list[Block] = []
    if cells:
        parts = [_parts(pen, r) for r in cells]
        rows = [[p[c] for c in ("what", "region", "trade", "n", "year_ago", "change")] for p in parts]
        blocks.append(pen.table(("亮灯的在前，其次按出乎预料的程度", "Lit cells first, then by surprise"), HEADER, rows, 3))
    blocks += [_gap_line(pen, g) for g in gaps]
    return blocks or [pen.line("没有可列的单元。", "No cell to list.")]


def _gaps(pen: Pen) -> list[Row]:
    newest: dict[str, Row] = {}
    for row in pen.snapshot.rows("gaps"):
        if row["unique_id"].split("/")[0] in GAPS and row["ds"] >= newest.get(row["unique_id"], {"ds": date.min})["ds"]:
            newest[row["unique_id"]] = row
    return [newest[u] for u in sorted(newest)]


def _gap_line(pen: Pen, row: Row) -> Block:
    href = series_href(row["unique_id"])

    def of(column: str, form: str) -> Span:
        return pen.number(pen.cell("gaps", column, unique_id=row["unique_id"], ds=row["ds"]), form, href, "times")

    low, high = (pen.cell("gaps", c, unique_id=row["unique_id"], ds=row["ds"]) for c in ("ratio_lo", "ratio_hi"))
    what = ("区县之间（最高比最低）", "between districts (highest to lowest)")
    what = ("农村户籍与城镇户籍之间", "between rural and urban hukou") if row["unique_id"].startswith("gap_rural") else what
    return pen.line(
        "失业差距，" + what[0] + "：{ds}为 {ratio}，{wide}区间 {between}。",
        "Gap of unemployment " + what[1] + ": {ratio} in {ds}, {wide} interval {between}.",
        ds=of("ds", "month"),
        ratio=of("ratio", "figure"),
        wide=pen.setting("interval_wide", "tenth"),
        between=pen.pair(low, high, href, "times"),
    )


def _uncertainty(pen: Pen, has_gaps: bool) -> list[Block]:
    if not pen.snapshot.frame("cube").width:
        return [pen.line("没有单元，也就没有可说的把握。", "Without cells there is nothing to be sure of.")]
    hidden = pen.rows("cube", (("hidden", "=", True),), "/cube")
    blocks: list[Block] = [
        pen.line(
            "不足 {least} 的单元并入上级看，{hidden} 个不公开；人数少的单元，百分数会大起大落。",
            "Cells under {least} are watched through larger ones, {hidden} are hidden; shares of small cells jump.",
            least=pen.setting("least_count", "count"),
            hidden=hidden,
        )
    ]
    if has_gaps:
        blocks.append(
            pen.line(
                "几个区县里的最高值本来就偏高：差距要与上月比，不要与没有差距比。",
                "The highest of several is high by chance alone: compare months, not with no gap.",
            )
        )
    return blocks


def _series_of(pen: Pen, cells: Sequence[Row]) -> list[str]:
    lit = {r["unique_id"] for r in pen.snapshot.rows("lamps")}
    names = []
    for r in cells:
        for uid, s in pen.snapshot.series.items():
            region = r["region"] if r["region"] != "all" else s.region if (s.region or "").endswith("00") else None
            if (s.indicator, s.region, s.industry, s.occupation, s.grp) == (r["indicator"], region, r["industry"], "all", "all") and uid in lit:
                names.append(uid)
    return names


def _href(row: Row) -> str:
    chosen = [a for a in ("region", "industry") if row[a] != "all"]
    return "/cube?" + urlencode({"indicator": row["indicator"], **dict(zip(("a", "b"), chosen, strict=False))})


def _region(pen: Pen, code: str) -> str:
    return (
        pen.pick("全市", "the city") if code == "all" else current_regions()[code].name if code in current_regions() else pen.pick("未填", "unknown")
    )


def _trade(pen: Pen, code: str) -> str:
    return pen.pick("全行业", "all trades") if code == "all" else industries()[code].name if code in industries() else pen.pick("未填", "unknown")
