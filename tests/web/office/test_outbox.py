"""Audit and events: inside the transaction or not at all; the audit only grows; a day becomes a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import DatabaseError, connection, transaction

from leye.kernel.errors import NotAllowed
from leye.office.outbox.journal import audit, emit
from leye.office.outbox.models import AuditEntry, OutboxEvent
from leye.office.outbox.to_lake import write_days

AT = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_an_undone_change_leaves_neither_audit_nor_event(user_of: Callable[..., Any]) -> None:
    user = user_of("analyst")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit("x.done", on=user, by=user, at=AT)
        emit("x.done", at=AT)
        raise ZeroDivisionError
    assert (AuditEntry.objects.count(), OutboxEvent.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_both_refuse(user_of: Callable[..., Any]) -> None:
    user = user_of("analyst")
    with pytest.raises(RuntimeError):
        audit("x.done", on=user, by=user, at=AT)
    with pytest.raises(RuntimeError):
        emit("x.done", at=AT)


@pytest.mark.django_db
def test_the_model_refuses_to_change_an_entry(user_of: Callable[..., Any]) -> None:
    user = user_of("analyst")
    entry = audit("x.done", on=user, by=user, at=AT)
    entry.verb = "x.undone"
    with pytest.raises(NotAllowed):
        entry.save()
    with pytest.raises(NotAllowed):
        entry.delete()


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE outbox_auditentry SET verb = 'x'", "DELETE FROM outbox_auditentry"])
def test_the_database_refuses_it_too(user_of: Callable[..., Any], statement: str) -> None:
    user = user_of("analyst")
    audit("x.done", on=user, by=user, at=AT)
    with pytest.raises(DatabaseError, match="the audit can only grow"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().verb == "x.done"


@pytest.mark.django_db
def test_a_file_for_each_beijing_day(tmp_path: Path) -> None:
    evening, after_midnight = datetime(2025, 8, 31, 15, 59, tzinfo=UTC), datetime(2025, 8, 31, 16, 0, tzinfo=UTC)
    for at in (evening, after_midnight):
        emit("x.done", at=at, n=1)
    assert [f.name for f in write_days(tmp_path, at=AT)] == ["2025-08-31.parquet", "2025-09-01.parquet"]
    table = pl.read_parquet(tmp_path / "events" / "2025-08-31.parquet")
    assert table.select("name", "payload").rows() == [("x.done", '{"n": 1}')]
    assert table["at"].to_list() == [evening]


@pytest.mark.django_db
def test_the_newest_day_is_completed_and_older_ones_are_left(tmp_path: Path) -> None:
    emit("x.one", at=AT)
    write_days(tmp_path, at=AT)
    emit("x.two", at=AT + timedelta(hours=3))
    emit("x.three", at=AT + timedelta(days=2))
    written = write_days(tmp_path, at=AT + timedelta(days=2))
    assert [f.stem for f in written] == ["2025-09-01", "2025-09-03"], "a day without events has no file"
    assert pl.read_parquet(written[0])["name"].to_list() == ["x.one", "x.two"]
    assert [f.stem for f in write_days(tmp_path, at=AT + timedelta(days=2))] == ["2025-09-03"]
