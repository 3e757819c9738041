"""What a person wishes: pay, places, the job by its title. Each needs a word of wishing near, or a unit that says whose money it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from leye.kernel.codes import current_regions
from leye.match.slots import Slot

_AMOUNT = r"\d+(?:\.\d+)?"
_PAY = re.compile(
    rf"(?P<lead>期望|要求|薪资|薪酬|月薪|年薪|日薪|时薪|工资|待遇|薪水)[^,，。;；\n\d]{{0,8}}"
    rf"(?P<at>(?P<low>{_AMOUNT})\s*(?P<lu>[kK千万])?\s*(?:(?:-|–|—|~|至|到)\s*(?P<high>{_AMOUNT})\s*(?P<hu>[kK千万])?)?\s*元?\s*(?:/|每)?(?P<per>月|天|日|小时|时|年)?)"
)
_UNITS = {"k": 1000, "K": 1000, "千": 1000, "万": 10_000}
_PERIODS = {"月": "month", "天": "day", "日": "day", "小时": "hour", "时": "hour", "年": "year"}
_LEADS = {"年薪": "year", "日薪": "day", "时薪": "hour"}
LEAST_FEN, MOST_FEN = 500, 100_000_000
"""A wish below 5 yuan or above 1,000,000 yuan is a slip (0, 999999 万). # chosen by us"""
_PLACES = re.compile(
    r"(?:期望|意向|求职|目标|希望|想在|想去|想到|愿意去|工作)(?:工作)?(?:城市|地点|地区|地)?[:：在去到]?\s*(?P<at>[一-鿿、,，/ ]{2,40})"
)

_TITLES = re.compile(
    r"(?:求职(?:意向|目标|岗位|职位)|应聘(?:岗位|职位)?|(?:期望|意向|目标|想做的?)(?:岗位|职位|职业|工作))"
    r"[ \t]*[:：][ \t]*(?P<at>[^\n。；;:：]{2,60})"
)
_TITLE = re.compile(r"[^、,，/|\s]{2,20}")
MOST_TITLES = 3
"""Titles of one line that count. # chosen by us: a longer list wishes for nothing in particular"""


def title_wishes(text: str) -> Iterator[Slot]:
    """Titles as written after a heading such as 求职意向：, each with its own span; what is a place or holds a figure is none."""
    for m in _TITLES.finditer(text):
        found = (t for t in _TITLE.finditer(text, m.start("at"), m.end("at")) if not re.search(r"\d", t[0]) and t[0] not in _places())
        for _place, t in zip(range(MOST_TITLES), found, strict=False):
            yield Slot("target_title", t[0], "soft", t.start(), t.end(), "title.wish")


def pay_wishes(text: str) -> Iterator[Slot]:
    """`{min_fen[,max_fen],period}` with strength soft; amounts that cannot be a wage are left out."""
    for m in _PAY.finditer(text):
        high_unit = m["hu"] or m["lu"]
        low = _fen(m["low"], m["lu"] or (m["hu"] if m["high"] else None))
        high = _fen(m["high"], high_unit) if m["high"] else None
        period = (
            _PERIODS.get(m["per"] or "") or next((p for word, p in _LEADS.items() if word in m.group()), None) or ("month" if low >= 50_000 else None)
        )
        if period is None or not LEAST_FEN <= low <= MOST_FEN or (high is not None and not low <= high <= MOST_FEN):
            continue
        value = {"min_fen": low, "period": period} | ({"max_fen": high} if high is not None else {})
        yield Slot("pay", value, "soft", m.start("at"), m.start("at") + len(m["at"].rstrip()), "pay.wish")


def _fen(amount: str, unit: str | None) -> int:
    return round(float(amount) * _UNITS.get(unit or "", 1) * 100)


def place_wishes(text: str) -> Iterator[Slot]:
    """Prefectures and municipalities by six-digit code, each with its own span; a county gives its prefecture."""
    table = _places()
    for m in _PLACES.finditer(text):
        at, end = m.start("at"), m.end("at")
        while at < end:
            name = next((text[at : at + n] for n in range(min(9, end - at), 1, -1) if text[at : at + n] in table), None)
            if name is None:
                at += 1
                continue
            yield Slot("city", table[name], "soft", at, at + len(name), "city.wish")
            at += len(name)


@cache
def _places() -> dict[str, str]:
    """Names, full and short, to the prefecture's or municipality's code; a name that several places bear is left out."""
    found: dict[str, set[str]] = {}
    for code, spell in current_regions().items():
        if spell.level == "province" and code[:2] not in {"11", "12", "31", "50"}:
            continue
        city = code[:2] + "0000" if code[:2] in {"11", "12", "31", "50"} else code[:4] + "00"
        if city.endswith("9000"):
            city = code  # counties that the province runs itself stand for themselves
        names = {spell.name}
        if len(spell.name) > 2:
            names.add(re.sub(r"(?:市|县|区|地区|自治州|盟)$", "", spell.name))
        for name in names:
            if len(name) >= 2:
                found.setdefault(name, set()).add(city)
    return {name: next(iter(cities)) for name, cities in found.items() if len(cities) == 1}
