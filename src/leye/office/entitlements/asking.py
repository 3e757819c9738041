"""先答三个问题: which unknown facts decide the most money, in plain words, as a form."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from leye.policy import Fact, PackSet
from leye.policy.explain import Explanation
from leye.policy.explain.fact_words import FactWords, fact_words
from leye.policy.push.worth import NOTIONAL_FEN, expected_fen

FIRST = 3
"""Questions that the page shows at once: three are answered, a form of ten is not."""


@dataclass(frozen=True)
class Question:
    """One fact to ask. decides_fen: money within a year that hangs on it, shared with the other unknown facts of the same policy · policies: ids."""

    fact: Fact
    words: FactWords | None
    decides_fen: int
    policies: tuple[str, ...]

    @property
    def zh(self) -> str:
        """In Chinese."""
        return self.words.ask_zh if self.words else f"请核实：{self.fact.zh}"

    @property
    def en(self) -> str:
        """In English."""
        return self.words.ask_en if self.words else self.fact.id

    @property
    def choices(self) -> list[tuple[str, str, str]]:
        """Value, Chinese, English of what can be chosen; empty for a field to write in."""
        if self.fact.type == "bool":
            return [("true", "是", "yes"), ("false", "否", "no")]
        values = [str(v) for v in self.fact.choices]
        english = self.words.values_en if self.words and self.words.values_en else values
        chinese = self.fact.values_zh or tuple(values)
        return list(zip(values, chinese, english, strict=False))


def questions_for(found: Sequence[Explanation], packs: PackSet, *, kind: str, known: Collection[str] = ()) -> list[Question]:
    """Facts that undecided policies miss, the one that decides most first. kind: person or firm, who is asked; facts of the place are not asked.

    A policy with k missing facts counts with a k-th of its money for each; one without known money with the notional worth of the list.
    """
    worth: dict[str, int] = {}
    behind: dict[str, list[str]] = {}
    for one, missing in _open(found):
        for name in missing:
            worth[name] = worth.get(name, 0) + _money(one) // len(missing)
            behind.setdefault(name, []).append(one.policy)
    words = fact_words(packs)
    asked = [n for n in worth if is_asked(packs.facts.facts[n], words.get(n), kind) and n not in known]
    ranked = sorted(asked, key=lambda n: (-worth[n], -len(behind[n]), packs.facts.order[n]))
    return [Question(packs.facts.facts[n], words.get(n), worth[n], tuple(behind[n])) for n in ranked]


def is_asked(fact: Fact, words: FactWords | None, kind: str) -> bool:
    """Whether somebody of this kind can be asked for it."""
    if fact.kind in ("local", "key"):
        return False
    return kind == "firm" or words is None or words.asked != "office"


def _open(found: Sequence[Explanation]) -> Iterator[tuple[Explanation, tuple[str, ...]]]:
    for one in found:
        if one.verdict is not False and one.answer.missing:
            yield one, one.answer.missing


def _money(one: Explanation) -> int:
    answer = one.answer
    return expected_fen(answer.amount_fen, answer.months, one.unit or "") or NOTIONAL_FEN
