"""Steps of an application. Each: may they, lock (the vacancy first, always), may it now, change, leave the traces, in one transaction."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from leye.kernel.clock import beijing_day
from leye.office.applications import refusals
from leye.office.applications.models import OPEN, Application, Origin, Refusal, State, Step
from leye.office.applications.sides import DESK, may_move, side_of
from leye.office.applications.states import FIRM, MOVES, PERSON, Move
from leye.office.applications.steps import sealed, take_step
from leye.office.applications.wording import check_words
from leye.office.decisions.ledger import new_id
from leye.office.decisions.subjects import subject_key, subject_of
from leye.office.entitlements.files import rules_day
from leye.office.entitlements.persons import check_grid
from leye.office.permissions import can, not_found, require
from leye.office.privacy.reads import file_row, region_of
from leye.office.published import published_snapshot
from leye.office.vacancies.actions import locked, take_post
from leye.office.vacancies.models import Vacancy
from leye.office.vacancies.queries import job_called, why_closed
from leye.office.vacancies.refusals import job_closed

SHORTEST_WORDS = 4
LONGEST_AHEAD_DAYS = 180
"""How far ahead a first day of work may lie. # chosen by us"""


def apply(
    person_id: str,
    job_id: str,
    *,
    acting_user: Any,
    at: datetime,
    words: str = "",
    shares_contact: bool = False,
    consent: str = "",
    decision_id: UUID | None = None,
) -> Application:
    """Apply for an open job, one's own person or, with consent, somebody of one's own grids.

    words: to the employer · shares_contact: the firm may see name and phone from now on · consent: how the person agreed, for a counsellor ·
    decision_id: the sealed match that it came from. An invitation that waits is answered by it.
    Raises NotAllowed, NotFound, BadInput (E_CONSENT), Conflict
    (E_JOB_CLOSED by the job's name, E_APPLICATION_OPEN).
    """
    side = _sending_side(person_id, acting_user, consent)
    snapshot, on = published_snapshot(), rules_day()
    job = job_called(job_id, snapshot, on)
    if job is None:
        raise not_found()
    with transaction.atomic():
        vacancy = _lock_vacancy(job)
        closed = why_closed(job_id, at, snapshot, on)
        if closed is not None:
            raise job_closed(str(job["title"]), *closed)
        there = Application.objects.filter(job_id=job_id, subject_key=_key(person_id), state__in=OPEN).first()
        if there is not None and there.state == State.INVITED:
            there.shares_contact = there.shares_contact or shares_contact
            take_step(there, "welcome", State.PROCESSING, by=acting_user, side=side, at=at, words=words or consent)
            return there
        if there is not None:
            raise refusals.open_already(there)
        origin = Origin.COUNSELLOR if side == DESK else Origin.SEEKER
        made = _create(person_id, job, vacancy, origin, State.NEW, acting_user, at, shares_contact=shares_contact, decision_id=decision_id)
        take_step(made, "sent", State.NEW, by=acting_user, side=side, at=at, words=_joined(words, consent))
        return made


def invite(person_id: str, job_id: str, *, acting_user: Any, at: datetime, words: str = "", decision_id: UUID | None = None) -> Application:
    """The firm of an open vacancy of its own asks a candidate; who it is stays unknown to it until the person says yes.

    Called by `candidates.invite_candidate`, which knows that the firm was shown this person. Raises NotFound, Conflict (E_JOB_CLOSED,
    E_APPLICATION_OPEN), BadInput (E_APPLICATION_UNLAWFUL).
    """
    require(acting_user, "applications.firm")
    check_words(words)
    snapshot, on = published_snapshot(), rules_day()
    job = job_called(job_id, snapshot, on)
    if job is None or job["firm_id"] != acting_user.subject:
        raise not_found()
    with transaction.atomic():
        vacancy = _lock_vacancy(job)
        closed = why_closed(job_id, at, snapshot, on)
        if closed is not None:
            raise job_closed(str(job["title"]), *closed)
        there = Application.objects.filter(job_id=job_id, subject_key=_key(person_id), state__in=OPEN).first()
        if there is not None:
            raise refusals.open_already(there)
        made = _create(person_id, job, vacancy, Origin.EMPLOYER, State.INVITED, acting_user, at, decision_id=decision_id)
        take_step(made, "invited", State.INVITED, by=acting_user, side=FIRM, at=at, words=words)
        return made


