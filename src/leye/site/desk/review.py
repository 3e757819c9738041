"""人工复核: what waits, one case judged blind, and how often people came to another outcome."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError
from leye.office.clock import now
from leye.office.permissions import can, needs
from leye.office.registry.queries import admission
from leye.office.registry.texts import card_texts
from leye.office.review import actions, queries
from leye.office.review.models import ReviewCase
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal, say

PER_PAGE = 20
WEEKS = 8


@needs("review.view")
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """`/review`: the queue, the rate by week, and the newest verdicts with who and when."""
    shown = Paginator(queries.queue(request.user), PER_PAGE).get_page(request.GET.get("page"))
    judged = list(queries.judged_cases(request.user)[:PER_PAGE])
    rates = queries.disagreement(request.user)
    algos = {c.algo for c in [*shown.object_list, *judged]} | {algo for algo, _region in rates}
    context = {
        "shown": shown,
        "cases": list(shown.object_list),
        "judged": judged,
        "rates": {place: weeks[:WEEKS] for place, weeks in rates.items()},
        "texts": {algo: card_texts(algo) for algo in algos},
        "now": now(),
    }
    return page(request, "review/list.html", **context)


@needs("review.view")
@require_safe
def review_csv(request: HttpRequest) -> HttpResponse:
    """Every verdict: who, when, how long, whether the same."""
    header = ["case_id", "decision_id", "algo", "region", "because", "asked_at", "due", "reviewer", "taken_at", "decided_at", "seconds", "verdict",
              "own_outcome", "machine_outcome", "reason", "misjudged_at"]  # fmt: skip
    rows = (
        (c.pk, c.decision_id, c.algo, c.region, c.because, c.asked_at, c.due, str(c.reviewer or ""), c.taken_at, c.decided_at, c.seconds, c.verdict,
         c.own_outcome, c.machine_outcome, c.reason, c.misjudged_at)
        for c in queries.judged_cases(request.user)
    )  # fmt: skip
    return csv_answer("reviews.csv", header, rows)


@needs("review.view")
@require_safe
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """`/review/<id>`: what was seen, for the reviewer; the machine's outcome only after the verdict."""
    return page(request, "review/case.html", **_context(request, case_id))


@needs("review.work")
@require_POST
def take(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take it."""
    return _after(request, case_id, lambda u, at: actions.take_case(case_id, acting_user=u, at=at), "")


@needs("review.work")
@require_POST
def release(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give it back."""
    return _after(request, case_id, lambda u, at: actions.release_case(case_id, acting_user=u, at=at), _("放回去了，同事可以领"))


@needs("review.work")
@require_POST
def judge(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The verdict."""
    form = request.POST

    def act(user: Any, at: datetime) -> ReviewCase:
        return actions.judge(
            case_id, outcome=form.get("outcome", ""), reason=form.get("reason", ""), reason_code=form.get("code", ""), acting_user=user, at=at
        )

    return _after(request, case_id, act, _("记下了，下面是机器的结果"))


@needs("review.work")
@require_POST
def misjudged(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Call a disagreement a misjudgement."""
    return _after(request, case_id, lambda u, at: actions.declare_misjudgement(case_id, acting_user=u, at=at), _("误判报了，计入熔断器"))


def _after(request: HttpRequest, case_id: UUID, act: Callable[[Any, datetime], object], text: str) -> HttpResponse:
    try:
        act(request.user, now())
    except LeyeError as error:
        return refusal(request, error, "review/case.html", **_context(request, case_id))
    if text:
        say(request, text)
    return HttpResponseRedirect(reverse("review-case", args=[case_id]))


def _context(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    at = now()
    found = queries.case_called(request.user, case_id)
    is_mine = found.reviewer_id == request.user.pk and not found.verdict
    card = admission(found.algo, found.version)
    return {
        "case": found,
        "card": card_texts(found.algo),
        "is_mine": is_mine,
        "may_take": can(request.user, "review.work") and not found.verdict and not is_mine and not found.is_held_at(at),
        "inputs": sorted(queries.seen_inputs(request.user, found, at).items()) if is_mine else [],
        "outcomes": sorted(card.outcomes) if card is not None else [],
        "codes": sorted(card.reason_codes) if card is not None and found.because == "referred" else [],
        "now": at,
    }
