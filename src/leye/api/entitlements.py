"""Entitlements over HTTP: one's own policies, the daily list, claims and payments; the same actions as the pages'."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.kernel.period import Month
from leye.office.clock import now
from leye.office.entitlements import claims, contacts, contesting, desk, paying, refusals
from leye.office.entitlements.answers import answer_own
from leye.office.entitlements.lists import Card, today_list
from leye.office.entitlements.models import Claim
from leye.office.entitlements.own import OwnPage, OwnPolicy, own_page
from leye.office.published import published_snapshot
from leye.policy.words import verdict_word

router = Router(tags=["entitlements"])

Code = Annotated[str, Field(max_length=60)]


class PolicyRow(Schema):
    """One policy as the rules say it now: the form of `leye policy explain` with what the office adds. drawn: facts show that it is drawn already
    · claim: state of the newest claim · expected_fen: money within a year."""

    policy: str
    name: str
    verdict: Literal["yes", "no", "unknown"]
    amount_fen: int | None
    months: int | None
    unit: str | None
    choice: str | None
    status: str
    deadline: date | None
    drawn: bool
    claim: str | None
    expected_fen: int
    missing: list[str]
    next: str
    clauses: list[dict[str, Any]]


class QuestionRow(Schema):
    """A fact to answer. decides_fen: money within a year that hangs on it · choices: allowed values, empty for a date or number."""

    fact: str
    ask_zh: str
    ask_en: str
    type: str
    choices: list[str]
    decides_fen: int
    policies: list[str]


class OwnAnswer(Schema):
    """on: day of the rules · run_id: of the published run."""

    on: date
    run_id: str | None
    policies: list[PolicyRow]
    questions: list[QuestionRow]
    contradictions: list[dict[str, Any]]


class Answers(Schema):
    """Fact -> answer as text: true, false, an enum's id, a date, a number; money in yuan."""

    answers: dict[Code, Annotated[str, Field(max_length=40)]] = Field(..., max_length=20)


class Contest(Schema):
    """Why, in which words, and for which employee (employers only)."""

    category: Literal["wrong_facts", "wrong_rule", "unfair", "unexplained", "human_wanted", "other"]
    words: str = Field("", max_length=2000)
    about: Code = ""


class Apply(Schema):
    """about: the employee, for an employer's hire policy."""

    about: Code = ""


class EntryRow(Schema):
    """One policy on a card of the daily list. fact: the one missing, for an unknown · weight: what the list is ordered by
    · instead_of: the entry that is counted in this one's place, where only one of them can be had."""

    policy: str
    verdict: Literal["yes", "unknown"]
    fact: str | None
    amount_fen: int | None
    months: int | None
    unit: str
    expected_fen: int
    weight: int
    instead_of: str | None
    deadline: date | None
    first_on: date
    changed_on: date


class CardRow(Schema):
    """One person of the daily list; names and phones stay on the page, where the look is recorded."""

    person_id: str
    weight: int
    deadline: date | None
    entries: list[EntryRow]


class Press(Schema):
    """What came of a call."""

    result: Literal["done", "no_answer", "later", "applied", "unwilling"]
    policies: list[Code] = Field(default_factory=list, max_length=40)


class ContactRow(Schema):
    """A press."""

    id: UUID
    result: str
    policies: list[str]
    again_on: date | None
    at: datetime
    undone_at: datetime | None


class ClaimRow(Schema):
    """One claim; nobody is named. expected_fen: by the mark · approved_fen: of a month for monthly ones · decision_id: the sealed mark behind it."""

    id: UUID
    policy: str
    state: str
    region: str
    grid_id: str
    expected_fen: int | None
    approved_fen: int | None
    opened_at: datetime
    changed_at: datetime
    decision_id: UUID | None
    reason: str


class ClaimFilter(Paging):
    """`state` empty: all that are open."""

    state: Literal["", "contacted", "applied", "approved", "refused", "paid", "withdrawn"] = ""


class Decide(Schema):
    """approved_fen: null for what pays nothing; a refusal needs its reason."""

    approve: bool
    approved_fen: int | None = Field(None, ge=0, le=10**12)
    reason: str = Field("", max_length=500)


class Pay(Schema):
    """month: YYYY-MM."""

    month: Annotated[str, Field(max_length=7)]
    paid_fen: int = Field(..., ge=1, le=10**12)
    receipt: str = Field(..., max_length=60)


class PaymentRow(Schema):
    """A payment on a claim."""

    id: UUID
    claim_id: UUID
    month: date
    paid_fen: int
    paid_on: date
    receipt: str


class ConflictRow(Schema):
    """Two payments of departments that exclude each other."""

    payment_id: str
    conflicts_with: str
    policy: str
    other_policy: str
    group: str
    scope: str
    month: date | None
    paid_on: date
    other_paid_on: date
    amount_fen: int
    other_amount_fen: int
    at_stake_fen: int


@router.get("/my/policies", response=answers(OwnAnswer, 404), auth=Needs("entitlements.own"), summary="我的政策 · my entitlements")
def mine(request: HttpRequest) -> dict[str, Any]:
    """Every policy with its clauses; verdicts equal `leye policy explain` on the same facts."""
    return _own(own_page(request.user, language="zh"))


@router.post("/my/policies/answers", response=answers(OwnAnswer, 400, 404, 409), auth=Needs("entitlements.own"), summary="回答问题 · answer")
def answer(request: HttpRequest, body: Answers) -> dict[str, Any]:
    """Fill unknown facts of oneself; 409 for a fact that a register knows."""
    answer_own(body.answers, acting_user=request.user, at=now())
    return _own(own_page(request.user, language="zh"))


