"""应对预案: what the policy reserve holds, when a plan answers, and what it would mean now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.codes import industries, key_groups
from leye.kernel.errors import BadInput, LeyeError
from leye.office.clock import now
from leye.office.measures import actions
from leye.office.measures.queries import reserve_of
from leye.office.permissions import can, needs
from leye.office.published import published_snapshot
from leye.office.reforms.queries import signed
from leye.site.desk.advice import advice_context
from leye.site.desk.reserve import plan_of, reserve
from leye.site.page import page, refusal, say
from leye.site.words import indicator_word, pick


@needs("plans.view")
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """`/plans`"""
    snapshot = published_snapshot()
    called: dict[str, set[str]] = {}
    for row in snapshot.rows("advice") if snapshot else []:
        called.setdefault(row["plan_id"], set()).add(row["unique_id"])
    ordered = sorted(reserve(), key=lambda p: (p.id not in called, p.is_fallback))
    return page(request, "plans/list.html", snapshot=snapshot, plans=ordered, called={k: len(v) for k, v in called.items()})


@needs("plans.view")
@require_safe
def plan(request: HttpRequest, plan_id: str) -> HttpResponse:
    """`/plans/<id>`"""
    found = plan_of(plan_id)
    snapshot = published_snapshot()
    context = advice_context(snapshot) if snapshot else {"advice": [], "plan_titles": {}, "group_word": pick}
    context["advice"] = [r for r in context["advice"] if r["plan_id"] == plan_id]
    return page(
        request, "plans/detail.html", snapshot=snapshot, plan=found, when=_when(found.trigger), group=_group, **context, **_kept(request, plan_id)
    )


@needs("reforms.edit")
@require_POST
def reserve_measure(request: HttpRequest, plan_id: str) -> HttpResponse:
    """Name a signed simulation as a measure of the plan."""
    return _after(
        request, plan_id, lambda: actions.reserve(plan_id, _asked(request), acting_user=request.user, at=now()), _("已列入这个预案的储备。")
    )


@needs("reforms.edit")
@require_POST
def drop_measure(request: HttpRequest, plan_id: str, reserved_id: UUID) -> HttpResponse:
    """Take it out again."""
    return _after(request, plan_id, lambda: actions.drop(reserved_id, acting_user=request.user, at=now()), _("已从储备里撤下。"))


def _after(request: HttpRequest, plan_id: str, act: Callable[[], object], text: str) -> HttpResponse:
    refused: LeyeError | None = None
    try:
        act()
    except LeyeError as error:
        refused = error
    if refused is None:
        say(request, text)
        return HttpResponseRedirect(reverse("plan", args=[plan_id]) + "#reserve")
    found = plan_of(plan_id)
    context = {"advice": [], "plan_titles": {}, "plan": found, "when": _when(found.trigger), "group": _group, **_kept(request, plan_id)}
    return refusal(request, refused, "plans/detail.html", snapshot=published_snapshot(), **context)


def _asked(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("scenario", ""))
    except ValueError as error:
        raise BadInput("还没选方案", en="no scenario is chosen", remedy_zh="先选一个已签署的方案", remedy_en="choose a signed one") from error


def _kept(request: HttpRequest, plan_id: str) -> dict[str, Any]:
    """The reserve of a plan, and signed simulations that it could keep besides; empty for who may not see simulations."""
    if not can(request.user, "reforms.view") or request.user.region:
        return {"sees_measures": False}
    kept = reserve_of(request.user, plan_id)
    there = {m.scenario_id for m in kept}
    return {"sees_measures": True, "measures": kept, "signed": [s for s in signed(request.user) if s.pk not in there]}


def _when(trigger: object) -> list[str]:
    """The trigger's conditions as words; an empty list means any."""
    known = industries()
    names = [indicator_word(i) or i for i in getattr(trigger, "indicators", ())]
    trades = [known[i].name if i in known else i for i in getattr(trigger, "industries", ())]
    groups = [_group(g) for g in getattr(trigger, "groups", ())]
    return ["、".join(part) for part in (names, trades, groups) if part]


def _group(group: str) -> str:
    found = key_groups().get(group)
    return pick(found.zh, found.en) if found else group
