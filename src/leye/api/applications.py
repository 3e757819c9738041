"""Applications over HTTP, for the three who have to do with them: the person, the firm, the person's counsellor. The same actions as the pages'."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.office.applications import actions, queries, stays
from leye.office.applications.models import Application
from leye.office.clock import now

router = Router(tags=["applications"])
LONGEST_WORDS = 1000


class ApplicationRow(Schema):
    """One application in a list; nothing of who it is. reason: of the closed list, when it was refused."""

    id: UUID
    job_id: str
    title: str
    firm_name: str
    state: str
    origin: str
    reason: str
    sent_at: datetime
    changed_at: datetime
    start_on: date | None


class StepOut(Schema):
    """One step. side: `person`, `desk`, `firm` or `clock` · words: in clear, for the two sides and the counsellor."""

    verb: str
    side: str
    at: datetime
    from_state: str
    to_state: str
    reason: str
    words: str
    is_undone: bool


class ApplicationOut(ApplicationRow):
    """side: on which the caller stands · may: verbs of this side now · contact: name and phone, once the person agreed · decision_id: the
    sealed match that it came from."""

    side: str
    may: list[str]
    can_undo: bool
    steps: list[StepOut]
    contact: dict[str, Any] | None
    shares_contact: bool
    decision_id: UUID | None
    stays_due: list[int]


class Apply(Schema):
    """words: to the employer · shares_contact: the firm may see name and phone from now on."""

    job_id: str = Field(..., max_length=40)
    words: str = Field("", max_length=LONGEST_WORDS)
    shares_contact: bool = False


class Send(Apply):
    """A counsellor's, for one of the own people. consent: when and how the person agreed."""

    person_id: str = Field(..., max_length=20)
    consent: str = Field("", max_length=LONGEST_WORDS)


class Move(Schema):
    """What a step needs. reason: of the closed list, for `refuse` · start_on: for `offer` · consent: a counsellor's who acts for the person."""

    words: str = Field("", max_length=LONGEST_WORDS)
    reason: str = Field("", max_length=20)
    start_on: date | None = None
    shares_contact: bool = False
    consent: str = Field("", max_length=LONGEST_WORDS)


class Give(Schema):
    """give: the firm may see name and phone; false ends it."""

    give: bool


class StayBody(Schema):
    """days: 30 or 90 after the first day of work."""

    days: int
    is_there: bool


@router.get("/my/applications", response=answers(Page[ApplicationRow]), auth=Needs("applications.own"), summary="我的应聘 · own applications")
def mine(request: HttpRequest, paging: Query[Paging], state: str = "") -> dict[str, Any]:
    """Newest change first; `open` for all that wait for somebody."""
    return _listed(queries.own_applications(request.user, state), paging)


@router.post("/my/applications", response=answers(ApplicationOut, 400, 404, 409), auth=Needs("applications.own"), summary="应聘 · apply")
def apply(request: HttpRequest, body: Apply) -> dict[str, Any]:
    """An invitation that waits is answered by it; a job closed meanwhile answers 409 by its name."""
    made = actions.apply(
        request.user.subject, body.job_id, acting_user=request.user, at=now(), words=body.words, shares_contact=body.shares_contact,  # type: ignore[union-attr]
    )  # fmt: skip
    return shown_case(request.user, made.pk)


@router.get("/my/applications/{application_id}", response=answers(ApplicationOut, 404), auth=Needs("applications.own"), summary="一件应聘 · one")
def my_one(request: HttpRequest, application_id: UUID) -> dict[str, Any]:
    """With every step and its words."""
    return shown_case(request.user, application_id)


@router.post(
    "/my/applications/{application_id}/contact", response=answers(ApplicationOut, 404), auth=Needs("applications.own"), summary="给联系方式 · contact"
)
def contact(request: HttpRequest, application_id: UUID, body: Give) -> dict[str, Any]:
    """Let the firm see name and phone, or stop it."""
    actions.share_contact(application_id, give=body.give, acting_user=request.user, at=now())
    return shown_case(request.user, application_id)


@router.get("/firm/applications", response=answers(Page[ApplicationRow]), auth=Needs("applications.firm"), summary="收到的应聘 · a firm's")
def of_firm(request: HttpRequest, paging: Query[Paging], state: str = "", job_id: str = "") -> dict[str, Any]:
    """Newest change first."""
    return _listed(queries.firm_applications(request.user, state=state, job_id=job_id), paging)


@router.get("/firm/applications/{application_id}", response=answers(ApplicationOut, 404), auth=Needs("applications.firm"), summary="一件应聘 · one")
def firm_one(request: HttpRequest, application_id: UUID) -> dict[str, Any]:
    """Name and phone only while the person agrees; the look is recorded."""
    return shown_case(request.user, application_id)


@router.get("/applications", response=answers(Page[ApplicationRow]), auth=Needs("applications.desk"), summary="应聘进展 · of a counsellor's people")
def of_desk(request: HttpRequest, paging: Query[Paging], state: str = "") -> dict[str, Any]:
    """Of the counsellor's own grids."""
    return _listed(queries.desk_applications(request.user, state), paging)


@router.post("/applications", response=answers(ApplicationOut, 400, 404, 409), auth=Needs("applications.desk"), summary="代交应聘 · on behalf")
def send(request: HttpRequest, body: Send) -> dict[str, Any]:
    """For somebody who agreed."""
    made = actions.apply(
        body.person_id, body.job_id, acting_user=request.user, at=now(), words=body.words, consent=body.consent, shares_contact=body.shares_contact
    )
    return shown_case(request.user, made.pk)


