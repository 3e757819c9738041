"""Which week or quarter an issue is about, out of the run alone: no clock decides it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from leye.kernel.period import Month
from leye.office.published import Snapshot
from leye.office.reports import refusals
from leye.office.reports.models import QUARTERLY, WEEKLY


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day."""

    starts: date
    ends: date


def period_of(kind: str, snapshot: Snapshot) -> Span:
    """The week, Monday to Sunday, that holds the run's day; or the last quarter whose three months lie in the panel. Raises BadInput."""
    if kind == WEEKLY:
        return week_of(date.fromisoformat(str(snapshot.run.on)))
    if kind == QUARTERLY:
        return quarter_before(snapshot.last_month)
    raise refusals.unknown_kind(kind)


def week_of(on: date) -> Span:
    """Its week.

    >>> week_of(date(2025, 8, 31))
    Span(starts=datetime.date(2025, 8, 25), ends=datetime.date(2025, 8, 31))
    """
    monday = on - timedelta(days=on.weekday())
    return Span(monday, monday + timedelta(days=6))


def quarter_before(last_month: date | None) -> Span:
    """The newest quarter that ends with the month or earlier. Raises BadInput (E_REPORT_QUARTER).

    >>> quarter_before(date(2025, 8, 1)), quarter_before(date(2025, 9, 1)).starts
    (Span(starts=datetime.date(2025, 4, 1), ends=datetime.date(2025, 6, 30)), datetime.date(2025, 7, 1))
    """
    if last_month is None:
        raise refusals.no_quarter()
    month = Month.of(last_month)
    last = month + -(month.month % 3)
    return Span((last + -2).first, last.last)
