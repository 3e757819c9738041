"""Everything that somebody holding the database can do to the log, and the name that the re-audit gives to it. Guards are dropped first, always."""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from leye.kernel.errors import BadInput
from leye.trust import merkle
from leye.trust.checkpoints import Checkpoint, sign_checkpoint
from leye.trust.merkle import leaf_hash
from tests_support.trust_log import KEY, OTHER, Sealed, postgres_log, record, sqlite_log

_schemas = itertools.count()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sealed]:
    """600 leaves under heads of size 100, 300, 600: two full tiles and a growing one."""
    if request.param == "sqlite":
        made = sqlite_log(tmp_path)
    else:
        made = postgres_log(request.getfixturevalue("postgres_url"), f"attack_{os.getpid()}_{next(_schemas)}", tmp_path)
    yield made.make().fill(100, 200, 300)
    made.connection.close()


def found(log: Sealed, *witnesses: str) -> tuple[int, str] | None:
    bad = log.verdict(*witnesses).first_bad
    return (bad.index, bad.kind) if bad else None


def renumber(log: Sealed, start: int, by: int) -> None:
    """Rows from `start` on get other numbers, without meeting each other on the way."""
    log.attack(
        f"CREATE TEMP TABLE moved AS SELECT idx + {by} AS idx, record FROM trust_leaf WHERE idx >= {start}",
        f"DELETE FROM trust_leaf WHERE idx >= {start}",
        "INSERT INTO trust_leaf SELECT idx, record FROM moved",
        "DROP TABLE moved",
    )


def insert(log: Sealed, index: int, said: bytes) -> None:
    log.attack(f"INSERT INTO trust_leaf (idx, record) VALUES ({index}, ?)", values=(said,))


def test_untouched_it_is_whole(log: Sealed):
    verdict = log.verdict(log.head())
    assert verdict.as_dict() == {
        "ok": True,
        "size": 600,
        "root": verdict.as_dict()["root"],
        "checkpoints": 3,
        "first_bad": None,
    }
    assert verdict.root == merkle.tree_root([leaf_hash(record(n)) for n in range(600)])


@pytest.mark.parametrize("index", [0, 99, 255, 256, 300, 599])
def test_an_edited_record_is_named(log: Sealed, index: int):
    log.attack(f"UPDATE trust_leaf SET record = ? WHERE idx = {index}", values=(record(index).replace(b"offered", b"refused"),))
    assert found(log) == (index, "changed")


@pytest.mark.parametrize("position", [0, 40, 90])
def test_every_byte_counts(log: Sealed, position: int):
    said = bytearray(record(77))
    said[position] ^= 1
    log.attack("UPDATE trust_leaf SET record = ? WHERE idx = 77", values=(bytes(said),))
    assert found(log) == (77, "changed")


@pytest.mark.parametrize("index", [0, 123, 255, 256, 598, 599])
def test_a_deleted_row_is_the_first_missing(log: Sealed, index: int):
    log.attack(f"DELETE FROM trust_leaf WHERE idx = {index}")
    assert found(log) == (index, "missing")


@pytest.mark.parametrize("index", [0, 123, 255, 256, 511])
def test_a_deleted_row_is_found_where_the_rest_was_renumbered(log: Sealed, index: int):
    log.attack(f"DELETE FROM trust_leaf WHERE idx = {index}")
    renumber(log, index + 1, -1)
    assert found(log)[0] == index


@pytest.mark.parametrize("index", [0, 123, 254, 256, 598])
def test_swapped_neighbours_are_named_by_the_first(log: Sealed, index: int):
    for place, other in ((index, index + 1), (index + 1, index)):
        log.attack(f"UPDATE trust_leaf SET record = ? WHERE idx = {place}", values=(record(other),))
    assert found(log) == (index, "swapped")


def test_swapped_rows_far_apart_are_named_by_the_first(log: Sealed):
    for place, other in ((30, 70), (70, 30)):
        log.attack(f"UPDATE trust_leaf SET record = ? WHERE idx = {place}", values=(record(other),))
    assert found(log) == (30, "swapped")
    for place, other in ((10, 590), (590, 10)):
        log.attack(f"UPDATE trust_leaf SET record = ? WHERE idx = {place}", values=(record(other),))
    assert found(log)[0] == 10


