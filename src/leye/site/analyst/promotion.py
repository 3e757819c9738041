"""政策宣传: campaigns and what they brought; one campaign from draft to evaluation; roll-outs that departments reported."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.clock import beijing_day
from leye.kernel.errors import LeyeError
from leye.office.clock import now
from leye.office.entitlements.files import rules_day
from leye.office.permissions import can, needs, not_found
from leye.office.promotion import queries
from leye.office.promotion.actions import draft_campaign
from leye.office.promotion.evaluation import Evaluation, evaluate, reported, reported_of
from leye.office.promotion.models import Campaign, State
from leye.office.promotion.rollout import plan_of
from leye.policy.promote import shipped_channels
from leye.policy.promote.tables import funnel_table, week_table
from leye.site import promotion_words
from leye.site.analyst.promotion_forms import wanted_of
from leye.site.charts import store
from leye.site.charts.rollout import FOLDER, KIND, rollout_figure
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal, say
from leye.site.words import is_english

PER_PAGE = 20
LIST_HEADER = ["campaign_id", "policy", "state", "channels", "drafted_at", "signed_at", "start_on", "listed", "told", "text_sha256"]


@needs("promotion.view")
@require_safe
def promotion(request: HttpRequest) -> HttpResponse:
    """`/promotion`"""
    return page(request, "promotion/list.html", **_list(request))


@needs("promotion.draft")
@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """A new campaign; leads to its page."""
    form = request.POST
    try:
        made = draft_campaign(
            form.get("policy", ""),
            channels=form.getlist("channel"),
            on=rules_day(),
            region=queries.home_region(),
            acting_user=request.user,
            at=now(),
        )
    except LeyeError as error:
        return refusal(request, error, "promotion/list.html", **_list(request))
    say(request, _("文字已经由规则生成，请另一位同事看过再签发"))
    return HttpResponseRedirect(reverse("campaign", args=[made.pk]))


@needs("promotion.view")
@require_safe
def promotion_csv(request: HttpRequest) -> HttpResponse:
    """All campaigns as a table."""
    rows = (
        (c.pk, c.policy, c.state, ";".join(c.channels), c.drafted_at, c.signed_at, c.start_on, c.listed, c.told, c.text_sha256)  # type: ignore[attr-defined]
        for c in queries.campaigns(request.user)
    )
    return csv_answer("campaigns.csv", LIST_HEADER, rows)


@needs("promotion.view")
@require_safe
def campaign(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """`/promotion/<id>`; `?start&steps&weeks&effect` previews a plan."""
    return page(request, "promotion/detail.html", **detail(request, campaign_id))


@needs("promotion.view")
@require_safe
def campaign_csv(request: HttpRequest, campaign_id: UUID, table: str) -> HttpResponse:
    """`weeks`, `funnel` or `schedule` of one campaign."""
    found = queries.campaign_called(request.user, campaign_id)
    if table == "schedule":
        rows = ((r.step, r.on, r.grids, r.people, r.told) for r in queries.schedule_of(found))
        return csv_answer(f"campaign-schedule-{found.pk}.csv", ["step", "deliver_on", "grids", "people", "told"], rows)
    return _table(evaluate(found, _today()), table, f"campaign-{table}-{found.pk}.csv")


@needs("promotion.view")
@require_safe
def roll_out(request: HttpRequest, policy: str) -> HttpResponse:
    """`/promotion/reported/<policy>`: a roll-out that departments reported."""
    found = reported_of(settings.LEYE_DATA, policy)
    return page(request, "promotion/reported.html", **_shown(request, found))


@needs("promotion.view")
@require_safe
def roll_out_csv(request: HttpRequest, policy: str, table: str) -> HttpResponse:
    """`weeks` or `funnel` of it."""
    return _table(reported_of(settings.LEYE_DATA, policy), table, f"rollout-{table}-{policy}.csv")


@needs("promotion.view")
@require_safe
def promotion_chart(request: HttpRequest) -> HttpResponse:
    """`/promotion/chart?id&lang&elder`: the definition of a drawn chart."""
    ask = request.GET
    name = store.Name(FOLDER, KIND, ask.get("id", ""), "en" if ask.get("lang") == "en" else "zh", ask.get("elder") == "1")
    return HttpResponse(store.spec_text(settings.LEYE_DATA, name), content_type="application/json")


def detail(request: HttpRequest, campaign_id: UUID) -> dict[str, Any]:
    """Everything on a campaign's page, for the page and for its refusals."""
    found = queries.campaign_called(request.user, campaign_id)
    verbs = queries.next_steps(request.user, found)
    context: dict[str, Any] = {
        "campaign": found, "verbs": verbs, "say": promotion_words, "typed": request.POST or request.GET, "today": _today(), "plan": None,
        "plan_refused": None, "schedule": queries.schedule_of(found) if found.start_on else [], "figure": None, "found": None,
        "handovers": found.handovers.all(),
    }  # fmt: skip
    if "schedule" in verbs and request.GET.get("start"):
        context |= _preview(request, found)
    if found.start_on:
        context |= _shown(request, evaluate(found, _today()))
    return context


def _preview(request: HttpRequest, found: Campaign) -> dict[str, Any]:
    try:
        return {"plan": plan_of(found, wanted_of(request.GET)).told}
    except LeyeError as refused:
        return {"plan_refused": refused}


def _shown(request: HttpRequest, found: Evaluation | None) -> dict[str, Any]:
    figure = rollout_figure(request, found.effect, found.source) if found is not None and found.effect is not None else None
    return {"found": found, "figure": figure, "say": promotion_words}


def _table(found: Evaluation | None, table: str, name: str) -> HttpResponse:
    if table not in ("weeks", "funnel"):
        raise not_found()
    if table == "weeks":
        rows = week_table([found.effect] if found is not None and found.effect is not None else [])
    else:
        rows = funnel_table(cell for cells in (found.funnels.values() if found is not None else ()) for cell in cells)
    return csv_answer(name, rows.columns, rows.iter_rows())


def _list(request: HttpRequest) -> dict[str, Any]:
    shown = Paginator(queries.campaigns(request.user), PER_PAGE).get_page(request.GET.get("page"))
    on = rules_day()
    return {
        "shown": shown,
        "reported": reported(settings.LEYE_DATA),
        "policies": queries.may_be_told(on, queries.home_region()) if can(request.user, "promotion.draft") else [],
        "channels": [(c.id, c.name.word("en" if is_english() else "zh")) for c in shipped_channels().channels.values()],
        "audiences": shipped_channels().audiences,
        "on": on,
        "typed": request.POST,
        "running": queries.campaigns(request.user).filter(state=State.RUNNING).count(),
        "say": promotion_words,
    }


def _today() -> Any:
    return beijing_day(now())
