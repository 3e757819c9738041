"""What a rule's match says in the units of the slot: levels of schooling, years, ages, counts, names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from leye.match.adverts.numerals import number
from leye.match.adverts.pay import read_range, read_single
from leye.match.columns import EDUCATION

_LEVELS = {
    "初中": "junior_high",
    "职业高中": "secondary_vocational",
    "职高": "secondary_vocational",
    "高中": "senior_high",
    "中专": "secondary_vocational",
    "中技": "secondary_vocational",
    "中职": "secondary_vocational",
    "技校": "secondary_vocational",
    "大学专科": "junior_college",
    "大专": "junior_college",
    "专科": "junior_college",
    "高职": "junior_college",
    "本科": "bachelor",
    "学士": "bachelor",
    "大学": "bachelor",
    "硕士": "master",
    "研究生": "master",
    "MBA": "master",
    "博士研究生": "doctor",
    "博士": "doctor",
}
_LEVEL = re.compile("|".join(sorted(_LEVELS, key=len, reverse=True)))
_OF_WORK = re.compile("经验|经历|从业|工作|驾龄|教龄|工龄|以上")
_KINDS = re.compile("大学本科|硕士研究生")
Reader = Callable[[re.Match[str]], Any]


def _education(found: re.Match[str]) -> str | None:
    """The lowest level named, since that one suffices."""
    said = _KINDS.sub(lambda m: m.group()[-2:] if m.group().endswith("本科") else "硕士", found.group())
    named = [_LEVELS[m.group()] for m in _LEVEL.finditer(said)]
    return min(named, key=EDUCATION.index) if named else None


def _years(found: re.Match[str]) -> dict[str, float] | None:
    """{min[, max]} in years; months are divided by twelve; more than 30 years is no experience asked for."""
    groups = found.groupdict()
    share = 12 if groups["unit"] == "个月" else 1
    if share == 12 and not _OF_WORK.search(found.group()):
        return None  # 年终奖3-6个月 is no experience
    ends = {"min": groups.get("lo"), "max": groups.get("hi")}
    told = {k: n / share for k, v in ends.items() if v is not None and (n := number(v)) is not None}
    if found.group("unit") == "年" and found.string.startswith("半", found.end("unit")) and "min" in told:
        told["min"] += 0.5
    if not told or max(told.values()) > 30 or told.get("max", 99) < told.get("min", 0):
        return None
    return {k: whole(v) for k, v in ({"min": 0.0} | told).items()}


def whole(value: float) -> float | int:
    """3 rather than 3.0; two decimals at most.

    >>> whole(3.0), whole(0.5)
    (3, 0.5)
    """
    return int(value) if value == int(value) else round(value, 2)


def _age(found: re.Match[str]) -> dict[str, int] | None:
    """{min, max} of the ages named; nothing where they cannot be ages of workers (14–75)."""
    groups = found.groupdict()
    told = {k: int(n) for k, g in (("min", "lo"), ("max", "hi")) if (v := groups.get(g) or groups.get(g + "2")) and (n := number(v)) is not None}
    return told if told and all(14 <= n <= 75 for n in told.values()) else None


def _count(found: re.Match[str]) -> int | None:
    count = number(found["n"])
    return int(count) if count is not None and count == int(count) and 1 <= count <= 9_999 else None


def _licence(found: re.Match[str]) -> str:
    """Class of the licence; a bare 驾照 or C照 is C1, the least that drives a car with gears."""
    said = (found.groupdict().get("class") or "C1").upper()
    return "C1" if said == "C" else said


def _name(found: re.Match[str]) -> str | None:
    return found["w"].strip(" :、/·-") or None


READERS: dict[str, Reader] = {
    "education": _education,
    "years": _years,
    "pay": read_range,
    "pay_single": read_single,
    "age": _age,
    "count": _count,
    "licence": _licence,
    "name": _name,
    "said": lambda found: found.group(),
    "language": _name,
}
"""Reader by the name that rules call it. None: the match says nothing after all."""
