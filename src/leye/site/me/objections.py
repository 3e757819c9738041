"""我的申诉: raised from the page of one's own decision, followed here to the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError, NotFound
from leye.office.clock import now
from leye.office.decisions.queries import own_decision
from leye.office.objections import actions, queries
from leye.office.permissions import needs, not_found
from leye.office.registry.texts import card_texts
from leye.site.csv_answer import csv_answer
from leye.site.me.decisions import detail_context
from leye.site.page import after, page, refusal, say
from leye.site.receipt_answer import receipt_answer


@needs("objections.raise")
@require_safe
def objections(request: HttpRequest) -> HttpResponse:
    """`/my/objections`: newest first."""
    rows = list(queries.own_objections(request.user))
    return page(request, "objections/mine.html", rows=rows, texts={r.algo: card_texts(r.algo) for r in rows}, now=now())


@needs("objections.raise")
@require_safe
def objections_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a table."""
    header = ["objection_id", "decision_id", "algo", "category", "state", "raised_at", "due_on", "decided_at", "new_decision_id"]
    rows = (
        (o.pk, o.decision_id, o.algo, o.category, o.state, o.raised_at, o.due_on, o.decided_at, o.decided_as_id)
        for o in queries.own_objections(request.user)
    )
    return csv_answer("my-objections.csv", header, rows)


@needs("objections.raise")
@require_safe
def objection(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """`/my/objections/<id>`: where it stands, until when, what was said."""
    return page(request, "objections/own.html", **_context(request, objection_id))


@needs("objections.raise")
@require_POST
def object_to(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """`/my/decisions/<id>/object`: the second click. A refusal shows the decision's page again, with what was written still there."""
    form = request.POST
    try:
        raised = actions.raise_objection(
            decision_id,
            category=form.get("category", ""),
            words=form.get("words", ""),
            item=form.get("item", ""),
            acting_user=request.user,
            at=now(),
        )
    except NotFound:
        raise
    except LeyeError as error:
        written = {name: form.get(name, "")[: actions.LONGEST_WORDS] for name in ("category", "words", "item")}
        context = detail_context(request, own_decision(request.user, decision_id))
        return refusal(request, error, "me/decision.html", written=written, **context)
    say(request, _("申诉交上去了，30 天内答复"))
    return HttpResponseRedirect(reverse("my-objection", args=[raised.pk]))


@needs("objections.raise")
@require_POST
def answer(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """Say more."""
    words = request.POST.get("words", "")
    return _after(request, objection_id, lambda u, at: actions.answer(objection_id, words=words, acting_user=u, at=at), _("补充交上去了"))


@needs("objections.raise")
@require_POST
def withdraw(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """Take it back."""
    return _after(request, objection_id, lambda u, at: actions.withdraw(objection_id, acting_user=u, at=at), _("申诉撤回了"))


@needs("objections.raise")
@require_safe
def receipt(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """The proof of the newest step as a file."""
    found = queries.own_objection(request.user, objection_id)
    last = found.steps.order_by("-leaf_index").first()
    if last is None:
        raise not_found()
    return receipt_answer(str(last.leaf_index), f"leye-{last.leaf_index}.tlog-proof")


def _after(request: HttpRequest, objection_id: UUID, act: Callable[[Any, datetime], object], text: str) -> HttpResponse:
    return after(
        request,
        lambda: act(request.user, now()),
        text,
        reverse("my-objection", args=[objection_id]),
        template="objections/own.html",
        context=lambda: _context(request, objection_id),
    )


def _context(request: HttpRequest, objection_id: UUID) -> dict[str, Any]:
    found = queries.own_objection(request.user, objection_id)
    return {"objection": found, "steps": queries.told(found), "card": card_texts(found.algo), "now": now()}
