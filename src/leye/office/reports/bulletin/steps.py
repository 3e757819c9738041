"""建议: for the series that a section speaks of, the plan and task with owner and due date; or that none is needed, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from leye.office.published import Row
from leye.office.reports.content import Block, Paragraph, Span
from leye.office.reports.findings import telling
from leye.office.reports.pen import Pen

MOST = 4  # tasks named in one section; chosen by us: the desk has them all


def action(pen: Pen, unique_ids: Iterable[str], *, reason: tuple[str, str]) -> list[Block]:
    """What is to be done about these series. reason: why nothing is, said when neither the desk nor the reserve has anything."""
    wanted = list(dict.fromkeys(unique_ids))
    waiting = [r for r in pen.own.get("desk_alerts", ()) if r["unique_id"] in wanted and r["is_waiting"]]
    blocks: list[Block] = [_task(pen, r) if r["has_task"] else _open(pen, r) for r in waiting[:MOST]]
    named = {r["unique_id"] for r in waiting}
    advice = [r for r in telling(pen.snapshot.rows("advice")) if r["unique_id"] in wanted and r["unique_id"] not in named]
    blocks += [_advice(pen, r) for r in _first_of_each(advice)[:MOST]]
    if not blocks:
        return [none_needed(pen, reason)]
    if len(waiting) > MOST:
        more = pen.rows("desk_alerts", (("is_waiting", "=", True),), "/alerts")
        blocks.append(pen.line("预警台上共有 {n} 条待办。", "The desk holds {n} open alerts in all.", n=more))
    return blocks


def none_needed(pen: Pen, reason: tuple[str, str]) -> Paragraph:
    """无须行动, and why."""
    return pen.line(f"无须行动：{reason[0]}", f"None needed: {reason[1]}")


def plan_span(pen: Pen, row: Row) -> Span:
    """The plan of an alert by its title, linked."""
    source = pen.cell("desk_alerts", pen.pick("plan_zh", "plan_en"), alert_id=row["alert_id"])
    return pen.number(source, "text", f"/plans/{row['plan_id']}" if row["plan_id"] else "/plans")


def _task(pen: Pen, row: Row) -> Paragraph:
    href = f"/alerts/{row['alert_id']}"

    def of(column: str, form: str) -> Span:
        return pen.number(pen.cell("desk_alerts", column, alert_id=row["alert_id"]), form, href)

    late = ("，已逾期", ", overdue") if row["is_late"] else ("", "")
    plan = ("按《{plan}》处置，", " “{plan}”,") if row["plan_id"] else ("没有套用预案，", " no plan chosen,")
    said = {"owner": of("owner", "text"), "due": of("due", "date"), "done": of("steps_done", "count"), "steps": of("steps", "count")}
    return pen.line(
        "{series}：" + plan[0] + "{owner}负责，{due}前办结" + late[0] + "；步骤已完成 {done} / {steps}。",
        "{series}:" + plan[1] + " owner {owner}, due {due}" + late[1] + "; steps done {done} of {steps}.",
        level=row["level"],
        series=_series(pen, row),
        **({"plan": plan_span(pen, row)} if row["plan_id"] else {}),
        **said,
    )


def _open(pen: Pen, row: Row) -> Paragraph:
    """Alarms wait for somebody to give them out."""
    series = _series(pen, row)
    desk = Span(pen.pick("在预警台派单", "assign it at the desk"), f"/alerts/{row['alert_id']}")
    if not row["plan_id"]:
        return pen.line(
            "{series}：还没有人负责，请{desk}。", "{series}: nobody is in charge yet; {desk}.", level=row["level"], series=series, desk=desk
        )
    return pen.line(
        "{series}：还没有人负责，请{desk}；可启动《{plan}》，期限自派单之日起按预案计算。",
        "{series}: nobody is in charge yet; {desk}. The plan “{plan}” fits; its deadlines run from the assignment.",
        level=row["level"],
        series=series,
        plan=plan_span(pen, row),
        desk=desk,
    )


def _series(pen: Pen, row: Row) -> Span:
    found = pen.snapshot.series.get(row["unique_id"])
    return pen.title(found) if found else pen.number(pen.cell("desk_alerts", "unique_id", alert_id=row["alert_id"]), "text", "/alerts")


def _advice(pen: Pen, row: Row) -> Paragraph:
    """The advice's own sentence, which the run holds in both languages."""
    column = pen.pick("text_zh", "text_en")
    source = pen.cell("advice", column, unique_id=row["unique_id"], plan_id=row["plan_id"], grp=row["grp"])
    return pen.line("{text}", "{text}", level=row["level"], text=pen.number(source, "text", f"/plans/{row['plan_id']}"))


def _first_of_each(advice: Sequence[Row]) -> list[Row]:
    """One line a series and plan: the group of most heads."""
    found: dict[tuple[str, str], Row] = {}
    for row in sorted(advice, key=lambda r: (-(r["heads"] or 0), r["grp"] or "")):
        found.setdefault((row["unique_id"], row["plan_id"]), row)
    order = {id(r): at for at, r in enumerate(advice)}
    return sorted(found.values(), key=lambda r: order[id(r)])
