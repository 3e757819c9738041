"""我的岗位: the firm's vacancies, their states and versions, and what can be done with each."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.clock import beijing_day
from leye.kernel.errors import LeyeError, NotFound
from leye.office.applications.models import OPEN, Application, State
from leye.office.clock import now
from leye.office.permissions import needs
from leye.office.vacancies import actions, refusals
from leye.office.vacancies.models import Vacancy
from leye.office.vacancies.queries import newest, own_vacancies, own_vacancy
from leye.site import vacancy_words
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal, say

THEIRS = (State.INVITED, State.OFFER)
"""Steps that wait for the person, not for the firm."""


@needs("vacancies.own")
@require_safe
def vacancies(request: HttpRequest) -> HttpResponse:
    """`/vacancies`: newest change first."""
    state = request.GET.get("state", "")
    rows = list(own_vacancies(request.user, state))
    waiting, to_answer = dict.fromkeys((v.pk for v in rows), 0), 0
    for name, at in Application.objects.filter(vacancy__in=rows, state__in=OPEN).values_list("vacancy_id", "state"):
        waiting[name] += 1
        to_answer += at not in THEIRS
    is_linked = bool(request.user.subject)  # type: ignore[union-attr]
    return page(
        request, "vacancies/list.html", rows=rows, versions=newest(rows), waiting=waiting, to_answer=to_answer, state=state, say=vacancy_words,
        is_linked=is_linked, today=beijing_day(now()),
    )  # fmt: skip


@needs("vacancies.own")
@require_safe
def vacancies_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a table."""
    header = ["vacancy_key", "title", "state", "region", "pay", "headcount", "filled", "opened_at", "closes_on", "version"]
    rows = list(own_vacancies(request.user, request.GET.get("state", "")))
    texts = newest(rows)
    lines = ((v.pk, texts[v.pk].title, v.state, v.region, texts[v.pk].pay, v.headcount, v.filled, v.opened_at, v.closes_on, v.version) for v in rows)
    return csv_answer("vacancies.csv", header, lines)


@needs("vacancies.own")
@require_safe
def vacancy(request: HttpRequest, vacancy_id: UUID) -> HttpResponse:
    """`/vacancies/<key>`: as people see it, its versions, its steps."""
    return page(request, "vacancies/one.html", **_context(request, vacancy_id))


@needs("vacancies.own")
@require_POST
def step(request: HttpRequest, vacancy_id: UUID, verb: str) -> HttpResponse:
    """`/vacancies/<key>/<verb>`: publish, pause, resume, extend, close, restore."""
    try:
        _take(request, vacancy_id, verb)
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "vacancies/one.html", **_context(request, vacancy_id))
    say(request, _("办好了"))
    return HttpResponseRedirect(reverse("vacancy", args=[vacancy_id]))


def _take(request: HttpRequest, vacancy_id: UUID, verb: str) -> None:
    form, who = request.POST, {"acting_user": request.user, "at": now()}
    own = own_vacancy(request.user, vacancy_id)
    if verb == "publish":
        actions.publish(vacancy_id, closes_on=_day(form.get("closes_on", "")), **who)
    elif verb == "extend":
        actions.extend(vacancy_id, closes_on=_day(form.get("closes_on", "")), **who)
    elif verb == "close":
        actions.close(vacancy_id, closing=form.get("closing", ""), **who)
    elif verb == "restore":
        number = form.get("number", "")
        actions.restore(vacancy_id, int(number) if number.isdecimal() and len(number) < 6 else 0, **who)
    elif verb in ("pause", "resume"):
        {"pause": actions.pause, "resume": actions.resume}[verb](vacancy_id, **who)
    else:
        raise refusals.step_refused(own, verb)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min  # refused by the action with the days that can be


def _context(request: HttpRequest, vacancy_id: UUID) -> dict[str, Any]:
    found: Vacancy = own_vacancy(request.user, vacancy_id)
    versions = list(found.versions.select_related("by"))
    now_version = next((v for v in versions if v.number == found.version), None)
    return {
        "vacancy": found, "version": now_version, "versions": versions, "say": vacancy_words, "today": beijing_day(now()),
        "read_words": vacancy_words.column_words(now_version.read.get("columns", {})) if now_version else [],
        "applications": list(Application.objects.filter(vacancy=found)[:50]),
    }  # fmt: skip
