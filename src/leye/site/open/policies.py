"""政策查询, open to everybody: what exists, for whom, how much, until when; one policy clause by clause; may I have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from leye.office.permissions import is_open
from leye.office.policies.queries import PolicyPage, packs_here, places_to_choose, policy_page, region_of, rules_day
from leye.office.promotion.queries import public_notice
from leye.policy.explain import explain_person, first_questions, person_facts
from leye.policy.explain.labels import Labels
from leye.policy.explain.overview import GROUPS, Overview, matching, overviews
from leye.policy.pack import FUNDS
from leye.policy.promote.notice import Notice
from leye.site import entitlement_words, policy_words
from leye.site.csv_answer import csv_answer
from leye.site.open.policy_form import fields_of, typed_in, values_of
from leye.site.page import page
from leye.site.words import is_english

COLUMNS = (
    "policy", "name_zh", "name_en", "about", "fund", "groups", "status", "dates", "in_force", "from", "to", "unit", "amount_low_fen",
    "amount_high_fen", "benefit_zh", "benefit_en", "sources",
)  # fmt: skip

WHO = {"person": ("person", "hire"), "firm": ("firm", "hire")}
"""Who asks -> what the policies are about that concern them: a hire concerns both."""

OPENING = {
    "person": ("employment_status", "registered_unemployed", "sex", "birth"),
    "firm": ("firm_kind", "firm_size", "firm_staff", "firm_ui_paid_months"),
}
"""Asked first of somebody of whom nothing is known, before money can rank anything; chosen by us: most rules look at these."""

ASKED_AT_ONCE = 4
"""Questions a page; chosen by us: more is a form, and forms are put off."""


@is_open
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """`/policies`"""
    on, region = rules_day(), region_of(request.GET.get("region"))
    asked = _asked(request.GET)
    rows = matching(overviews(packs_here(), on, region), **asked)
    return page(
        request, "policies/list.html", rows=rows, asked=asked, on=on, region=region, places=places_to_choose(), groups=list(GROUPS), funds=FUNDS,
        standing=sum(r.is_in_force for r in rows), **_words(),
    )  # fmt: skip


def _asked(form: Mapping[str, str]) -> dict[str, Any]:
    """The search of a query string; words that mean nothing here are left out."""
    group, fund = form.get("group", ""), form.get("fund", "")
    return {
        "text": form.get("q", "")[:60],
        "group": group if group in GROUPS else "",
        "fund": fund if fund in FUNDS else "",
        "only_now": form.get("now") == "1",
    }


@is_open
@require_safe
def policies_csv(request: HttpRequest) -> HttpResponse:
    """`/policies/all.csv`"""
    on, region = rules_day(), region_of(request.GET.get("region"))
    rows = matching(overviews(packs_here(), on, region), **_asked(request.GET))
    return csv_answer("policies.csv", COLUMNS, (_cells(r) for r in rows))


def _cells(row: Overview) -> list[object]:
    policy, version = row.policy, row.version
    days = [None, None, None, None] if version is None else [version.dates, row.is_in_force, version.start, version.end]
    return [
        policy.id, policy.name, policy.name_en, policy.about, policy.pays, ";".join(row.groups), policy.status, *days,
        None if version is None else version.unit, row.low_fen, row.high_fen, policy.benefit_zh, policy.benefit_en,
        "；".join(map(str, policy.sources)),
    ]  # fmt: skip


@is_open
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, policy_id: str) -> HttpResponse:
    """`/policies/<id>`; a POST is the self-check, which keeps nothing."""
    form = request.POST if request.method == "POST" else request.GET
    on, region = rules_day(), region_of(form.get("region"))
    found = policy_page(policy_id, on, region, language="en" if is_english() else "zh")
    if request.method != "POST":
        return _detail(request, found, {})
    typed = typed_in(request.POST, packs_here())
    values, errors = values_of(typed, packs_here())
    if errors:
        return _detail(request, found, typed, errors=errors, status=400)
    person = person_facts(values, packs_here().facts)
    checked = explain_person(packs_here(), person, on, region=region, policy=policy_id, language="en" if is_english() else "zh")
    return _detail(request, found, typed, checked=checked[0])


def _detail(request: HttpRequest, found: PolicyPage, typed: Mapping[str, str], *, status: int = 200, **more: Any) -> HttpResponse:
    fields = fields_of(found.asked, packs_here(), typed, more.get("errors"))
    context = {
        "labels": Labels(packs_here(), "en" if is_english() else "zh"),
        "found": found,
        "fields": fields,
        "errors": {},
        "checked": None,
        "notice": _notice(found),
        "places": places_to_choose(),
        **_words(),
        **more,
    }
    return page(request, "policies/detail.html", status=status, on=found.on, region=found.region, **context)


def _notice(found: PolicyPage) -> Notice | None:
    """The text for notice boards; none where nobody may be told about the policy."""
    return public_notice(found.overview.policy.id, on=found.on, region=found.region, language="en" if is_english() else "zh")


@is_open
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """`/policies/check`: all policies at once, a few questions at a time; what was answered travels with the form and is kept nowhere."""
    form = request.POST if request.method == "POST" else request.GET
    on, region, packs = rules_day(), region_of(form.get("region")), packs_here()
    who = form.get("who", "") if form.get("who", "") in WHO else "person"
    typed = typed_in(request.POST, packs)
    values, errors = values_of(typed, packs)
    person, language = person_facts(values, packs.facts), "en" if is_english() else "zh"
    found = [e for e in explain_person(packs, person, on, region=region, language=language) if e.plan.bound.policy.about in WHO[who]]
    aside = _aside(request.POST, typed)
    opening = [n for n in OPENING[who] if n not in typed and n not in aside]
    ranked = first_questions(found, ASKED_AT_ONCE, asked=("person", "employer"), aside=aside).questions
    asked = [*errors] or opening or [q.fact for q in ranked]
    kept = {name: text for name, text in typed.items() if name not in asked}
    return page(
        request, "policies/check.html", status=400 if errors else 200, on=on, region=region, who=who, places=places_to_choose(),
        fields=fields_of(asked, packs, typed, errors), answered=fields_of(kept, packs, typed), found=found, errors=errors,
        aside=sorted(aside), **_words(),
    )  # fmt: skip


def _aside(form: Mapping[str, str], typed: Mapping[str, str]) -> set[str]:
    """Facts that were asked for and not known: they are not asked again."""
    names = f"{form.get('aside', '')},{form.get('shown', '')}"[:4000].split(",")
    return {n for n in names if n in packs_here().facts.facts and n not in typed}


def _words() -> dict[str, Any]:
    return {"say": policy_words, "ew": entitlement_words}
