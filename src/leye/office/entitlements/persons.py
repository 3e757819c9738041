"""A person's page for the counsellor of their grid: one look, recorded, with facts, marks, calls, claims, and who else looked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from leye.kernel.codes import region_code
from leye.kernel.decision import Subject
from leye.office.decisions.subjects import subject_key
from leye.office.entitlements import refusals
from leye.office.entitlements.answers import state_facts
from leye.office.entitlements.files import fact_file, packs_here, rules_day
from leye.office.entitlements.lists import own_grids
from leye.office.entitlements.models import Claim, Contact, Source
from leye.office.entitlements.own import OwnPage, page_of
from leye.office.permissions import not_found, require
from leye.office.privacy.models import ReadAccess
from leye.office.privacy.reads import file_row, log_read, read_file

SHORTEST_PROOF = 2  # characters; chosen by us: 身份证 has three
READS_SHOWN = 10


@dataclass(frozen=True)
class PersonPage:
    """who: name, phone, address · page: facts, marks, contradictions, answers."""

    person_id: str
    who: Mapping[str, Any]
    page: OwnPage
    contacts: QuerySet[Contact]
    claims: QuerySet[Claim]
    reads: QuerySet[ReadAccess]


def person_page(user: Any, person_id: str, at: datetime, *, language: str) -> PersonPage:
    """The page. Two reads are recorded, facts for `entitlement_check` and how to reach the person for `case_work`.

    Raises NotFound alike for nobody and for somebody of another counsellor's grid.
    """
    require(user, "people.view")
    check_grid(user, person_id)
    packs = packs_here()
    who = read_file(person_id, "case_work", user, at, columns=("name", "phone", "address"))
    log_read(user, Subject("person", person_id), "entitlement_check", [f.id for f in packs.facts if f.kind != "key"], at)
    file = fact_file(person_id, packs, rules_day())
    if file is None:
        raise not_found()
    key = subject_key(Subject("person", person_id))
    return PersonPage(
        person_id,
        who,
        page_of(file, language=language),
        Contact.objects.filter(subject_key=key).select_related("counsellor"),
        Claim.objects.filter(about_key=key),
        ReadAccess.objects.filter(subject_key=key).select_related("reader")[:READS_SHOWN],
    )


def answer_for(person_id: str, answers: Mapping[str, str], *, proof: str, acting_user: Any, at: datetime) -> None:
    """Fill unknown facts after seeing a paper. Raises NotFound outside one's own grids, BadInput (E_PROOF, E_FACT_TYPE, E_FACT_RANGE, E_NO_ANSWER),
    Conflict (E_FACT_KNOWN)."""
    require(acting_user, "people.answer")
    check_grid(acting_user, person_id)
    if len(proof.strip()) < SHORTEST_PROOF:
        raise refusals.proof_missing()
    state_facts(person_id, answers, source=Source.COUNSELLOR, proof=proof.strip(), by=acting_user, at=at)


def check_grid(user: Any, person_id: str) -> None:
    """Only people of one's own grids and district; others answer as if they were not there, and leave no record of a read."""
    row = file_row(person_id, ("grid_id", "region"))
    district = region_code(str(row["region"])) if row is not None and row.get("region") else ""
    if row is None or row["grid_id"] not in own_grids(user) or (user.region and district != user.region):
        raise not_found()
