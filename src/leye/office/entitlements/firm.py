"""The firm's matters about its employees: by policy how many and how much, and by name only whom the firm may know about.

Some policies rest on a hardship or a disability of the employee. For those the firm sees a number, and a name once the employee agreed; fewer than
LEAST are not even counted, because a firm of four would know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from leye.kernel.decision import Subject
from leye.office.decisions.subjects import subject_key
from leye.office.entitlements.claims import is_barred
from leye.office.entitlements.files import FactFile, packs_here
from leye.office.entitlements.models import Claim, Consent
from leye.office.entitlements.own import needs_consent
from leye.office.entitlements.rules import evaluator_at
from leye.office.privacy.reads import read_list
from leye.office.published import Snapshot
from leye.policy import PackSet, Policy, places
from leye.policy.push import rules_of_handling
from leye.policy.push.listing import SUBSIDIES

LEAST = 3
"""Employees below which a policy that needs consent shows no number; chosen by us."""

MOST_NAMED = 50
"""Employees named on the page, those of the most money first; the CSV has all."""


@dataclass(frozen=True)
class Employee:
    """One employee that a policy applies to. name: of the register, empty when it was not read."""

    person_id: str
    name: str
    verdict: str
    amount_fen: int | None
    months: int | None
    unit: str
    expected_fen: int
    deadline: date | None
    choice: str
    claim: Claim | None


@dataclass(frozen=True)
class HirePolicy:
    """yes, unknown: employees, None where hidden · expected_fen: money within a year of the yes ones, None where hidden · named: whom the firm
    may know about · waits: employees whose consent is wanted."""

    policy: Policy
    yes: int | None
    unknown: int | None
    expected_fen: int | None
    named: tuple[Employee, ...]
    waits: int | None
    needs_consent: bool
    is_barred: bool


def hire_policies(user: Any, firm: FactFile, snapshot: Snapshot, at: datetime) -> list[HirePolicy]:
    """Policies about the firm's employees that pay the firm, most money first. Names are read and recorded for the purpose `hire_subsidy`."""
    packs, firm_id = packs_here(), firm.subject.id
    handling = rules_of_handling(packs)
    wanted = [p.id for p in packs.policies.values() if p.about == "hire" and handling.paid_to(p) == "firm"]
    marks = _open_marks(snapshot, firm_id, wanted)
    keys = {p: subject_key(Subject("person", p)) for p in marks["person_id"].unique().to_list()}
    agreed = set(Consent.objects.filter(firm_id=firm_id, withdrawn_at=None).values_list("subject_key", "policy"))
    personal = _personal(packs, firm, date.fromisoformat(snapshot.run.on), wanted)
    visible = [r for r in marks.iter_rows(named=True) if r["policy"] not in personal or (keys[r["person_id"]], r["policy"]) in agreed]
    names = _names(user, sorted({r["person_id"] for r in visible})[: MOST_NAMED * 4], firm_id, at)
    claims = {(c.about_key, c.policy): c for c in Claim.objects.filter(subject_key=firm.key).order_by("changed_at")}
    barred = is_barred(firm)
    found = []
    for name in wanted:
        rows = marks.filter(pl.col("policy") == name)
        if rows.height:
            mine = [r for r in visible if r["policy"] == name]
            named = tuple(_employee(r, names, claims.get((keys[r["person_id"]], name))) for r in mine)
            found.append(_hire_policy(packs.policies[name], rows, named, name in personal, barred))
    return sorted(found, key=lambda h: (-(h.expected_fen or 0), h.policy.id))


def _hire_policy(policy: Policy, rows: pl.DataFrame, named: tuple[Employee, ...], is_personal: bool, barred: bool) -> HirePolicy:
    certain = rows.filter(pl.col("verdict") == "yes")
    hidden = is_personal and rows.height < LEAST and len(named) < rows.height
    money = int(certain["expected_fen"].sum())
    return HirePolicy(
        policy,
        None if hidden else certain.height,
        None if hidden else rows.height - certain.height,
        None if hidden else money,
        tuple(sorted(named, key=lambda e: (e.verdict != "yes", -e.expected_fen, e.person_id))),
        None if hidden else rows.height - len(named),
        is_personal,
        barred and policy.pays in SUBSIDIES,
    )


def _open_marks(snapshot: Snapshot, firm_id: str, wanted: list[str]) -> pl.DataFrame:
    """Marks about the firm's employees that are neither drawn already nor give way."""
    marks, held = snapshot.frame("marks"), snapshot.frame("mark_held")
    if not marks.width:
        return pl.DataFrame(schema={"person_id": pl.String, "policy": pl.String, "verdict": pl.String, "expected_fen": pl.Int64})
    mine = marks.filter(pl.col("firm_id") == firm_id, pl.col("policy").is_in(wanted), ~pl.col("choice").fill_null("").str.starts_with("gives_way"))
    return mine.join(held, on=["person_id", "policy"], how="anti") if held.width else mine


def _personal(packs: PackSet, firm: FactFile, on: date, wanted: list[str]) -> set[str]:
    """Policies whose conditions tell what is the employee's to tell."""
    bound = evaluator_at(packs, on, places(packs, on).prefix_of(firm.facts.get("region"))).bound
    handling = rules_of_handling(packs)
    return {p.policy.id for p in bound.policies if p.policy.id in wanted and needs_consent(p, bound, handling)}


def _names(user: Any, people: list[str], firm_id: str, at: datetime) -> Mapping[str, str]:
    rows = read_list(people, "hire_subsidy", user, at)
    return {name: str(row["name"] or "") for name, row in rows.items() if row["firm_id"] == firm_id}


def _employee(row: dict[str, Any], names: Mapping[str, str], claim: Claim | None) -> Employee:
    return Employee(
        row["person_id"], names.get(row["person_id"], ""), row["verdict"], row["amount_fen"], row["months"], row["unit"], row["expected_fen"],
        row["deadline"], row["choice"] or "", claim,
    )  # fmt: skip
