"""Policies, open to everybody: what exists, one policy, the facts that rules read, and the explanation of facts that are handed in and not kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.shapes import Problem
from leye.kernel.errors import BadInput
from leye.office.policies.queries import PolicyPage, packs_here, policy_page, region_of, rules_day
from leye.policy.explain import explain_person, first_questions, person_facts, questions_of
from leye.policy.explain.labels import language_of
from leye.policy.explain.overview import Overview, matching, overviews
from leye.policy.fact_list import fact_rows
from leye.policy.pack import ParameterValue

router = Router(tags=["public"])

LARGEST = 200
"""Keys of one person's facts: the table has 96, the rest is room for what is ignored. Chosen by us: an explanation costs about half a millisecond."""


class PolicyRow(Schema):
    """One policy. in_force false: `from`, `to` are those of the nearest version. Amounts are what the rule itself limits, null where it does not."""

    policy: str
    name_zh: str
    name_en: str
    benefit_zh: str
    benefit_en: str
    about: str
    fund: str
    groups: list[str]
    status: str
    dates: str | None
    in_force: bool
    start: date | None = Field(None, serialization_alias="from")
    end: date | None = Field(None, serialization_alias="to")
    unit: str | None
    amount_low_fen: int | None
    amount_high_fen: int | None


class PolicyList(Schema):
    """Policies of a place on a day."""

    on: date
    region: str
    policies: list[PolicyRow]


class ClauseRow(Schema):
    """One line of the rule; kind: clause, all, any, not, at_least."""

    kind: str
    level: int
    text: str
    basis: str
    note: str
    facts: list[str]


class FigureRow(Schema):
    """A number that the policy uses. value null: a formula stands in its place."""

    parameter: str
    name_zh: str
    unit: str
    region: str
    value: int | None
    formula: str
    start: date | None = Field(None, serialization_alias="from")
    end: date | None = Field(None, serialization_alias="to")
    ref: str
    status: str
    dates: str


class PolicyDetail(PolicyRow):
    """With its clauses, figures and how to apply."""

    on: date
    region: str
    clauses: list[ClauseRow]
    facts: list[str]
    figures: list[FigureRow]
    sources: list[str]
    notes: list[str]
    rivals: list[str]
    documents_zh: list[str]
    documents_en: list[str]
    where_zh: str
    where_en: str
    deadline_after: str
    deadline_months: int | None


class Asked(Schema):
    """Which place, which day, which language."""

    region: str = Field("", max_length=12)
    on: date | None = None
    language: str = Field("zh", max_length=2)


class Search(Asked):
    """Which policies: words, a group of people, a fund, only those in force."""

    q: str = Field("", max_length=60)
    group: str = Field("", max_length=20)
    fund: str = Field("", max_length=20)
    in_force: bool = False


class Explain(Asked):
    """Facts of one person by their ids; dates as ISO text, money in fen, unknown absent or null. `policy`: only this one."""

    facts: dict[str, Any] = Field(..., description="values of the fact table")
    policy: str = Field("", max_length=60)


class Explained(Schema):
    """Explanations as `leye policy explain` prints them, and what to ask next. ignored: keys that are no facts."""

    on: date
    region: str
    explanations: list[dict[str, Any]]
    first_questions: list[str]
    questions: list[dict[str, Any]]
    ignored: list[str]


@router.get("/policies", response={200: PolicyList, frozenset({400, 422}): Problem}, auth=None, summary="政策列表 · policies", by_alias=True)
def policies(request: HttpRequest, asked: Query[Search]) -> dict[str, Any]:
    """Those in force first."""
    on, region = asked.on or rules_day(), region_of(asked.region)
    rows = matching(overviews(packs_here(), on, region), text=asked.q, group=asked.group, fund=asked.fund, only_now=asked.in_force)
    return {"on": on, "region": region, "policies": [_row(r) for r in rows]}


