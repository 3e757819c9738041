"""The steps of a campaign as forms: sign, schedule, send, receipts, outcomes, stop."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leye.kernel.errors import LeyeError
from leye.office.clock import now
from leye.office.permissions import needs
from leye.office.promotion import actions, delivery, outcomes, rollout
from leye.site.analyst.promotion import detail
from leye.site.analyst.promotion_forms import receipt_said, receipts_of, wanted_of
from leye.site.page import refusal, say


@needs("promotion.sign")
@require_POST
def sign(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Sign the texts that the page showed."""

    def act() -> str:
        actions.sign_campaign(campaign_id, seen_sha256=request.POST.get("seen", ""), acting_user=request.user, at=now())
        return _("已经签发，可以排期了")

    return _done(request, campaign_id, act)


@needs("promotion.draft")
@require_POST
def schedule(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Draw the order and begin."""

    def act() -> str:
        rollout.schedule_campaign(campaign_id, wanted_of(request.POST), acting_user=request.user, at=now())
        return _("已经抽签排好，到日子自动交出")

    return _done(request, campaign_id, act)


@needs("promotion.send")
@require_POST
def send(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Hand over what is due now instead of tonight."""

    def act() -> str:
        made = delivery.deliver_due(campaign_id, acting_user=request.user, at=now())
        return _("交出了 %(n)s 条") % {"n": sum(h.messages for h in made)}

    return _done(request, campaign_id, act)


@needs("promotion.send")
@require_POST
def receipts(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """A gateway's report, as a file or pasted."""

    def act() -> str:
        rows = receipts_of(request.FILES, request.POST.get("text", ""))
        return receipt_said(delivery.record_receipts(campaign_id, rows, acting_user=request.user, at=now()))

    return _done(request, campaign_id, act)


@needs("promotion.view")
@require_POST
def look_up(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Applications and payments up to now."""

    def act() -> str:
        return receipt_said(outcomes.take_outcomes(campaign_id, acting_user=request.user, at=now()))

    return _done(request, campaign_id, act)


@needs("promotion.stop")
@require_POST
def stop(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Stop, with the reason."""

    def act() -> str:
        actions.stop_campaign(campaign_id, reason=request.POST.get("reason", ""), acting_user=request.user, at=now())
        return _("已经停止，没取走的消息收回了")

    return _done(request, campaign_id, act)


def _done(request: HttpRequest, campaign_id: UUID, act: Callable[[], str]) -> HttpResponse:
    """Do it and show the campaign; a refusal shows the same page with what was typed."""
    try:
        told = act()
    except LeyeError as error:
        return refusal(request, error, "promotion/detail.html", **detail(request, campaign_id))
    say(request, told)
    return HttpResponseRedirect(reverse("campaign", args=[campaign_id]))
