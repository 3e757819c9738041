"""Rule packs over HTTP: policies and their versions, facts, a text checked as on the page, a bureau's own rules and their steps."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import answers
from leye.office.clock import now
from leye.office.entitlements.files import rules_day
from leye.office.rules import actions, queries
from leye.office.rules.checking import Checked, check_text
from leye.office.rules.models import RuleDraft
from leye.policy import Version
from leye.policy.fact_list import fact_rows
from leye.policy.pack import leaves

router = Router(tags=["policy"])
LONGEST = actions.LONGEST_TEXT


class RuleRow(Schema):
    """A policy of the packs in force. from, to: of the version of the day, null when none is."""

    policy: str
    name_zh: str
    name_en: str
    status: str
    about: str
    pays: str
    discretionary: bool
    in_force: bool
    versions: int
    cases: int
    regions: list[str]


class ClauseOut(Schema):
    """One condition."""

    when: str
    say_zh: str
    say_en: str
    basis: str


class VersionOut(Schema):
    """A version: its days, conditions in order, what it gives."""

    region: str
    start: date
    end: date | None
    sunset: str
    dates: str
    unit: str
    amount: str
    months: str
    clauses: list[ClauseOut]
    sources: list[str]


class RuleOut(RuleRow):
    """A policy with its versions."""

    details: list[VersionOut]


class FindingOut(Schema):
    """One finding of lint."""

    code: str
    severity: str
    file: str
    line: int
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


class CheckedOut(Schema):
    """What the check says of a text."""

    policy: str
    sound: bool
    findings: list[FindingOut]
    cases: int
    failures: list[dict[str, Any]]


class TextIn(Schema):
    """A policy file as the one of a place (CN-4403)."""

    text: str = Field(max_length=LONGEST)
    region: str = Field(pattern=r"^CN-(\d{2}|\d{4}|\d{6})$")


class TextNext(Schema):
    """The next text of a draft, over the revision that was read."""

    text: str = Field(max_length=LONGEST)
    revision: int = Field(ge=1)
    reason: str = Field("", max_length=200)


class Seen(Schema):
    """Hash of the text that was read."""

    seen_sha256: str = Field(max_length=64)


class Because(Schema):
    """Why."""

    reason: str = Field(max_length=500)


class DraftOut(Schema):
    """A bureau's own rule."""

    id: UUID
    policy: str
    name: str
    region: str
    state: str
    revision: int
    text_sha256: str
    author: str
    signed_by: str | None
    changed_at: str
    published_at: str | None


class DraftText(DraftOut):
    """The same with its text and what the asking user can do now."""

    text: str
    steps: list[str]


@router.get("/rules", response=answers(list[RuleRow]), auth=Needs("policy.rules"), summary="政策规则 · rules")
def rule_list(request: HttpRequest) -> list[dict[str, Any]]:
    """All policies of the packs in force."""
    return [_row(r) for r in queries.policy_rows(request.user, rules_day())]


@router.get("/rules/drafts", response=answers(list[DraftOut]), auth=Needs("policy.rules"), summary="自定规则 · own rules")
def draft_list(request: HttpRequest, state: str = "") -> list[dict[str, Any]]:
    """Own rules: in one state, else those open or in force."""
    return [_draft(d) for d in queries.drafts(request.user, state=state[:10])]


@router.get("/rules/drafts/{draft_id}", response=answers(DraftText, 404), auth=Needs("policy.rules"), summary="一份自定规则 · one own rule")
def draft_one(request: HttpRequest, draft_id: UUID) -> dict[str, Any]:
    """One of them with its text."""
    return _with_text(request, queries.draft_called(request.user, draft_id))


@router.post("/rules/drafts", response=answers(DraftText, 400), auth=Needs("policy.rules.edit"), summary="新草稿 · a draft")
def draft_new(request: HttpRequest, body: TextIn) -> dict[str, Any]:
    """A new draft; the text may still be wrong."""
    return _with_text(request, actions.save_draft(body.text, region=body.region, acting_user=request.user, at=now()))


@router.post("/rules/drafts/{draft_id}/save", response=answers(DraftText, 400, 404, 409), auth=Needs("policy.rules.edit"), summary="保存 · save")
def draft_save(request: HttpRequest, draft_id: UUID, body: TextNext) -> dict[str, Any]:
    """The next text; 409 when somebody saved in between."""
    made = actions.save_draft(body.text, draft_id=draft_id, revision=body.revision, reason=body.reason, acting_user=request.user, at=now())
    return _with_text(request, made)


