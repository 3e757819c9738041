"""数据质量与缺口: what came in, what was set aside, which indicators end earlier than the others, what the run could not do."""

from __future__ import annotations

from collections import Counter

from leye.office.published import Row, Series
from leye.office.reports.bulletin.choice import main_series, newest
from leye.office.reports.bulletin.steps import none_needed
from leye.office.reports.content import Block, Paragraph, Section, Span
from leye.office.reports.figures_zh import series_href
from leye.office.reports.pen import Pen

FILES = 8  # chosen by us
HREF = "/data"
HEADER = (("文件", "File"), ("收到", "Rows in"), ("读入", "Loaded"), ("隔离", "Set aside"), ("重复", "Duplicates"))


def quality(pen: Pen) -> Section:
    """Rows in = loaded + set aside + duplicates; files by what was set aside of them."""
    late = _late(pen)
    loads = pen.snapshot.rows("loads")
    return pen.section(
        ("数据质量与缺口", "Data quality and gaps"),
        finding=[_received(pen) if loads else pen.line("本次运行不读部门文件。", "The run reads no department files."), *_late_lines(pen, late)],
        evidence=_evidence(pen),
        uncertainty=_uncertainty(pen),
        action=_action(pen, late),
    )


def _sum(pen: Pen, column: str) -> Span:
    return pen.number(pen.where("loads", (), column, how="sum"), "count", HREF)


def _received(pen: Pen) -> Block:
    return pen.line(
        "读了 {files} 个部门文件，收到 {got} 行，读入 {kept} 行，隔离 {held} 行，重复 {twice} 行。",
        "Department files read: {files}; rows in {got}: loaded {kept}, set aside {held}, duplicates {twice}.",
        files=pen.rows("loads", (), HREF),
        got=_sum(pen, "rows_in"),
        kept=_sum(pen, "loaded"),
        held=_sum(pen, "quarantined"),
        twice=_sum(pen, "duplicates"),
    )


def _late(pen: Pen) -> list[Series]:
    """Main indicators that end before the newest month of the run, and those without any value."""
    last = pen.snapshot.last_month
    ends = {s.unique_id: newest(pen.snapshot, s) for s in main_series(pen.snapshot)}
    return [s for s in main_series(pen.snapshot) if last is not None and ((e := ends[s.unique_id]) is None or e[0] < last)]


def _late_lines(pen: Pen, late: list[Series]) -> list[Block]:
    if not late:
        return [pen.line("全市指标都到了最新的月份。", "Every city-wide indicator reaches the newest month.")]
    lines: list[Block] = []
    for series in late:
        point = newest(pen.snapshot, series)
        if point is None:
            lines.append(pen.line("{series}没有任何数。", "{series} has no figure at all.", series=pen.title(series)))
        else:
            ds = pen.month(series, point[0])
            lines.append(
                pen.line(
                    "{series}只到{month}，比其他指标晚。", "{series} ends in {month}, earlier than the others.", series=pen.title(series), month=ds
                )
            )
    return lines


def _evidence(pen: Pen) -> list[Block]:
    worst = sorted(pen.snapshot.rows("loads"), key=lambda r: (-(r["quarantined"] or 0), r["file"]))[:FILES]
    rows = [[_of(pen, r, "file", "text"), *(_of(pen, r, c, "count") for c in ("rows_in", "loaded", "quarantined", "duplicates"))] for r in worst]
    blocks: list[Block] = [pen.table(("隔离最多的文件", "Files with most rows set aside"), HEADER, rows)] if rows else []
    codes = Counter(r["code"] for r in pen.snapshot.rows("quarantine"))
    if codes:
        code = min(codes, key=lambda c: (-codes[c], c))
        n = pen.rows("quarantine", (("code", "=", code),), HREF)
        name = pen.number(pen.where("quarantine", (("code", "=", code),), "code", how="max"), "text", HREF)
        blocks.append(pen.line("隔离最多的原因：{code}，{n} 处。", "Commonest reason for setting aside: {code}, {n} cells.", code=name, n=n))
    return blocks or [pen.line("没有装载记录。", "No record of loads.")]


def _of(pen: Pen, load: Row, column: str, form: str) -> Span:
    return pen.number(pen.cell("loads", column, source=load["source"], file=load["file"]), form, HREF)


def _uncertainty(pen: Pen) -> list[Block]:
    blocks: list[Block] = []
    if pen.snapshot.frame("load_warnings").width:
        warned = pen.rows("load_warnings", (), HREF)
        blocks.append(
            pen.line("另有 {n} 处照原样读入但有疑问（合计不符、约数等）。", "Read as they stand but doubtful (sums, rounded figures): {n}.", n=warned)
        )
    gaps = [s for s in main_series(pen.snapshot) if any(y is None for _, y in pen.snapshot.history.get(s.unique_id, []))]
    if gaps:
        lead = pen.line("有缺月，按缺失处理，不当作零：", "Months without a figure, kept as missing, never as zero: ")
        blocks.append(pen.together(lead, [_missing(pen, s) for s in gaps]))
    return blocks or [pen.line("没有发现存疑的读入，也没有缺月。", "Nothing doubtful was read and no month is missing.")]


def _missing(pen: Pen, series: Series) -> Paragraph:
    empty = pen.where("panel", (("unique_id", "=", series.unique_id), ("y", "=", None)), how="rows")
    n = pen.number(empty, "count", series_href(series.unique_id))
    return pen.line("{series} {n} 个月", "{series} {n}", series=pen.title(series), n=n)


def _action(pen: Pen, late: list[Series]) -> list[Block]:
    held = pen.snapshot.frame("quarantine")
    blocks: list[Block] = []
    if late:
        blocks.append(
            pen.line(
                "请数据管理员催报晚到的指标；补报后重新运行即可，没有另设期限。",
                "The administrator asks for the late indicators; a new run takes them in, no due date is set.",
            )
        )
    if held.width and held.height:
        desk = Span(pen.pick("数据质量页", "the data page"), HREF)
        blocks.append(
            pen.line(
                "请报送部门按{desk}逐行改正，改好后重读，没有另设期限。",
                "Departments mend the rows on {desk}, which are then read again; no due date is set.",
                desk=desk,
            )
        )
    return blocks or [none_needed(pen, ("没有隔离的行，也没有晚到的指标。", "no row was set aside and no indicator is late."))]