def move(
    application_id: UUID,
    verb: str,
    *,
    acting_user: Any,
    at: datetime,
    words: str = "",
    reason: str = "",
    start_on: date | None = None,
    shares_contact: bool = False,
    consent: str = "",
) -> Application:
    """Take a step of `states.MOVES`.

    reason: of the closed list, for `refuse` · start_on: first day of work, for `offer` · consent: for a counsellor who acts for the person. Raises
    NotFound alike for what is not theirs, BadInput (E_APPLICATION_WORDS, _REASON, _START, _UNLAWFUL, E_CONSENT), Conflict (E_APPLICATION_STEP,
    E_JOB_CLOSED when no post is left).
    """
    _require_any(acting_user)
    with transaction.atomic():
        application, vacancy = _locked(application_id)
        side = side_of(acting_user, application)
        step = MOVES.get(verb)
        if step is None or not may_move(side, step.side) or application.state not in step.sources:
            raise refusals.step_refused(application, verb)
        said = _said(step, verb, side, words, consent)
        if verb == "refuse" and reason not in Refusal.values:
            raise refusals.reason_unknown()
        _with_details(application, verb, start_on, shares_contact, at)
        _posts(application, vacancy, verb, acting_user, at)
        application.reason = reason if verb == "refuse" else ""
        take_step(application, verb, step.to, by=acting_user, side=side, at=at, words=said, reason=application.reason)
        return application


def undo(application_id: UUID, *, acting_user: Any, at: datetime) -> Application:
    """Take back one's own last step of the same Beijing day, while nothing followed. Raises NotFound, Conflict (E_UNDO, E_APPLICATION_OPEN)."""
    _require_any(acting_user)
    try:
        with transaction.atomic():
            application, vacancy = _locked(application_id)
            side = side_of(acting_user, application)
            last = application.steps.filter(is_undone=False).exclude(verb="undone").order_by("-leaf_index").first()
            if last is None or not can_take_back(last, application, vacancy, acting_user, at):
                raise refusals.undo_too_late(application)
            last.is_undone = True
            last.save(update_fields=["is_undone"])
            application.reason = ""
            take_step(application, "undone", State(last.from_state), by=acting_user, side=side, at=at)
            return application
    except IntegrityError:  # the person applied anew since
        raise refusals.undo_too_late(application) from None


def share_contact(application_id: UUID, *, give: bool, acting_user: Any, at: datetime) -> Application:
    """The person lets the firm see name and phone, or stops it. Twice is once."""
    require(acting_user, "applications.own")
    with transaction.atomic():
        application, _vacancy = _locked(application_id)
        if side_of(acting_user, application) != PERSON:
            raise not_found()
        if application.shares_contact != give:
            application.shares_contact = give
            take_step(application, "shared" if give else "unshared", State(application.state), by=acting_user, side=PERSON, at=at)
        return application


def _sending_side(person_id: str, user: Any, consent: str) -> str:
    if can(user, "applications.own"):
        if not user.subject:
            raise refusals.not_linked()
        if user.subject != person_id:
            raise not_found()
        return PERSON
    require(user, "applications.desk")
    check_grid(user, person_id)
    if len(consent.strip()) < SHORTEST_WORDS:
        raise refusals.consent_missing()
    return DESK


def _require_any(user: Any) -> None:
    if not any(can(user, name) for name in ("applications.own", "applications.firm", "applications.desk")):
        require(user, "applications.own")


