"""Registers with what the office knows beyond them: answers of people fill what is unknown, payments change the facts that follow from them.

A register's value is never overwritten by an answer: it is a contradiction to be looked into, not a correction. Payments count only when they are
newer than the registers, which hold the older ones already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from leye.policy.facts import Fact, FactTable
from leye.policy.polars_engine import fact_dtype
from leye.policy.push.handling import MONTH, PLUS_ONE, POLICY, Handling, Handlings


@dataclass(frozen=True, slots=True)
class Stated:
    """An answer: of whom, which fact, the value in its type."""

    person_id: str
    fact: str
    value: bool | int | str | date


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment (or recognition). month: first of the month paid for · item: `items.own_item` at that time."""

    person_id: str
    policy: str
    month: date
    item: str
    paid_on: date


def overlaid(people: pl.DataFrame, stated: Iterable[Stated], paid: Iterable[Paid], facts: FactTable, handling: Handlings, on: date) -> pl.DataFrame:
    """The table with both laid over it; rows and columns as before. paid: those newer than the table."""
    answers, payments = _by_person(stated), _by_person(paid)
    touched = people.filter(pl.col("person_id").is_in(list({*answers, *payments})))
    changes: dict[str, dict[str, Any]] = {}
    for row in touched.iter_rows(named=True):
        name = row["person_id"]
        now = person_overlaid(row, answers.get(name, []), payments.get(name, []), facts, handling, on)
        for fact, value in now.items():
            if value != row.get(fact):
                changes.setdefault(fact, {})[name] = value
    columns = [_changed(people, fact, new, facts) for fact, new in changes.items() if fact in facts.facts]
    return people.with_columns(columns)


def person_overlaid(
    person: Mapping[str, Any], stated: Iterable[Stated], paid: Iterable[Paid], facts: FactTable, handling: Handlings, on: date
) -> dict[str, Any]:
    """One person's facts with both laid over them."""
    now = dict(person)
    for answer in stated:
        if now.get(answer.fact) is None and answer.fact in facts.facts:
            now[answer.fact] = answer.value
    payments = sorted(paid, key=lambda p: (p.month, p.policy))
    for payment in payments:
        one = handling.policies.get(payment.policy)
        if one is not None:
            now |= _once(one, payment, now, facts, handling, on)
    return now | _counted(payments, now, handling, on)


def _once(one: Handling, payment: Paid, now: Mapping[str, Any], facts: FactTable, handling: Handlings, on: date) -> dict[str, Any]:
    """What a payment sets, all but the counts."""
    found: dict[str, Any] = {}
    for fact, value in one.sets.items():
        if value == PLUS_ONE or not _applies(fact, payment, now, handling, on):
            continue
        if value == MONTH:
            if now.get(fact) is None:
                found[fact] = payment.month
        elif value == POLICY:
            found[fact] = payment.policy
        elif value in facts.facts:
            found[fact] = _smaller(now.get(fact), now.get(value))
        else:
            found[fact] = facts.facts[fact].from_text(value)
    return found


def _counted(payments: list[Paid], now: Mapping[str, Any], handling: Handlings, on: date) -> dict[str, Any]:
    """Counts: each month (or item) once, whichever policies were paid in it; an unknown count stays unknown."""
    items: dict[str, set[str]] = {}
    for payment in payments:
        one = handling.policies.get(payment.policy)
        for fact, value in one.sets.items() if one else ():
            if value == PLUS_ONE and _applies(fact, payment, now, handling, on):
                items.setdefault(fact, set()).add(payment.item)
    return {fact: now[fact] + len(found) for fact, found in items.items() if now.get(fact) is not None}


def _applies(fact: str, payment: Paid, now: Mapping[str, Any], handling: Handlings, on: date) -> bool:
    if fact in handling.this_month:
        return (payment.month.year, payment.month.month) == (on.year, on.month)
    if fact in handling.this_year:
        return payment.paid_on.year == on.year or payment.month.year == on.year
    if fact in handling.same_item and payment.item.startswith("cert:"):
        return payment.item == f"cert:{now.get('cert_level')}:{now.get('cert_on')}"
    return True


def _smaller(before: Any, value: Any) -> Any:
    return min(before, value) if isinstance(before, int) and isinstance(value, int) and before else value


def _by_person(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


def _changed(people: pl.DataFrame, fact: str, new: Mapping[str, Any], facts: FactTable) -> pl.Expr:
    known: Fact = facts.facts[fact]
    dtype = people.schema[fact] if fact in people.columns else fact_dtype(known)
    before = pl.col(fact) if fact in people.columns else pl.lit(None, dtype=dtype)
    return pl.col("person_id").replace_strict(list(new), list(new.values()), default=before, return_dtype=dtype).alias(fact)
