"""申诉台: by due date, taken by somebody who had no part in the decision, answered in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.clock import beijing_day
from leye.office.clock import now
from leye.office.objections import actions, queries
from leye.office.objections.corrections import codes_of, outcomes_of
from leye.office.objections.models import State
from leye.office.permissions import needs
from leye.office.registry.texts import card_texts
from leye.site.csv_answer import csv_answer
from leye.site.page import after, page

PER_PAGE = 20


@needs("objections.view")
@require_safe
def objections(request: HttpRequest) -> HttpResponse:
    """`/objections`: what is open, by due date."""
    asked, at = _asked(request), now()
    found = queries.desk(request.user, **asked)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(shown.object_list)
    context = {
        "rows": rows,
        "shown": shown,
        "asked": asked,
        "late": queries.desk(request.user).filter(due_on__lt=beijing_day(at)).count(),
        "states": State.values,
        "texts": {r.algo: card_texts(r.algo) for r in rows},
        "now": at,
    }
    return page(request, "objections/list.html", **context)


@needs("objections.view")
@require_safe
def objections_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a table; nobody's words, nobody's name but the handler's."""
    header = ["objection_id", "decision_id", "algo", "region", "category", "state", "raised_at", "due_on", "handler", "reminded_at", "escalated_at",
              "decided_at", "new_decision_id"]  # fmt: skip
    rows = (
        (o.pk, o.decision_id, o.algo, o.region, o.category, o.state, o.raised_at, o.due_on, str(o.handler or ""), o.reminded_at, o.escalated_at,
         o.decided_at, o.decided_as_id)
        for o in queries.desk(request.user, **_asked(request))
    )  # fmt: skip
    return csv_answer("objections.csv", header, rows)


@needs("objections.view")
@require_safe
def objection(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """`/objections/<id>`: what the person says, what was decided and why, what can be done."""
    return page(request, "objections/detail.html", **_context(request, objection_id))


@needs("objections.handle")
@require_POST
def take(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """Take it in hand."""
    return _after(request, objection_id, lambda u, at: actions.take_objection(objection_id, acting_user=u, at=at), _("受理了，期限写在下面"))


@needs("objections.handle")
@require_POST
def ask(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """Ask the person."""
    text = request.POST.get("words", "")
    return _after(request, objection_id, lambda u, at: actions.ask_for_more(objection_id, question=text, acting_user=u, at=at), _("已经请本人补充"))


@needs("objections.handle")
@require_POST
def give_back(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """Back to the desk."""
    text = request.POST.get("words", "")
    return _after(request, objection_id, lambda u, at: actions.hand_back(objection_id, reason=text, acting_user=u, at=at), _("退回了，同事可以受理"))


@needs("objections.handle")
@require_POST
def uphold(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """The decision stands."""
    text, code = request.POST.get("words", ""), request.POST.get("code", "")
    return _after(
        request,
        objection_id,
        lambda u, at: actions.uphold(objection_id, reason=text, reason_code=code, acting_user=u, at=at),
        _("答复了，本人会看到理由"),
    )


@needs("objections.handle")
@require_POST
def correct(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """It was wrong: a new decision."""
    form = request.POST

    def act(user: Any, at: datetime) -> object:
        return actions.correct(
            objection_id, outcome=form.get("outcome", ""), reason=form.get("words", ""), reason_code=form.get("code", ""),
            is_misjudgement=form.get("misjudged") == "1", acting_user=user, at=at,
        )  # fmt: skip

    return _after(request, objection_id, act, _("更正了，新的决定已经留痕，本人会看到"))


def _after(request: HttpRequest, objection_id: UUID, act: Callable[[Any, datetime], object], text: str) -> HttpResponse:
    return after(
        request,
        lambda: act(request.user, now()),
        text,
        reverse("objection", args=[objection_id]),
        template="objections/detail.html",
        context=lambda: _context(request, objection_id),
    )


def _context(request: HttpRequest, objection_id: UUID) -> dict[str, Any]:
    at = now()
    found = queries.objection_called(request.user, objection_id)
    verbs = queries.next_steps(request.user, found)
    return {
        "objection": found,
        "case": queries.case_of(request.user, found, at),
        "steps": queries.told(found),
        "verbs": verbs,
        "must_stand_aside": queries.must_stand_aside(request.user, found),
        "outcomes": outcomes_of(found) if "correct" in verbs else [],
        "codes": codes_of(found) if "correct" in verbs else [],
        "card": card_texts(found.algo),
        "now": at,
    }


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Filters from the address; words that are none of ours count as no filter."""
    state = request.GET.get("state", "")
    return {"state": state if state in State.values else "", "mine": request.GET.get("mine") == "1"}
