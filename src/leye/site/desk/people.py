"""人员档案: the whole person on one page, each look recorded; a missing fact is filled here once its paper was seen."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError, NotFound
from leye.office.clock import now
from leye.office.entitlements.files import packs_here
from leye.office.entitlements.persons import answer_for, person_page
from leye.office.permissions import needs
from leye.office.profiles.queries import has_shared_profile
from leye.office.prospects.queries import person_prospects
from leye.policy.explain.fact_words import fact_words
from leye.site import risk_words
from leye.site.me.policies import ANSWER, answers_in
from leye.site.page import page, refusal, say
from leye.site.words import is_english

MOST_ASKED = 8
"""Unknown facts in the form, those that decide most first."""


@needs("people.view")
@require_safe
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """`/people/<id>`."""
    return page(request, "people/detail.html", **context_of(request, person_id))


@needs("people.answer")
@require_POST
def answer(request: HttpRequest, person_id: str) -> HttpResponse:
    """Fill unknown facts: what, and which paper shows it."""
    try:
        answer_for(person_id, answers_in(request), proof=request.POST.get("proof", ""), acting_user=request.user, at=now())
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "people/detail.html", **context_of(request, person_id))
    say(request, _("记下了，已经按新的事实重新比对。"))
    return HttpResponseRedirect(reverse("person", args=[person_id]))


def context_of(request: HttpRequest, person_id: str) -> dict[str, Any]:
    """Everything on a person's page, for the page and for its refusals."""
    packs = packs_here()
    found = person_page(request.user, person_id, now(), language="en" if is_english() else "zh")
    facts = [f for f in packs.facts if f.kind not in ("key", "local")]
    return {
        "person": found,
        "own": found.page,
        "answers": {a.fact: a for a in found.page.answers},
        "known": [f for f in facts if found.page.file.facts.get(f.id) is not None],
        "unknown_facts": [f for f in facts if found.page.file.facts.get(f.id) is None],
        "facts": packs.facts,
        "policies": packs.policies,
        "fact_words": fact_words(packs),
        "first": MOST_ASKED,
        "answer": ANSWER,
        "prospects": person_prospects(request.user, person_id, now()),
        "has_profile": has_shared_profile(person_id),
        "risk": risk_words,
        "risk_reason": "",
    }
