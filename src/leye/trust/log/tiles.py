"""Tiles of 256 hashes: nodes of the tree are read out of them, and they grow at the right edge.

Inner nodes of a tile are remembered by the tile's own bytes. A changed, rolled back or foreign tile is another key, so the memory can never answer
for it, whatever connection or transaction asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from leye.kernel.errors import CheckFailed
from leye.trust.log.paths import Node
from leye.trust.merkle import HASH_BYTES, fold_complete, join_right_to_left, level_above

HEIGHT = 8
WIDTH = 1 << HEIGHT
TILE_BYTES = WIDTH * HASH_BYTES

_ABOVE = [0, *(sum(WIDTH >> k for k in range(1, h)) for h in range(1, HEIGHT + 1))]  # where height h begins among the inner nodes, in hashes


class LogDamaged(CheckFailed):
    """The stored tiles do not carry what the rows promise."""

    code = "E_LOG_DAMAGED"


def damaged(level: int, index: int) -> LogDamaged:
    """The error for one tile."""
    return LogDamaged(
        f"留痕的哈希块 {level}/{index} 和记录对不上",
        en=f"tile {level}/{index} of the log does not fit its rows",
        remedy_zh="运行 leye trust verify，看第一处坏在哪里；恢复之前不要再写",
        remedy_en="run leye trust verify to see the first bad entry; write nothing before it is restored",
    )


@lru_cache(maxsize=4096)  # 16 KiB each: all tiles of a log of a million leaves in 64 MiB; measured in bench/trust_log
def _inner_nodes(tile: bytes) -> bytes:
    """Nodes of heights 1 to 8 above a full tile, one height after the other."""
    heights = []
    while len(tile) > HASH_BYTES:
        tile = level_above(tile)
        heights.append(tile)
    return b"".join(heights)


@lru_cache(maxsize=1024)
def folded(hashes: bytes) -> bytes:
    """A part of a tile that still grows: its left halves stay as they are, so a new leaf costs a few hashes and not 255."""
    return fold_complete(hashes)


def node_in(tile: bytes, height: int, position: int) -> bytes:
    """Node `position` at `height` (0 to 8) above a tile's own hashes. Raises IndexError when the tile does not reach so far."""
    stop = ((position + 1) << height) * HASH_BYTES
    if stop > len(tile):
        raise IndexError(position)
    if height == 0:
        return tile[stop - HASH_BYTES : stop]
    if len(tile) == TILE_BYTES:
        at = (_ABOVE[height] + position) * HASH_BYTES
        return _inner_nodes(tile)[at : at + HASH_BYTES]
    return folded(tile[(position << height) * HASH_BYTES : stop])


class TileReader:
    """Nodes of the tree, for one question: every tile is fetched once."""

    def __init__(self, fetch: Callable[[int, int], bytes | None]) -> None:
        self._fetch = fetch
        self._seen: dict[tuple[int, int], bytes] = {}

    def node(self, node: Node) -> bytes:
        """Hash of a complete subtree. Raises LogDamaged when its tile is missing or too short."""
        level, above = divmod(node[0], HEIGHT)
        shift = HEIGHT - above
        key = (level, node[1] >> shift)
        tile = self._seen.get(key)
        if tile is None:
            tile = self._seen[key] = self._fetch(*key) or b""
        try:
            return node_in(tile, above, node[1] & ((1 << shift) - 1))
        except IndexError:
            raise damaged(*key) from None

    def joined(self, nodes: Iterable[Node]) -> bytes:
        """Root over subtrees of falling size. Raises LogDamaged."""
        return join_right_to_left([self.node(node) for node in nodes])
