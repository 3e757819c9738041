"""Answers that fill what is unknown: by the person, by the firm, or by the counsellor who saw a paper. A register's value is never changed by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from leye.kernel.codes import region_code
from leye.office.decisions.ledger import seal_event
from leye.office.decisions.subjects import subject_of
from leye.office.entitlements import refusals
from leye.office.entitlements.files import FactFile, fact_file, packs_here, rules_day
from leye.office.entitlements.models import Source, StatedFact
from leye.office.entitlements.reseal import seal_now
from leye.office.entitlements.rows import about, fresh_id, sealed
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.policy import PackSet
from leye.policy.facts import FactValue

LONGEST_PROOF = 200


def answer_own(answers: Mapping[str, str], *, acting_user: Any, at: datetime) -> FactFile:
    """Keep a person's or firm's own answers, given as text, and seal the marks that follow. Raises BadInput (E_FACT_TYPE, E_FACT_RANGE, E_NO_ANSWER),
    Conflict (E_FACT_KNOWN), NotFound for an account that stands for nobody."""
    require(acting_user, "entitlements.firm" if acting_user.role == "employer" else "entitlements.own")
    if not acting_user.subject:
        raise not_found()
    source = Source.FIRM if subject_of(acting_user.subject).kind == "firm" else Source.SELF
    return state_facts(acting_user.subject, answers, source=source, proof="", by=acting_user, at=at)


def state_facts(subject_id: str, answers: Mapping[str, str], *, source: Source, proof: str, by: Any, at: datetime) -> FactFile:
    """Keep answers about somebody; whoever calls this has asked for the permission. Empty answers are no answers."""
    packs, on = packs_here(), rules_day()
    file = fact_file(subject_id, packs, on)
    if file is None:
        raise not_found()
    values = checked(answers, file, packs)
    with transaction.atomic():
        for fact, value in values.items():
            _keep(file, fact, value, source, proof, by, at)
        fresh = fact_file(subject_id, packs, on)
        assert fresh is not None
        seal_now(fresh, packs, on, at=at)
    return fresh


def checked(answers: Mapping[str, str], file: FactFile, packs: PackSet) -> dict[str, FactValue]:
    """The answers in their types. Raises BadInput, Conflict; then nothing is kept."""
    values: dict[str, FactValue] = {}
    for name, text in answers.items():
        if not text.strip():
            continue
        fact = packs.facts.facts.get(name)
        if fact is None or fact.kind in ("local", "key"):
            raise refusals.not_to_be_asked(fact.zh if fact else name[:40])
        if file.register.get(name) is not None:
            raise refusals.known_already(fact.zh)
        values[name] = fact.from_text(_in_fen(text.strip()) if fact.type == "fen" else text.strip())
    if not values:
        raise refusals.nothing_answered()
    return values


def _in_fen(yuan: str) -> str:
    """People write yuan: 1,200.5 -> 120050; anything else stays and is refused by the fact's own check."""
    from decimal import Decimal, InvalidOperation

    try:
        fen = Decimal(yuan.replace(",", "").replace("，", "")) * 100
    except InvalidOperation:
        return yuan
    return str(int(fen)) if fen == fen.to_integral_value() else yuan


def _keep(file: FactFile, fact: str, value: FactValue, source: Source, proof: str, by: Any, at: datetime) -> StatedFact:
    StatedFact.objects.filter(subject_key=file.key, fact=fact, replaced_at=None).update(replaced_at=at)
    name = fresh_id(at)
    said = value.isoformat() if isinstance(value, date) else value
    row = StatedFact(
        id=name,
        **about(file.subject),
        region=region_code(str(file.facts.get("region") or "CN")) or "",
        fact=fact,
        sealed=sealed(name, subject=file.subject.id, value=said, proof=proof[:LONGEST_PROOF]),
        source=source,
        by=by,
        at=at,
    )
    row.save(force_insert=True)
    seal_event("fact.stated", at=at, row=name, fact=fact, source=str(source), by=by.pk, role=by.role)
    audit("fact.stated", on=row, by=by, at=at, fact=fact, source=str(source))
    emit("fact.stated", at=at, row=name, fact=fact)
    return row
