"""Names of a classification brought to one key, so that punctuation, 和/及/与 and a final 业 make no difference."""

from __future__ import annotations

import csv
import re
from difflib import get_close_matches
from functools import cache
from pathlib import Path

_CODES = Path(__file__).parents[2] / "packs" / "codes"
_NOISE = re.compile(r"[\s、,，.·・;；/和及与()（）“”\"'-]|以及")


def key(name: str) -> str:
    """The key of a name: without blanks, punctuation and the words for "and", without a final 业 when two characters remain.

    >>> key("科学研究和技术服务业") == key("科学研究与技术服务")
    True
    """
    bare = _NOISE.sub("", name)
    return bare[:-1] if bare.endswith("业") and len(bare) > 2 else bare


@cache
def pairs(file: str) -> tuple[tuple[str, ...], ...]:
    """Rows of a table in packs/codes without its header."""
    with (_CODES / file).open(encoding="utf-8", newline="") as lines:
        return tuple(tuple(row) for row in list(csv.reader(lines))[1:])


def closest(text: str, names: dict[str, str]) -> str | None:
    """`name code` of the known name most like the text, as a suggestion for a person; None when none is near."""
    if not 2 <= len(text) <= 30:
        return None
    found = get_close_matches(text, names, n=1, cutoff=0.6)
    return f"{found[0]} {names[found[0]]}" if found else None
