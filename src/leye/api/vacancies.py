"""A firm's own vacancies over HTTP: draft, check, publish, pause, close; candidates and invitations. The same actions as the pages'."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.applications import ApplicationOut, shown_case
from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.office.applications import candidates
from leye.office.clock import now
from leye.office.vacancies import actions, queries, refusals
from leye.office.vacancies.fields import LONGEST, draft_of
from leye.office.vacancies.findings import findings_of
from leye.office.vacancies.firms import firm_of
from leye.office.vacancies.models import Vacancy, Version
from leye.office.vacancies.reading import answers_of, read_draft

router = Router(tags=["vacancies"])


class VacancyBody(Schema):
    """Five fields as the page's form has them, and `answers` where reading was not certain: column to value. seen_version: the version looked at;
    another one now answers 409."""

    title: str = Field(..., max_length=LONGEST["title"])
    place: str = Field(..., max_length=LONGEST["place"])
    pay: str = Field(..., max_length=LONGEST["pay"])
    headcount: int
    description: str = Field(..., max_length=LONGEST["description"])
    answers: dict[str, str] = Field(default_factory=dict)
    seen_version: int | None = None


class VacancyOut(Schema):
    """A vacancy in its newest wording. left: posts still free · read: columns that the parser read, null where nothing was."""

    id: UUID
    state: str
    version: int
    title: str
    place: str
    pay: str
    headcount: int
    filled: int
    left: int
    region: str
    description: str
    read: dict[str, Any]
    opened_at: datetime | None
    closes_on: date | None
    closed_at: datetime | None
    closing: str


class FindingOut(Schema):
    """One thing to mend. stops: nothing is published with it · basis: clause or source."""

    kind: str
    field: str
    words: str
    text_zh: str
    text_en: str
    basis: str
    stops: bool


class CheckOut(Schema):
    """What was read and what has to be mended. reach: `[people who pass the hard conditions, people who look for work]`, null before a run."""

    read: dict[str, Any]
    questions: list[str]
    findings: list[FindingOut]
    may_be_sent: bool
    reach: tuple[int, int] | None


class Days(Schema):
    """closes_on: last day on which people can apply; 30 days from today without one."""

    closes_on: date | None = None


class Close(Schema):
    """closing: `filled`, `elsewhere` or `dropped`."""

    closing: str = Field(..., max_length=20)


class CandidateOut(Schema):
    """Somebody who fits, without a name. reasons: what speaks for and against, without what the person does not show to employers · decision_id: of
    the sealed outcome · state: of the application that is under way."""

    id: UUID
    position: int
    reasons_zh: list[str]
    reasons_en: list[str]
    state: str | None
    decision_id: UUID


class Candidates(Page[CandidateOut]):
    """excluded: hard condition to the people whom it alone would keep out, where the list is short · seekers: people looked at, null before one."""

    excluded: dict[str, int]
    seekers: int | None


class Invitation(Schema):
    """words: to the person; no discriminatory wording."""

    words: str = Field("", max_length=1000)


@router.get("/vacancies", response=answers(Page[VacancyOut]), auth=Needs("vacancies.own"), summary="我的岗位 · own vacancies")
def own(request: HttpRequest, paging: Query[Paging], state: str = "") -> dict[str, Any]:
    """The firm's own, newest change first."""
    found = page(list(queries.own_vacancies(request.user, state)), paging)
    versions = queries.newest(found["items"])
    return found | {"items": [_out(v, versions[v.pk]) for v in found["items"]]}


@router.post("/vacancies", response=answers(VacancyOut, 400), auth=Needs("vacancies.own"), summary="存草稿 · save a draft")
def create(request: HttpRequest, body: VacancyBody) -> dict[str, Any]:
    """A draft is nobody's but its firm's; `publish` sends it."""
    return _now(request, actions.save(_typed(body), acting_user=request.user, at=now()).pk)


@router.post("/vacancies/check", response=answers(CheckOut, 400), auth=Needs("vacancies.own"), summary="发布前检查 · check before sending")
def check(request: HttpRequest, body: VacancyBody, vacancy_id: UUID | None = None) -> dict[str, Any]:
    """Unlawful wording, pay below the minimum, signs of fraud, near duplicates. Writes nothing. vacancy_id: the own one that it will replace."""
    firm, typed = firm_of(request.user), _typed(body)
    if vacancy_id is not None:
        queries.own_vacancy(request.user, vacancy_id)
    draft = draft_of(typed)
    reading = read_draft(draft, answers_of(typed), firm=firm)
    found = findings_of(draft, reading, firm.firm_id, vacancy_id, now())
    return {
        "read": _columns(reading.columns), "questions": [q.column for q in reading.questions], "may_be_sent": not any(f.stops for f in found),
        "findings": [{"text_zh": f.zh, "text_en": f.en} | {n: getattr(f, n) for n in ("kind", "field", "words", "basis", "stops")} for f in found],
        "reach": candidates.reach_of_draft(draft, reading),
    }  # fmt: skip


@router.get("/vacancies/{vacancy_id}", response=answers(VacancyOut, 404), auth=Needs("vacancies.own"), summary="一个岗位 · one vacancy")
def one(request: HttpRequest, vacancy_id: UUID) -> dict[str, Any]:
    """One of the firm's own; another firm's is not found."""
    return _now(request, vacancy_id)


