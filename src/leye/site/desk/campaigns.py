"""招聘活动: posts and people chosen, three ways side by side, one picked and signed, invitations sent with consent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leye.kernel.clock import beijing_day
from leye.kernel.errors import LeyeError, NotFound
from leye.office.campaigns import actions, invitations, queries
from leye.office.campaigns.asked import PREFIX, of_form
from leye.office.campaigns.models import Campaign, Kind, State, Step, Who
from leye.office.campaigns.seekers import districts
from leye.office.clock import now
from leye.office.permissions import can, needs
from leye.site import campaign_words, job_words, match_words
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal, say

PER_PAGE = 20
LIST_HEADER = ["campaign_id", "name", "on", "kind", "who", "region", "state", "people", "posts", "mode", "placed", "made_by", "made_at", "signed_by"]
ACCOUNT_HEADER = ["mode", "figure", "grouping", "group", "people", "value", "low", "high", "verdict"]
INVITATION_HEADER = ["invitation_id", "person_id", "job_id", "title", "state", "said", "decision_id", "application_id", "changed_at"]
FIGURES = ("placed", "places", "value", "blocking_pairs", "blocking_per_1000_edges")


@needs("campaigns.view")
@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    """`/campaigns`: newest first."""
    shown = Paginator(queries.campaigns(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "campaigns/index.html", shown=shown, may_edit=can(request.user, "campaigns.edit"), cw=campaign_words)


@needs("campaigns.view")
@require_safe
def campaigns_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table."""
    rows = []
    for c in queries.campaigns(request.user):
        placed = c.body["modes"][c.mode]["account"]["placed"] if c.mode else None
        people = (c.body["seekers"], len(c.posts), c.mode, placed)
        rows.append((c.pk, c.name, c.on, c.kind, c.who, c.region, c.state, *people, str(c.made_by), c.made_at, str(c.signed_by or "")))
    return csv_answer("campaigns.csv", LIST_HEADER, rows)


