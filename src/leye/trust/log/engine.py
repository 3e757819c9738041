"""What differs between SQLite and PostgreSQL, and nothing else."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from leye.trust.log.schema import MORE_THAN_ONE_SIGNATURE

_cursor_names = itertools.count()
_ORDER_LOCK = 0x1E7E106  # chosen by us: the number of the log's advisory lock


class Engine:
    """SQLite through the sqlite3 module; the connection has begun a transaction by itself or by its owner's BEGIN IMMEDIATE."""

    errors: tuple[type[Exception], ...] = (sqlite3.DatabaseError,)
    """What the engine raises when it cannot read."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def run(self, statement: str, values: Sequence[object] = ()) -> Any:
        """A cursor over one statement; `?` stands for a value on both engines."""
        return self.connection.execute(statement, values)

    def lock(self) -> None:
        """Raises RuntimeError when no transaction is open."""
        if not self.connection.in_transaction:
            raise RuntimeError("the log writes inside a transaction of its caller")

    def size(self) -> int:
        """Number of leaves, by the highest index."""
        found = self.run("SELECT max(idx) FROM trust_leaf").fetchone()[0]
        return 0 if found is None else int(found) + 1

    def insert_records(self, start: int, records: Sequence[bytes]) -> None:
        """Rows from `start` on."""
        self.connection.executemany("INSERT INTO trust_leaf (idx, record) VALUES (?, ?)", enumerate(records, start))

    def record(self, index: int) -> bytes | None:
        """One row."""
        return self._bytes("SELECT record FROM trust_leaf WHERE idx = ?", (index,))

    def tile(self, level: int, index: int) -> bytes | None:
        """One tile's hashes."""
        return self._bytes("SELECT hashes FROM trust_tile WHERE level = ? AND idx = ?", (level, index))

    def write_tiles(self, level: int, first: int, tiles: Sequence[bytes], *, grows: bool) -> None:
        """Write neighbouring tiles; the first one is there already when `grows`."""
        if grows:
            self.run("UPDATE trust_tile SET hashes = ? WHERE level = ? AND idx = ?", (tiles[0], level, first))
        fresh = [(level, first + place, tile) for place, tile in enumerate(tiles) if place or not grows]
        if fresh:
            self._many("INSERT INTO trust_tile (level, idx, hashes) VALUES (?, ?, ?)", fresh)

    def newest_checkpoint(self) -> str | None:
        """The note over most leaves, the last of equals."""
        return self._text("SELECT note FROM trust_checkpoint ORDER BY size DESC, id DESC LIMIT 1", ())

    def newest_cosigned(self, index: int) -> str | None:
        """The same among those that cover leaf `index` and bear more than one signature."""
        condition = f"size > ? AND {MORE_THAN_ONE_SIGNATURE}"
        return self._text(f"SELECT note FROM trust_checkpoint WHERE {condition} ORDER BY size DESC, id DESC LIMIT 1", (index,))  # noqa: S608

    def add_checkpoint(self, size: int, note: str) -> None:
        """One more."""
        self.run("INSERT INTO trust_checkpoint (size, note) VALUES (?, ?)", (size, note))

    def stream(self, statement: str, step: int = 4096) -> Iterator[list[Any]]:
        """Lists of at most `step` rows, without holding the table in memory."""
        cursor = self.run(statement)
        while rows := cursor.fetchmany(step):
            yield rows

    def readable_rows(self, start: int) -> int:
        """How many rows of the next 256 can still be read, after reading them at once has failed; 0 when all can, and it was a tile that failed."""
        count = 0
        try:
            for _row in self.run("SELECT idx, record FROM trust_leaf WHERE idx >= ? ORDER BY idx LIMIT 256", (start,)):
                count += 1
        except self.errors:
            return count
        return 0

    def _many(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        self.connection.executemany(statement, rows)

    def _text(self, statement: str, values: Sequence[object]) -> str | None:
        found = self.run(statement, values).fetchone()
        return None if found is None else str(found[0])

    def _bytes(self, statement: str, values: Sequence[object]) -> bytes | None:
        found = self.run(statement, values).fetchone()
        return None if found is None else as_bytes(found[0])


class Postgres(Engine):
    """PostgreSQL through psycopg 3."""

    def __init__(self, connection: Any) -> None:
        import psycopg

        super().__init__(connection)
        self.errors = (psycopg.DatabaseError,)

    def run(self, statement: str, values: Sequence[object] = ()) -> Any:
        """As on SQLite."""
        return self.connection.execute(statement.replace("?", "%s"), values or None)

    def lock(self) -> None:
        """An advisory lock, given back at commit or rollback. Raises RuntimeError when no transaction is open."""
        if self.connection.autocommit and self.connection.info.transaction_status == 0:
            raise RuntimeError("the log writes inside a transaction of its caller")
        self.run("SELECT pg_advisory_xact_lock(?)", (_ORDER_LOCK,))

    def insert_records(self, start: int, records: Sequence[bytes]) -> None:
        """COPY in binary: half the time of INSERT from a few rows on."""
        with self.connection.cursor() as cursor, cursor.copy("COPY trust_leaf (idx, record) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["int8", "bytea"])
            for row in enumerate(records, start):
                copy.write_row(row)

    def readable_rows(self, start: int) -> int:
        """None: the first error has ended the transaction."""
        return 0

    def stream(self, statement: str, step: int = 4096) -> Iterator[list[Any]]:
        """A cursor on the server. Needs a transaction, or WITH HOLD, which would copy the table."""
        with self.connection.cursor(name=f"trust_log_{next(_cursor_names)}") as cursor:
            cursor.itersize = step
            cursor.execute(statement)
            while rows := cursor.fetchmany(step):
                yield rows

    def _many(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(statement.replace("?", "%s"), rows)


def engine_of(connection: Any, vendor: str) -> Engine:
    """The engine for a connection. Raises ValueError on another vendor."""
    if vendor == "sqlite":
        return Engine(connection)
    if vendor == "postgresql":
        return Postgres(connection)
    raise ValueError(f"the log runs on sqlite and postgresql, not on {vendor}")


def as_bytes(value: object) -> bytes | None:
    """What an attacker may have put into a blob column is no reason to fail: text becomes its bytes, anything else nothing."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else None
