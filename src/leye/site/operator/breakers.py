"""熔断器: each algorithm and region in one glance, and the buttons that a person answers for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError
from leye.office.clock import now
from leye.office.permissions import needs
from leye.office.registry.texts import card_texts
from leye.office.review import board as boards
from leye.office.review import breakers as actions
from leye.office.review import queries
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal, say
from leye.trust.breaker import CLOSE_AFTER, STEPS, TRIP_AFTER


@needs("breaker.view")
@require_safe
def breakers(request: HttpRequest) -> HttpResponse:
    """`/breakers`: those that are not closed first."""
    return page(request, "breakers/board.html", **_context(request))


@needs("breaker.view")
@require_safe
def breakers_csv(request: HttpRequest) -> HttpResponse:
    """All events with who, why and when."""
    header = ["algo", "region", "number", "verb", "from_state", "to_state", "by", "why", "decision", "at", "leaf_index"]
    rows = (
        (e.breaker.algo, e.breaker.region, e.number, e.verb, e.from_state, e.to_state, str(e.by or ""), e.why, e.decision, e.at, e.leaf_index)
        for e in queries.events_of(request.user)
    )
    return csv_answer("breakers.csv", header, rows)


@needs("breaker.act")
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """One order, with its reason."""
    form = request.POST
    algo, region, verb = form.get("algo", "")[:60], form.get("region", "").strip(), form.get("verb", "")
    try:
        event = actions.order(algo, region, verb, why=form.get("why", ""), acting_user=request.user, at=now(), decision=form.get("decision", "")[:60])
    except LeyeError as error:
        return refusal(request, error, "breakers/board.html", **_context(request))
    from leye.site.review_words import state_word, verb_word

    say(request, _("%(what)s记下了，现在是“%(state)s”") % {"what": verb_word(event.verb), "state": state_word(event.to_state)})
    return HttpResponseRedirect(reverse("breakers") + f"#{boards.anchor_of(algo, region)}")


def _context(request: HttpRequest) -> dict[str, Any]:
    cards = boards.board(request.user)
    return {
        "cards": cards,
        "texts": {c.algo: card_texts(c.algo) for c in cards},
        "is_alert": any(c.state != "closed" for c in cards),
        "trip_after": TRIP_AFTER,
        "close_after": CLOSE_AFTER,
        "steps": {state: [verb for verb, ways in STEPS.items() if state in ways] for state in ("closed", "dual", "open", "half_open")},
        "algos": sorted({c.algo for c in cards}),
        "regions": boards.known_regions(),
    }