@router.get("/firm/policies", response=answers(OwnAnswer, 404), auth=Needs("entitlements.firm"), summary="单位的政策 · the firm's entitlements")
def firm(request: HttpRequest) -> dict[str, Any]:
    """Policies about the firm itself."""
    return _own(own_page(request.user, language="zh"))


@router.post("/my/policies/{policy}/apply", response=answers(ClaimRow, 400, 404, 409), auth=Needs("claims.apply"), summary="申请 · apply")
def apply(request: HttpRequest, policy: str, body: Apply) -> Claim:
    """For oneself, for one's firm, or for an employee whom the firm may know about."""
    return claims.apply_for(policy, about_id=body.about, acting_user=request.user, at=now())


@router.post(
    "/my/policies/{policy}/contest", response=answers(dict[str, UUID], 400, 404, 409), auth=Needs("objections.raise"), summary="不对 · contest"
)
def contest(request: HttpRequest, policy: str, body: Contest) -> dict[str, UUID]:
    """Seal the verdict as it stands and object to it; answers `{"objection_id", "decision_id"}`."""
    raised = contesting.contest(policy, category=body.category, words=body.words, about_id=body.about, acting_user=request.user, at=now())
    return {"objection_id": raised.pk, "decision_id": raised.decision_id}


@router.get("/today", response=answers(Page[CardRow]), auth=Needs("today.view"), summary="今日清单 · the daily list")
def today(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Heaviest first; only people of one's own grids."""
    return page([_card(c) for c in today_list(request.user, now()).open], paging)


@router.post("/today/{person_id}/press", response=answers(ContactRow, 400, 404, 409), auth=Needs("today.work"), summary="记结果 · record a call")
def press(request: HttpRequest, person_id: str, body: Press) -> Any:
    """One press; somebody of another grid is not found."""
    return contacts.press(person_id, body.result, policies=body.policies, acting_user=request.user, at=now())


@router.post("/today/contacts/{contact_id}/undo", response=answers(ContactRow, 404, 409), auth=Needs("today.work"), summary="撤销 · undo")
def undo(request: HttpRequest, contact_id: UUID) -> Any:
    """Take a press of today back."""
    return contacts.undo(contact_id, acting_user=request.user, at=now())


@router.get("/claims", response=answers(Page[ClaimRow]), auth=Needs("claims.view"), summary="申领 · claims")
def claims_list(request: HttpRequest, asked: Query[ClaimFilter]) -> dict[str, Any]:
    """Of the district, the longest waiting first."""
    return page(list(desk.claims_at_desk(request.user, state=asked.state)), asked)


@router.post("/claims/{claim_id}/decide", response=answers(ClaimRow, 400, 404, 409), auth=Needs("claims.decide"), summary="审批 · decide")
def decide(request: HttpRequest, claim_id: UUID, body: Decide) -> Claim:
    """403 for whoever took it in."""
    return claims.decide_claim(claim_id, approve=body.approve, approved_fen=body.approved_fen, reason=body.reason, acting_user=request.user, at=now())


@router.post("/claims/{claim_id}/pay", response=answers(PaymentRow, 400, 404, 409), auth=Needs("claims.pay"), summary="登记发放 · pay")
def pay(request: HttpRequest, claim_id: UUID, body: Pay) -> Any:
    """409 names the payment that stands in the way; 403 for whoever approved it."""
    return paying.pay(claim_id, month=_month(body.month), paid_fen=body.paid_fen, receipt=body.receipt, acting_user=request.user, at=now())


@router.get("/payment-conflicts", response=answers(Page[ConflictRow]), auth=Needs("payments.check"), summary="重复发放 · double payments")
def conflicts(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """What departments paid twice, from the published run; the most money first."""
    snapshot = published_snapshot()
    frame = snapshot.frame("payment_conflicts") if snapshot is not None else None
    if frame is None or not frame.width:
        return page([], paging)
    return page(frame.sort("at_stake_fen", "payment_id", descending=[True, False]).to_dicts(), paging)


def _own(own: OwnPage) -> dict[str, Any]:
    snapshot = published_snapshot()
    policies = (*own.yes, *own.unknown, *own.no)
    return {
        "on": own.on,
        "run_id": snapshot.run_id if snapshot is not None else None,
        "policies": [_policy(p) for p in sorted(policies, key=lambda p: p.id)],
        "questions": [
            {
                "fact": q.fact.id, "ask_zh": q.zh, "ask_en": q.en, "type": q.fact.type, "choices": [c[0] for c in q.choices],
                "decides_fen": q.decides_fen, "policies": list(q.policies),
            }
            for q in own.questions
        ],
        "contradictions": [{"id": c.id, "facts": list(c.facts), "zh": c.zh, "en": c.en} for c in own.contradictions],
    }  # fmt: skip


def _policy(own: OwnPolicy) -> dict[str, Any]:
    found, answer = own.found, own.found.answer
    said = found.as_dict()
    return {
        "policy": found.policy,
        "name": found.name,
        "verdict": verdict_word(found.verdict),
        "amount_fen": answer.amount_fen,
        "months": answer.months,
        "unit": found.unit,
        "choice": found.choice,
        "status": found.plan.bound.policy.status,
        "deadline": own.deadline,
        "drawn": own.drawn,
        "claim": own.claim.state if own.claim is not None else None,
        "expected_fen": own.expected_fen,
        "missing": list(answer.missing),
        "next": found.next,
        "clauses": said["clauses"],
    }


def _card(card: Card) -> dict[str, Any]:
    return {"person_id": card.person_id, "weight": card.weight, "deadline": card.deadline, "entries": list(card.entries)}


def _month(text: str) -> date:
    try:
        return Month.parse(text.strip()).first
    except ValueError:
        raise refusals.bad_month() from None
