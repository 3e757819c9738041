"""找工作, open to everybody: one line and a few filters, cards with reasons, the nearest when nothing fits; one advert with what was read in it.

What a stranger types travels in the address and is kept nowhere."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.permissions import can, is_open
from leye.office.searches.bank import bank_now
from leye.office.searches.criteria import Criteria, criteria_of
from leye.office.searches.looking import Answer, Card, cards_of, look, shown_job
from leye.office.searches.models import Notify
from leye.site import job_words
from leye.site.csv_answer import csv_answer
from leye.site.page import page

PER_PAGE = 20
MOST_ROWS = 2_000
"""Rows of a table to take away. # chosen by us: everything of a city bureau, not of a country at once"""
HEADER = [
    "job_id",
    "title",
    "firm",
    "region",
    "pay_min_fen",
    "pay_max_fen",
    "pay_period",
    "form",
    "km",
    "posted_on",
    "closes_on",
    "reasons",
    "missing",
]


@is_open
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """`/jobs`."""
    answer = look(criteria_of(request.GET.dict(), bank_now().city))
    shown = Paginator(answer.hits, PER_PAGE).get_page(request.GET.get("page"))
    near = [] if answer.hits else [("skill", cards_of(answer, answer.found.by_skill)), ("distance", cards_of(answer, answer.found.by_distance))]
    return page(
        request, "jobs/list.html", answer=answer, asked=answer.criteria, shown=shown, cards=cards_of(answer, shown.object_list), near=near,
        say=job_words, city=answer.bank.city, on=answer.bank.on, may_keep=can(request.user, "searches.own"), rhythms=rhythms(),
    )  # fmt: skip


def rhythms() -> list[tuple[str, str]]:
    """Choices of how often to tell."""
    from leye.office.searches.models import NOTIFY_EN
    from leye.site.words import pick

    return [(str(n), pick(str(n.label), NOTIFY_EN[n])) for n in Notify]


@is_open
@require_safe
def jobs_csv(request: HttpRequest) -> HttpResponse:
    """`/jobs/all.csv`: the same search as a table."""
    answer = look(criteria_of(request.GET.dict(), bank_now().city))
    hits = answer.hits or answer.found.by_skill or answer.found.by_distance
    return csv_answer("jobs.csv", HEADER, (_cells(card) for card in cards_of(answer, hits[:MOST_ROWS])))


def _cells(card: Card) -> list[object]:
    job = card.job
    km = None if card.hit.km is None else round(card.hit.km, 1)
    return [
        job["job_id"], job["title"], job.get("firm_name"), job.get("region"), job["pay_min_fen"], job["pay_max_fen"], job["pay_period"], job["form"],
        km,         job["posted_on"], job["closes_on"], "；".join(w.zh for w in card.whys), card.missing,
    ]  # fmt: skip


@is_open
@require_safe
def job(request: HttpRequest, job_id: str) -> HttpResponse:
    """`/jobs/<id>`: the advert with its marks, the employer's record, and where to apply."""
    back = criteria_of(request.GET.dict(), bank_now().city)
    return page(request, "jobs/detail.html", **context_of(request, job_id, back))


def context_of(request: HttpRequest, job_id: str, back: Criteria | None = None) -> dict[str, Any]:
    """Everything on an advert's page, for the page and for its refusals."""
    shown = shown_job(job_id)
    return {
        "shown": shown, "job": shown.job, "say": job_words, "asked": back or Criteria(), "may_apply": can(request.user, "applications.own"),
        "is_stranger": not getattr(request.user, "is_authenticated", False), "on": bank_now().on,
    }  # fmt: skip


__all__ = ["Answer", "context_of", "job", "jobs", "jobs_csv", "rhythms"]