@router.post("/rules/drafts/{draft_id}/sign", response=answers(DraftOut, 404, 409, 422), auth=Needs("policy.rules.sign"), summary="签字 · sign")
def draft_sign(request: HttpRequest, draft_id: UUID, body: Seen) -> dict[str, Any]:
    """Sign what was read; not by whoever wrote any of it."""
    return _draft(actions.sign_draft(draft_id, seen_sha256=body.seen_sha256, acting_user=request.user, at=now()))


@router.post("/rules/drafts/{draft_id}/back", response=answers(DraftOut, 400, 404, 409), auth=Needs("policy.rules.sign"), summary="退回 · send back")
def draft_back(request: HttpRequest, draft_id: UUID, body: Because) -> dict[str, Any]:
    """Send it back with the reason."""
    return _draft(actions.send_back(draft_id, reason=body.reason, acting_user=request.user, at=now()))


@router.post("/rules/drafts/{draft_id}/publish", response=answers(DraftOut, 404, 409, 422), auth=Needs("policy.rules.edit"), summary="公布 · publish")
def draft_publish(request: HttpRequest, draft_id: UUID) -> dict[str, Any]:
    """Put the signed text into force."""
    return _draft(actions.publish_draft(draft_id, acting_user=request.user, at=now()))


@router.post(
    "/rules/drafts/{draft_id}/withdraw", response=answers(DraftOut, 400, 404, 409), auth=Needs("policy.rules.edit"), summary="撤回 · withdraw"
)
def draft_withdraw(request: HttpRequest, draft_id: UUID, body: Because) -> dict[str, Any]:
    """Take it back."""
    return _draft(actions.withdraw_draft(draft_id, reason=body.reason, acting_user=request.user, at=now()))


@router.post("/rules/check", response=answers(CheckedOut), auth=Needs("policy.rules"), summary="检查一份文字 · check a text")
def check(request: HttpRequest, body: TextIn) -> dict[str, Any]:
    """Lint and cases of a text, as on the page; nothing is kept."""
    return _checked(check_text(body.text, body.region, queries.data_folder()))


@router.get("/facts", response=answers(list[dict[str, Any]]), auth=Needs("policy.rules"), summary="事实 · facts")
def facts(request: HttpRequest) -> list[dict[str, Any]]:
    """Every fact that a rule may use, derived ones marked."""
    return fact_rows(queries.packs_here())


@router.get("/rules/{policy}", response=answers(RuleOut, 404), auth=Needs("policy.rules"), summary="一项政策 · one policy")
def rule(request: HttpRequest, policy: str) -> dict[str, Any]:
    """One policy with its versions."""
    known = queries.policy_called(request.user, policy[:60])
    row = next(r for r in queries.policy_rows(request.user, rules_day()) if r.policy.id == known.id)
    return {**_row(row), "details": [_version(v) for v in known.versions]}


def _row(row: queries.PolicyRow) -> dict[str, Any]:
    p = row.policy
    return {
        "policy": p.id,
        "name_zh": p.name,
        "name_en": p.name_en,
        "status": p.status,
        "about": p.about,
        "pays": p.pays,
        "discretionary": p.discretionary,
        "in_force": row.current is not None,
        "versions": len(p.versions),
        "cases": row.cases,
        "regions": list(row.regions),
    }


def _version(version: Version) -> dict[str, Any]:
    return {
        "region": version.region,
        "start": version.start,
        "end": version.end,
        "sunset": version.sunset,
        "dates": version.dates,
        "unit": version.unit,
        "amount": version.amount_text or " | ".join(r.say for r in version.amount_rows),
        "months": version.months_text,
        "clauses": [{"when": c.text, "say_zh": c.say, "say_en": c.say_en, "basis": c.basis} for c in leaves(version.who)],
        "sources": [str(s) for s in version.sources],
    }


def _checked(found: Checked) -> dict[str, Any]:
    return {
        "policy": found.policy,
        "sound": found.is_sound,
        "findings": [f.as_dict() for f in found.findings],
        "cases": found.cases,
        "failures": [f.as_dict() for f in found.failures],
    }


def _draft(draft: RuleDraft) -> dict[str, Any]:
    return {
        "id": draft.pk,
        "policy": draft.policy,
        "name": draft.name,
        "region": draft.region,
        "state": draft.state,
        "revision": draft.revision,
        "text_sha256": draft.text_sha256,
        "author": str(draft.author),
        "signed_by": None if draft.signed_by is None else str(draft.signed_by),
        "changed_at": draft.changed_at.isoformat(),
        "published_at": None if draft.published_at is None else draft.published_at.isoformat(),
    }


def _with_text(request: HttpRequest, draft: RuleDraft) -> dict[str, Any]:
    return {**_draft(draft), "text": draft.text, "steps": queries.next_steps(request.user, draft)}
