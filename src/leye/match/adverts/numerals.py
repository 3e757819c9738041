"""Numbers as ads write them: 3,500 · 1.2 · 三千五 · 两万 · 十八 · 贰 · 半."""

from __future__ import annotations

import re

_DIGITS = {c: k for k, row in enumerate(("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")) for c in row}
_SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_PLAIN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def number(text: str) -> float | None:
    """The number that a text writes, None when it writes none. A last digit alone counts in the next lower place: 三千五 is 3500.

    >>> [number(t) for t in ("3,500", "三千五", "一万二", "二十", "半", "好")]
    [3500.0, 3500.0, 12000.0, 20.0, 0.5, None]
    """
    if _PLAIN.fullmatch(text):
        return float(text.replace(",", ""))
    if text == "半":
        return 0.5
    if text.endswith("半") and (whole := _chinese(text[:-1])):
        return whole + 0.5
    return _chinese(text)


def _chinese(text: str) -> float | None:
    """Chinese numerals below 10^8; None for anything else."""
    high, separator, low = text.partition("万")
    if not separator:
        return _below_myriad(text, 1)
    above, below = _below_myriad(high, 1), _below_myriad(low, 1_000) if low else 0.0
    return None if above is None or below is None else above * 10_000 + below


def _below_myriad(text: str, place: int) -> float | None:
    """0–9999; `place` is what a lone digit counts when nothing came before it."""
    total, digit = 0.0, None
    for char in text:
        if char in _DIGITS:
            if digit:
                return None  # two digits in a row are no number of this kind (三四千 is read elsewhere)
            digit, place = _DIGITS[char], 1 if char in "零〇" else place
        elif char in _SCALES:
            total += (1 if digit is None else digit) * _SCALES[char]
            digit, place = None, _SCALES[char] // 10
        else:
            return None
    return None if not text else total + (digit or 0) * place