@router.get("/policies/facts", response=list[dict[str, Any]], auth=None, summary="规则用的事实 · facts that rules read")
def facts(request: HttpRequest) -> list[dict[str, Any]]:
    """As `leye policy facts --json`: the keys of an explanation's facts, derived facts after them."""
    return fact_rows(packs_here())


@router.post("/policies/explain", response={200: Explained, frozenset({400, 404, 422}): Problem}, auth=None, summary="逐条说明 · explain")
def explain(request: HttpRequest, body: Explain) -> dict[str, Any]:
    """Nothing is stored and nothing is logged of what is sent. Verdicts equal `leye policy explain`."""
    if len(body.facts) > LARGEST:
        raise BadInput(
            "一次只问一个人", en="one person at a time", remedy_zh=f"最多 {LARGEST} 个键", remedy_en=f"at most {LARGEST} keys", code="E_TOO_MANY"
        )
    packs, on, region, language = packs_here(), body.on or rules_day(), region_of(body.region), language_of(body.language)
    person = person_facts(body.facts, packs.facts)
    everything = explain_person(packs, person, on, region=region, language=language)
    found = explain_person(packs, person, on, region=region, policy=body.policy, language=language) if body.policy else everything
    return {
        "on": on,
        "region": str(person.facts.get("region") or region),
        "explanations": [e.as_dict() for e in found],
        "first_questions": [q.fact for q in first_questions(everything).questions],
        "questions": [q.as_dict() for q in questions_of(everything)],
        "ignored": list(person.ignored),
    }


@router.get(
    "/policies/{policy}", response={200: PolicyDetail, frozenset({400, 404, 422}): Problem}, auth=None, summary="一项政策 · one policy", by_alias=True
)
def policy(request: HttpRequest, policy: str, asked: Query[Asked]) -> dict[str, Any]:
    """Clauses with the law beside each, figures of the place, papers and deadline."""
    language = language_of(asked.language)
    return _detail(policy_page(policy, asked.on or rules_day(), region_of(asked.region), language=language))


def _row(row: Overview) -> dict[str, Any]:
    policy, version = row.policy, row.version
    return {
        "policy": policy.id, "name_zh": policy.name, "name_en": policy.name_en, "benefit_zh": policy.benefit_zh, "benefit_en": policy.benefit_en,
        "about": policy.about, "fund": policy.pays, "groups": list(row.groups), "status": policy.status, "dates": version and version.dates,
        "in_force": row.is_in_force, "start": version and version.start, "end": version and version.end, "unit": version and version.unit,
        "amount_low_fen": row.low_fen, "amount_high_fen": row.high_fen,
    }  # fmt: skip


def _detail(found: PolicyPage) -> dict[str, Any]:
    policy, apply = found.overview.policy, found.overview.policy.apply
    return _row(found.overview) | {
        "on": found.on,
        "region": found.region,
        "clauses": [
            {"kind": n.kind, "level": n.level, "text": n.text, "basis": n.basis, "note": str(n.note or ""), "facts": list(c.facts) if c else []}
            for _, n, c in found.plan.shown
        ],
        "facts": list(found.asked),
        "figures": [_figure(f.parameter.name, f.parameter.zh, f.parameter.unit, f.value) for f in found.figures],
        "sources": [str(s) for s in policy.sources],
        "notes": list(found.plan.note_texts),
        "rivals": [r.policy.id for r in found.rivals],
        "documents_zh": list(apply.documents_zh),
        "documents_en": list(apply.documents_en),
        "where_zh": apply.where_zh,
        "where_en": apply.where_en,
        "deadline_after": apply.deadline_after,
        "deadline_months": apply.deadline_months or None,
    }


def _figure(name: str, zh: str, unit: str, value: ParameterValue) -> dict[str, Any]:
    return {
        "parameter": name, "name_zh": zh, "unit": unit, "region": value.region, "value": value.value, "formula": value.formula_text,
        "start": None if value.start == date.min else value.start, "end": value.end, "ref": value.ref, "status": value.status, "dates": value.dates,
    }  # fmt: skip
