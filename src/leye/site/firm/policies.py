"""单位的政策: what the firm can claim for itself and for the people it employs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import NotFound
from leye.office.clock import now
from leye.office.entitlements.answers import answer_own
from leye.office.entitlements.asking import FIRST
from leye.office.entitlements.claims import is_barred
from leye.office.entitlements.files import packs_here
from leye.office.entitlements.firm import MOST_NAMED, hire_policies
from leye.office.entitlements.own import own_page
from leye.office.entitlements.sealing import ALGO
from leye.office.permissions import needs
from leye.office.published import published_snapshot
from leye.office.registry.texts import card_texts
from leye.policy.explain.fact_words import fact_words
from leye.site.csv_answer import csv_answer
from leye.site.me.policies import ANSWER, after, answers_in, policies_table
from leye.site.page import page
from leye.site.words import is_english


@needs("entitlements.firm")
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """`/firm/policies`."""
    return page(request, "firm/policies.html", **firm_context(request))


@needs("entitlements.firm")
@require_safe
def policies_csv(request: HttpRequest) -> HttpResponse:
    """The firm's own policies as a table."""
    return policies_table(request, "my-policies.csv")


@needs("entitlements.firm")
@require_safe
def hires_csv(request: HttpRequest) -> HttpResponse:
    """Policies about employees, one row a policy and employee whom the firm may know about."""
    header = ["policy", "employee", "verdict", "amount_fen", "months", "unit", "expected_fen", "deadline", "claim"]
    rows = [
        (h.policy.id, e.person_id, e.verdict, e.amount_fen, e.months, e.unit, e.expected_fen, e.deadline, e.claim.state if e.claim else "")
        for h in firm_context(request)["hires"]
        for e in h.named
    ]
    return csv_answer("my-hires.csv", header, rows)


@needs("entitlements.firm")
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Answer questions about the firm."""
    return after(request, lambda user, at: answer_own(answers_in(request), acting_user=user, at=at), _("记下了，马上按新的回答重新比对。"))


def firm_context(request: HttpRequest) -> dict[str, Any]:
    """What the page shows; one that says how to get linked for an account that stands for no firm."""
    packs, snapshot = packs_here(), published_snapshot()
    context: dict[str, Any] = {
        "own": None,
        "hires": [],
        "first": FIRST,
        "answer": ANSWER,
        "facts": packs.facts,
        "fact_words": fact_words(packs),
        "card": card_texts(ALGO),
        "is_barred": False,
        "most_named": MOST_NAMED,
    }
    try:
        own = own_page(request.user, language="en" if is_english() else "zh")
    except NotFound:
        return context
    hires = hire_policies(request.user, own.file, snapshot, now()) if snapshot is not None and snapshot.run.on else []
    return context | {"own": own, "hires": hires, "is_barred": is_barred(own.file)}
