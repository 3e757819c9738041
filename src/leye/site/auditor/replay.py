"""决策回放: give a number, see the same answer again, and what proves it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from leye.kernel.errors import LeyeError
from leye.office.clock import now
from leye.office.decisions.evidence import opened_protected
from leye.office.decisions.models import Decision
from leye.office.decisions.queries import newest
from leye.office.decisions.replay import replay as replay_decision
from leye.office.permissions import needs
from leye.office.registry.texts import CardTexts, card_texts
from leye.site.page import page, refusal
from leye.site.receipt_answer import receipt_answer

NEWEST = 20


@needs("decisions.replay")
@require_safe
def replay_index(request: HttpRequest) -> HttpResponse:
    """`/replay`: a number, or one of the newest."""
    asked = request.GET.get("number", "").strip()
    if asked:
        try:
            found = replay_decision(asked, acting_user=request.user, at=now())
        except LeyeError as error:
            return refusal(request, error, "replay/index.html", asked=asked, newest=_newest(request))
        return HttpResponseRedirect(reverse("replay", args=[found.decision.pk]))
    return page(request, "replay/index.html", asked="", newest=_newest(request))


@needs("decisions.replay")
@require_safe
def replay(request: HttpRequest, decision_id: Any) -> HttpResponse:
    """`/replay/<id>`"""
    found = replay_decision(str(decision_id), acting_user=request.user, at=now())
    return page(request, "replay/detail.html", found=found, card=card_texts(found.decision.algo), apart=opened_protected(found.decision.pk))


@needs("decisions.replay")
@require_safe
def replay_receipt(request: HttpRequest, decision_id: Any) -> HttpResponse:
    """The proof as a file."""
    return receipt_answer(str(decision_id), f"leye-{decision_id}.tlog-proof")


def _newest(request: HttpRequest) -> list[tuple[Decision, CardTexts]]:
    rows = newest(algo=request.GET.get("algo", ""), limit=NEWEST)
    cards = {algo: card_texts(algo) for algo in {row.algo for row in rows}}
    return [(row, cards[row.algo]) for row in rows]
