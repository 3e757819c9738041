"""One pass over all rows: hashes recomputed, held against the tiles, folded up to the root at every size that a signed head speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from leye.trust.log.claims import Claims
from leye.trust.log.engine import Engine, as_bytes
from leye.trust.log.naming import name_difference
from leye.trust.log.tiles import TILE_BYTES, WIDTH, folded
from leye.trust.log.verdict import FirstBad
from leye.trust.merkle import EMPTY_ROOT, HASH_BYTES, fold_complete, join_right_to_left, leaf_hashes


class RowPass:
    """`run` once; then `size`, `bad` (first row or tile that differs) and `root()` stand."""

    def __init__(self, engine: Engine, claims: Claims) -> None:
        self.engine, self.claims = engine, claims
        self.size = 0
        self.bad: FirstBad | None = None
        self.lifted: FirstBad | None = None  # first tile above the leaves that differs from what lies below it
        self._tiles_seen = 0
        self._growing: list[bytes] = [b""]  # hashes of the tile that is growing, by level
        self._wanted = iter(claims.sizes())
        self._next = next(self._wanted, None)

    def run(self) -> None:
        """Read everything."""
        self.claims.judge_empty()
        self._pass_zero()
        try:
            self._read_rows()
        except self.engine.errors as error:
            place = self.size + self.engine.readable_rows(self.size)
            self._say(FirstBad(place, "unreadable", f"数据库读到这里出错：{error} (the database cannot be read here)"))
            return
        self._check_lifted()

    def root(self) -> bytes:
        """Root over the rows as they stand."""
        return self._root_over(self._growing[0])

    def _read_rows(self) -> None:
        tiles = self._tiles()
        for rows in self.engine.stream("SELECT idx, record FROM trust_leaf ORDER BY idx", WIDTH):
            hashes = leaf_hashes(_records(rows))
            if self.bad is None:
                self._compare(rows, hashes, next(tiles, b""))
            self._settle_heads(hashes)
            self.size += len(rows)
            self._grow(hashes)
        rest = next(tiles, b"") if self.bad is None else b""
        if rest:
            self._say(FirstBad(self.size, "missing", "哈希块里有，记录没有 (the tiles know a record here)"))

    def _tiles(self) -> Iterator[bytes]:
        """Tiles of the leaves in order; a gap ends them, so that the place is found."""
        for rows in self.engine.stream("SELECT idx, hashes FROM trust_tile WHERE level = 0 ORDER BY idx", 16):
            for index, hashes in rows:
                if index != self._tiles_seen:
                    return
                self._tiles_seen += 1
                yield as_bytes(hashes) or b""

    def _compare(self, rows: Sequence[Any], hashes: bytes, tile: bytes) -> None:
        if tile == hashes and [row[0] for row in rows] == list(range(self.size, self.size + len(rows))):
            return
        self._say(name_difference(rows, hashes, tile, first=self.size, covered=self.claims.newest()))

    def _settle_heads(self, hashes: bytes) -> None:
        stop = self.size + len(hashes) // HASH_BYTES
        while self._next is not None and self._next <= stop:
            self.claims.judge(self._next, self._root_over(hashes[: (self._next - self.size) * HASH_BYTES]))
            self._next = next(self._wanted, None)

    def _pass_zero(self) -> None:
        if self._next == 0:
            self._next = next(self._wanted, None)

    def _root_over(self, lowest: bytes) -> bytes:
        """Root over the growing tiles, with other hashes in the lowest one."""
        parts: list[bytes] = []
        for hashes in [*reversed(self._growing[1:]), lowest]:
            at = 0
            while at < len(hashes):
                step = HASH_BYTES << (((len(hashes) - at) // HASH_BYTES).bit_length() - 1)
                parts.append(folded(hashes[at : at + step]))
                at += step
        return join_right_to_left(parts) if parts else EMPTY_ROOT

    def _grow(self, hashes: bytes) -> None:
        """A tile of leaves was read: the full ones pass their root up; rows come a tile at a time, so only the last may be short."""
        self._growing[0], level = hashes, 0
        while len(self._growing[level]) == TILE_BYTES:
            root = fold_complete(self._growing[level])
            if level:
                self._compare_lifted(level, self._growing[level])
            self._growing[level] = b""
            level += 1
            if level == len(self._growing):
                self._growing.append(b"")
            self._growing[level] += root

    def _compare_lifted(self, level: int, hashes: bytes) -> None:
        """hashes: what the tile that ends with the leaves read so far should be."""
        if not hashes or self.bad is not None or self.lifted is not None:
            return
        covers = WIDTH ** (level + 1)
        index = max(self.size - 1, 0) // covers
        kept = self.engine.tile(level, index) or b""
        if kept != hashes:
            place = next((p for p in range(0, len(hashes), HASH_BYTES) if kept[p : p + HASH_BYTES] != hashes[p : p + HASH_BYTES]), len(hashes))
            leaf = min(index * covers + place // HASH_BYTES * WIDTH**level, self.size)
            self.lifted = FirstBad(leaf, "tile", f"哈希块 {level}/{index} 和它下面的对不上 (a tile differs from those below it)")

    def _check_lifted(self) -> None:
        """The tiles above that still grow, and tiles that should not be there."""
        for level, hashes in enumerate(self._growing[1:], 1):
            self._compare_lifted(level, hashes)
        if self.bad is not None or self.lifted is not None:
            return
        for level, count in self.engine.run("SELECT level, count(*) FROM trust_tile GROUP BY level ORDER BY level").fetchall():
            wanted = -(-(self.size >> (8 * level)) // WIDTH) if level >= 0 else 0
            if count != wanted:
                self.lifted = FirstBad(self.size, "tile", f"第 {level} 层有 {count} 个哈希块，应有 {wanted} 个 (too many or too few tiles)")
                return

    def _say(self, bad: FirstBad) -> None:
        if self.bad is None:
            self.bad = bad


def _records(rows: Sequence[Any]) -> list[bytes]:
    records = [row[1] for row in rows]
    if all(type(record) is bytes for record in records):
        return records
    return [as_bytes(record) or b"" for record in records]
