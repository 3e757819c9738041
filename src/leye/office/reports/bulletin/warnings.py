"""预警与处置: which lamps burn and why, who is at work on them, what is late, and how often the watch has been wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence

from leye.office.published import Row
from leye.office.reports.bulletin.steps import action, plan_span
from leye.office.reports.content import Block, Section, Span
from leye.office.reports.figures_zh import LEVEL_ZH, series_href
from leye.office.reports.findings import RANK
from leye.office.reports.pen import Pen

SHOWN = 6  # chosen by us
HEADER = (
    ("预警", "Alert"),
    ("级别", "Level"),
    ("预案", "Plan"),
    ("承办人", "Owner"),
    ("期限", "Due"),
    ("已完成步骤", "Steps done"),
    ("全部步骤", "Steps"),
)
LEVEL_EN = {"red": "red", "orange": "orange", "yellow": "yellow", "blue": "blue"}


def warnings(pen: Pen) -> Section:
    """The desk's open alerts; the newest evidence of each lamp in its own words."""
    waiting = [r for r in pen.own.get("desk_alerts", ()) if r["is_waiting"]]
    lit = sorted(pen.snapshot.rows("lamps"), key=lambda r: (-RANK[r["level"]], r["unique_id"]))
    late = [r for r in waiting if r["is_late"]]
    return pen.section(
        ("预警与处置", "Warnings and what is done"),
        finding=_finding(pen, late),
        evidence=_evidence(pen, waiting, lit),
        uncertainty=_uncertainty(pen, lit),
        action=action(
            pen,
            [r["unique_id"] for r in late or waiting],
            reason=("预警台上没有待办。", "nothing waits at the desk."),
        ),
    )


def _finding(pen: Pen, late: Sequence[Row]) -> list[Block]:
    waits = ("is_waiting", "=", True)
    open_ones = pen.rows("desk_alerts", (waits,), "/alerts")
    idle = pen.rows("desk_alerts", (waits, ("has_task", "=", False)), "/alerts")
    overdue = pen.rows("desk_alerts", (("is_late", "=", True),), "/alerts")
    end = ("；请先办逾期的。", "; see to the overdue ones first.") if late else ("。", ".")
    return [
        pen.line(
            "预警台上有 {open} 条待办，其中还没有派单的 {idle} 条，逾期的 {late} 条" + end[0],
            "Open alerts at the desk: {open}; not yet assigned: {idle}; overdue: {late}" + end[1],
            open=open_ones,
            idle=idle,
            late=overdue,
        )
    ]


def _evidence(pen: Pen, waiting: Sequence[Row], lit: Sequence[Row]) -> list[Block]:
    blocks: list[Block] = []
    if waiting:
        blocks.append(pen.table(("待办的预警", "Open alerts"), HEADER, [_row(pen, r) for r in waiting[: 2 * SHOWN]], 4))
    blocks += [line for r in lit[:SHOWN] if (line := _words(pen, r)) is not None]
    return blocks or [pen.line("没有待办的预警，也没有亮着的灯。", "No alert is open and no lamp burns.")]


def _row(pen: Pen, row: Row) -> list[Span]:
    href = f"/alerts/{row['alert_id']}"
    nobody = Span(pen.pick("待派单", "not assigned"))

    def of(column: str, form: str) -> Span:
        return pen.number(pen.cell("desk_alerts", column, alert_id=row["alert_id"]), form, href) if row["has_task"] else nobody

    series = pen.snapshot.series.get(row["unique_id"])
    name = pen.title(series) if series else pen.number(pen.cell("desk_alerts", "unique_id", alert_id=row["alert_id"]), "text", href)
    level = Span(pen.pick(LEVEL_ZH[row["level"]], LEVEL_EN[row["level"]]), level=row["level"])
    plan = plan_span(pen, row) if row["plan_id"] else Span(pen.pick("没有", "none"))
    return [name, level, plan, of("owner", "text"), of("due", "date"), of("steps_done", "count"), of("steps", "count")]


def _words(pen: Pen, lamp: Row) -> Block | None:
    """The newest row of a lamp in the words of its evidence, which the run holds in both languages."""
    uid = lamp["unique_id"]
    newest = max((r["ds"] for r in pen.snapshot.rows("alerts") if r["unique_id"] == uid), default=None)
    series = pen.snapshot.series.get(uid)
    if newest is None or series is None:
        return None
    said = pen.number(pen.cell("alerts", "evidence", part=pen.pick("zh", "en"), unique_id=uid, ds=newest), "text", series_href(uid))
    return pen.line("{series}：{said}", "{series}: {said}", level=lamp["level"], series=pen.title(series), said=said)


def _uncertainty(pen: Pen, lit: Sequence[Row]) -> list[Block]:
    rates = [r for lamp in lit if (r := _rate(pen, lamp)) is not None]
    closed = pen.rows("desk_alerts", (("is_waiting", "=", False),), "/alerts?state=closed")
    wrong = pen.rows("desk_alerts", (("state", "=", "false_alarm"),), "/alerts?state=false_alarm")
    blocks: list[Block] = [
        pen.line(
            "已了结的预警 {closed} 条，其中判为误报 {wrong} 条；条数少时，这个比例还说明不了多少。",
            "Alerts closed so far: {closed}, of them called false: {wrong}; while they are few the share says little.",
            closed=closed,
            wrong=wrong,
        )
    ]
    if pen.snapshot.frame("watch_notices").width:
        notices = pen.rows("watch_notices", (), "/series")
        blocks.append(
            pen.line(
                "太少、太短或缺数的序列 {n} 条，不单独预警，由上级序列代看。", "Series too small, short or gappy to be watched alone: {n}.", n=notices
            )
        )
    return [*rates[:1], *blocks]


def _rate(pen: Pen, lamp: Row) -> Block | None:
    """Realised beside promised false alarms of the level, as calibration found them."""
    rows = [r for r in pen.snapshot.rows("alerts") if r["unique_id"] == lamp["unique_id"]]
    newest = max(rows, key=lambda r: r["ds"], default=None)
    told = json.loads(newest["evidence"]) if newest else {}
    if newest is None or told.get("realised_fa") is None or told.get("promised_fa") is None:
        return None
    href = series_href(lamp["unique_id"])
    got, promised = (
        pen.number(pen.cell("alerts", "evidence", part=p, unique_id=lamp["unique_id"], ds=newest["ds"]), "decimal", href)
        for p in ("realised_fa", "promised_fa")
    )
    return pen.line(
        "最高一级灯的误报率：校准期实际每个序列每年 {got} 次，承诺 {promised} 次。",
        "False alarms of the highest lamp's level, a series and year: {got} in calibration, {promised} promised.",
        got=got,
        promised=promised,
    )
