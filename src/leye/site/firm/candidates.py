"""候选人: who fits an own vacancy, with reasons both sides may read, and no name before they agree."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError, NotFound
from leye.office.applications.candidates import ALGO, invite_candidate, shortlist
from leye.office.clock import now
from leye.office.permissions import needs
from leye.office.registry.texts import card_texts
from leye.office.vacancies.queries import own_vacancy
from leye.site import vacancy_words
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal, say
from leye.site.words import is_english


@needs("applications.firm")
@require_safe
def candidates(request: HttpRequest, vacancy_id: UUID) -> HttpResponse:
    """`/vacancies/<key>/candidates`."""
    try:
        return page(request, "vacancies/candidates.html", **_context(request, vacancy_id))
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "vacancies/candidates.html", **_empty(request, vacancy_id))


@needs("applications.firm")
@require_safe
def candidates_csv(request: HttpRequest, vacancy_id: UUID) -> HttpResponse:
    """The same list as a table, without a word on who they are."""
    found = shortlist(request.user, vacancy_id, now())
    rows = (
        (r.candidate.pk, r.candidate.position, "；".join(r.en if is_english() else r.zh), r.application.state if r.application else "")
        for r in found.rows
    )
    return csv_answer("candidates.csv", ["candidate_id", "position", "reasons", "application"], rows)


@needs("applications.firm")
@require_POST
def invite(request: HttpRequest, vacancy_id: UUID, candidate_id: UUID) -> HttpResponse:
    """Invite one of the list."""
    try:
        invite_candidate(vacancy_id, candidate_id, words=request.POST.get("words", ""), acting_user=request.user, at=now())
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "vacancies/candidates.html", **_context(request, vacancy_id))
    say(request, _("邀请发出了，本人答应以后就看得到姓名和电话"))
    return HttpResponseRedirect(reverse("candidates", args=[vacancy_id]))


def _context(request: HttpRequest, vacancy_id: UUID) -> dict[str, Any]:
    found = shortlist(request.user, vacancy_id, now())
    return _empty(request, vacancy_id) | {"found": found}


def _empty(request: HttpRequest, vacancy_id: UUID) -> dict[str, Any]:
    own = own_vacancy(request.user, vacancy_id)
    version = own.versions.get(number=own.version)
    return {"found": None, "vacancy": own, "version": version, "say": vacancy_words, "card": card_texts(ALGO)}
