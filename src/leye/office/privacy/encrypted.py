"""Every encrypted column of the office: what a rotation re-encrypts. A test holds this list against all binary columns of all models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import DatabaseError, connection, models


@dataclass(frozen=True, slots=True)
class EncryptedColumn:
    """model: `app.Model` · aad: additional data of a row, from its primary key, as the writer of the column makes it."""

    purpose: str
    model: str
    column: str
    aad: Callable[[Any], bytes]

    @property
    def manager(self) -> models.Manager[Any]:
        """Rows of the model."""
        return apps.get_model(self.model)._default_manager


def uuid_bytes(name: UUID) -> bytes:
    """Additional data of a row that is called by a UUID: its 16 bytes."""
    return name.bytes


COLUMNS = [
    EncryptedColumn("decision_evidence", "decisions.Evidence", "sealed", uuid_bytes),
    EncryptedColumn("protected", "decisions.Protected", "sealed", uuid_bytes),
    EncryptedColumn("reads", "privacy.ReadAccess", "subject_sealed", uuid_bytes),
    EncryptedColumn("requests", "privacy.DataRequest", "words_sealed", uuid_bytes),
]


def register(column: EncryptedColumn) -> None:
    """Add a column; an app calls it in `AppConfig.ready`. Twice is once."""
    if column not in COLUMNS:
        COLUMNS.append(column)


def columns_of(purpose: str) -> list[EncryptedColumn]:
    """Columns that stand under the keys of a purpose."""
    return [column for column in COLUMNS if column.purpose == purpose]


def holds_ciphertext() -> bool:
    """Whether any row of this database is encrypted; a database without tables yet holds none."""
    try:
        tables = set(connection.introspection.table_names())
    except DatabaseError:
        return False
    return any(c.manager.exists() for c in COLUMNS if c.manager.model._meta.db_table in tables)