def _said(step: Move, verb: str, side: str, words: str, consent: str) -> str:
    text = words.strip()
    if step.says == "must" and len(text) < SHORTEST_WORDS:
        raise refusals.words_missing(*ASKED_WORDS[verb])
    if step.side == FIRM:
        check_words(text)
    if side == DESK:
        if len(consent.strip()) < SHORTEST_WORDS:
            raise refusals.consent_missing()
        return _joined(text, consent)
    return text


ASKED_WORDS = {
    "interview": ("面谈的时间和地点", "time and place of the interview"),
    "offer": ("录用的工资和安排", "pay and arrangements of the offer"),
    "refuse": ("给本人的说明", "the explanation for the person"),
    "fall_through": ("为什么没有成", "why it did not come about"),
}
"""What a step has to say, in Chinese and English."""


def _joined(words: str, consent: str) -> str:
    return "\n".join(part for part in (words.strip(), f"本人同意：{consent.strip()}" if consent.strip() else "") if part)


def _with_details(application: Application, verb: str, start_on: date | None, shares_contact: bool, at: datetime) -> None:
    if verb == "offer":
        today = beijing_day(at)
        last = today + timedelta(days=LONGEST_AHEAD_DAYS)
        if start_on is None or not today <= start_on <= last:
            raise refusals.start_wrong(today, last)
        application.start_on = start_on
    if verb in {"welcome", "accept"}:
        application.shares_contact = application.shares_contact or shares_contact or verb == "accept"


def _posts(application: Application, vacancy: Vacancy | None, verb: str, by: Any, at: datetime) -> None:
    """A hire takes a post; one that falls through frees it. The application's own step is taken after it, so that it is not made obsolete with the
    rest."""
    if vacancy is None or verb not in {"accept", "fall_through", "not_coming"}:
        return
    if verb == "accept":
        application.state = State.ACCEPTED
        application.save(update_fields=["state"])
        take_post(vacancy, by, at)
        application.state = State.OFFER
    else:
        take_post(vacancy, by, at, posts=-1)


def can_take_back(last: Step, application: Application, vacancy: Vacancy | None, user: Any, at: datetime) -> bool:
    """Whether a user may take back the last standing step: own, of today, one that can be, and the job is still to be had."""
    step = MOVES.get(last.verb)
    is_own = last.by_id == user.pk and beijing_day(last.at) == beijing_day(at)
    is_there = vacancy is None or application.is_open or vacancy.left > 0
    return step is not None and step.can_undo and is_own and application.state == last.to_state and bool(last.from_state) and is_there


def _create(
    person_id: str,
    job: dict[str, Any],
    vacancy: Vacancy | None,
    origin: Origin,
    state: State,
    by: Any,
    at: datetime,
    *,
    shares_contact: bool = False,
    decision_id: UUID | None = None,
) -> Application:
    row = file_row(person_id, ("region",))
    if row is None:
        raise not_found()
    name = new_id(at)
    made = Application(
        id=name, job_id=job["job_id"], vacancy=vacancy, version=vacancy.version if vacancy else 0, firm_id=job["firm_id"], firm_name=job["firm_name"],
        title=job["title"], subject_key=_key(person_id), sealed=sealed(name, person=person_id), region=region_of(row), origin=origin,
        sent_by=by, sent_at=at, state=state, changed_at=at, shares_contact=shares_contact, decision_id=decision_id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # a second click was faster
        raise refusals.open_already(made) from None
    return made


def _locked(application_id: UUID) -> tuple[Application, Vacancy | None]:
    """The row and its vacancy, under locks in one order: closing a vacancy locks it before its applications, and two orders would deadlock."""
    found = Application.objects.filter(pk=application_id).values_list("vacancy_id", flat=True)
    if not found:
        raise not_found()
    vacancy = locked(found[0]) if found[0] is not None else None
    return Application.objects.select_for_update(of=("self",)).get(pk=application_id), vacancy


def _lock_vacancy(job: dict[str, Any]) -> Vacancy | None:
    return locked(UUID(job["job_id"])) if job["source"] == "bank" else None


def _key(person_id: str) -> str:
    return subject_key(subject_of(person_id))
