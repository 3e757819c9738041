"""Rotation of field keys: a new key in front, every row encrypted anew in small transactions, old keys destroyed when nothing needs them.

Each step may be killed and is taken up again by the next call: the key file changes as a whole, a row stands under the old key or the new one, and
a key is destroyed only when no row uses it and its successor has been in force longer than any writer could hold the old ring in memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction

from leye.kernel.errors import BadInput
from leye.office.decisions.ledger import seal_event
from leye.office.decisions.models import SealedEvent
from leye.office.outbox.journal import audit, emit
from leye.office.privacy.encrypted import EncryptedColumn, columns_of, holds_ciphertext
from leye.office.privacy.keyring import PURPOSES, change_keys, first_keys, fresh_key, kept_keys, key_file, key_of, keyring
from leye.trust.privacy.fieldkeys import FieldDamaged, FieldKeys

BATCH = 500  # rows of a transaction; chosen by us: some 50 ms, so that no writer waits noticeably
GRACE = timedelta(hours=24)
"""How long an old key outlives its successor's first day: far longer than any transaction that began under it. Chosen by us."""


@dataclass(slots=True)
class Rotated:
    """What was done for one purpose. damaged: rows that did not open, as `table:key`; they were left as they are."""

    purpose: str
    new_key: str = ""
    rows: int = 0
    damaged: list[str] = field(default_factory=list)
    destroyed: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """JSON form; keys are named by their ids."""
        return {name: getattr(self, name) for name in ("purpose", "new_key", "rows", "damaged", "destroyed", "waiting")}


def rotate_keys(purpose: str, *, algorithm: str, at: datetime, finish_only: bool = False, grace: timedelta = GRACE) -> Rotated:
    """Rotate one purpose's keys, or finish a rotation that was cut off: while rows stand under older keys no further key is drawn.

    Raises BadInput on an unknown purpose or algorithm (E_KEY).
    """
    if purpose not in PURPOSES:
        raise BadInput(
            f"没有用途“{purpose}”",
            en=f"no purpose {purpose!r}",
            remedy_zh=f"可选：{'、'.join(PURPOSES)}",
            remedy_en=f"one of {PURPOSES}",
            code="E_KEY",
        )
    done = Rotated(purpose)
    if not finish_only and not rows_behind(purpose):
        done.new_key = draw_new(purpose, algorithm, at)
    reencrypt(purpose, done)
    destroy_unused(purpose, at, grace, done)
    _seal(done, at)
    return done


def draw_new(purpose: str, algorithm: str, at: datetime) -> str:
    """Put a fresh key in front; returns its id."""
    keyring(purpose)  # the purpose is in the file from here on
    row = fresh_key(algorithm) | {"since": at.isoformat()}
    change_keys(lambda kept: kept[purpose].insert(0, row))
    return key_of(row).key_id.hex()


def reencrypt(purpose: str, done: Rotated) -> None:
    """Every row of the purpose under the newest key, in the order of their primary keys."""
    for column in columns_of(purpose):
        last = None
        while (last := _batch(column, keyring(purpose), last, done)) is not None:
            pass


def destroy_unused(purpose: str, at: datetime, grace: timedelta, done: Rotated) -> None:
    """Take those old keys out of the file that no row uses and whose grace is over."""

    def drop(kept: dict[str, list[dict[str, str]]]) -> None:
        newest, *older = kept[purpose]
        left, since = [newest], newest.get("since", "")
        for row in older:
            key = key_of(row)
            is_due = bool(since) and at - datetime.fromisoformat(since) >= grace
            if is_due and not uses(purpose, key.head):
                done.destroyed.append(key.key_id.hex())
            else:
                left.append(row)
                done.waiting.append(key.key_id.hex())
            since = row.get("since", "") or since
        kept[purpose] = left

    change_keys(drop)


def rows_behind(purpose: str) -> int:
    """How many rows stand under older keys of the purpose."""
    return sum(uses(purpose, key_of(row).head) for row in kept_keys().get(purpose, [])[1:])


def uses(purpose: str, head: bytes) -> int:
    """How many rows stand under the key whose ciphertexts begin with `head`."""
    found = 0
    for column in columns_of(purpose):
        table, name = column.manager.model._meta.db_table, column.manager.model._meta.get_field(column.column).column
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE substr({name}, 1, %s) = %s", [len(head), head])  # noqa: S608 - names of our own models
            found += int(cursor.fetchone()[0])
    return found


def start_over(at: datetime) -> list[str]:
    """New keys for an installation that has lost its key file for good; returns the purposes. What was encrypted before never opens again.

    Raises BadInput (E_KEY) while there is a key file.
    """
    if key_file().exists():
        raise BadInput(
            "密钥文件还在，不能重来",
            en="there is a key file",
            remedy_zh="要换钥，去掉 --start-over",
            remedy_en="to rotate, leave --start-over away",
            code="E_KEY",
        )
    from leye.office.key_files import key_text

    was_encrypted = holds_ciphertext()
    key_text(key_file(), first_keys)
    with transaction.atomic():
        sealed = seal_event("keys.started_over", at=at, lost=was_encrypted)
        audit("keys.started_over", on=SealedEvent.objects.get(pk=sealed.decision_id), by=None, at=at)
        emit("keys.started_over", at=at)
    return list(PURPOSES)


def _batch(column: EncryptedColumn, ring: FieldKeys, after: object, done: Rotated) -> object:
    """One transaction: the next rows, locked, encrypted anew where they are not current; returns the last primary key, None at the end."""
    with transaction.atomic():
        found = column.manager.select_for_update().order_by("pk")
        rows = list((found if after is None else found.filter(pk__gt=after)).values_list("pk", column.column)[:BATCH])
        fresh = [(name, new) for name, old in rows if (new := _anew(column, ring, name, bytes(old), done)) is not None]
        _write(column, fresh)
        done.rows += len(fresh)
    return rows[-1][0] if rows else None


def _anew(column: EncryptedColumn, ring: FieldKeys, name: object, old: bytes, done: Rotated) -> bytes | None:
    if ring.is_current(old):
        return None
    try:
        return ring.reencrypt(old, column.aad(name))
    except FieldDamaged:
        done.damaged.append(f"{column.manager.model._meta.db_table}:{name}")
        return None


def _write(column: EncryptedColumn, fresh: list[tuple[object, bytes]]) -> None:
    """By plain statements: only this column changes, whatever a model's `save` allows."""
    meta = column.manager.model._meta
    statement = f"UPDATE {meta.db_table} SET {meta.get_field(column.column).column} = %s WHERE {meta.pk.column} = %s"  # noqa: S608
    if fresh:
        with connection.cursor() as cursor:
            cursor.executemany(statement, [(new, meta.pk.get_db_prep_save(name, connection)) for name, new in fresh])


def _seal(done: Rotated, at: datetime) -> None:
    if not (done.new_key or done.rows or done.destroyed):
        return
    with transaction.atomic():
        sealed = seal_event(
            "keys.rotated", at=at, purpose=done.purpose, key=done.new_key or None, rows=done.rows, destroyed=done.destroyed, damaged=len(done.damaged)
        )
        audit("keys.rotated", on=SealedEvent.objects.get(pk=sealed.decision_id), by=None, at=at, purpose=done.purpose, rows=done.rows)
        emit("keys.rotated", at=at, purpose=done.purpose, rows=done.rows)
