"""Our own log: appends, proofs, paths verified, receipts checked, the whole re-audited."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from records import BYTES, batches, record

from leye.trust.checkpoints import Checkpoint, sign_checkpoint
from leye.trust.log import GUARDS, SCHEMA, Log, tiles, verify_log
from leye.trust.merkle import leaf_hash
from leye.trust.notes import SigningKey
from leye.trust.proofs import verify_inclusion
from leye.trust.receipts import check_receipt, make_receipt

KEY = SigningKey.draw("bench.local/log", bytes(32))


def clocked(work: Callable[[], object]) -> dict[str, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}


def durable(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def head(log: Log) -> str:
    size = log.size()
    return sign_checkpoint(Checkpoint(KEY.name, size, log.root(size)), [KEY])


def bare(folder: Path, made: Sequence[list[bytes]], number: int) -> dict[str, float]:
    """The same rows and nothing else: what the disk asks for."""
    connection = durable(folder / f"bare{number}.sqlite3")
    connection.execute("CREATE TABLE trust_leaf (idx INTEGER PRIMARY KEY, record BLOB NOT NULL)")

    def work() -> None:
        start = 0
        for batch in made:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO trust_leaf VALUES (?, ?)", enumerate(batch, start))
            connection.execute("COMMIT")
            start += len(batch)

    return clocked(work)


def append(folder: Path, made: Sequence[list[bytes]], number: int, *, signed: bool) -> dict[str, float]:
    connection = durable(folder / f"ours{number}{signed}.sqlite3")
    for statement in [*SCHEMA["sqlite"], *GUARDS["sqlite"]]:
        connection.execute(statement)
    log = Log(connection, "sqlite")

    def work() -> None:
        for batch in made:
            connection.execute("BEGIN IMMEDIATE")
            log.append(batch)
            if signed:
                log.add_checkpoint(head(log))
            connection.execute("COMMIT")

    return clocked(work)


def append_postgres(url: str, made: Sequence[list[bytes]], number: int, *, only_rows: bool) -> dict[str, float]:
    """Our process's CPU alone; the server's is its own."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        schema = f"bench{number}{'rows' if only_rows else 'log'}"
        connection.execute(f"CREATE SCHEMA {schema}")
        connection.execute(f"SET search_path TO {schema}")
        for statement in [*SCHEMA["postgresql"], *([] if only_rows else GUARDS["postgresql"])]:
            connection.execute(statement)
        log = Log(connection, "postgresql")

        def work() -> None:
            start = 0
            for batch in made:
                with connection.transaction():
                    if only_rows:
                        log._engine.insert_records(start, batch)
                    else:
                        log.append(batch)
                start += len(batch)

        return clocked(work)


def large(folder: Path, leaves: int) -> tuple[sqlite3.Connection, Log, Path]:
    """A log under a head every 256 leaves, as the office would have sealed it, and the file of its heads."""
    connection, heads = durable(folder / "large.sqlite3"), folder / "heads.txt"
    for statement in [*SCHEMA["sqlite"], *GUARDS["sqlite"]]:
        connection.execute(statement)
    log = Log(connection, "sqlite")
    with heads.open("w", encoding="utf-8") as stream:
        connection.execute("BEGIN")
        for batch in batches(leaves, 256):
            log.append(batch)
            note = head(log)
            log.add_checkpoint(note)
            stream.write("\n\n" + note)
        connection.execute("COMMIT")
    return connection, log, heads


def proofs(log: Log, leaves: int, count: int) -> tuple[dict[str, Any], list[list[bytes]], list[int]]:
    dice = random.Random(7)
    places = [dice.randrange(leaves) for _ in range(count)]
    held: list[list[bytes]] = []
    tiles._inner_nodes.cache_clear()
    cold = clocked(lambda: [log.inclusion_proof(place, leaves) for place in places])
    for place in range(0, leaves, 256):  # every tile once, as a server that has run for a while
        log.inclusion_proof(place, leaves)
    warm = clocked(lambda: held.extend(log.inclusion_proof(place, leaves) for place in places))
    return {"cold": cold, "warm": warm}, held, places


def verify(log: Log, leaves: int, held: Sequence[list[bytes]], places: Sequence[int]) -> dict[str, dict[str, float]]:
    root, hashes = log.root(leaves), [leaf_hash(record(place)) for place in places]
    note = head(log)
    receipts = [make_receipt(record(place), place, proof, note) for place, proof in zip(places[:2000], held, strict=False)]
    keys = [KEY.verifier]
    return {
        "paths": clocked(lambda: [verify_inclusion(p, leaves, h, proof, root) for p, h, proof in zip(places, hashes, held, strict=True)]),
        "receipts": clocked(lambda: [check_receipt(receipt, keys) for receipt in receipts]),
    }


def audit(connection: sqlite3.Connection, heads: Path) -> dict[str, float]:
    def work() -> None:
        connection.execute("BEGIN")
        verdict = verify_log(connection, "sqlite", keys=[KEY.verifier], checkpoint_file=heads)
        connection.execute("ROLLBACK")
        assert verdict.ok, verdict

    return clocked(work)


__all__ = ["BYTES", "append", "append_postgres", "audit", "bare", "large", "proofs", "verify"]
