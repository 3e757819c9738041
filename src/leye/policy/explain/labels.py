"""Facts and values as people read them, in Chinese or English: 就业状态=在职, 距法定退休月数=50个月, monthly wage = 3,000 yuan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from leye.kernel.errors import BadInput
from leye.kernel.money import yuan_text
from leye.policy.explain.fact_words import FactWords, fact_words
from leye.policy.facts import Fact
from leye.policy.pack import PackSet

LANGUAGES = ("zh", "en")
_UNITS = {
    "months": ("个月", "months"),
    "years": ("岁", "years"),
    "days": ("天", "days"),
    "people": ("人", "people"),
    "times": ("次", "times"),
    "orders": ("单", "orders"),
}
_ONE = {"people": "person"}


class Labels:
    """Names and values in one language."""

    def __init__(self, packs: PackSet, language: str) -> None:
        self.facts, self.derived, self.words, self.is_english = packs.facts.facts, packs.derived, fact_words(packs), language == "en"
        self._speakers: dict[str, Callable[[Any], str]] = {}

    def name(self, name: str) -> str:
        """A fact or derived fact by its name in the language."""
        fact = self.facts.get(name)
        if fact is None:
            found = self.derived[name]
            return name.replace("_", " ") if self.is_english or not found.zh else found.zh
        if not self.is_english:
            return fact.zh
        return self.words[name].name_en if name in self.words else name.replace("_", " ")

    def speaker(self, name: str) -> Callable[[Any], str]:
        """Value -> 就业状态=在职; made once a name, for an explanation says hundreds."""
        if name not in self._speakers:
            self._speakers[name] = self._speaker(name)
        return self._speakers[name]

    def _speaker(self, name: str) -> Callable[[Any], str]:
        label, fact = self.name(name), self.facts.get(name)
        if fact is not None and fact.type == "date":
            unknown = self.word(name, None)
            return lambda value: f"{label}={unknown if value is None else value.isoformat()}"
        return lambda value: f"{label}={self.word(name, value)}"

    def unit(self, name: str) -> str:
        """The unit of a fact or derived fact, as the tables have it."""
        return self.facts[name].unit if name in self.facts else self.derived[name].unit

    def word(self, name: str, value: object) -> str:
        """A value in words: 未知 for the unknown, numbers with their unit."""
        if value is None:
            return "unknown" if self.is_english else "未知"
        if isinstance(value, bool):
            return ("yes" if value else "no") if self.is_english else "是" if value else "否"
        fact = self.facts.get(name)
        if fact is None:
            return self._number(value, self.derived[name].unit, self.derived[name].type)
        special = self._special(fact, value)
        return special or self._number(value, fact.unit, fact.type)

    def _special(self, fact: Fact, value: object) -> str:
        """Values with a word of their own."""
        words: FactWords | None = self.words.get(fact.id)
        if fact.type == "enum" and value in fact.allowed:
            names = (words.values_en if words else ()) if self.is_english else fact.values_zh
            at = fact.allowed.index(str(value))
            return names[at] if at < len(names) else str(value)
        if words is not None and words.numbers and isinstance(value, int) and value in words.numbers:
            return words.numbers[value][self.is_english]
        return ""

    def _number(self, value: object, unit: str, kind: str) -> str:
        if not isinstance(value, int):
            return value.isoformat() if isinstance(value, date) else str(value)
        if unit == "month index":
            year, month = divmod(value - 1, 12)
            return f"{year}-{month + 1:02d}" if self.is_english else f"{year}年{month + 1}月"
        if kind == "fen" or unit.startswith("fen"):
            return quantity(value, "fen", english=self.is_english)
        if unit == "basis points":
            return f"{value / 100:g}%"
        return quantity(value, unit, english=self.is_english) if unit in _UNITS else str(value)


def quantity(number: int, unit: str, *, english: bool) -> str:
    """A number with its unit: 2个月, 500元, 3 years. Money comes in fen.

    >>> quantity(50_000, "fen", english=False), quantity(1, "months", english=True)
    ('500元', '1 month')
    """
    if unit.startswith("fen"):
        return f"{yuan_text(number)} yuan" if english else f"{yuan_text(number)}元"
    zh, en = _UNITS.get(unit, ("", ""))
    if not english:
        return f"{number}{zh}"
    return f"{number} {_ONE.get(unit, en.removesuffix('s')) if number == 1 else en}".strip()


def language_of(text: str) -> str:
    """zh or en. Raises BadInput (E_LANGUAGE)."""
    if text not in LANGUAGES:
        raise BadInput(f"没有语言“{text}”", en=f"no language {text!r}", remedy_zh="写 zh 或 en", remedy_en="zh or en", code="E_LANGUAGE")
    return text