@router.get("/applications/{application_id}", response=answers(ApplicationOut, 404), auth=Needs("applications.desk"), summary="一件应聘 · one")
def desk_one(request: HttpRequest, application_id: UUID) -> dict[str, Any]:
    """With every step; the look is recorded."""
    return shown_case(request.user, application_id)


def _step(request: HttpRequest, application_id: UUID, verb: str, body: Move) -> dict[str, Any]:
    actions.move(
        application_id, verb, acting_user=request.user, at=now(), words=body.words, reason=body.reason, start_on=body.start_on,
        shares_contact=body.shares_contact, consent=body.consent,
    )  # fmt: skip
    return shown_case(request.user, application_id)


def _undo(request: HttpRequest, application_id: UUID) -> dict[str, Any]:
    actions.undo(application_id, acting_user=request.user, at=now())
    return shown_case(request.user, application_id)


def _stay(request: HttpRequest, application_id: UUID, body: StayBody) -> dict[str, Any]:
    stays.say_stay(application_id, days=body.days, is_there=body.is_there, acting_user=request.user, at=now())
    return shown_case(request.user, application_id)


@router.post(
    "/my/applications/{application_id}/undo", response=answers(ApplicationOut, 404, 409), auth=Needs("applications.own"), summary="撤回 · undo"
)
def my_undo(request: HttpRequest, application_id: UUID) -> dict[str, Any]:
    """One's own last step of today."""
    return _undo(request, application_id)


@router.post(
    "/my/applications/{application_id}/stay", response=answers(ApplicationOut, 400, 404), auth=Needs("applications.own"), summary="还在岗吗 · stay"
)
def my_stay(request: HttpRequest, application_id: UUID, body: StayBody) -> dict[str, Any]:
    """30 and 90 days after the first day, when it is due."""
    return _stay(request, application_id, body)


@router.post(
    "/my/applications/{application_id}/{verb}",
    response=answers(ApplicationOut, 400, 404, 409),
    auth=Needs("applications.own"),
    summary="办一步 · step",
)
def my_step(request: HttpRequest, application_id: UUID, verb: str, body: Move) -> dict[str, Any]:
    """welcome, decline, accept, cancel, not_coming; what does not lead on from here answers 409."""
    return _step(request, application_id, verb, body)


@router.post(
    "/firm/applications/{application_id}/undo", response=answers(ApplicationOut, 404, 409), auth=Needs("applications.firm"), summary="撤回 · undo"
)
def firm_undo(request: HttpRequest, application_id: UUID) -> dict[str, Any]:
    """The own last step of today."""
    return _undo(request, application_id)


@router.post(
    "/firm/applications/{application_id}/stay", response=answers(ApplicationOut, 400, 404), auth=Needs("applications.firm"), summary="还在岗吗 · stay"
)
def firm_stay(request: HttpRequest, application_id: UUID, body: StayBody) -> dict[str, Any]:
    """30 and 90 days after the first day, when it is due."""
    return _stay(request, application_id, body)


@router.post(
    "/firm/applications/{application_id}/{verb}",
    response=answers(ApplicationOut, 400, 404, 409),
    auth=Needs("applications.firm"),
    summary="办一步 · step",
)
def firm_step(request: HttpRequest, application_id: UUID, verb: str, body: Move) -> dict[str, Any]:
    """take, postpone, interview, offer, refuse, uninvite, fall_through."""
    return _step(request, application_id, verb, body)


@router.post(
    "/applications/{application_id}/undo", response=answers(ApplicationOut, 404, 409), auth=Needs("applications.desk"), summary="撤回 · undo"
)
def desk_undo(request: HttpRequest, application_id: UUID) -> dict[str, Any]:
    """The own last step of today."""
    return _undo(request, application_id)


@router.post(
    "/applications/{application_id}/{verb}", response=answers(ApplicationOut, 400, 404, 409), auth=Needs("applications.desk"), summary="办一步 · step"
)
def desk_step(request: HttpRequest, application_id: UUID, verb: str, body: Move) -> dict[str, Any]:
    """A step of the person, with consent."""
    return _step(request, application_id, verb, body)


def shown_case(user: Any, application_id: UUID) -> dict[str, Any]:
    """An application as the caller's side sees it."""
    at = now()
    case = queries.case_of(user, application_id, at)
    steps = [
        {name: getattr(t.step, name) for name in ("verb", "side", "at", "from_state", "to_state", "reason", "is_undone")} | {"words": t.words}
        for t in case.steps
    ]
    return _row(case.application) | {
        "side": case.side, "may": list(case.may), "can_undo": case.can_undo, "steps": steps, "contact": case.contact,
        "shares_contact": case.application.shares_contact, "decision_id": case.application.decision_id,
        "stays_due": stays.stays_due_now(case.application, case.side, at),
    }  # fmt: skip


def _listed(found: Iterable[Application], paging: Paging) -> dict[str, Any]:
    cut = page(list(found), paging)
    return cut | {"items": [_row(a) for a in cut["items"]]}


def _row(application: Application) -> dict[str, Any]:
    names = ("job_id", "title", "firm_name", "state", "origin", "reason", "sent_at", "changed_at", "start_on")
    return {name: getattr(application, name) for name in names} | {"id": application.pk}
