"""The five fields of a vacancy as somebody typed them, checked one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from leye.office.vacancies import refusals

LONGEST = {"title": 60, "place": 120, "pay": 60, "description": 4000}
"""Characters of each text. # chosen by us: a title fits one line of a card, a description two pages"""
SHORTEST_DESCRIPTION = 10
MOST_POSTS = 999


@dataclass(frozen=True, slots=True)
class Draft:
    """title, place, pay, description: as typed, outer blanks gone · headcount: posts."""

    title: str
    place: str
    pay: str
    headcount: int
    description: str

    @property
    def text(self) -> str:
        """The advert as one text: what parsers read and people see."""
        return f"{self.description}\n薪资：{self.pay}\n工作地点：{self.place}"


def draft_of(typed: Mapping[str, str]) -> Draft:
    """A draft from typed fields. Raises BadInput (E_VACANCY_FIELDS) that names every wrong field at once."""
    texts = {name: " ".join(typed.get(name, "").split()) if name != "description" else typed.get(name, "").strip() for name in LONGEST}
    wrong = {name: _length(name, text) for name, text in texts.items() if not 0 < len(text) <= LONGEST[name]}
    if "description" not in wrong and len(texts["description"]) < SHORTEST_DESCRIPTION:
        wrong["description"] = ("“职责和要求”太短", "duties and requirements are too short")
    count = typed.get("headcount", "").strip()
    if not (count.isascii() and count.isdecimal() and 1 <= int(count) <= MOST_POSTS):
        wrong["headcount"] = (f"“招几个人”要填 1 到 {MOST_POSTS} 的数字", f"the headcount is a number from 1 to {MOST_POSTS}")
    if wrong:
        raise refusals.fields_wrong(wrong)
    return Draft(texts["title"], texts["place"], texts["pay"], int(count), texts["description"])


NAMES = {
    "title": ("岗位名称", "title"),
    "place": ("工作地点", "place of work"),
    "pay": ("工资", "pay"),
    "headcount": ("招几个人", "headcount"),
    "description": ("职责和要求", "duties and requirements"),
}
"""Field -> its name in Chinese and English."""


def _length(name: str, text: str) -> tuple[str, str]:
    zh, en = NAMES[name]
    if not text:
        return f"“{zh}”没有填", f"the {en} is missing"
    return f"“{zh}”最多 {LONGEST[name]} 个字，现在 {len(text)} 个", f"the {en} has {len(text)} characters, {LONGEST[name]} at most"
