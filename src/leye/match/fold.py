"""Text folded character by character, so that a place in the folded text is the same place in the original.

The one table of traditional characters is here: adverts, résumés, occupations, skills, search and ranking all read it.
"""

from __future__ import annotations

import csv
import re
from functools import cache

from leye.packs import open_pack

_HALF = re.compile("[\ud800-\udfff]")
_SMALL = {65 + k: 97 + k for k in range(26)}
_FULL_WIDTH = {0xFF01 + k: 0x21 + k for k in range(0x5E)} | {0x3000: 0x20, 0xA0: 0x20}


@cache
def traditional() -> dict[int, int]:
    """Code point of a traditional character -> that of its simplified one; no result is itself in the table."""
    with open_pack("codes/traditional.csv").open(encoding="utf-8", newline="") as file:
        return {ord(r["traditional"]): ord(r["simplified"]) for r in csv.DictReader(file)}


def simplified(text: str) -> str:
    """Same length: traditional characters simplified, nothing else changed.

    Names that keep such a character (乾县, the surname 於) are folded on both sides where they are looked up.

    >>> simplified("護理員 ＣＡＤ")
    '护理员 ＣＡＤ'
    """
    return text.translate(traditional())


@cache
def _half_width() -> dict[int, int]:
    return traditional() | _FULL_WIDTH


def half_width(text: str) -> str:
    """Same length: full-width letters, digits and marks become ASCII, traditional characters simplified; capitals stay.

    >>> half_width("ＣＡＤ圖紙")
    'CAD图纸'
    """
    return text.translate(_half_width())


def fold(text: str) -> str:
    """As `half_width`, and A–Z become small; same length.

    >>> fold("ＣＡＤ")
    'cad'
    """
    return text.lower() if text.isascii() else text.translate(_folding())


@cache
def _folding() -> dict[int, int]:
    """Both steps in one table: translating is what reading adverts costs most."""
    return {point: _SMALL.get(made, made) for point, made in _half_width().items()} | _SMALL


def whole(text: str) -> str:
    """Same length: half of a character that came alone (of a cut emoji, as JSON lets it through) becomes U+FFFD, for no file can hold it.

    >>> whole("会\\ud83d计")
    '会\ufffd计'
    """
    return _HALF.sub("\ufffd", text)
