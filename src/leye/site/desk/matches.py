"""Matches of a person for the counsellor: both sides, what to ask, a job recommended with consent; and jobs that few people fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.office.clock import now
from leye.office.matches import actions, queries
from leye.office.matches.people import value_of
from leye.office.permissions import needs
from leye.office.privacy.reads import read_list
from leye.site import job_words, match_words
from leye.site.csv_answer import csv_answer
from leye.site.page import after, page

PER_PAGE = 20
SHOWN = 10
HEADER = ["job_id", "title", "firm_id", "region", "headcount", "posted_on", "closes_on", "source", "lists", "best"]


@needs("matches.view")
@require_safe
def person_matches(request: HttpRequest, person_id: str) -> HttpResponse:
    """`/people/<id>/matches`."""
    return page(request, "matches/person.html", **_context(request, person_id))


@needs("matches.recommend")
@require_POST
def answer(request: HttpRequest, person_id: str) -> HttpResponse:
    """Record what the person answered."""
    form = request.POST
    return _after(
        request,
        person_id,
        lambda: actions.answer_question(
            person_id, form.get("feature", ""), form.get("value", ""), how=form.get("how", ""), acting_user=request.user, at=now()
        ),
        _("记下了，今晚重新匹配时会用上。"),
    )


@needs("matches.recommend")
@require_POST
def recommend(request: HttpRequest, person_id: str, job_id: str) -> HttpResponse:
    """Put a job before the person."""
    form = request.POST
    return _after(
        request,
        person_id,
        lambda: actions.recommend(
            person_id, job_id, consent=form.get("consent", ""), words=form.get("words", ""), acting_user=request.user, at=now()
        ),
        _("推荐给本人了，本人在“适合我的岗位”里看得到。"),
    )


@needs("matches.view")
@require_safe
def thin(request: HttpRequest) -> HttpResponse:
    """`/thin-vacancies`."""
    shown = Paginator(queries.thin_vacancies(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "matches/thin.html", shown=shown, say=job_words)


@needs("matches.view")
@require_safe
def thin_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table."""
    return csv_answer("thin-vacancies.csv", HEADER, ([r[c] for c in HEADER] for r in queries.thin_vacancies(request.user)))


def _after(request: HttpRequest, person_id: str, act: Callable[[], object], text: str) -> HttpResponse:
    return after(
        request, act, text, reverse("person-matches", args=[person_id]), template="matches/person.html", context=lambda: _context(request, person_id)
    )


def _context(request: HttpRequest, person_id: str) -> dict[str, Any]:
    found = queries.person_matches(request.user, person_id, now())
    questions: dict[str, str] = {}
    for match in found.shown[:SHOWN]:
        for missing in match.unknown:
            if feature := match_words.question_of(missing):
                questions.setdefault(feature, match_words.missing_word(missing))
    answers = queries.answers_of(person_id)
    return {
        "found": found, "person_id": person_id, "name": read_list([person_id], "daily_list", request.user, now()).get(person_id, {}).get("name"),
        "most": SHOWN, "questions": {f: q for f, q in questions.items() if f not in {a.feature for a in answers}},
        "answers": [(a, value_of(a)) for a in answers], "say": job_words, "mw": match_words,
    }  # fmt: skip