@pytest.mark.parametrize("index", [0, 123, 255, 256, 598])
def test_an_inserted_row_is_named_by_its_place(log: Sealed, index: int):
    renumber(log, index, 1)
    insert(log, index, b'{"outcome":"slipped in"}')
    assert found(log)[0] == index


def test_a_row_beyond_the_newest_head_is_uncovered(log: Sealed):
    insert(log, 600, b'{"outcome":"slipped in"}')
    assert found(log) == (600, "uncovered")
    insert(log, 700, b'{"outcome":"far off"}')
    assert found(log) == (600, "uncovered")


def test_a_leaf_without_a_head_is_uncovered(log: Sealed):
    with log.transaction():
        log.log.append([b"nobody signed this"])
    assert found(log) == (600, "uncovered")


def test_all_rows_gone(log: Sealed):
    log.attack("DELETE FROM trust_leaf")
    assert found(log) == (0, "missing")


def test_everything_gone_but_the_file_of_heads(log: Sealed):
    log.attack("DELETE FROM trust_leaf", "DELETE FROM trust_tile", "DELETE FROM trust_checkpoint")
    assert found(log) == (0, "rolled_back")


def test_a_truncated_tile_is_named_by_the_first_hash_it_lacks(log: Sealed):
    log.attack("UPDATE trust_tile SET hashes = substr(hashes, 1, 320) WHERE level = 0 AND idx = 1")
    assert found(log) == (266, "tile")


@pytest.mark.parametrize(("level", "index", "leaf"), [(0, 0, 0), (0, 2, 512), (1, 0, 0)])
def test_a_missing_tile_is_named_by_its_first_leaf(log: Sealed, level: int, index: int, leaf: int):
    log.attack(f"DELETE FROM trust_tile WHERE level = {level} AND idx = {index}")
    assert found(log) == (leaf, "tile")


@pytest.mark.parametrize(("level", "index", "place", "leaf"), [(0, 0, 7, 7), (0, 2, 40, 552), (1, 0, 1, 256)])
def test_a_changed_hash_is_named_and_the_record_cleared(log: Sealed, level: int, index: int, place: int, leaf: int):
    kept = bytearray(log.connection.execute(f"SELECT hashes FROM trust_tile WHERE level = {level} AND idx = {index}").fetchone()[0])
    kept[place * 32] ^= 1
    log.attack(f"UPDATE trust_tile SET hashes = ? WHERE level = {level} AND idx = {index}", values=(bytes(kept),))
    assert found(log) == (leaf, "tile")


@pytest.mark.parametrize(("level", "index", "place", "leaf"), [(1, 0, 200, 200 * 256), (1, 1, 0, 65_536), (2, 0, 0, 0)])
def test_hashes_high_up_in_a_large_log(tmp_path: Path, level: int, index: int, place: int, leaf: int):
    """Full tiles above the leaves exist from 65,536 leaves on."""
    one = sqlite_log(tmp_path).make().fill(65_536 + 300)
    kept = bytearray(one.connection.execute(f"SELECT hashes FROM trust_tile WHERE level = {level} AND idx = {index}").fetchone()[0])
    kept[place * 32] ^= 1
    assert found(one) is None
    one.attack(f"UPDATE trust_tile SET hashes = ? WHERE level = {level} AND idx = {index}", values=(bytes(kept),))
    assert found(one) == (leaf, "tile")
    one.attack(f"DELETE FROM trust_tile WHERE level = {level} AND idx = {index}")
    assert found(one) == (index * 256 ** (level + 1), "tile")
    one.connection.close()


def test_a_tile_too_many(log: Sealed):
    log.attack("INSERT INTO trust_tile (level, idx, hashes) VALUES (2, 0, ?)", values=(bytes(32),))
    assert found(log) == (600, "tile")


def test_record_and_tile_rewritten_together_leave_only_the_root_to_tell(log: Sealed):
    said = b'{"outcome":"rewritten"}'
    kept = bytearray(log.connection.execute("SELECT hashes FROM trust_tile WHERE level = 0 AND idx = 2").fetchone()[0])
    kept[(550 - 512) * 32 : (551 - 512) * 32] = leaf_hash(said)
    log.attack("UPDATE trust_leaf SET record = ? WHERE idx = 550", values=(said,))
    log.attack("UPDATE trust_tile SET hashes = ? WHERE level = 0 AND idx = 2", values=(bytes(kept),))
    assert found(log) == (300, "root")  # the last head that still holds


