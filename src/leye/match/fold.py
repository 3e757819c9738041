"""Text folded character by character, so that a place in the folded text is the same place in the original."""

from __future__ import annotations

import csv
import re
from functools import cache

from leye.packs import open_pack


@cache
def _table() -> dict[int, int]:
    """Full-width forms to ASCII, capitals to small letters, traditional to simplified characters; every entry is one for one."""
    table = {0xFF01 + k: 0x21 + k for k in range(0x5E)} | {0x3000: 0x20, 0xA0: 0x20}
    with open_pack("skills/traditional.csv").open(encoding="utf-8", newline="") as file:
        table |= {ord(r["traditional"]): ord(r["simplified"]) for r in csv.DictReader(file)}
    return table


def half_width(text: str) -> str:
    """Same length: full-width letters, digits and marks become ASCII, traditional characters simplified; capitals stay.

    >>> half_width("ＣＡＤ圖紙")
    'CAD图纸'
    """
    return text.translate(_table())


def fold(text: str) -> str:
    """As `half_width`, and A–Z become small; same length.

    >>> fold("ＣＡＤ")
    'cad'
    """
    return half_width(text).translate(_SMALL)


def whole(text: str) -> str:
    """Same length: half of a character that came alone (of a cut emoji, as JSON lets it through) becomes U+FFFD, for no file can hold it.

    >>> whole("会\\ud83d计")
    '会\ufffd计'
    """
    return _HALF.sub("\ufffd", text)


_HALF = re.compile("[\ud800-\udfff]")
_SMALL = {65 + k: 97 + k for k in range(26)}
