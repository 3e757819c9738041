"""回放的教训: what the method would have said of past shocks, out of the replays that were kept."""

from __future__ import annotations

from typing import Any

from leye.office.published import Row
from leye.office.reports.bulletin.steps import none_needed
from leye.office.reports.content import Block, Section, Span
from leye.office.reports.pen import Pen

HREF = "/alerts/replay"


def lessons(pen: Pen) -> Section:
    """One line a replay; without any, where to make one."""
    kept = list(pen.own.get("desk_replays", ()))
    here = Span(pen.pick("预警回放页", "the page of replays"), HREF)
    if not kept:
        said: Block = pen.line("还没有保存过回放。", "No replay has been kept.")
        return pen.section(
            _TITLE,
            finding=[said],
            evidence=[said],
            uncertainty=[
                pen.line(
                    "没有回放，就不知道这套方法在过去的冲击里会不会迟。",
                    "Without one nobody knows how late the method would have been in a past shock.",
                )
            ],
            action=[
                pen.line(
                    "请分析员在{here}用本市的序列回放一次，没有另设期限。", "The analyst replays a shock on {here}; no due date is set.", here=here
                )
            ],
        )
    lines = [_line(pen, r) for r in kept]
    return pen.section(
        _TITLE,
        finding=lines[-1:],
        evidence=lines,
        uncertainty=[
            pen.line(
                "过去的冲击只有几次，各不相同；回放用的是今天的数据版本，当时的数还会修订。",
                "Past shocks are few and unlike each other; replays use today's vintages, and figures of then were revised.",
            )
        ],
        action=[none_needed(pen, ("回放已存，可在预警回放页做演练。", "the replays are kept; drills start from their page."))],
    )


_TITLE = ("回放的教训", "Lessons of replays")


def _line(pen: Pen, row: Row) -> Block:
    href = f"{HREF}/{row['replay_id']}"

    def of(column: str, form: str) -> Span:
        return pen.number(pen.cell("desk_replays", column, replay_id=row["replay_id"]), form, href)

    lead = "中位时差 {lead} 个月（负为峰值之前）" if row["median_lead_months"] is not None else "没有灯可算时差"
    lead_en = "median {lead} months from the peak (negative: before it)" if row["median_lead_months"] is not None else "no lamp to take a delay from"
    more: dict[str, Any] = {"lead": of("median_lead_months", "signed")} if row["median_lead_months"] is not None else {}
    return pen.line(
        "{shock}的冲击：真的下滑的 {fell} 个序列里亮过灯的 {lit} 个，" + lead + "；没有下滑而亮灯的 {wrong} 个。",
        "Shock of {shock}: of {fell} series that fell {lit} were lit, " + lead_en + "; lit without a fall: {wrong}.",
        shock=of("shock", "month"),
        fell=of("fell", "count"),
        lit=of("lit_of_fallen", "count"),
        wrong=of("lit_without_fall", "count"),
        **more,
    )