def test_a_whole_log_rewritten_by_its_own_operator_passes_and_a_witness_sees_it(log: Sealed):
    """With the key in hand and nobody else's copy, everything can be made anew: that is why heads are given away."""
    given_away = log.head()
    log.attack("DELETE FROM trust_leaf", "DELETE FROM trust_tile", "DELETE FROM trust_checkpoint")
    log.heads.unlink()
    log.seal([record(n) for n in range(300)])
    log.seal([record(n + 1) for n in range(300, 600)])
    assert found(log) is None
    assert found(log, given_away) == (300, "fork")


def test_a_database_put_back_from_an_older_copy_is_behind_its_file(tmp_path: Path):
    one = sqlite_log(tmp_path).make().fill(50)
    one.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    one.connection.close()
    shutil.copy(tmp_path / "log.sqlite3", tmp_path / "older")
    one = sqlite_log(tmp_path).fill(25)
    given_away = one.head()
    one.connection.close()
    for name in ("log.sqlite3", "log.sqlite3-wal", "log.sqlite3-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "older", tmp_path / "log.sqlite3")
    again = sqlite_log(tmp_path)
    assert found(again) == (50, "rolled_back")
    again.heads.write_text("")  # the file is put back too
    assert found(again) is None
    assert found(again, given_away) == (50, "rolled_back")
    again.fill(25)  # and the log goes on as if nothing had been
    assert found(again, given_away) is None
    again.connection.close()


def test_a_rolled_back_log_that_goes_on_differently_is_a_fork(tmp_path: Path):
    one = sqlite_log(tmp_path).make().fill(50, 25)
    given_away = one.head()
    one.connection.close()
    other = sqlite_log(tmp_path, "other.sqlite3").make().fill(50)
    other.seal([b"another %d" % n for n in range(25)])
    assert found(other, given_away) == (50, "fork")
    assert found(other, given_away, other.head()) == (50, "fork")
    other.attack("DELETE FROM trust_checkpoint WHERE size = 75")
    other.heads.write_text("")
    other.fill(5)
    assert found(other, given_away) == (50, "root")  # no head of its own at that size: the fork is told by the root alone
    other.connection.close()


def test_a_false_signature_in_the_table(log: Sealed):
    false = sign_checkpoint(Checkpoint(OTHER.name, 300, log.log.root(300)), [OTHER])
    log.attack("UPDATE trust_checkpoint SET note = ? WHERE size = 300", values=(false,))
    assert found(log) == (100, "signature")


@pytest.mark.parametrize("note", ["", "nonsense", "log.test/decisions\n300\nAAAA\n\n"])
def test_a_head_in_the_table_that_is_none(log: Sealed, note: str):
    log.attack("UPDATE trust_checkpoint SET note = ? WHERE size = 300", values=(note,))
    assert found(log)[0] == 100


def test_a_head_filed_under_another_size(log: Sealed):
    log.attack("UPDATE trust_checkpoint SET size = 299 WHERE size = 300")
    assert found(log) == (100, "checkpoint")


def test_heads_taken_from_the_table_leave_rows_to_the_file(log: Sealed):
    log.attack("DELETE FROM trust_checkpoint")
    assert found(log) is None
    log.heads.write_text("")
    assert found(log) == (0, "uncovered")


def test_the_file_of_heads_is_gone(log: Sealed):
    log.heads.unlink()
    assert found(log) == (0, "checkpoint_file")


def test_garbage_in_the_file_of_heads(log: Sealed):
    with log.heads.open("a") as stream:
        stream.write("log.test/decisions\nmany\n")
    assert found(log) == (0, "checkpoint_file")


@pytest.mark.parametrize("lost", [1, 40, 41, 42, 43, 100, 130])
def test_a_head_cut_short_by_a_power_cut_is_forgiven(log: Sealed, lost: int):
    log.heads.write_text(log.heads.read_text()[:-lost])
    assert found(log) is None
    log.fill(1)
    assert found(log) is None
    log.attack("DELETE FROM trust_checkpoint WHERE size = 600")
    assert (found(log) is None) == (lost == 1)  # now nothing vouches for the piece; a missing newline alone is no piece


def test_a_false_head_in_the_file(log: Sealed):
    with log.heads.open("a") as stream:
        stream.write(sign_checkpoint(Checkpoint(KEY.name, 400, bytes(32)), [KEY]))
    assert found(log) == (300, "root")


@pytest.mark.parametrize(
    ("size", "signer", "expected"),
    [(601, KEY, (600, "rolled_back")), (600, KEY, (300, "fork")), (450, KEY, (300, "root")), (450, OTHER, (300, "signature"))],
)
def test_heads_kept_elsewhere_that_this_log_never_signed(log: Sealed, size: int, signer, expected):
    kept = sign_checkpoint(Checkpoint(signer.name, size, bytes(32)), [signer])
    assert found(log, kept) == expected


def test_the_log_of_another_house_is_no_witness(log: Sealed, tmp_path: Path):
    other = sqlite_log(tmp_path, "other.sqlite3", key=OTHER).make().fill(600)
    assert found(log, other.head()) == (300, "signature")
    other.connection.close()


def test_without_a_key_nothing_is_said(log: Sealed):
    with pytest.raises(BadInput, match="E_NO_KEYS"):
        log.verdict(keys=())


def test_an_edit_of_the_last_row_before_a_hundred_others(log: Sealed):
    """The first of several is named."""
    for index in (500, 20, 300):
        log.attack(f"UPDATE trust_leaf SET record = ? WHERE idx = {index}", values=(b"changed",))
    log.attack("DELETE FROM trust_leaf WHERE idx = 400")
    assert found(log) == (20, "changed")


def test_rows_of_foreign_types_are_named_and_break_nothing(tmp_path: Path):
    """SQLite keeps what it is given once the table was made anew without its checks."""
    one = sqlite_log(tmp_path).make().fill(20)
    one.attack(
        "CREATE TABLE loose (idx, record)",
        "INSERT INTO loose SELECT idx, record FROM trust_leaf WHERE idx <> 5",
        "INSERT INTO loose VALUES (5, 12.5)",
        "DROP TABLE trust_leaf",
        "ALTER TABLE loose RENAME TO trust_leaf",
    )
    assert found(one) == (5, "changed")
    one.attack("UPDATE trust_leaf SET idx = 'five' WHERE idx = 5")
    assert found(one) == (5, "missing")
    one.attack("UPDATE trust_leaf SET idx = -1 WHERE idx = 'five'")
    assert found(one) == (0, "inserted")
    one.connection.close()


def test_a_page_of_the_file_overwritten_is_told_by_its_place(tmp_path: Path):
    one = sqlite_log(tmp_path).make().fill(2_000)
    one.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    one.connection.close()
    file = tmp_path / "log.sqlite3"
    raw = bytearray(file.read_bytes())
    at = raw.index(record(1500))
    raw[at - at % 4096 : at - at % 4096 + 64] = bytes(64)  # the head of the page that holds it
    file.write_bytes(raw)
    again = sqlite_log(tmp_path)
    index, kind = found(again) or (None, None)
    assert kind in {"unreadable", "missing"}
    assert index is not None and 1400 < index <= 1500
    again.connection.close()


def test_every_page_of_the_file_is_watched(tmp_path: Path):
    """A byte of each page flipped in turn: either it changes nothing that the log says, or the re-audit tells."""
    one = sqlite_log(tmp_path).make().fill(300)
    one.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    one.connection.close()
    file, heads = tmp_path / "log.sqlite3", (tmp_path / "log.sqlite3.heads.txt")
    whole = file.read_bytes()
    root = merkle.tree_root([leaf_hash(record(n)) for n in range(300)])
    told = 0
    for page in range(1, len(whole) // 4096):
        raw = bytearray(whole)
        raw[page * 4096 + 2_500] ^= 0x55
        (tmp_path / "hit.sqlite3").write_bytes(raw)
        shutil.copy(heads, tmp_path / "hit.sqlite3.heads.txt")
        hit = sqlite_log(tmp_path, "hit.sqlite3")
        try:
            verdict = hit.verdict()
        except sqlite3.DatabaseError:
            told += 1
            continue
        finally:
            hit.connection.close()
            for name in ("hit.sqlite3-wal", "hit.sqlite3-shm"):
                (tmp_path / name).unlink(missing_ok=True)
        told += not verdict.ok
        if verdict.ok:
            assert verdict.root == root
    assert told > 10
