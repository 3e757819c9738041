"""The register of a demo, installed once a worker and copied into each test's own database: reading eleven cards takes a second and a half."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

NOT_COPIED = ("sqlite_sequence", "registry_revision")
Rows = tuple[list[str], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Installed:
    """What the installation left: rows by table, the files of the key that signed the log, the hash of the code that was installed."""

    tables: dict[str, Rows]
    keys: dict[str, bytes]
    installed: str


_installed: dict[datetime, Installed] = {}


def install_register(at: datetime) -> None:
    """The shipped cards running, signed by the two accounts that may.

    Copied as rows into a database that is still empty; installed as the product does it where ids are taken already.
    """
    from leye.office.registry.models import Revision

    before = _rows()
    keys = Path(settings.LEYE_KEYS)
    can_copy = not keys.exists() and not any(before[table][1] for table in ("accounts_user", "trust_leaf"))
    if can_copy and at in _installed:
        _copy(_installed[at], keys)
        return
    _install(at)
    if can_copy:
        new = {table: rows for table, rows in _rows().items() if rows != before[table] and table not in NOT_COPIED}
        _installed[at] = Installed(new, {file.name: file.read_bytes() for file in keys.iterdir()}, Revision.objects.get().installed)


def _install(at: datetime) -> None:
    from leye.office.accounts.models import User
    from leye.office.registry.actions import install_cards

    for role, mandate in (("admin", ""), ("auditor", "职工代表")):
        User.objects.get_or_create(username=role, defaults={"role": role, "display_name": role, "mandate": mandate, "is_demo": True})
    install_cards(at, demo=True)


def _rows() -> dict[str, Rows]:
    """Everything that is stored, the log's tables included, of which Django knows nothing."""
    found: dict[str, Rows] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = ([column[0] for column in cursor.description], cursor.fetchall())
    return found


def _copy(kept: Installed, keys: Path) -> None:
    """Put rows and keys back. The revision is a new one: processes remember the register by its token."""
    from leye.office.registry.models import Revision

    keys.mkdir(parents=True)
    for name, content in kept.keys.items():
        (keys / name).write_bytes(content)
        (keys / name).chmod(0o600)
    given = "OVERRIDING SYSTEM VALUE" if connection.vendor == "postgresql" else ""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, rows) in kept.tables.items():
            names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) {given} VALUES ({marks})', rows)
            if connection.vendor == "postgresql" and "id" in columns:
                _count_on(cursor, table)
        Revision.renew()
        Revision.objects.update(installed=kept.installed)


def _count_on(cursor: Any, table: str) -> None:
    """The next id after those that were copied, where ids are counted."""
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
    (sequence,) = cursor.fetchone()
    if sequence:
        cursor.execute(f'SELECT setval(%s, max(id)) FROM "{table}"', [sequence])