@needs("campaigns.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """`/campaigns/new`: posts looked for (`do=find`, which keeps what was typed), then computed."""
    if request.method != "POST" or request.POST.get("do") == "find":
        return page(request, "campaigns/new.html", **_form(request))
    try:
        made = actions.make(of_form(request.POST.dict(), request.user, beijing_day(now())), acting_user=request.user, at=now())
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "campaigns/new.html", **_form(request))
    say(request, _("算好了。比一比几种方式，选一种。"))
    return HttpResponseRedirect(reverse("fair", args=[made.pk]))


@needs("campaigns.view")
@require_safe
def campaign(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """`/campaigns/<id>`"""
    return page(request, "campaigns/one.html", **_one(request, campaign_id))


@needs("campaigns.edit")
@require_POST
def pick(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Choose a way, with the reason."""
    form = request.POST
    act = lambda: actions.pick(campaign_id, form.get("mode", ""), reason=form.get("reason", ""), acting_user=request.user, at=now())  # noqa: E731
    return _step(request, campaign_id, act, _("选好了，请另一位同事签署。"))


@needs("campaigns.edit")
@require_POST
def unpick(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Take the choice back."""
    return _step(request, campaign_id, lambda: actions.unpick(campaign_id, acting_user=request.user, at=now()), _("撤销了选择。"))


@needs("campaigns.sign")
@require_POST
def sign(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Sign as the second person."""
    return _step(
        request, campaign_id, lambda: actions.sign(campaign_id, acting_user=request.user, at=now()), _("签好了，结果已逐人留痕，邀请已拟好。")
    )


@needs("campaigns.edit")
@require_POST
def withdraw(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Take it back, with the reason."""
    reason = request.POST.get("reason", "")
    return _step(request, campaign_id, lambda: actions.withdraw(campaign_id, reason=reason, acting_user=request.user, at=now()), _("撤回了。"))


@needs("campaigns.invite")
@require_POST
def send(request: HttpRequest, campaign_id: UUID, invitation_id: UUID) -> HttpResponse:
    """Apply for the person, who agreed."""
    form = request.POST
    act = lambda: invitations.send(  # noqa: E731
        campaign_id, invitation_id, consent=form.get("consent", ""), shares_contact=bool(form.get("contact")), acting_user=request.user, at=now()
    )
    return _step(request, campaign_id, act, _("代交了，在“应聘进展”里看得到。"))


@needs("campaigns.invite")
@require_POST
def drop(request: HttpRequest, campaign_id: UUID, invitation_id: UUID) -> HttpResponse:
    """Do not invite, with the reason."""
    reason = request.POST.get("reason", "")
    act = lambda: invitations.drop(campaign_id, invitation_id, reason=reason, acting_user=request.user, at=now())  # noqa: E731
    return _step(request, campaign_id, act, _("记下了，不邀请。"))


@needs("campaigns.invite")
@require_POST
def restore(request: HttpRequest, campaign_id: UUID, invitation_id: UUID) -> HttpResponse:
    """Undo a drop."""
    act = lambda: invitations.restore(campaign_id, invitation_id, acting_user=request.user, at=now())  # noqa: E731
    return _step(request, campaign_id, act, _("恢复了。"))


@needs("campaigns.view")
@require_safe
def account_csv(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Figures and groups of all ways."""
    rows: list[tuple[Any, ...]] = []
    for mode, body in queries.campaign_called(request.user, campaign_id).body["modes"].items():
        rows += [(mode, f, "", "", None, body["account"][f], None, None, "") for f in FIGURES]
        rows += [
            (mode, "placed_ratio", g["grouping"], g["group"], g["n"], g["impact_ratio"], g["impact_lo"], g["impact_hi"], g["verdict"])
            for g in body["groups"]
        ]
    return csv_answer(f"campaign-account-{campaign_id}.csv", ACCOUNT_HEADER, rows)


@needs("campaigns.invite")
@require_safe
def invitations_csv(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Invitations of one's own grids."""
    found = queries.invitations_of(request.user, queries.campaign_called(request.user, campaign_id), now())
    rows = [
        (i.pk, a.person_id, i.job_id, i.title, i.state, i.said, i.decision_id, i.application_id, i.changed_at) for a in found for i in (a.invitation,)
    ]
    return csv_answer(f"campaign-invitations-{campaign_id}.csv", INVITATION_HEADER, rows)


def _step(request: HttpRequest, campaign_id: UUID, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "campaigns/one.html", typed=request.POST, **_one(request, campaign_id))
    say(request, done)
    return HttpResponseRedirect(reverse("fair", args=[campaign_id]))


def _form(request: HttpRequest) -> dict[str, Any]:
    typed = request.POST if request.method == "POST" else request.GET
    places = {k.removeprefix(PREFIX): v for k, v in typed.items() if k.startswith(PREFIX) and v.strip()}
    may = {Who.HELP: "prospects.view", Who.TODAY: "today.view"}
    return {
        "typed": typed, "places": places, "kinds": Kind.values, "whos": [w for w in Who.values if w not in may or can(request.user, may[Who(w)])],
        "districts": districts(request.user), "today": beijing_day(now()), "cw": campaign_words, "say": job_words,
        "posts": queries.posts_to_choose(typed.get("q", ""), typed.get("place", ""), places).to_dicts(),
    }  # fmt: skip


def _one(request: HttpRequest, campaign_id: UUID) -> dict[str, Any]:
    found: Campaign = queries.campaign_called(request.user, campaign_id)
    steps = queries.next_steps(request.user, found)
    has_list = found.state in (State.SIGNED, State.WITHDRAWN) and found.sealed_people is not None and can(request.user, "campaigns.invite")
    return {
        "campaign": found, "steps": steps, "modes": found.body["modes"], "progress": queries.progress_of(found), "cw": campaign_words,
        "mw": match_words, "is_own": request.user.pk in (found.made_by_id, found.chosen_by_id), "drafted": Step.DRAFTED, "dropped": Step.DROPPED,
        "asking": queries.invitations_of(request.user, found, now()) if has_list else None,
    }  # fmt: skip
