"""A vacancy from draft to closed. Each step: may they, lock, may it now, change, leave the traces, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.kernel.clock import beijing_day
from leye.office.decisions.ledger import new_id
from leye.office.permissions import not_found, require
from leye.office.vacancies import refusals
from leye.office.vacancies.fields import Draft, draft_of
from leye.office.vacancies.firms import firm_of
from leye.office.vacancies.models import Closing, State, Vacancy, Version
from leye.office.vacancies.reading import Reading, answers_of, read_draft
from leye.office.vacancies.traces import trace

OPEN_DAYS, MOST_DAYS = 30, 90
"""Days that a vacancy stays open by default, and at most in one stretch. # chosen by us: an advert of three months ago is seldom true"""


def save(typed: Mapping[str, str], *, acting_user: Any, at: datetime, vacancy_id: UUID | None = None, seen_version: int | None = None) -> Vacancy:
    """Save a draft, or a new version of an own vacancy; a version equal to the present one changes nothing.

    typed: the five fields, and `answer.<column>` · seen_version: the version that the form showed. What is open already is held to the same checks
    as when it was sent. Raises BadInput (E_VACANCY_FIELDS), NotAllowed (E_VACANCY_FIRM), NotFound, Conflict (E_VACANCY_CHANGED, E_VACANCY_STEP,
    E_VACANCY_FINDINGS).
    """
    require(acting_user, "vacancies.own")
    draft, answers = draft_of(typed), answers_of(typed)
    firm = firm_of(acting_user)
    reading = read_draft(draft, answers, firm=firm)
    with transaction.atomic():
        vacancy = _new(acting_user, at) if vacancy_id is None else _locked(vacancy_id, acting_user)
        if vacancy.state == State.CLOSED:
            raise refusals.step_refused(vacancy, "save")
        if seen_version is not None and vacancy.version != seen_version:
            raise refusals.changed_meanwhile(vacancy)
        if vacancy.state in (State.OPEN, State.PAUSED):
            _must_be_clean(draft, reading, vacancy, at)
        _write_version(vacancy, draft, reading, answers, acting_user, at)
        return vacancy


def restore(vacancy_id: UUID, number: int, *, acting_user: Any, at: datetime) -> Vacancy:
    """Make an earlier version the newest again, as a new version, so that nothing is lost. Raises BadInput (E_VACANCY_VERSION), as `save`."""
    require(acting_user, "vacancies.own")
    vacancy = _own(vacancy_id, acting_user)
    old = vacancy.versions.filter(number=number).exclude(number=vacancy.version).first()
    if old is None:
        raise refusals.no_such_version(number)
    typed = {name: str(getattr(old, name)) for name in ("title", "place", "pay", "headcount", "description")}
    typed |= {f"answer.{name}": str(value) for name, value in old.answers.items()}
    return save(typed, acting_user=acting_user, at=at, vacancy_id=vacancy_id)


def publish(vacancy_id: UUID, *, acting_user: Any, at: datetime, closes_on: date | None = None) -> Vacancy:
    """Open a draft, or one that has expired or been closed, for OPEN_DAYS or until a day. Raises NotFound, BadInput (E_VACANCY_DAY), Conflict
    (E_VACANCY_STEP, E_VACANCY_FINDINGS with what has to be mended)."""
    with _step(vacancy_id, acting_user, (State.DRAFT, State.EXPIRED, State.CLOSED), "publish") as vacancy:
        version = vacancy.versions.get(number=vacancy.version)
        draft = draft_from(version)
        _must_be_clean(draft, read_draft(draft, version.answers, firm=firm_of(acting_user)), vacancy, at)
        if vacancy.left == 0:
            raise refusals.step_refused(vacancy, "publish")
        vacancy.state, vacancy.opened_at, vacancy.closed_at, vacancy.closing, vacancy.reminded_at = State.OPEN, at, None, "", None
        vacancy.closes_on = _last_day(closes_on, at)
        _changed(vacancy, "opened", acting_user, at, closes_on=vacancy.closes_on.isoformat())
        return vacancy


def pause(vacancy_id: UUID, *, acting_user: Any, at: datetime) -> Vacancy:
    """Nobody new can apply; those who did stay."""
    with _step(vacancy_id, acting_user, (State.OPEN,), "pause") as vacancy:
        vacancy.state = State.PAUSED
        _changed(vacancy, "paused", acting_user, at)
        return vacancy


def resume(vacancy_id: UUID, *, acting_user: Any, at: datetime) -> Vacancy:
    """Open again until the day it had; that day past, it needs `publish`."""
    with _step(vacancy_id, acting_user, (State.PAUSED,), "resume") as vacancy:
        if vacancy.closes_on is None or vacancy.closes_on < beijing_day(at):
            vacancy.closes_on = _last_day(None, at)
        vacancy.state = State.OPEN
        _changed(vacancy, "resumed", acting_user, at)
        return vacancy


def extend(vacancy_id: UUID, *, acting_user: Any, at: datetime, closes_on: date | None = None) -> Vacancy:
    """A later (or earlier) last day; OPEN_DAYS from today without one. Raises BadInput (E_VACANCY_DAY)."""
    with _step(vacancy_id, acting_user, (State.OPEN, State.PAUSED), "extend") as vacancy:
        vacancy.closes_on, vacancy.reminded_at = _last_day(closes_on, at), None
        _changed(vacancy, "extended", acting_user, at, closes_on=vacancy.closes_on.isoformat())
        return vacancy


