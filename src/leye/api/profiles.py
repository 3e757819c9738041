"""Résumés and profiles over HTTP: the same actions as the pages'."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, File, Router, Schema
from ninja.files import UploadedFile

from leye.api.auth import Needs
from leye.api.shapes import answers
from leye.kernel.errors import BadInput
from leye.match.profile import Claim, bad_claim
from leye.match.resumes.documents import MOST_BYTES
from leye.office.clock import now
from leye.office.matches.own_list import match_after_change
from leye.office.profiles import actions, queries
from leye.office.profiles.sealing import claims_from, claims_json

router = Router(tags=["profiles"])


class ClaimBody(Schema):
    """One claim; `value` as the columns of the people's table hold it. start, end: place in the document it was read in."""

    field: str = Field(..., max_length=40)
    value: Any
    evidence: str = Field("self", max_length=20)
    since: str | None = Field(None, max_length=10)
    until: str | None = Field(None, max_length=10)
    level: int | None = None
    start: int | None = None
    end: int | None = None


class Original(Schema):
    """Which claim. value: as text."""

    field: str = Field(..., max_length=40)
    value: str = Field(..., max_length=4_000)


class ProfileOut(Schema):
    """A profile. number 0: none yet · shared: field to audiences `match employer counsellor` · versions: numbers, newest first."""

    number: int
    is_active: bool
    claims: list[ClaimBody]
    shared: dict[str, list[str]]
    versions: list[int]
    changed_at: datetime | None


class ResumeOut(Schema):
    """A document as read: slots with places in `text`, and the claims they make."""

    id: UUID
    name: str
    text: str
    notes: list[str]
    slots: list[dict[str, Any]]
    claims: list[ClaimBody]


class Confirm(Schema):
    """What the person confirms. seen: the version looked at; another one now answers 409."""

    claims: list[ClaimBody] = Field(..., max_length=300)
    resume_id: UUID | None = None
    seen: int | None = None
    shared: dict[str, list[str]] | None = None


class Text(Schema):
    """A résumé's text."""

    text: str = Field(..., max_length=100_000)


class Shared(Schema):
    """Field to audiences; what is not named is for nobody."""

    shared: dict[str, list[str]]


@router.get("/my/profile", response=answers(ProfileOut), auth=Needs("profiles.own"), summary="我的画像 · my profile")
def mine(request: HttpRequest) -> dict[str, Any]:
    """The version in force."""
    return _profile(request)


@router.post("/my/profile", response=answers(ProfileOut, 400, 404, 409), auth=Needs("profiles.own"), summary="存一版 · save a version")
def confirm(request: HttpRequest, body: Confirm) -> dict[str, Any]:
    """Evidence from outside is `self`, `project` or `training`: nobody certifies themselves."""
    actions.confirm(
        [_own_claim(c) for c in body.claims], acting_user=request.user, at=now(), resume_id=body.resume_id, seen=body.seen, shared=body.shared
    )
    match_after_change(acting_user=request.user, at=now())
    return _profile(request)


@router.post("/my/profile/share", response=answers(ProfileOut), auth=Needs("profiles.own"), summary="谁能看 · who may see")
def share(request: HttpRequest, body: Shared) -> dict[str, Any]:
    """Consent field by field."""
    actions.share(body.shared, acting_user=request.user, at=now())
    match_after_change(acting_user=request.user, at=now())
    return _profile(request)


@router.post("/my/profile/restore/{number}", response=answers(ProfileOut, 404), auth=Needs("profiles.own"), summary="恢复 · put back")
def restore(request: HttpRequest, number: int) -> dict[str, Any]:
    """A former version in force again."""
    actions.restore(number, acting_user=request.user, at=now())
    match_after_change(acting_user=request.user, at=now())
    return _profile(request)


@router.post("/my/profile/withdraw", response=answers(ProfileOut), auth=Needs("profiles.own"), summary="停用 · stop")
def withdraw(request: HttpRequest) -> dict[str, Any]:
    """No matching, nobody sees it."""
    actions.withdraw(acting_user=request.user, at=now())
    return _profile(request)


@router.post("/my/profile/delete", response=answers(ProfileOut), auth=Needs("profiles.own"), summary="删除 · delete")
def delete(request: HttpRequest) -> dict[str, Any]:
    """Documents and versions, for good."""
    actions.delete(acting_user=request.user, at=now())
    return _profile(request)


@router.post("/my/resume", response=answers(ResumeOut, 400), auth=Needs("profiles.own"), summary="交简历文字 · hand in a text")
def hand_in(request: HttpRequest, body: Text) -> dict[str, Any]:
    """Nothing counts before it is confirmed."""
    return _resume(request, actions.hand_in("", b"", body.text, acting_user=request.user, at=now()).pk)


@router.post("/my/resume/file", response=answers(ResumeOut, 400), auth=Needs("profiles.own"), summary="交简历文件 · hand in a file")
def hand_in_file(request: HttpRequest, file: File[UploadedFile]) -> dict[str, Any]:
    """A .docx, .pdf or .txt of at most 2 MB; each refusal has its code (E_RESUME_…)."""
    made = actions.hand_in(file.name or "", file.read(MOST_BYTES + 1), "", acting_user=request.user, at=now())
    return _resume(request, made.pk)


@router.get("/my/resume/{resume_id}", response=answers(ResumeOut, 404), auth=Needs("profiles.own"), summary="读到了什么 · what was read")
def resume(request: HttpRequest, resume_id: UUID) -> dict[str, Any]:
    """Read anew at each call."""
    return _resume(request, resume_id)


@router.get("/people/{person_id}/profile", response=answers(list[ClaimBody], 404), auth=Needs("profiles.view"), summary="求职者画像 · a profile")
def of_person(request: HttpRequest, person_id: str) -> list[dict[str, Any]]:
    """What the person shares with counsellors; the read is recorded."""
    return claims_json(queries.person_profile(request.user, person_id, now()))


@router.post(
    "/people/{person_id}/profile/attest",
    response=answers(list[ClaimBody], 400, 404),
    auth=Needs("profiles.attest"),
    summary="看过原件 · saw the original",
)
def attest(request: HttpRequest, person_id: str, body: Original) -> list[dict[str, Any]]:
    """The claim's evidence becomes `certificate`; the read and the step are recorded."""
    actions.attest(person_id, body.field, body.value, acting_user=request.user, at=now())
    return claims_json(queries.person_profile(request.user, person_id, now()))


def _own_claim(body: ClaimBody) -> Claim:
    if body.evidence not in {"self", "project", "training"} or isinstance(body.value, dict | list):
        raise bad_claim(body.field, body.evidence if not isinstance(body.value, dict | list) else body.value)
    try:
        return claims_from([{k: v for k, v in body.dict().items() if v is not None}])[0]
    except (ValueError, TypeError, KeyError) as error:
        raise bad_claim(body.field, body.value) from error
    except BadInput:
        raise


def _profile(request: HttpRequest) -> dict[str, Any]:
    shown = queries.own_profile(request.user)
    return {
        "number": shown.number, "is_active": shown.is_active, "claims": claims_json(shown.claims), "shared": shown.shared,
        "versions": [v.number for v in shown.versions], "changed_at": shown.changed_at,
    }  # fmt: skip


def _resume(request: HttpRequest, resume_id: UUID) -> dict[str, Any]:
    read = queries.own_resume(request.user, resume_id)
    slots = [s.as_json() for s in read.slots]
    return {"id": resume_id, "name": read.name, "text": read.text, "notes": read.notes, "slots": slots, "claims": claims_json(read.claims)}
