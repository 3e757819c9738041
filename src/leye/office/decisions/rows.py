"""Plain inserts of what the gate writes. The models' own inserts cost three times as much, and the gate has a millisecond for everything."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from leye.office.decisions.models import Decision

Sealed = tuple[UUID, bytes]
"""A decision's id and something encrypted that belongs to it."""


def insert(rows: Iterable[Decision], evidence: Iterable[Sealed], protected: Iterable[Sealed]) -> None:
    """Decisions with their evidence and protected attributes, inside the caller's transaction."""
    statement, fields = _decisions()
    values = [tuple(prepare(getattr(row, name), connection) for name, prepare in fields) for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
        for table, sealed in (("decision_evidence", evidence), ("decision_protected", protected)):
            lines = [(_name(name), value) for name, value in sealed]
            if lines:
                cursor.executemany(f"INSERT INTO {table} (decision_id, sealed) VALUES (%s, %s)", lines)  # noqa: S608 - names written here


def _name(name: UUID) -> Any:
    return Decision._meta.pk.get_db_prep_save(name, connection)


@cache
def _decisions() -> tuple[str, list[tuple[str, Any]]]:
    """The statement, and each column with what prepares its value."""
    fields = [(f.attname, f.get_db_prep_save) for f in Decision._meta.concrete_fields]
    names, places = ", ".join(name for name, _ in fields), ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {Decision._meta.db_table} ({names}) VALUES ({places})", fields  # noqa: S608 - names of our own model
