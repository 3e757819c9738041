"""Logs for tests: made on either engine, sealed in batches under signed heads, and a file of heads beside them."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from leye.trust.checkpoints import Checkpoint, sign_checkpoint
from leye.trust.log import GUARDS, SCHEMA, UNGUARD, Log, Verdict, verify_log
from leye.trust.notes import SigningKey, VerifierKey
from leye.trust.receipts import make_receipt

KEY = SigningKey.draw("log.test/decisions", hashlib.sha256(b"a log key for tests").digest())
OTHER = SigningKey.draw("log.test/decisions", hashlib.sha256(b"another key of the same name").digest())


def record(number: int) -> bytes:
    """Bytes like a sealed decision's, none like another."""
    return b'{"id":%d,"outcome":"offered","algo":"dispatch","salted":"%s"}' % (number, hashlib.sha256(b"%d" % number).hexdigest().encode())


class Sealed:
    """A log with its file of heads. On SQLite a file, on PostgreSQL a schema of its own."""

    def __init__(self, connection: Any, vendor: str, heads: Path, key: SigningKey = KEY) -> None:
        self.connection, self.vendor, self.heads, self.key = connection, vendor, heads, key
        self.log = Log(connection, vendor)

    def make(self) -> Sealed:
        """Tables and guards."""
        with self.transaction():
            for statement in [*SCHEMA[self.vendor], *GUARDS[self.vendor]]:
                self.connection.execute(statement)
        return self

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """As the office does: the caller begins and ends."""
        if self.vendor == "postgresql":
            with self.connection.transaction():
                yield
            return
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def seal(self, records: Sequence[bytes]) -> range:
        """One batch, its head signed inside the transaction and copied to the file after it."""
        with self.transaction():
            places = self.log.append(records)
            note = self.head()
            self.log.add_checkpoint(note)
        with self.heads.open("a", encoding="utf-8") as stream:
            stream.write("\n\n" + note)
        return places

    def head(self) -> str:
        """The signed head over all there is."""
        size = self.log.size()
        return sign_checkpoint(Checkpoint(self.key.name, size, self.log.root(size)), [self.key])

    def fill(self, *batches: int) -> Sealed:
        """Batches of so many records, numbered on."""
        for count in batches:
            start = self.log.size()
            self.seal([record(number) for number in range(start, start + count)])
        return self

    def verdict(self, *witnesses: str, keys: Sequence[VerifierKey] = (KEY.verifier,)) -> Verdict:
        """Re-audit in one view."""
        self.connection.execute("BEGIN" if self.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            return verify_log(self.connection, self.vendor, keys=keys, checkpoint_file=self.heads, witnesses=witnesses)
        finally:
            self.connection.execute("ROLLBACK")

    def receipt(self, index: int) -> str:
        """Under the newest head."""
        note = self.log.newest_checkpoint()
        assert note is not None
        size = int(note.split("\n")[1])
        return make_receipt(self.log.record(index), index, self.log.inclusion_proof(index, size), note)

    def attack(self, *statements: str, values: Sequence[object] = ()) -> None:
        """What somebody with the database may do: the guards are dropped first."""
        with self.transaction():
            for statement in [*UNGUARD[self.vendor], *statements]:
                holds = "?" in statement
                self.connection.execute(statement if self.vendor == "sqlite" else statement.replace("?", "%s"), values if holds else ())


def sqlite_log(folder: Path, name: str = "log.sqlite3", *, key: SigningKey = KEY) -> Sealed:
    """On a file as the office sets it: write-ahead log, every commit on the disk."""
    connection = sqlite3.connect(folder / name, isolation_level=None, timeout=30)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return Sealed(connection, "sqlite", folder / f"{name}.heads.txt", key)


def postgres_log(url: str, schema: str, folder: Path, *, key: SigningKey = KEY) -> Sealed:
    """In a schema of its own on the private server."""
    import psycopg

    connection = psycopg.connect(url, autocommit=True)
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    connection.execute(f"SET search_path TO {schema}")
    return Sealed(connection, "postgresql", folder / f"{schema}.heads.txt", key)
