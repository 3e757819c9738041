"""The name of a difference between rows and their tile: which entry is the first, and what was done to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leye.trust.log.verdict import FirstBad
from leye.trust.merkle import HASH_BYTES

_SAID = {
    "missing": "这一条不在了 (the row is gone)",
    "inserted": "这里多了一条 (a row was put in)",
    "swapped": "这一条和别的调换了 (rows changed places)",
    "changed": "记录的内容变了 (the record was changed)",
    "uncovered": "这一条没有签名的树根覆盖 (a row beyond the newest signed head)",
    "tile": "哈希块缺了这一条 (the tile ends before it)",
}


def name_difference(rows: Sequence[Any], hashes: bytes, tile: bytes, *, first: int, covered: int) -> FirstBad:
    """The first entry of a tile's rows that differs.

    rows: (idx, record), at most 256 · hashes: of their records, 32 bytes each · tile: as stored · first: index the tile begins with · covered: size
    of the newest signed head. Something differs, or the rows would not have been handed in.
    """
    ours, kept = _cut(hashes), _cut(tile)
    for place, row in enumerate(rows):
        index = first + place
        kind = _kind(row[0], index, place, ours, kept)
        if kind is not None:
            return _bad(index, "uncovered" if index >= covered and kind in ("tile", "changed", "inserted") else kind)
    return _bad(first + len(rows), "missing")


def _kind(found: object, index: int, place: int, ours: Sequence[bytes], kept: Sequence[bytes]) -> str | None:
    if found != index:
        return "missing" if isinstance(found, int) and found > index else "inserted"
    if place >= len(kept):
        return "tile"
    if ours[place] == kept[place]:
        return None
    belongs_later = ours[place] == _at(kept, place + 1)
    comes_later = _at(ours, place + 1) == kept[place]
    if belongs_later:
        return "swapped" if comes_later else "missing"
    if comes_later:
        return "inserted"
    return "swapped" if ours[place] in kept or kept[place] in ours else "changed"


def _bad(index: int, kind: str) -> FirstBad:
    return FirstBad(index, kind, _SAID[kind])


def _cut(hashes: bytes) -> list[bytes]:
    return [hashes[i : i + HASH_BYTES] for i in range(0, len(hashes), HASH_BYTES)]


def _at(hashes: Sequence[bytes], place: int) -> bytes | None:
    return hashes[place] if place < len(hashes) else None
