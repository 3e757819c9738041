"""发布岗位: five fields left, what people will see and what was read right; checks before sending, with or without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leye.kernel.errors import LeyeError, NotFound
from leye.office.applications.candidates import reach_of_draft
from leye.office.clock import now
from leye.office.entitlements.files import rules_day
from leye.office.permissions import needs
from leye.office.vacancies import actions
from leye.office.vacancies.bands import wage_band
from leye.office.vacancies.fields import LONGEST, NAMES, Draft, draft_of
from leye.office.vacancies.findings import findings_of
from leye.office.vacancies.firms import Firm, firm_of
from leye.office.vacancies.models import Vacancy
from leye.office.vacancies.reading import answers_of, read_draft
from leye.site import vacancy_words
from leye.site.page import page, refusal, say

FIELDS = tuple(NAMES)


@needs("vacancies.own")
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: HttpRequest) -> HttpResponse:
    """`/post`: an empty form; a POST checks, saves or publishes."""
    if request.method == "POST":
        return taken(request, None)
    try:
        firm_of(request.user)
    except LeyeError as error:
        return page(request, "vacancies/post.html", refused=error, **form_context(request, {}))  # the form can be read, only not sent
    return page(request, "vacancies/post.html", **form_context(request, {}))


@needs("vacancies.own")
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """`/post/check`: the right side alone, for pages with scripts; writes nothing."""
    return page(request, "vacancies/_preview.html", **form_context(request, request.POST))


def taken(request: HttpRequest, vacancy_id: UUID | None) -> HttpResponse:
    """Do what the pressed button says with what was typed; what is refused comes back with everything still in it."""
    typed = request.POST
    if typed.get("do") == "check":
        return page(request, "vacancies/post.html", **form_context(request, typed, vacancy_id))
    seen = typed.get("seen_version", "")
    saved: Vacancy | None = None
    try:
        saved = actions.save(
            {k: str(v) for k, v in typed.items()}, acting_user=request.user, at=now(), vacancy_id=vacancy_id,
            seen_version=int(seen) if seen.isdecimal() and len(seen) < 6 else None,
        )  # fmt: skip
        if typed.get("do") == "publish" and saved.state not in ("open", "paused"):
            actions.publish(saved.pk, acting_user=request.user, at=now())
            say(request, _("发布了，到 %(day)s 截止") % {"day": Vacancy.objects.get(pk=saved.pk).closes_on})
            return HttpResponseRedirect(reverse("candidates", args=[saved.pk]))
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "vacancies/post.html", **form_context(request, typed, saved.pk if saved else vacancy_id))
    say(request, _("存好了"))
    return HttpResponseRedirect(reverse("vacancy", args=[saved.pk]))


def form_context(request: HttpRequest, typed: Mapping[str, Any], vacancy_id: UUID | None = None) -> dict[str, Any]:
    """What the form and its preview show. Wrong fields are named; what can be read is read all the same."""
    context: dict[str, Any] = {
        "typed": {name: str(typed.get(name, "")) for name in FIELDS}, "longest": LONGEST, "wrong": dict.fromkeys(FIELDS, False),
        "draft": None, "say": vacancy_words,
        "vacancy": Vacancy.objects.filter(pk=vacancy_id).first() if vacancy_id else None, "answers": {}, "reading": None, "findings": [],
        "band": None, "reach": None, "seen_version": str(typed.get("seen_version", "")),
    }  # fmt: skip
    if not typed:
        return context
    try:
        firm, draft = firm_of(request.user), draft_of({k: str(v) for k, v in typed.items()})
    except LeyeError as error:
        fields = [p.column for p in error.places if p.column]
        wrong = {name: name in fields for name in FIELDS}
        return context | {"wrong": wrong, "wrong_fields": fields, "field_error": error if fields else None}
    answers = answers_of({k: str(v) for k, v in typed.items()})
    return context | {"answers": answers} | _read(draft, answers, firm, vacancy_id)


def _read(draft: Draft, answers: Mapping[str, Any], firm: Firm, vacancy_id: UUID | None) -> dict[str, Any]:
    reading = read_draft(draft, answers, firm=firm)
    return {
        "draft": draft,
        "reading": reading,
        "read_words": vacancy_words.column_words(reading.columns),
        "findings": findings_of(draft, reading, firm.firm_id, vacancy_id, now()),
        "band": wage_band(str(reading.columns.get("occupation_code") or ""), reading.region, rules_day()),
        "reach": reach_of_draft(draft, reading),
    }


@needs("vacancies.own")
@require_safe
def edit(request: HttpRequest, vacancy_id: UUID) -> HttpResponse:
    """`/vacancies/<key>/edit`: the form with the present version in it."""
    from leye.office.vacancies.queries import own_vacancy

    vacancy = own_vacancy(request.user, vacancy_id)
    version = vacancy.versions.get(number=vacancy.version)
    typed = {name: str(getattr(version, name)) for name in FIELDS} | {f"answer.{k}": str(v) for k, v in version.answers.items()}
    return page(request, "vacancies/post.html", **form_context(request, typed | {"seen_version": str(vacancy.version)}, vacancy_id))


@needs("vacancies.own")
@require_POST
def save_version(request: HttpRequest, vacancy_id: UUID) -> HttpResponse:
    """Save a new version of an own vacancy."""
    from leye.office.vacancies.queries import own_vacancy

    own_vacancy(request.user, vacancy_id)
    return taken(request, vacancy_id)
