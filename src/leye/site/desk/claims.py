"""申领: what waits for approval or payment; who took it in does not approve, who approved does not pay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.period import Month
from leye.office.clock import now
from leye.office.entitlements import refusals
from leye.office.entitlements.claims import decide_claim
from leye.office.entitlements.desk import claim_called, claims_at_desk
from leye.office.entitlements.files import packs_here, rules_day
from leye.office.entitlements.models import State
from leye.office.entitlements.paying import pay as record_payment
from leye.office.permissions import needs
from leye.site.csv_answer import csv_answer
from leye.site.page import after, page

PER_PAGE = 20


@needs("claims.view")
@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """`/claims`: the longest waiting first."""
    state = _state(request)
    found = claims_at_desk(request.user, state=state)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"shown": shown, "rows": list(shown.object_list), "state": state, "states": State.values, "policies": packs_here().policies}
    return page(request, "claims/list.html", **context)


@needs("claims.view")
@require_safe
def claims_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table, without names."""
    header = ["claim_id", "policy", "state", "region", "grid", "expected_fen", "approved_fen", "opened_at", "changed_at", "decision_id"]
    rows = (
        (c.pk, c.policy, c.state, c.region, c.grid_id, c.expected_fen, c.approved_fen, c.opened_at, c.changed_at, c.decision_id)
        for c in claims_at_desk(request.user, state=_state(request))
    )
    return csv_answer("claims.csv", header, rows)


@needs("claims.view")
@require_safe
def claim(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """`/claims/<id>`."""
    return page(request, "claims/detail.html", **_context(request, claim_id))


@needs("claims.decide")
@require_POST
def decide(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Approve or refuse."""
    form = request.POST
    approve = form.get("verdict") == "approve"

    def act(user: Any, at: datetime) -> object:
        fen = _fen(form.get("amount", "")) if approve and form.get("amount", "").strip() else None
        return decide_claim(claim_id, approve=approve, approved_fen=fen, reason=form.get("reason", ""), acting_user=user, at=at)

    return _after(request, claim_id, act, _("批准了，等同事发放。") if approve else _("答复了，本人会看到理由。"))


@needs("claims.pay")
@require_POST
def pay(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Record a payment."""
    form = request.POST

    def act(user: Any, at: datetime) -> object:
        month = _month(form.get("month", ""))
        return record_payment(claim_id, month=month, paid_fen=_fen(form.get("amount", "")), receipt=form.get("receipt", ""), acting_user=user, at=at)

    return _after(request, claim_id, act, _("登记了发放，事实会在下次运行时跟着变。"))


def _after(request: HttpRequest, claim_id: UUID, act: Callable[[Any, datetime], object], text: str) -> HttpResponse:
    return after(
        request,
        lambda: act(request.user, now()),
        text,
        reverse("claim", args=[claim_id]),
        template="claims/detail.html",
        context=lambda: _context(request, claim_id),
    )


def _context(request: HttpRequest, claim_id: UUID) -> dict[str, Any]:
    found = claim_called(request.user, claim_id, now())
    policy = packs_here().policies.get(found.claim.policy)
    return {"open": found, "claim": found.claim, "policy": policy, "month": rules_day().isoformat()[:7]}


def _fen(yuan: str) -> int:
    """Yuan as people write them. Raises BadInput (E_AMOUNT)."""
    try:
        fen = Decimal(yuan.strip().replace(",", "").replace("，", "")) * 100
    except InvalidOperation:
        raise refusals.bad_amount(None) from None
    if not fen.is_finite() or fen != fen.to_integral_value():
        raise refusals.bad_amount(None)
    return int(fen)


def _month(text: str) -> date:
    try:
        return Month.parse(text.strip()).first
    except ValueError:
        raise refusals.bad_month() from None


def _state(request: HttpRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in State.values else ""