@router.post("/vacancies/{vacancy_id}", response=answers(VacancyOut, 400, 404, 409), auth=Needs("vacancies.own"), summary="存新版 · a new version")
def save(request: HttpRequest, vacancy_id: UUID, body: VacancyBody) -> dict[str, Any]:
    """An equal one changes nothing; what is open is held to the checks of sending."""
    actions.save(_typed(body), acting_user=request.user, at=now(), vacancy_id=vacancy_id, seen_version=body.seen_version)
    return _now(request, vacancy_id)


@router.post("/vacancies/{vacancy_id}/publish", response=answers(VacancyOut, 400, 404, 409), auth=Needs("vacancies.own"), summary="发布 · publish")
def publish(request: HttpRequest, vacancy_id: UUID, body: Days) -> dict[str, Any]:
    """What has to be mended first answers 409 with every clause."""
    actions.publish(vacancy_id, acting_user=request.user, at=now(), closes_on=body.closes_on)
    return _now(request, vacancy_id)


@router.post("/vacancies/{vacancy_id}/extend", response=answers(VacancyOut, 400, 404, 409), auth=Needs("vacancies.own"), summary="延期 · extend")
def extend(request: HttpRequest, vacancy_id: UUID, body: Days) -> dict[str, Any]:
    """Another last day."""
    actions.extend(vacancy_id, acting_user=request.user, at=now(), closes_on=body.closes_on)
    return _now(request, vacancy_id)


@router.post("/vacancies/{vacancy_id}/close", response=answers(VacancyOut, 400, 404, 409), auth=Needs("vacancies.own"), summary="关闭 · close")
def close(request: HttpRequest, vacancy_id: UUID, body: Close) -> dict[str, Any]:
    """Open applications become obsolete and their people are told."""
    actions.close(vacancy_id, closing=body.closing, acting_user=request.user, at=now())
    return _now(request, vacancy_id)


@router.post(
    "/vacancies/{vacancy_id}/restore/{number}", response=answers(VacancyOut, 400, 404, 409), auth=Needs("vacancies.own"), summary="恢复旧版 · restore"
)
def restore(request: HttpRequest, vacancy_id: UUID, number: int) -> dict[str, Any]:
    """An earlier version as the newest."""
    if not 0 < number < 1_000_000:
        queries.own_vacancy(request.user, vacancy_id)
        raise refusals.no_such_version(number)
    actions.restore(vacancy_id, number, acting_user=request.user, at=now())
    return _now(request, vacancy_id)


@router.get(
    "/vacancies/{vacancy_id}/candidates", response=answers(Candidates, 404, 409), auth=Needs("applications.firm"), summary="候选人 · candidates"
)
def shortlist(request: HttpRequest, vacancy_id: UUID, paging: Query[Paging]) -> dict[str, Any]:
    """Best first, each sealed as it is shown; a look at a person is recorded once a day."""
    found = candidates.shortlist(request.user, vacancy_id, now())
    rows = [
        {
            "id": r.candidate.pk, "position": r.candidate.position, "reasons_zh": r.zh, "reasons_en": r.en,
            "state": r.application.state if r.application else None, "decision_id": r.candidate.decision_id,
        }
        for r in found.rows
    ]  # fmt: skip
    return page(rows, paging) | {"excluded": dict(found.excluded), "seekers": found.seekers}


@router.post(
    "/vacancies/{vacancy_id}/candidates/{candidate_id}/invite", response=answers(ApplicationOut, 400, 404, 409), auth=Needs("applications.firm"),
    summary="邀请 · invite",
)  # fmt: skip
def invite(request: HttpRequest, vacancy_id: UUID, candidate_id: UUID, body: Invitation) -> dict[str, Any]:
    """Somebody whom the firm was shown; who it is stays unknown until they say yes."""
    made = candidates.invite_candidate(vacancy_id, candidate_id, words=body.words, acting_user=request.user, at=now())
    return shown_case(request.user, made.pk)


@router.post(
    "/vacancies/{vacancy_id}/{verb}", response=answers(VacancyOut, 404, 409), auth=Needs("vacancies.own"), summary="暂停、恢复 · pause, resume"
)
def step(request: HttpRequest, vacancy_id: UUID, verb: Literal["pause", "resume"]) -> dict[str, Any]:
    """Paused, nobody new can apply; those who did stay."""
    {"pause": actions.pause, "resume": actions.resume}[verb](vacancy_id, acting_user=request.user, at=now())
    return _now(request, vacancy_id)


def _typed(body: VacancyBody) -> dict[str, str]:
    fields = {name: str(getattr(body, name)) for name in ("title", "place", "pay", "headcount", "description")}
    return fields | {f"answer.{name}": value for name, value in body.answers.items()}


def _now(request: HttpRequest, vacancy_id: UUID) -> dict[str, Any]:
    found = queries.own_vacancy(request.user, vacancy_id)
    return _out(found, queries.newest([found])[found.pk])


def _out(vacancy: Vacancy, version: Version) -> dict[str, Any]:
    said = {name: getattr(version, name) for name in ("title", "place", "pay", "description")}
    stands = ("state", "version", "headcount", "filled", "left", "region", "opened_at", "closes_on", "closed_at", "closing")
    kept = {name: getattr(vacancy, name) for name in stands}
    return said | kept | {"id": vacancy.pk, "read": _columns(version.read.get("columns", {}))}


def _columns(read: Any) -> dict[str, Any]:
    return {name: value for name, value in dict(read).items() if value is not None}
