"""The append-only Merkle log over three tables of a database, inside the transaction of whoever calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leye.kernel.errors import BadInput, CheckFailed, NotFound
from leye.trust.checkpoints import Checkpoint, read_checkpoint, sign_checkpoint, size_of_note
from leye.trust.log.engine import engine_of
from leye.trust.log.paths import consistency_path, cover, inclusion_path
from leye.trust.log.tiles import TILE_BYTES, WIDTH, TileReader, damaged
from leye.trust.merkle import EMPTY_ROOT, HASH_BYTES, fold_complete, leaf_hashes
from leye.trust.notes import SigningKey

LARGEST_RECORD = 65_535
"""Bytes of one record: entry bundles carry a 16-bit length (C2SP tlog-tiles)."""


class RecordTooLarge(BadInput):
    """A record does not fit an entry bundle."""

    code = "E_RECORD_TOO_LARGE"


class Log:
    """The log behind a DB-API connection (sqlite3 or psycopg 3). It never begins, commits or rolls back: that is the caller's."""

    def __init__(self, connection: Any, vendor: str) -> None:
        """vendor: "sqlite" or "postgresql"."""
        self._engine = engine_of(connection, vendor)

    def lock(self) -> None:
        """Keep other writers out until the transaction ends. On SQLite the caller's BEGIN IMMEDIATE does that. Raises RuntimeError outside one."""
        self._engine.lock()

    def size(self) -> int:
        """Number of leaves."""
        return self._engine.size()

    def append(self, records: Sequence[bytes]) -> range:
        """Add records at the end; their leaf indices. Raises RecordTooLarge, LogDamaged, RuntimeError outside a transaction."""
        self.lock()
        start = self.size()
        for place, record in enumerate(records):
            if len(record) > LARGEST_RECORD:
                raise _too_large(place, len(record))
        if records:
            self._engine.insert_records(start, records)
            self._grow(0, start, leaf_hashes(records))
        return range(start, start + len(records))

    def record(self, index: int) -> bytes:
        """The bytes of one leaf. Raises NotFound."""
        found = self._engine.record(index) if index >= 0 else None
        if found is None:
            raise NotFound("没有这条留痕", en=f"there is no leaf {index}", remedy_zh="看编号对不对", remedy_en="look at the number")
        return found

    def root(self, size: int | None = None) -> bytes:
        """Root over the first `size` leaves, or over all. Raises ValueError beyond the log, LogDamaged."""
        size = self._up_to(size)
        return TileReader(self._engine.tile).joined(cover(0, size)) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """Hashes from leaf `index` to the root of the first `size` leaves. Raises ValueError unless index < size <= size(), LogDamaged."""
        if not 0 <= index < self._up_to(size):
            raise ValueError(f"leaf {index} is not among {size}")
        reader = TileReader(self._engine.tile)
        return [reader.joined(nodes) for nodes in inclusion_path(index, size)]

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """Hashes that show the first `old` leaves unchanged among the first `new`. Raises ValueError unless 0 < old <= new <= size(), LogDamaged."""
        if not 0 < old <= self._up_to(new):
            raise ValueError(f"no proof from {old} to {new}")
        reader = TileReader(self._engine.tile)
        return [reader.joined(nodes) for nodes in consistency_path(old, new)]

    def newest_checkpoint(self) -> str | None:
        """The signed note over most leaves; the one that was added last where several have the same size. None before the first."""
        return self._engine.newest_checkpoint()

    def checkpoint_covering(self, index: int) -> str | None:
        """The note for a receipt of leaf `index`: the newest that witnesses have signed, else the newest; None when nothing covers it."""
        note = self._engine.newest_cosigned(index) or self._engine.newest_checkpoint()
        return note if note is not None and size_of_note(note) > index else None

    def add_checkpoint(self, note: str) -> None:
        """Keep a signed note. Raises CheckFailed (E_CHECKPOINT) when it speaks of another tree than this one; signatures are the caller's."""
        said = read_checkpoint(note)
        if said.size > self.size() or said.root != self.root(said.size):
            raise CheckFailed(
                f"签名的树根（{said.size} 条）不是这份留痕的",
                en=f"the checkpoint over {said.size} leaves is not of this log",
                remedy_zh="运行 leye trust verify，看第一处坏在哪里",
                remedy_en="run leye trust verify to see the first bad entry",
                code="E_CHECKPOINT",
            )
        self._engine.add_checkpoint(said.size, note)

    def add_own_head(self, signers: Sequence[SigningKey]) -> str:
        """Sign the tree as it stands, keep the note and return it. Raises LogDamaged. The first signer's name is the origin."""
        size = self.size()
        note = sign_checkpoint(Checkpoint(signers[0].name, size, self.root(size)), signers)
        self._engine.add_checkpoint(size, note)
        return note

    def _up_to(self, size: int | None) -> int:
        has = self.size()
        if size is None:
            return has
        if not 0 <= size <= has:
            raise ValueError(f"the log has {has} leaves, not {size}")
        return size

    def _grow(self, level: int, at: int, hashes: bytes) -> None:
        """Put hashes into the tiles of a level from place `at` on; tiles that fill up pass their root to the level above."""
        while hashes:
            first, width = at // WIDTH, at % WIDTH
            old = (self._engine.tile(level, first) or b"") if width else b""
            if len(old) != width * HASH_BYTES:
                raise damaged(level, first)
            line = old + hashes
            tiles = [line[i : i + TILE_BYTES] for i in range(0, len(line), TILE_BYTES)]
            self._engine.write_tiles(level, first, tiles, grows=bool(old))
            hashes = b"".join([fold_complete(tile) for tile in tiles if len(tile) == TILE_BYTES])
            level, at = level + 1, first


def _too_large(place: int, size: int) -> RecordTooLarge:
    return RecordTooLarge(
        f"第 {place + 1} 条记录有 {size} 字节，最多 {LARGEST_RECORD} 字节",
        en=f"record {place + 1} has {size} bytes, {LARGEST_RECORD} are allowed",
        remedy_zh="把长内容换成它的编号或哈希",
        remedy_en="put a reference or a hash in place of the long content",
    )
