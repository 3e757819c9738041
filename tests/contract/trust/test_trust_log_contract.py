"""The same log on SQLite and on PostgreSQL: appended, proved, guarded, locked, and equal to the slow tree."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from leye.kernel.errors import CheckFailed, NotFound
from leye.trust import merkle
from leye.trust.log import SCHEMA, UNGUARD, LogDamaged, RecordTooLarge
from leye.trust.proofs import verify_consistency, verify_inclusion
from leye.trust.receipts import check_receipt
from tests_support.trust_log import KEY, Sealed, postgres_log, record, sqlite_log

_schemas = itertools.count()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Sealed]]:
    """`opened()` is a connection to one log; twice: two connections."""
    made: list[Sealed] = []
    if request.param == "postgresql":
        url, schema = request.getfixturevalue("postgres_url"), f"log_{os.getpid()}_{next(_schemas)}"

    def connect() -> Sealed:
        made.append(sqlite_log(tmp_path) if request.param == "sqlite" else postgres_log(url, schema, tmp_path))
        return made[-1]

    yield connect
    for one in made:
        one.connection.close()


@pytest.fixture
def log(opened: Callable[[], Sealed]) -> Sealed:
    return opened().make()


def test_it_grows_as_the_slow_tree_does(log: Sealed):
    leaves: list[bytes] = []
    for count in (1, 1, 3, 250, 1, 1, 256, 700, 44):
        start = len(leaves)
        records = [record(n) for n in range(start, start + count)]
        assert log.seal(records) == range(start, start + count)
        leaves += [merkle.leaf_hash(r) for r in records]
        assert log.log.size() == len(leaves)
        assert log.log.root() == merkle.tree_root(leaves)
    assert log.log.record(0) == record(0)
    assert log.log.record(1000) == record(1000)


def test_proofs_are_those_of_the_slow_tree_at_every_size_it_ever_had(log: Sealed):
    log.fill(300, 230)
    leaves = [merkle.leaf_hash(record(n)) for n in range(530)]
    for size in (1, 2, 3, 7, 8, 255, 256, 257, 300, 511, 512, 513, 530):
        root = merkle.tree_root(leaves[:size])
        assert log.log.root(size) == root
        for index in {0, size // 3, size // 2, size - 1}:
            proof = log.log.inclusion_proof(index, size)
            assert proof == merkle.audit_path(leaves[:size], index)
            verify_inclusion(index, size, leaves[index], proof, root)
        for old in {1, 2, 3, size // 2, 256, size - 1, size}:
            if 0 < old <= size:
                proof = log.log.consistency_proof(old, size)
                assert proof == merkle.consistency_path(leaves[:size], old)
                verify_consistency(old, size, proof, log.log.root(old), root)


def test_a_receipt_from_the_log_is_sound(log: Sealed):
    log.fill(300)
    assert check_receipt(log.receipt(299), [KEY.verifier]).record == record(299)


def test_nothing_is_kept_of_a_transaction_that_fails(log: Sealed):
    log.fill(255)
    with pytest.raises(ZeroDivisionError), log.transaction():
        log.log.append([b"lost", b"too"])
        assert log.log.size() == 257
        raise ZeroDivisionError
    assert log.log.size() == 255
    log.fill(2)  # fills the tile again with other leaves: nothing remembered of the lost ones may answer
    assert log.log.root() == merkle.tree_root([merkle.leaf_hash(record(n)) for n in range(257)])
    assert log.verdict().ok


def test_writing_outside_a_transaction_is_refused(log: Sealed):
    with pytest.raises(RuntimeError):
        log.log.append([b"alone"])


def test_a_record_of_65535_bytes_is_the_largest_and_a_refused_batch_leaves_nothing(log: Sealed):
    log.seal([b"x" * 65_535])
    with pytest.raises(RecordTooLarge), log.transaction():
        log.log.append([b"small", b"x" * 65_536])
    assert log.log.size() == 1


def test_an_empty_record_and_an_empty_batch(log: Sealed):
    assert log.log.root() == merkle.EMPTY_ROOT
    with log.transaction():
        assert log.log.append([]) == range(0)
        assert log.log.append([b""]) == range(1)
    assert log.log.root() == merkle.leaf_hash(b"")


@pytest.mark.parametrize(("index", "size"), [(5, 5), (-1, 5), (0, 6), (0, 0)])
def test_no_proof_of_what_is_not_there(log: Sealed, index: int, size: int):
    log.fill(5)
    with pytest.raises(ValueError, match=r"leaf|leaves"):
        log.log.inclusion_proof(index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 5), (4, 3), (1, 6), (-1, 5)])
def test_no_consistency_of_what_is_not_there(log: Sealed, old: int, new: int):
    log.fill(5)
    with pytest.raises(ValueError, match=r"proof|leaves"):
        log.log.consistency_proof(old, new)


def test_a_missing_row_is_told_kindly(log: Sealed):
    with pytest.raises(NotFound):
        log.log.record(0)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trust_leaf SET record = record WHERE idx = 1",
        "DELETE FROM trust_leaf WHERE idx = 1",
        "UPDATE trust_checkpoint SET size = 1",
        "DELETE FROM trust_checkpoint",
        "DELETE FROM trust_tile",
        "UPDATE trust_tile SET hashes = substr(hashes, 1, 32)",
        "UPDATE trust_tile SET idx = 7",
        "INSERT INTO trust_leaf (idx, record) SELECT -1, record FROM trust_leaf WHERE idx = 0",
    ],
)
def test_guards_refuse_all_but_growth(log: Sealed, statement: str):
    log.fill(3)
    with pytest.raises(Exception, match=r"only grow|CHECK|check"), log.transaction():
        log.connection.execute(statement)
    assert log.verdict().ok


@pytest.mark.parametrize("table", ["trust_leaf", "trust_tile", "trust_checkpoint"])
def test_replacing_and_truncating_are_refused_too(log: Sealed, table: str):
    log.fill(3)
    statement = f"TRUNCATE {table}" if log.vendor == "postgresql" else f"REPLACE INTO {table} SELECT * FROM {table}"
    with pytest.raises(Exception, match="only grow"), log.transaction():
        log.connection.execute(statement)


def test_guards_come_off_for_tests_that_empty_the_tables(log: Sealed):
    log.fill(3)
    log.attack("DELETE FROM trust_leaf", "DELETE FROM trust_tile", "DELETE FROM trust_checkpoint")
    assert log.log.size() == 0
    assert set(SCHEMA) == set(UNGUARD) == {"sqlite", "postgresql"}


def test_a_damaged_tile_stops_the_writer(log: Sealed):
    log.fill(10)
    log.attack("UPDATE trust_tile SET hashes = substr(hashes, 1, 288)")
    with pytest.raises(LogDamaged), log.transaction():
        log.log.append([b"on sand"])
    with pytest.raises(LogDamaged):
        log.log.root()


def test_the_newest_head_is_the_largest_and_a_cosigned_one_comes_last(log: Sealed):
    assert log.log.newest_checkpoint() is None
    log.fill(3, 2)
    head = log.head()
    assert log.log.newest_checkpoint() == head
    cosigned = head + "— witness.test/w AAAAAAAA\n"
    with log.transaction():
        log.log.add_checkpoint(cosigned)
    assert log.log.newest_checkpoint() == cosigned
    assert log.log.checkpoint_covering(4) == cosigned
    assert log.log.checkpoint_covering(5) is None
    log.fill(1)
    assert log.log.checkpoint_covering(4) == cosigned, "what a witness signed is worth more than what is newer"
    assert log.log.checkpoint_covering(5) == log.head()


def test_a_head_of_another_tree_is_not_kept(log: Sealed):
    log.fill(3)
    head = log.head()
    log.fill(1)
    false = log.head().replace("\n4\n", "\n3\n", 1)
    for note in (false, head.replace("\n3\n", "\n9\n", 1)):
        with pytest.raises(CheckFailed, match="E_CHECKPOINT"), log.transaction():
            log.log.add_checkpoint(note)


def _append_many(connect: Callable[[], Sealed], batches: int, mark: bytes) -> None:
    one = connect()
    for number in range(batches):
        one.seal([b"%s-%d-%d" % (mark, number, part) for part in range(7)])
    one.connection.close()


def test_two_processes_append_at_once_and_nothing_is_lost(log: Sealed, opened: Callable[[], Sealed]):
    log.connection.close()
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=_append_many, args=(opened, 30, mark)) for mark in (b"a", b"b")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
        assert worker.exitcode == 0
    after = opened()
    assert after.log.size() == 2 * 30 * 7
    assert {after.log.record(n) for n in range(420)} == {b"%s-%d-%d" % (m, n, p) for m in (b"a", b"b") for n in range(30) for p in range(7)}
    assert after.verdict().ok


def _append_until_killed(connect: Callable[[], Sealed]) -> None:
    one = connect()
    for number in itertools.count():
        one.seal([b"%d-%d" % (number, part) for part in range(5)])


def test_killed_at_any_moment_the_log_verifies_and_batches_are_whole(log: Sealed, opened: Callable[[], Sealed]):
    log.connection.close()
    fork = multiprocessing.get_context("fork")
    for pause_s in (0.05, 0.11, 0.17, 0.23):
        worker = fork.Process(target=_append_until_killed, args=(opened,))
        worker.start()
        time.sleep(pause_s)
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        worker.join(30)
        after = opened()
        assert after.log.size() % 5 == 0
        assert after.verdict().ok, after.verdict()
        after.seal([b"one", b"and", b"two", b"and", b"three"])
        assert after.verdict().ok


def test_a_full_disk_loses_the_batch_and_nothing_else(tmp_path: Path):
    one = sqlite_log(tmp_path).make().fill(40)
    pages = one.connection.execute("PRAGMA page_count").fetchone()[0]
    one.connection.execute(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        one.fill(5_000)
    assert one.log.size() == 40
    assert one.verdict().ok
    one.connection.execute("PRAGMA max_page_count=1000000")
    assert one.fill(5_000).verdict().ok
    one.connection.close()


def _append_with_small_files(folder: Path, largest: int) -> None:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    try:
        sqlite_log(folder).fill(20_000)
    except sqlite3.OperationalError:
        os._exit(7)


def test_a_file_that_may_not_grow_loses_the_batch_and_nothing_else(tmp_path: Path):
    one = sqlite_log(tmp_path).make().fill(300)
    one.connection.close()
    worker = multiprocessing.get_context("fork").Process(target=_append_with_small_files, args=(tmp_path, 400_000))
    worker.start()
    worker.join(60)
    assert worker.exitcode == 7
    after = sqlite_log(tmp_path)
    assert after.log.size() == 300
    assert after.fill(1).verdict().ok
    after.connection.close()
