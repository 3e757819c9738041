"""Job search for everybody, and one's own matches, over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.office.clock import now
from leye.office.matches import own_list, queries
from leye.office.searches.bank import bank_now
from leye.office.searches.criteria import criteria_of
from leye.office.searches.looking import cards_of, look

router = Router(tags=["matches"])
public_router = Router(tags=["public"])


class JobRow(Schema):
    """An advert that fits, or one of the nearest. differs: in what it does not fit · reasons: at most three, Chinese · km: expected distance."""

    job_id: str
    title: str
    firm_name: str | None
    region: str | None
    pay_min_fen: int | None
    pay_max_fen: int | None
    pay_period: str | None
    km: float | None
    differs: list[str]
    reasons: list[str]
    missing: str | None
    closes_on: date | None


class MatchRow(Schema):
    """One job of one's list. reasons: what speaks for it on both sides, Chinese · decision_id: of the sealed list."""

    job_id: str
    rank: int
    score: float
    p_person: float
    p_employer: float
    reasons: list[str]
    decision_id: UUID


class Made(Schema):
    """A list made by day. decision_id: what was sealed of it, none when no job fits."""

    jobs: int
    decision_id: UUID | None
    at: datetime


@public_router.get("/jobs", response=Page[JobRow], auth=None, summary="找工作 · job search")
def jobs(
    request: HttpRequest, paging: Query[Paging], q: str = "", place: str = "", pay: str = "", form: str = "", origin: str = "", within: str = ""
) -> dict[str, object]:
    """The page's search; the nearest in words when nothing fits. Nothing of it is kept."""
    asked = {"q": q, "place": place, "pay": pay, "form": form, "origin": origin, "within": within}
    answer = look(criteria_of(asked, bank_now().city))
    hits = list(answer.hits or answer.found.by_skill or answer.found.by_distance)
    found = page(hits, paging)
    found["items"] = [
        {**card.job, "km": card.hit.km, "differs": list(card.hit.differs), "reasons": [w.zh for w in card.whys], "missing": card.missing}
        for card in cards_of(answer, found["items"])
    ]
    return found


@router.get("/my/matches", response=answers(Page[MatchRow]), auth=Needs("matches.own"), summary="适合我的岗位 · my matches")
def own_matches(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """Sealed lists only, best first."""
    found = page(list(queries.own_matches(request.user).shown), paging)
    found["items"] = [
        {
            "job_id": m.job_id, "rank": m.rank, "score": m.score, "p_person": m.p_person, "p_employer": m.p_employer,
            "reasons": [i["text"] for side in ("person", "employer") for i in m.items(side)], "decision_id": m.decision.pk,
        }
        for m in found["items"]
    ]  # fmt: skip
    return found


@router.post("/my/matches", response=answers(Made, 404, 409), auth=Needs("matches.own"), summary="现在就排 · make the list now")
def match_now(request: HttpRequest) -> dict[str, object]:
    """From what is confirmed and open at this moment; an equal list is kept and not sealed again."""
    made = own_list.match_now(acting_user=request.user, at=now())
    return {"jobs": len(own_list.rows_of(made)), "decision_id": made.decision_id, "at": made.at}
