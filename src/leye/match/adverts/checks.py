"""Checks of an ad before it is published: signs of fraud, pay that cannot be, pay below a minimum wage. Each says why; a person decides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import prod

import yaml

from leye.match.adverts.original import make_plain
from leye.match.columns import PER_MONTH
from leye.match.slots import Slot
from leye.packs import open_pack

HIGH_DAY_FEN = 60_000
"""A day's pay from which "paid daily, nothing asked" is a sign of fraud: 600 元 (chosen by us, three times a usual day's pay)."""
_NOTHING_ASKED = 0.4  # weight of high daily pay without any demand, chosen by us
_UNBELIEVED = 0.3  # weight of an amount outside the believed bounds, chosen by us


@dataclass(frozen=True, slots=True)
class Signal:
    """A sign. weight: 0–1, how strongly it speaks alone · start, end: code points of the ORIGINAL text, end exclusive."""

    id: str
    weight: float
    zh: str
    en: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    weight: float
    find: re.Pattern[str]
    zh: str
    en: str
    cases: tuple[str, ...]
    fine: tuple[str, ...]


@cache
def fraud_rules() -> tuple[_Rule, ...]:
    """Every sign of the pack, in its order."""
    told = yaml.safe_load(open_pack("adverts/fraud.yaml").read_text(encoding="utf-8"))["signals"]
    return tuple(_Rule(r["id"], r["weight"], re.compile(r["find"]), r["zh"], r["en"], tuple(r["cases"]), tuple(r["fine"])) for r in told)


def fraud_signals(text: str, slots: Sequence[Slot]) -> list[Signal]:
    """Signs of fraud by place, each rule once. slots: of the same text."""
    plain = make_plain(text)
    found = []
    for rule in fraud_rules():
        match = rule.find.search(plain.text)
        if match and match.end() > match.start():
            found.append(Signal(rule.id, rule.weight, rule.zh, rule.en, *plain.span(*match.span())))
    return sorted([*found, *_from_slots(slots)], key=lambda s: (s.start, s.id))


def fraud_score(signals: Sequence[Signal]) -> float:
    """1 − Π(1 − weight), the noisy-or of signs taken as independent: 0 without a sign, below 1 always (Pearl 1988, section 4.3.2)."""
    return 1 - prod(1 - s.weight for s in signals)


def _from_slots(slots: Sequence[Slot]) -> list[Signal]:
    asked = any(s.slot in {"education", "years", "certificate", "licence"} and s.strength == "hard" for s in slots)
    high = [s for s in slots if s.slot == "pay" and s.value.get("period") == "day" and s.value.get("min_fen", 0) >= HIGH_DAY_FEN]
    signs = [
        Signal("fraud.high_daily_pay", _NOTHING_ASKED, "日结高薪而没有任何要求", "High daily pay, nothing asked", s.start, s.end)
        for s in high
        if not asked
    ]
    doubtful = [s for s in slots if s.slot == "pay_doubtful"]
    return signs + [Signal("pay.unbelievable", _UNBELIEVED, "薪资数额不可信", "The amount cannot be believed", s.start, s.end) for s in doubtful]


@dataclass(frozen=True, slots=True)
class BelowMinimum:
    """Pay whose UPPER end (or only end) lies below the minimum. offered_fen, minimum_fen: in `unit`, hour or month."""

    slot: Slot
    unit: str
    offered_fen: float
    minimum_fen: int


def below_minimum_wage(slots: Sequence[Slot], *, minimum_month_fen: int, minimum_hour_fen: int) -> list[BelowMinimum]:
    """Pay that cannot reach the minimum wage of the place. Hourly pay is held against the hour's minimum, everything else against the month's.

    minimum_month_fen, minimum_hour_fen: fen, handed in by who knows the place and the day; both > 0, else ValueError.
    Days and years are brought to months with 21.75 paid days (`PER_MONTH`); piece pay and pay without amounts say nothing.
    """
    if minimum_month_fen <= 0 or minimum_hour_fen <= 0:
        raise ValueError("a minimum wage is above 0")
    found = []
    for slot in slots:
        if slot.slot != "pay" or slot.value.get("period") not in PER_MONTH or "max_fen" not in slot.value:
            continue
        unit = "hour" if slot.value["period"] == "hour" else "month"
        offered = slot.value["max_fen"] * (1 if unit == "hour" else PER_MONTH[slot.value["period"]])
        minimum = minimum_hour_fen if unit == "hour" else minimum_month_fen
        if offered < minimum:
            found.append(BelowMinimum(slot, unit, offered, minimum))
    return found
