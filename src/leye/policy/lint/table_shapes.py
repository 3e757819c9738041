"""The form of a pack's other files: pack.yaml, derived facts, values of places, figures seen, questions, cases."""

from __future__ import annotations

from leye.policy import fields
from leye.policy.lint.shape import Key, Keys, Look, day, expression, list_of, record, region, text, two_languages, unknown_fact, whole, word
from leye.policy.lint.shapes import CASE, NOTE, PAGES, parameters, sources
from leye.policy.located import Text, Value
from leye.policy.pack import STATUSES

DERIVED_TYPES = ("bool", "int", "fen", "date", "enum", "text")

_REGIONAL: Keys = {
    "region": Key(region, required=True),
    "is": Key(expression(""), required=True),
    "source": Key(sources),
    "status": Key(word(*STATUSES)),
    "dates": Key(word(*STATUSES)),
}
DERIVED: Keys = {
    "fact": Key(text, required=True),
    "zh": Key(text),
    "type": Key(word(*DERIVED_TYPES)),
    "unit": Key(text),
    "is": Key(expression("")),
    "say": Key(text),
    "say_en": Key(text),
    "source": Key(sources),
    "status": Key(word(*STATUSES)),
    "dates": Key(word(*STATUSES)),
    "regional": Key(list_of(record(_REGIONAL))),
    "tests": Key(list_of(record(CASE))),
}
SEEN: Keys = {
    **{key: Key(text, required=True) for key in ("parameter", "unit", "why_zh", "ref")},
    "region": Key(region, required=True),
    "value": Key(whole, required=True),
    "tier": Key(whole),
    **{key: Key(text) for key in ("who", "season", "policy", "seen_at", "note_zh")},
    "bound": Key(word("min", "max")),
    **{key: Key(day) for key in ("from", "to", "page_date")},
    "src": Key(word(*PAGES)),
    "status": Key(word(*STATUSES)),
    "dates": Key(word(*STATUSES)),
}


def _fact_name(value: Value, key: str, look: Look) -> None:
    """The id of a fact."""
    if not isinstance(value, Text):
        text(value, key, look)
    elif value not in look.scope.facts.facts:
        unknown_fact(value, look, value.place)


_GROWTH: Keys = {"by": Key(word("month", "year"), required=True), "when": Key(two_languages), "while": Key(word("employed"))}
_QUESTION: Keys = {
    "name_en": Key(text, required=True),
    "values_en": Key(list_of(text)),
    "ask": Key(two_languages),
    "paper": Key(two_languages),
    "asked": Key(word("person", "employer", "office")),
    "grows": Key(record(_GROWTH)),
    "numbers": Key(lambda value, key, look: None),
    "after": Key(_fact_name),
}


def questions(value: Value, key: str, look: Look) -> None:
    """How facts are asked for, by fact."""
    with look.catching():
        for name, item in fields.mapping(value, key, value.place).items():
            if name not in look.scope.facts.facts:
                unknown_fact(name, look, item.place)
            record(_QUESTION)(item, name, look)


PACK_NOTE: Keys = {"policy": Key(text, required=True), **NOTE}
PACK: Keys = {
    "pack": Key(text, required=True),
    "name": Key(two_languages, required=True),
    "region": Key(region),
    "extends": Key(text),
    "facts": Key(text),
    "notes": Key(list_of(record(PACK_NOTE))),
}
TABLES: Keys = {
    "derived": Key(list_of(record(DERIVED))),
    "parameters": Key(parameters),
    "seen": Key(list_of(record(SEEN))),
    "cases": Key(list_of(record(CASE))),
    "tests": Key(list_of(record(CASE))),
    "notes": Key(list_of(record(PACK_NOTE))),
    "questions": Key(questions),
}
"""A file that is neither pack.yaml nor a policy: one or more of these."""
