"""Figures: Arabic with grouping and exponent, Chinese plain and formal, mixed (3千6百) and colloquial (两万三 = 23,000).

All results are exact Decimals; the callers turn them into fen or float.
"""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {c: v for v, cs in enumerate(["零〇○", "一壹弌", "二贰貳两", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"]) for c in cs}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}
HAN = "".join(DIGITS) + "".join(_SMALL) + "万亿点廿卅"
ARABIC = r"(?:\d[\d,]*\.?\d*|\.\d+)"

_HAN_ONLY = re.compile(f"[{HAN}]+")
_PLAIN = re.compile(r"\d+(\.\d+)?|\.\d+")
_GROUPED = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_BLANK_GROUPED = re.compile(r"[1-9]\d{0,2}( \d{3})+(\.\d+)?")
_SCALE = re.compile(r"[十百千万亿]+")
_MIXED = re.compile(r"(?:(?:\d+(?:\.\d+)?|[一二三四五六七八九])[十百千万亿]+[零〇]?)+(?:\d+|[一二三四五六七八九])?")


def arabic(text: str) -> Decimal | None:
    """A plain or regularly grouped figure; None for anything else.

    >>> arabic("1,234.5"), arabic("12,3")
    (Decimal('1234.5'), None)
    """
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if _GROUPED.fullmatch(text) or _BLANK_GROUPED.fullmatch(text):
        return Decimal(re.sub("[, ]", "", text))
    return None


def scale(text: str) -> int | None:
    """The product of scale characters: 千万 = 10,000,000; None when the order is none that people use.

    >>> scale("千万"), scale("万千")
    (10000000, None)
    """
    if not _SCALE.fullmatch(text):
        return None
    product = 1
    large = 1
    for c in text:
        if c in _SMALL:
            if product > 1:
                return None
            product *= _SMALL[c]
        else:
            if c == "万" and large > 1:
                return None
            large *= _LARGE[c]
            product *= _LARGE[c]
    return product if len(text) <= 3 else None


def chinese(text: str) -> Decimal | None:
    """Value of a numeral in Chinese characters only, or None when it is not well formed.

    >>> chinese("三千二百五十六"), chinese("两万三"), chinese("七点五"), chinese("二〇二二")
    (Decimal('3256'), Decimal('23000'), Decimal('7.5'), Decimal('2022'))
    """
    if not _HAN_ONLY.fullmatch(text):
        return None
    whole, point, rest = text.partition("点")
    if not whole or (point and not rest):
        return None
    if not point:
        return _whole(whole)
    body = re.match(f"[{''.join(DIGITS)}]+", rest)
    base = _whole(whole)
    if body is None or base is None or (len(whole) > 1 and all(c in DIGITS for c in whole)):
        return None
    value = Decimal(f"{base}.{''.join(str(DIGITS[c]) for c in body[0])}")
    tail = rest[body.end() :]
    if not tail:
        return value
    times = scale(tail)
    return value * times if times else None


def _whole(text: str) -> Decimal | None:
    if all(c in DIGITS for c in text):
        # 三四 is "three or four", not 34: digits in a row count only when nobody could mean a span
        if len(text) == 1 or (len(text) >= 4 or any(c in "零〇○" for c in text)):
            return Decimal(int("".join(str(DIGITS[c]) for c in text)))
        return None
    value = _with_units(text.replace("廿", "二十").replace("卅", "三十"))
    return Decimal(value) if value is not None else None


def _with_units(text: str) -> int | None:
    """Numerals with 十百千万亿; the last bare digit after 百 or more stands one place lower (colloquial) unless a zero precedes it."""
    total = section = 0  # finished 亿/万 parts; the part below the next 万
    digit: int | None = None
    last = 0  # weight of the unit before
    last_large = 10**20
    zero = False
    for i, c in enumerate(text):
        if c in DIGITS:
            if digit is not None and digit > 0:
                return None
            if DIGITS[c] == 0:
                if i == 0 or zero:
                    return None
                zero = True
                continue
            digit = DIGITS[c]
        elif c in _SMALL:
            unit = _SMALL[c]
            if digit is None and not (unit == 10 and (i == 0 or zero or last >= 100)):
                return None
            if section and last and last <= unit:
                return None
            section += (digit or 1) * unit
            digit, last, zero = None, unit, False
        else:
            unit = _LARGE[c]
            section += digit or 0
            if section == 0 and not (total and c == "亿" and last == 10**4):
                return None
            if unit >= last_large and not (c == "亿" and last_large == 10**4):
                return None
            total = (total + section) * unit if c == "亿" else total + section * unit
            section, digit, last, last_large, zero = 0, None, unit, unit, False
    if digit is not None:
        colloquial = last >= 100 and not zero
        section += digit * (last // 10 if colloquial else 1)
    elif zero:
        return None
    return total + section


def mixed(text: str) -> Decimal | None:
    """Arabic figures with Chinese units: 3千6百, 3亿2000万, 3万2 (= 32,000), 1.2万; units must fall from left to right.

    >>> mixed("3千6百"), mixed("3万2"), mixed("1.2千万")
    (Decimal('3600'), Decimal('32000'), Decimal('12000000.0'))
    """
    if not _MIXED.fullmatch(text):
        return None
    pieces = re.findall(r"(零|〇)?(\d+(?:\.\d+)?|[一二三四五六七八九])([十百千万亿]*)", text)
    total, last, below = Decimal(0), 0, 0
    for place, (zero, figure, unit) in enumerate(pieces):
        value = Decimal(figure) if figure[0].isdigit() and figure.isascii() else Decimal(DIGITS[figure])
        if unit:
            times = scale(unit)
            if times is None or (last and (times >= last or value * times >= last)) or ("." in figure and len(pieces) > 1):
                return None
            total, last = total + value * times, times
            continue
        if place == 0 or "." in figure:
            return None
        if len(figure) == 1 and not zero and last >= 100:
            below = last // 10  # colloquial: one place below the unit before
            total += value * below
        elif value < last and (zero or len(figure) == len(str(last)) - 1):
            total += value
        else:
            return None
    return total


def figure(text: str) -> Decimal | None:
    """Any figure: Arabic, Chinese or mixed, with its scale characters; None when it is not exactly one figure."""
    plain = arabic(text)
    if plain is not None:
        return plain
    match = re.fullmatch(r"([\d,. ]+?) ?([十百千万亿]+)", text)
    if match:
        base, times = arabic(match[1].strip()), scale(match[2])
        if base is not None and times is not None:
            return base * times
    formal = text.translate(_FORMAL)
    return chinese(formal) if not re.search(r"\d", text) else mixed(formal)


_FORMAL = {ord(a): b for a, b in zip("壹弌贰貳叁參肆伍陆陸柒捌玖拾佰仟两", "一一二二三三四五六六七八九十百千二", strict=True)}
