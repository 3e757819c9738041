"""应对预案: what the policy reserve holds, when a plan answers, and what it would mean now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.kernel.codes import industries, key_groups
from leye.office.permissions import needs
from leye.office.published import published_snapshot
from leye.site.desk.advice import advice_context
from leye.site.desk.reserve import plan_of, reserve
from leye.site.page import page
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
    return page(request, "plans/detail.html", snapshot=snapshot, plan=found, when=_when(found.trigger), group=_group, **context)


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
