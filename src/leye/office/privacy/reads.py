"""Reads of personal data, each bound to a purpose: cut to what the purpose needs, recorded, sealed.

What is recorded says who, when, why and which columns, never a value. Whose data it was stands there twice: as a keyed pseudonym, by which the
person finds it, and encrypted, so that people can be told after an incident; a copied table alone names nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from leye.kernel.clock import BEIJING
from leye.kernel.codes import region_code
from leye.kernel.decision import Subject
from leye.kernel.errors import NotAllowed
from leye.office.accounts.models import User
from leye.office.decisions.subjects import subject_key, subject_of
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found
from leye.office.privacy.keyring import keyring
from leye.office.privacy.models import ReadAccess
from leye.trust.privacy.purposes import OWN_DATA, Purpose, purpose_called
from leye.trust.record import canonical_json, instant_text

OWN = OWN_DATA


def read_file(person_id: str, purpose: str, user: User, at: datetime, *, columns: Sequence[str] | None = None) -> dict[str, Any]:
    """The person's row of the city's table, cut to the purpose's columns (or to those asked for), after the read was recorded.

    Raises BadInput (E_PURPOSE) on a purpose that is not declared, NotAllowed (E_PURPOSE_ROLE, E_PURPOSE_COLUMN), NotFound when there is no such
    person or, for a purpose that is bound to the reader's district, none there.
    """
    why = purpose_called(purpose)
    why.admit(user.role)
    if why.source != "file":
        raise _reads_no_file(why)
    wanted = why.cut(tuple(columns) if columns is not None else None)
    if why.code == OWN and (not user.subject or user.subject != person_id):
        raise not_found()
    row = file_row(person_id, (*wanted, "region"))
    region = region_of(row) if row is not None else ""
    if row is None or (why.is_bound and user.region and region != user.region):
        raise not_found()
    _record(user, subject_of(person_id), why, wanted, at, region)
    return {name: row[name] for name in wanted}


def read_list(person_ids: Sequence[str], purpose: str, user: User, at: datetime) -> dict[str, dict[str, Any]]:
    """Rows of several persons cut to the purpose's columns, by id; each person's read is recorded once a day, reader and purpose.

    For lists that somebody works through and reloads: a record a reload would bury the reads that matter. Persons that are not there, or outside the
    reader's district where the purpose is bound to it, are left out. Raises BadInput (E_PURPOSE), NotAllowed (E_PURPOSE_ROLE).
    """
    why = purpose_called(purpose)
    why.admit(user.role)
    wanted = why.cut(None)
    found = file_rows(person_ids, (*wanted, "region"))
    rows = {k: r for k, r in found.items() if not (why.is_bound and user.region and region_of(r) != user.region)}
    keys = {name: subject_key(subject_of(name)) for name in rows}
    midnight = at.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    today = ReadAccess.objects.filter(reader=user, purpose=why.code, at__gte=midnight, subject_key__in=list(keys.values()))
    recorded = set(today.values_list("subject_key", flat=True))
    with transaction.atomic():
        for name, row in rows.items():
            if keys[name] not in recorded:
                _record(user, subject_of(name), why, wanted, at, region_of(row))
    return {name: {column: row[column] for column in wanted} for name, row in rows.items()}


def log_read(user: Any, subject: Subject, purpose: str, columns: Sequence[str], at: datetime) -> None:
    """Record a read that another room does: replay, review, an objection. A series is nobody, and is not recorded.

    Raises BadInput (E_PURPOSE), NotAllowed (E_PURPOSE_ROLE); then nothing may be shown.
    """
    why = purpose_called(purpose)
    why.admit(user.role)
    if subject.kind == "series":
        return
    region = ""
    if subject.kind == "person" and (row := file_row(subject.id, ("region",))) is not None:
        region = region_of(row)
    _record(user, subject, why, tuple(columns), at, region)


def file_row(person_id: str, columns: Sequence[str]) -> dict[str, Any] | None:
    """Those columns of one person, None when the city has no such person or there is no city. Whoever calls this records the read.

    A column that this city's table does not have is unknown of everybody: None.
    """
    return file_rows([person_id], columns).get(person_id)


def file_rows(person_ids: Sequence[str], columns: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The same of several persons by id, in one scan; those who are not there are absent."""
    import polars as pl

    file = people_file()
    if not person_ids or not file.exists():
        return {}
    table = pl.scan_parquet(file)
    there = [name for name in dict.fromkeys(columns) if name in table.collect_schema().names()]
    is_wanted = pl.col("person_id").is_in(list(person_ids))
    found = table.filter(is_wanted).select("person_id", *(n for n in there if n != "person_id")).collect()
    return {row["person_id"]: dict.fromkeys(columns) | row for row in found.iter_rows(named=True)}


def people_file() -> Path:
    """The city's people."""
    return Path(settings.LEYE_DATA) / "city" / "people.parquet"


def _record(user: User, subject: Subject, why: Purpose, columns: Sequence[str], at: datetime, region: str) -> ReadAccess:
    from leye.office.decisions.ledger import new_id, seal_event

    name = new_id(at)
    row = ReadAccess(
        id=name,
        at=at,
        reader=user,
        reader_role=user.role,
        reader_region=user.region,
        subject_kind=subject.kind,
        subject_key=subject_key(subject),
        subject_sealed=keyring("reads").encrypt(f"{subject.kind}:{subject.id}".encode(), name.bytes),
        region=region,
        purpose=why.code,
        columns=list(columns),
    )
    with transaction.atomic():
        row.leaf_index = seal_event("file.read", at=at, read_id=name, purpose=why.code, sha256=digest_of(row)).leaf_index
        row.save(force_insert=True)
        audit("file.read", on=row, by=user, at=at, purpose=why.code, columns=len(row.columns))
        emit("file.read", at=at, read_id=name, purpose=why.code)
    return row


def digest_of(row: ReadAccess) -> str:
    """What the leaf holds of a read: a hash over everything that is recorded. The pseudonym in it has 256 unknown bits, so nobody guesses whom."""
    said = {
        "id": str(row.id),
        "at": instant_text(row.at),
        "reader": row.reader_id,
        "role": row.reader_role,
        "reader_region": row.reader_region,
        "subject": [row.subject_kind, row.subject_key],
        "region": row.region,
        "purpose": row.purpose,
        "columns": row.columns,
    }
    return hashlib.sha256(canonical_json(said)).hexdigest()


def region_of(row: dict[str, Any]) -> str:
    """District of a person's row in six digits, empty when unknown; the table holds the prefix form."""
    return (region_code(row["region"]) or "") if row.get("region") else ""


def _reads_no_file(why: Purpose) -> NotAllowed:
    return NotAllowed(
        f"“{why.zh}”不读个人档案",
        en=f"purpose {why.code} reads no personal file",
        remedy_zh="换一个读档案的用途",
        remedy_en="name a purpose that reads files",
        code="E_PURPOSE_COLUMN",
    )
