"""总体判断: how many lamps burn, the weightiest findings, what is promised about false alarms."""

from __future__ import annotations

from leye.office.reports.bulletin.choice import coverage_line, finding_line, main_series, newest
from leye.office.reports.bulletin.steps import action
from leye.office.reports.content import Block, Section
from leye.office.reports.findings import RANK, all_findings, findings
from leye.office.reports.pen import Pen

FINDINGS = 3  # chosen by us: what a reader keeps in mind


def headline(pen: Pen) -> Section:
    """Level of the whole first, then the findings of false-discovery-controlled lamps, weightiest first."""
    snapshot = pen.snapshot
    found = findings(snapshot, FINDINGS)
    lit = snapshot.rows("lamps")
    evidence: list[Block] = [finding_line(pen, f) for f in found if snapshot.frame("lamps").width]
    if found:
        evidence.append(pen.picture(found[0].series, "排在最前面的发现：历史、预测与区间", "The first finding: history, forecast and intervals"))
    return pen.section(
        ("总体判断", "Overall"),
        finding=[_judgement(pen, sorted({r["level"] for r in lit}, key=lambda level: -RANK[level]))],
        evidence=evidence or [_calm(pen)],
        uncertainty=_uncertainty(pen),
        action=action(
            pen,
            [f.series.unique_id for f in all_findings(snapshot)],
            reason=("各项指标都在以往规律的范围内。", "every indicator lies within what is usual."),
        ),
    )


def _judgement(pen: Pen, levels: list[str]) -> Block:
    """The sentence by the highest lamp that burns."""
    if not levels:
        return pen.line("就业形势总体平稳，没有亮着的预警灯。", "The situation is steady; no lamp burns.")
    top = levels[0]
    word = {"red": ("紧急", "urgent"), "orange": ("严重", "serious"), "yellow": ("需要留意", "to be watched"), "blue": ("有轻微变化", "slight")}[top]
    lit, at_top = pen.rows("lamps", (), "/alerts"), pen.rows("lamps", (("level", "=", top),), "/alerts")
    return pen.line(
        "局部领域出现" + word[0] + "信号：亮着 {lit} 盏灯，其中最高一级 {top} 盏；未亮灯的序列在以往规律的范围内。",
        "Signals in parts of the market, the strongest " + word[1] + ": {lit} lamps burn, {top} of them at the highest level reached.",
        level=top,
        lit=lit,
        top=at_top,
    )


def _calm(pen: Pen) -> Block:
    series = next((s for s in main_series(pen.snapshot) if newest(pen.snapshot, s)), None)
    if series is None:
        return pen.line("本次运行没有可用的序列。", "The run holds no series with values.")
    ds, _ = newest(pen.snapshot, series) or (None, None)
    assert ds is not None
    return pen.line(
        "{series}{month}为 {y}。",
        "{series}: {y} in {month}.",
        series=pen.title(series),
        month=pen.month(series, ds),
        y=pen.figure(pen.y(series, ds), series),
    )


def _uncertainty(pen: Pen) -> list[Block]:
    blocks: list[Block] = [
        pen.line(
            "预警按每个序列每年最多误报 {nominal} 次校准；同月亮起的灯里，偶然所占不超过 {fdr}。",
            "Lamps are calibrated to at most {nominal} false alarms a series and year; of those of one month at most {fdr} are lit by chance.",
            nominal=pen.setting("nominal_false_alarms", "decimal"),
            fdr=pen.setting("false_discoveries", "percent"),
        )
    ]
    held = coverage_line(pen)
    return [*blocks, held] if held else blocks
