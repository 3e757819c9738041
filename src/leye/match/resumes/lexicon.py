"""Words that mark parts of a résumé (`packs/resumes/words.csv`, divisions of `packs/codes`), and where they stand in a text."""

from __future__ import annotations

import csv
from functools import cache

from leye.kernel.codes import region_spells
from leye.match.fold import simplified
from leye.packs import open_pack

KINDS = ("major", "title", "org_end", "degree", "surname", "ethnicity", "country", "region")
"""Kinds of words. org_end: last words of names of firms, schools and offices; region: divisions at any time, with and without their ending."""
_ENDINGS = ("特别行政区", "自治区", "自治州", "自治县", "地区", "新区", "林区", "省", "市", "县", "区", "盟", "旗")


@cache
def words(kind: str) -> frozenset[str]:
    """Words of one of KINDS, as they stand in folded text."""
    if kind == "region":
        return _regions()
    with open_pack("resumes/words.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(simplified(r["word"]) for r in csv.DictReader(file) if r["kind"] == kind)


def _regions() -> frozenset[str]:
    full = {simplified(s.name) for s in region_spells()}
    short = {name.removesuffix(e) for name in full for e in _ENDINGS if name.endswith(e) and len(name) - len(e) >= 2}
    return frozenset(full | short)


@cache
def _by_first(kind: str) -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for word in words(kind):
        table.setdefault(word[0], []).append(word)
    return {first: tuple(sorted(found, key=lambda w: (-len(w), w))) for first, found in table.items()}


def spots(text: str, kind: str) -> list[tuple[int, int]]:
    """Spans (start, end) of the longest words of that kind, from the left, none overlapping.

    >>> spots("毕业于清华大学经济学专业", "major")
    [(7, 10)]
    """
    table, found, at = _by_first(kind), [], 0
    while at < len(text):
        word = next((w for w in table.get(text[at], ()) if text.startswith(w, at)), None)
        if word is None:
            at += 1
            continue
        found.append((at, at + len(word)))
        at += len(word)
    return found
