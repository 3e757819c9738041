"""A bulletin out of one snapshot: weekly and quarterly, in Chinese or English. Same input, same text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from leye.kernel.period import Month
from leye.office.published import Row, Snapshot
from leye.office.reports.bulletin.changes import changes
from leye.office.reports.bulletin.flows import flows
from leye.office.reports.bulletin.groups import groups
from leye.office.reports.bulletin.headline import headline
from leye.office.reports.bulletin.indicators import indicators
from leye.office.reports.bulletin.lessons import lessons
from leye.office.reports.bulletin.methods import methods
from leye.office.reports.bulletin.outlook import outlook
from leye.office.reports.bulletin.policies import policies
from leye.office.reports.bulletin.quality import quality
from leye.office.reports.bulletin.record import record
from leye.office.reports.bulletin.regions import regions
from leye.office.reports.bulletin.risks import risks
from leye.office.reports.bulletin.warnings import warnings
from leye.office.reports.bulletin.year import on_year
from leye.office.reports.content import Paragraph, Report, Section
from leye.office.reports.models import QUARTERLY, WEEKLY
from leye.office.reports.numbers import write
from leye.office.reports.pen import Pen
from leye.office.reports.sources import day_of

TITLES = {WEEKLY: ("就业监测周报", "Weekly Employment Bulletin"), QUARTERLY: ("季度就业形势报告", "Quarterly Employment Report")}


def bulletin(kind: str, snapshot: Snapshot, before: Snapshot | None, own: Mapping[str, Sequence[Row]], lang: str = "zh") -> Report:
    """The report of a kind. own: `desk_tables` with the table `issue`, one row: `kind, number, year, starts, ends, run_id, before_run`."""
    pen = Pen(snapshot, before, own, lang)
    lead = _lead(pen, kind)
    issue = own["issue"][0]
    return Report(
        title=pen.pick(*TITLES[kind]),
        run_id=snapshot.run_id,
        month=str(snapshot.last_month or ""),
        published_at=write(snapshot.run.at, "instant", "", lang),
        is_city=snapshot.is_city,
        sections=tuple(_sections(pen, kind, day_of(issue["starts"]))),
        lead=lead,
        lang=lang,
    )


def _lead(pen: Pen, kind: str) -> Paragraph:
    issue = pen.own["issue"][0]
    href = f"/reports/{pen.snapshot.run_id}"
    number, run = (pen.number(pen.cell("issue", c, kind=kind), f, href) for c, f in (("number", "count"), ("run_id", "text")))
    at = pen.number(pen.cell("run", "published_at", run_id=pen.snapshot.run_id), "instant", href)
    if kind == QUARTERLY:
        quarter = pen.number(pen.cell("issue", "starts", kind=kind), "quarter", href)
        return pen.line(
            "第 {number} 期 · {quarter} · 运行 {run}，发布于{at}",
            "Issue {number} · {quarter} · run {run}, published {at}",
            number=number,
            quarter=quarter,
            run=run,
            at=at,
        )
    assert issue["starts"] <= issue["ends"]
    first, last = (pen.number(pen.cell("issue", c, kind=kind), "date", href) for c in ("starts", "ends"))
    return pen.line(
        "第 {number} 期 · {first}至{last} · 运行 {run}，发布于{at}",
        "Issue {number} · {first} to {last} · run {run}, published {at}",
        number=number,
        first=first,
        last=last,
        run=run,
        at=at,
    )


def _sections(pen: Pen, kind: str, starts: date) -> list[Section]:
    weekly = [headline, indicators, regions, groups, flows, outlook, changes, warnings, policies, quality]
    if kind == WEEKLY:
        return [write_section(pen) for write_section in (*weekly, methods)]
    first = Month.of(starts)
    months = [(first + i).first for i in range(3)]
    head = [headline(pen), on_year(pen, months), *(write_section(pen) for write_section in weekly[1:6])]
    back = [record(pen, months), risks(pen), lessons(pen)]
    return [*head, *back, *(write_section(pen) for write_section in (*weekly[6:], methods))]
