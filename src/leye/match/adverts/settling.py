"""What one reading of an ad says about another: total before base pay, an explicit class before an implied one, a bound that may be relaxed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from leye.match.slots import Slot

_BASE = re.compile(r"(?:底薪|保底|基本工资|基本薪资|无责|试用期?|试岗|培训期)[^，。；\n]{0,8}$")
_RELAXED = re.compile(
    r"(?:学历|工作经验|经验|年限|年龄|条件优秀|特别优秀|优秀|能力突出|能力强|经验丰富|有经验|退役军人|条件|者|的|以上){0,4}，?"
    r"[^，。；\n]{0,6}(?:可以?|均可)?(?:适当|酌情|再)?放宽(?![至到])"
)
_ONCE_EACH = {"city", "skills"}
"""Slots whose reader already tells each value once."""
_MONTHS = re.compile(r"(1[2-9]|2[0-4])(?:\s?[-~至到]\s?(?:1[2-9]|2[0-4]))?薪|(双薪)")


def settle(found: list[Slot], text: str) -> list[Slot]:
    """The readings that stand, each value of a slot once; spans are those of the plain `text` that rules read."""
    kept = sorted(found, key=lambda s: (s.start, s.end, s.source))
    kept = _relaxed(_months_apart(_total_pay(kept, text), text), text)
    return _once(_explicit_first(_one_count(kept), text))


def _explicit_first(found: list[Slot], text: str) -> list[Slot]:
    """An implied reading falls where the same slot is said outright; years implied by independence fall beside any years."""
    said = {s.slot for s in found if s.strength != "implied"}
    if any(s.slot == "shift" and s.value == "rotating" and s.strength != "negated" for s in found):
        found = [s for s in found if not _is_one_turn(s, text)]  # the hours of one turn, 8:00-20:00 两班倒, are no day shift
    return [s for s in found if s.strength != "implied" or s.slot not in said or s.slot == "shift"]


def _is_one_turn(slot: Slot, text: str) -> bool:
    return slot.source == "shift.day_hours" or (slot.source == "shift.day" and text.startswith("早", slot.start))


def _one_count(found: list[Slot]) -> list[Slot]:
    """Both sexes named is no demand; the first headcount holds unless each stands with a title of its own."""
    sexes = {s.value for s in found if s.slot == "gender_demand"}
    return [s for s in found if not (s.slot == "gender_demand" and len(sexes) > 1)]


def _once(found: list[Slot]) -> list[Slot]:
    told: set[tuple[str, str, str]] = set()
    kept: list[Slot] = []
    for slot in found:
        key = (slot.slot, repr(slot.value), slot.strength)
        if slot.slot not in _ONCE_EACH and key in told:
            continue
        told.add(key)
        kept.append(slot)
    return kept


def _total_pay(found: list[Slot], text: str) -> list[Slot]:
    """Base pay and pay on trial fall where a total is named."""
    pays = [s for s in found if s.slot == "pay" and "min_fen" in s.value]
    base = [s for s in pays if _BASE.search(text[max(0, s.start - 12) : s.start])]
    fallen = {id(s) for s in base} if 0 < len(base) < len(pays) else set()
    if pays:
        fallen |= {id(s) for s in found if s.slot == "pay" and s.value.get("negotiable")}
    return [s for s in found if id(s) not in fallen]


def _months_apart(found: list[Slot], text: str) -> list[Slot]:
    """年底13薪 said apart from the amount belongs to the first month's pay."""
    said = _MONTHS.search(text)
    if said is None or any(s.slot == "pay" and "months" in s.value for s in found):
        return found
    months = int(said[1] or 13)
    first = next((s for s in found if s.slot == "pay" and s.value.get("period") == "month"), None)
    return [_with(s, s.value | {"months": months}) if s is first else s for s in found]


def _with(slot: Slot, value: Any) -> Slot:
    return replace(slot, value=value)


def _relaxed(found: list[Slot], text: str) -> list[Slot]:
    """条件优秀者可放宽 makes the bound before it soft: the named one, else the nearest of schooling, years, certificate."""
    changed: dict[int, Slot] = {}
    for said in _RELAXED.finditer(text):
        named = "education" if "学历" in said.group() else "years" if re.search("经验|年限", said.group()) else ""
        before = [
            s
            for s in found
            if s.end <= said.start() + 8 and s.strength == "hard" and s.slot in ({named} if named else {"education", "years", "certificate"})
        ]
        if before and said.end() - before[-1].end <= 24 and not re.search("[。；\n]", text[before[-1].end : said.start()]):
            changed[id(before[-1])] = replace(before[-1], strength="soft")
    return [changed.get(id(s), s) for s in found]
