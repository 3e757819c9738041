"""Reading vacancies: a firm's own, one of them, and every open job of the place as one table."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
from django.conf import settings
from django.db.models import QuerySet

from leye.kernel.clock import beijing_day
from leye.office.permissions import not_found, require
from leye.office.published import Snapshot
from leye.office.vacancies.feed import COLUMNS, feed_jobs
from leye.office.vacancies.models import State, Vacancy, Version
from leye.office.vacancies.places import city_of


def own_vacancies(user: Any, state: str = "") -> QuerySet[Vacancy]:
    """The firm's own, newest change first; all states without one."""
    require(user, "vacancies.own")
    if not user.subject:
        return Vacancy.objects.none()
    found = Vacancy.objects.filter(firm_id=user.subject)
    return found.filter(state=state) if state in State.values else found


def own_vacancy(user: Any, vacancy_id: UUID) -> Vacancy:
    """One of the firm's own. Raises NotFound alike for another firm's."""
    require(user, "vacancies.own")
    found = Vacancy.objects.filter(pk=vacancy_id).first()
    if found is None or not user.subject or found.firm_id != user.subject:
        raise not_found()
    return found


def newest(vacancies: list[Vacancy]) -> dict[UUID, Version]:
    """The present version of each, in one query."""
    wanted = {v.pk: v.version for v in vacancies}
    rows = Version.objects.filter(vacancy__in=list(wanted))
    return {r.vacancy_id: r for r in rows if r.number == wanted[r.vacancy_id]}


def open_jobs(snapshot: Snapshot | None, on: date) -> pl.DataFrame:
    """Every job that stands open, one row a job, as `feed.COLUMNS`, in order of job_id: what was posted here (`bank`) and the city's ads (`feed`).

    on: day against which the city's ads are open. What was posted here is open when its employer left it open and its last day is not past on `on`.
    An unlawful demand of an advert stands in no column. Jobs whose posts are taken are left out.
    """
    data = snapshot.lake.data if snapshot is not None else Path(settings.LEYE_DATA)
    return pl.concat([bank_jobs(on), feed_jobs(data, on)]).sort("job_id")


def bank_jobs(on: date) -> pl.DataFrame:
    """Vacancies posted here that stand open on a day, as `feed.COLUMNS`."""
    found = [v for v in Vacancy.objects.filter(state=State.OPEN, closes_on__gte=on).order_by("id") if v.left]
    versions = newest(found)
    rows = [tuple(job_row(v, versions[v.pk])[name] for name in COLUMNS) for v in found]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def job_row(vacancy: Vacancy, version: Version) -> dict[str, Any]:
    """A vacancy in one wording as a row of `feed.COLUMNS`; headcount: posts that are still free."""
    from leye.office.vacancies.actions import draft_from

    draft = draft_from(version)
    known = {name: value for name, value in version.read.get("columns", {}).items() if name in COLUMNS}
    return dict.fromkeys(COLUMNS) | known | {
        "job_id": str(vacancy.pk),
        "title": version.title,
        "text": draft.text,
        "headcount": vacancy.left,
        "city": city_of(version.region) if version.region else known.get("city"),
        "posted_on": beijing_day(vacancy.opened_at) if vacancy.opened_at else None,
        "closes_on": vacancy.closes_on,
        "firm_id": vacancy.firm_id,
        "firm_name": vacancy.firm_name,
        "region": version.region or None,
        "source": "bank",
        "flags": [],
    }  # fmt: skip


def job_called(job_id: str, snapshot: Snapshot | None, on: date) -> dict[str, Any] | None:
    """The row of one job, open or not; None when there is none. A draft is nobody's but its firm's, and not found here."""
    vacancy = _vacancy(job_id)
    if vacancy is not None:
        return None if vacancy.state == State.DRAFT else job_row(vacancy, vacancy.versions.get(number=vacancy.version))
    data = snapshot.lake.data if snapshot is not None else Path(settings.LEYE_DATA)
    return _ad(data, job_id)


def why_closed(job_id: str, at: datetime, snapshot: Snapshot | None, on: date) -> tuple[str, str] | None:
    """Why nobody can apply for a job now, (zh, en); None while it is open."""
    vacancy = _vacancy(job_id)
    if vacancy is None:
        data = snapshot.lake.data if snapshot is not None else Path(settings.LEYE_DATA)
        is_open = feed_jobs(data, on).filter(pl.col("job_id") == job_id).height > 0
        return None if is_open else ("已经过期或撤下", "has expired or was taken down")
    if vacancy.is_open_on(beijing_day(at)):
        return None
    if vacancy.left == 0:
        return "已经招满", "is filled"
    said = {
        State.PAUSED: ("暂停招聘", "is paused"),
        State.CLOSED: ("已经关闭", "is closed"),
        State.DRAFT: ("还没有发布", "is not published"),
    }
    return said.get(State(vacancy.state), ("已经到期", "has expired"))


def _vacancy(job_id: str) -> Vacancy | None:
    try:
        return Vacancy.objects.filter(pk=UUID(job_id)).first()
    except ValueError:
        return None


def _ad(data: Path, job_id: str) -> dict[str, Any] | None:
    from leye.office.vacancies.feed import feed_row
    from leye.office.vacancies.firms import firms_called

    file = data / "city" / "jobs.parquet"
    if not file.exists():
        return None
    found = pl.scan_parquet(file).filter(pl.col("job_id") == job_id).collect().to_dicts()
    if not found:
        return None
    firm = firms_called([found[0]["firm_id"]]).get(found[0]["firm_id"])
    return feed_row(found[0], firm.name if firm else "")
