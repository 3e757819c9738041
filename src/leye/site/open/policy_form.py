"""Answers of the self-check: fields from facts, values from what was typed. Nothing typed is kept anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from leye.kernel.errors import BadInput
from leye.kernel.money import fen_from_yuan
from leye.policy import Fact, PackSet
from leye.policy.explain.fact_words import fact_words
from leye.policy.explain.labels import Labels
from leye.policy.facts import FactValue
from leye.site.words import is_english

PREFIX = "fact-"
LONGEST = 40
"""Characters of an answer; dates, numbers and codes are shorter."""


@dataclass(frozen=True)
class Field:
    """One question. choices: (value, word), empty for a field to write in · typed: what was sent · error: why it cannot be."""

    fact: Fact
    ask: str
    paper: str
    choices: tuple[tuple[str, str], ...]
    typed: str
    error: BadInput | None = None

    @property
    def name(self) -> str:
        """Name and id of the field."""
        return PREFIX + self.fact.id


def fields_of(names: Iterable[str], packs: PackSet, typed: Mapping[str, str], errors: Mapping[str, BadInput] | None = None) -> list[Field]:
    """Fields of some facts, each behind the one it hangs on."""
    labels, words = Labels(packs, "en" if is_english() else "zh"), fact_words(packs)
    order = _in_order(list(names), {n: w.after for n, w in words.items()})
    found = []
    for name in order:
        fact, said = packs.facts.facts[name], words.get(name)
        values: Sequence[object] = (True, False) if fact.type == "bool" else fact.choices
        choices = tuple((str(v).lower() if isinstance(v, bool) else str(v), labels.word(name, v)) for v in values)
        ask = (said.ask_en if labels.is_english else said.ask_zh) if said else labels.name(name)
        paper = (said.paper_en if labels.is_english else said.paper_zh) if said else ""
        found.append(Field(fact, ask, paper, choices, typed.get(name, ""), (errors or {}).get(name)))
    return found


def _in_order(names: list[str], after: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    waiting = list(names)
    while waiting:
        at = next((i for i, n in enumerate(waiting) if after.get(n, "") not in waiting), 0)
        found.append(waiting.pop(at))
    return found


def typed_in(form: Mapping[str, str], packs: PackSet) -> dict[str, str]:
    """Fact -> what was typed, empty answers left out; fields that are no facts are not read."""
    sent = {k.removeprefix(PREFIX): str(v).strip()[:LONGEST] for k, v in form.items() if k.startswith(PREFIX)}
    return {name: text for name, text in sent.items() if text and name in packs.facts.facts}


def values_of(typed: Mapping[str, str], packs: PackSet) -> tuple[dict[str, FactValue], dict[str, BadInput]]:
    """Facts in their types, and the refusals of answers that cannot be."""
    values: dict[str, FactValue] = {}
    errors: dict[str, BadInput] = {}
    for name, text in typed.items():
        try:
            values[name] = _value(packs.facts.facts[name], text)
        except BadInput as error:
            errors[name] = error
    return values, errors


def _value(fact: Fact, text: str) -> FactValue:
    if fact.type != "fen":
        return fact.from_text(text)
    return fact.check(int(fen_from_yuan(text.replace(",", "").replace("，", ""))))
