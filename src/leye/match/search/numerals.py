"""Numbers as people write them in one line: 5000, 5k, 1.2万, 五千, 一万二, 八千五."""

from __future__ import annotations

import re

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
NUMBER = r"(?:\d+(?:\.\d+)?\s*[千万]\d(?!\d)|\d+(?:\.\d+)?\s*[kK千万]?|[零〇一二两三四五六七八九十百千万]+)"
"""A pattern for one number; take its text to `number_of`."""


def number_of(text: str) -> float | None:
    """The value of a text that NUMBER matched; None where the signs make no number.

    >>> [number_of(t) for t in ("5k", "1.2万", "3千5", "五千", "一万二", "八千五", "十二", "百")]
    [5000.0, 12000.0, 3500.0, 5000.0, 12000.0, 8500.0, 12.0, 100.0]
    """
    said = text.strip().lower()
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([k千万]?)(\d?)", said)
    if found:
        unit = {"k": 1_000, "千": 1_000, "万": 10_000, "": 1}[found[2]]
        return float(found[1]) * unit + int(found[3] or 0) * unit / 10
    return _written(said)


def _written(text: str) -> float | None:
    """Chinese numerals; a last digit right after a unit means the next lower one (一万二: 12 000)."""
    total, section, digit, last = 0, 0, -1, 1
    for place, sign in enumerate(text):
        if sign in DIGITS:
            if digit > 0:  # two digits in a row are no number of this kind
                return None
            digit = DIGITS[sign]
            ends = place == len(text) - 1 and place > 0 and text[place - 1] in UNITS and last > 10
            if ends:
                return float(total + section + digit * last // 10)
            if sign in "零〇":
                digit = -1
        elif sign in UNITS:
            unit = UNITS[sign]
            if unit == 10_000:
                total, section = (section + max(digit, 0) or 1) * unit, 0
            else:
                section += (1 if digit < 0 else digit) * unit
            digit, last = -1, unit
        else:
            return None
    return float(total + section + max(digit, 0))
