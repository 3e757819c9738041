"""政策规则: packs and policies in force, one policy clause by clause, what lint says of a pack, the facts that rules may use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.entitlements.files import rules_day
from leye.office.permissions import can, needs
from leye.office.rules import queries
from leye.office.rules.active import troubles
from leye.office.rules.models import State
from leye.policy import Policy, cases
from leye.policy.author import value_on
from leye.policy.fact_list import fact_rows
from leye.policy.pack import Case
from leye.site import rules_words
from leye.site.csv_answer import csv_answer
from leye.site.page import page

LIST_COLUMNS = ("policy", "name_zh", "name_en", "status", "about", "pays", "unit", "from", "to", "regions", "versions", "cases", "packs")
FACT_COLUMNS = ("id", "zh", "type", "unit", "kind", "about", "is_derived", "allowed", "values_zh", "meaning_zh", "meaning_en", "source_zh")


@needs("policy.rules")
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """`/policy/rules`"""
    on, asked = rules_day(), request.GET.get("state", "")
    found = queries.policy_rows(request.user, on)
    return page(
        request,
        "rules/list.html",
        on=on,
        rows=found,
        standing=sum(r.current is not None for r in found),
        packs=queries.pack_rows(request.user),
        drafts=queries.drafts(request.user, state=asked),
        state=asked if asked in State.values else "",
        states=list(State.values),
        troubles=troubles(queries.data_folder()),
        unwritten=queries.unwritten(),
        say=rules_words,
    )


@needs("policy.rules")
@require_safe
def rules_csv(request: HttpRequest) -> HttpResponse:
    """`/policy/rules.csv`"""
    return csv_answer("policy-rules.csv", LIST_COLUMNS, (_row(r) for r in queries.policy_rows(request.user, rules_day())))


def _row(row: queries.PolicyRow) -> list[object]:
    policy, version = row.policy, row.current
    told = [version.unit, version.start, version.end] if version is not None else [policy.versions[-1].unit, None, None]
    head = [policy.id, policy.name, policy.name_en, policy.status, policy.about, policy.pays]
    return [*head, *told, ";".join(row.regions), len(policy.versions), row.cases, ";".join(row.packs)]


@needs("policy.rules")
@require_safe
def rule(request: HttpRequest, policy: str) -> HttpResponse:
    """`/policy/rules/<id>`"""
    found = queries.policy_called(request.user, policy)
    return page(request, "rules/policy.html", **policy_context(request, found))


def policy_context(request: HttpRequest, policy: Policy) -> dict[str, Any]:
    """Everything `rules/policy.html` asks for."""
    packs, on = queries.packs_here(), rules_day()
    report = cases.run(packs, policy=policy.id)
    failed = {(f.file, f.line): f for f in report.failures}
    versions = sorted(enumerate(policy.versions), key=lambda nv: (nv[1].start, len(nv[1].region)), reverse=True)
    worked = [*policy.cases, *(c for c in packs.cases if c.policy == policy.id)]
    return {
        "policy": policy,
        "on": on,
        "versions": [(n, v, v.in_force(on), list(rules_words.lines_of(v.who))) for n, v in versions],
        "typed": {},
        "worked": [(c, _facts_word(c), _expected_word(c), failed.get((c.place.file or "", c.place.row or 0))) for c in worked],
        "failures": len(report.failures),
        "local_notes": [(p, n) for p in packs.packs for name, n in p.notes if name == policy.id],
        "drafts": [d for d in queries.drafts(request.user) if d.policy == policy.id],
        "may_edit": can(request.user, "policy.rules.edit"),
        "home": home_place(request.user),
        "value_on": value_on,
        "say": rules_words,
    }


def _facts_word(case: Case) -> str:
    return "，".join(f"{key}={value}" for key, value in case.facts.items())


def _expected_word(case: Case) -> str:
    return "，".join(f"{key}: {_flat(value)}" for key, value in case.expect.items())


def _flat(value: object) -> str:
    return "[" + ", ".join(map(str, value)) + "]" if isinstance(value, list) else str(value)


def home_place(user: Any) -> str:
    """The place for which this user would write: the own district, else the city of the data folder."""
    from leye.kernel.codes import region_prefix
    from leye.office.promotion.queries import home_region

    return region_prefix(user.region) if user.region else home_region()


@needs("policy.rules")
@require_safe
def check(request: HttpRequest, pack: str) -> HttpResponse:
    """`/policy/rules/check/<pack>`: every finding with its line, and how the pack's cases come out."""
    findings = queries.checked_pack(request.user, pack)
    packs = queries.packs_here()
    report = cases.run(packs, only=[pack])
    found = next(p for p in packs.packs if p.id == pack)
    return page(request, "rules/check.html", pack=found, findings=findings, report=report, say=rules_words)


@needs("policy.rules")
@require_safe
def facts(request: HttpRequest) -> HttpResponse:
    """`/policy/rules/facts`"""
    return page(request, "rules/facts.html", rows=fact_rows(queries.packs_here()), users=_readers(rules_day()))


def _readers(on: date) -> dict[str, int]:
    """Fact -> how many policies of today read it."""
    from leye.policy import bind

    bound = bind(queries.packs_here(), on)
    found: dict[str, int] = {}
    for policy in bound.policies:
        nodes = [n for n in (policy.who.node if policy.who else None, policy.amount, policy.months) if n is not None]
        for fact in bound.reads(nodes):
            found[fact] = found.get(fact, 0) + 1
    return found


@needs("policy.rules")
@require_safe
def facts_csv(request: HttpRequest) -> HttpResponse:
    """`/policy/rules/facts.csv`"""
    return csv_answer("policy-facts.csv", FACT_COLUMNS, _fact_cells())


def _fact_cells() -> Iterator[list[object]]:
    for row in fact_rows(queries.packs_here()):
        yield [";".join(map(str, row[c])) if isinstance(row[c], list) else row[c] for c in FACT_COLUMNS]