def close(vacancy_id: UUID, *, closing: str, acting_user: Any, at: datetime) -> Vacancy:
    """Close with a reason of the list; open applications become obsolete, and their people are told. `publish` opens it again. Raises BadInput
    (E_VACANCY_CLOSING)."""
    from leye.office.applications.clock import make_obsolete

    if closing not in Closing.values:
        raise refusals.closing_unknown()
    with _step(vacancy_id, acting_user, (State.OPEN, State.PAUSED, State.EXPIRED, State.DRAFT), "close") as vacancy:
        vacancy.state, vacancy.closing, vacancy.closed_at = State.CLOSED, closing, at
        _changed(vacancy, "closed", acting_user, at, closing=closing)
        make_obsolete(vacancy, by=acting_user, at=at)
        return vacancy


def take_post(vacancy: Vacancy, by: Any, at: datetime, *, posts: int = 1) -> None:
    """Count a hire (or, with -1, one that fell through) inside the caller's transaction; the last post closes the vacancy.

    The caller has locked the row. Raises Conflict (E_JOB_CLOSED) when no post is left.
    """
    from leye.office.applications.clock import make_obsolete

    if posts > 0 and vacancy.left < posts:
        raise refusals.job_closed(vacancy.versions.get(number=vacancy.version).title, "已经招满", "is filled")
    vacancy.filled = max(0, vacancy.filled + posts)
    if vacancy.left == 0:
        vacancy.state, vacancy.closing, vacancy.closed_at = State.CLOSED, Closing.FILLED, at
    elif posts < 0 and vacancy.state == State.CLOSED and vacancy.closing == Closing.FILLED:
        vacancy.state, vacancy.closing, vacancy.closed_at = State.PAUSED, "", None  # the employer says whether to look again
    _changed(vacancy, "filled" if posts > 0 else "freed", by, at, filled=vacancy.filled)
    if vacancy.state == State.CLOSED:
        make_obsolete(vacancy, by=by, at=at)


def locked(vacancy_id: UUID) -> Vacancy | None:
    """The row under a lock until the transaction ends; for rooms that change a vacancy together with their own rows."""
    return Vacancy.objects.select_for_update(of=("self",)).filter(pk=vacancy_id).first()


def draft_from(version: Version) -> Draft:
    """The five fields of a saved version."""
    return Draft(version.title, version.place, version.pay, version.headcount, version.description)


def _must_be_clean(draft: Draft, reading: Reading, vacancy: Vacancy, at: datetime) -> None:
    from leye.office.vacancies.findings import findings_of

    bad = [f for f in findings_of(draft, reading, vacancy.firm_id, vacancy.pk, at) if f.stops]
    if bad:
        raise refusals.must_be_mended([(f.zh, f.en) for f in bad])


def _new(user: Any, at: datetime) -> Vacancy:
    firm = firm_of(user)
    vacancy = Vacancy(id=new_id(at), firm_id=firm.firm_id, firm_name=firm.name, region=firm.region, made_by=user, made_at=at, changed_at=at)
    vacancy.save(force_insert=True)
    return vacancy


def _write_version(vacancy: Vacancy, draft: Draft, reading: Reading, answers: Mapping[str, Any], by: Any, at: datetime) -> None:
    now = vacancy.versions.filter(number=vacancy.version).first()
    if now is not None and draft_from(now) == draft and now.answers == answers:
        return
    if draft.headcount <= vacancy.filled:
        raise refusals.fields_wrong({"headcount": (f"已经招到 {vacancy.filled} 人，人数要比这多", f"{vacancy.filled} are hired already")})
    vacancy.version += 1
    vacancy.headcount, vacancy.region = draft.headcount, reading.region
    Version.objects.create(
        vacancy=vacancy, number=vacancy.version, title=draft.title, place=draft.place, region=reading.region, pay=draft.pay,
        headcount=draft.headcount, description=draft.description, read=reading.as_json(), answers=dict(answers), by=by, at=at,
    )  # fmt: skip
    _changed(vacancy, "saved", by, at)


def _changed(vacancy: Vacancy, verb: str, by: Any, at: datetime, **detail: object) -> None:
    vacancy.changed_at = at
    vacancy.save()
    trace(vacancy, verb, by=by, at=at, **detail)


def _last_day(wanted: date | None, at: datetime) -> date:
    today = beijing_day(at)
    last = today + timedelta(days=MOST_DAYS)
    if wanted is not None and not today <= wanted <= last:
        raise refusals.day_wrong(today, last)
    return wanted or today + timedelta(days=OPEN_DAYS)


@contextmanager
def _step(vacancy_id: UUID, acting_user: Any, states: tuple[State, ...], step: str) -> Iterator[Vacancy]:
    require(acting_user, "vacancies.own")
    with transaction.atomic():
        vacancy = _locked(vacancy_id, acting_user)
        if vacancy.state not in states:
            raise refusals.step_refused(vacancy, step)
        yield vacancy


def _locked(vacancy_id: UUID, acting_user: Any) -> Vacancy:
    vacancy = locked(vacancy_id)
    if vacancy is None or not acting_user.subject or vacancy.firm_id != acting_user.subject:
        raise not_found()
    return vacancy


def _own(vacancy_id: UUID, acting_user: Any) -> Vacancy:
    vacancy = Vacancy.objects.filter(pk=vacancy_id).first()
    if vacancy is None or not acting_user.subject or vacancy.firm_id != acting_user.subject:
        raise not_found()
    return vacancy
