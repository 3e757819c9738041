"""The form of a policy's file, in the words of `shape`; `table_shapes` has the other files."""

from __future__ import annotations

from leye.policy import fields
from leye.policy.lint.shape import (
    Check,
    Key,
    Keys,
    Look,
    check_record,
    day,
    expression,
    list_of,
    one_or_list,
    record,
    region,
    text,
    two_languages,
    unknown_key,
    whole,
    word,
)
from leye.policy.located import Mapping, Text, Value
from leye.policy.pack import ABOUT, FUNDS, RULES, SCOPES, STATUSES, UNITS
from leye.policy.read_policy import GROUPS

YES_NO = ("true", "false")
GRADES = ("A", "B", "C")
PAGES = ("official", "press", "repost", "mirror")

_SOURCE: Keys = {"doc": Key(text, required=True), "article": Key(text), "quote": Key(text)}
NOTE: Keys = {"zh": Key(text, required=True), "en": Key(text), "source": Key(text), "grade": Key(word(*GRADES))}


def _text_or(shape: Check) -> Check:
    def check(value: Value, key: str, look: Look) -> None:
        if not isinstance(value, Text):
            shape(value, key, look)

    return check


sources = one_or_list(_text_or(record(_SOURCE)))
note = _text_or(record(NOTE))
notes = list_of(note)

_SAID: Keys = {"say": Key(text), "say_en": Key(text), "basis": Key(text), "note": Key(note)}
_CLAUSE: Keys = {"when": Key(expression("bool"), required=True), **_SAID}


def clause(value: Value, key: str, look: Look) -> None:
    """A condition, or a group of them."""
    with look.catching():
        found = fields.mapping(value, key, value.place)
        kinds = [k for k in ("when", *GROUPS) if k in found]
        if kinds == ["when"]:
            check_record(found, _CLAUSE, look)
        elif len(kinds) == 1:
            _group(found, kinds[0], look)
        elif not kinds and len(found) == 1:
            unknown_key(next(iter(found)), ("when", *GROUPS), look, found.place)
        else:
            raise fields.refuse(
                "条件要么是 when，要么是 all、any、not、at_least 之一",
                "a clause is `when`, or one of all, any, not, at_least",
                found.place,
                "检查缩进和关键字",
                "check the indentation and the key",
            )


def _group(found: Mapping, kind: str, look: Look) -> None:
    inside = "of" if kind == "at_least" else kind
    keys: dict[str, Key] = {kind: Key(_parts), **_SAID}
    if kind == "at_least":
        keys |= {"at_least": Key(whole, required=True), "of": Key(_parts)}
    check_record(found, keys, look)
    items = found.get(inside)
    count = 1 if isinstance(items, Mapping) and kind == "not" else len(fields.sequence(items, inside, found.place))
    k = fields.whole(found["at_least"], "at_least", found.place) if kind == "at_least" else 1
    if count == 0 or (kind == "not" and count != 1) or not 1 <= k <= count:
        raise fields.refuse(
            f"“{kind}”下面的条件数不对",
            f"wrong number of clauses under {kind!r}",
            found.place,
            "all、any 至少一条，not 恰好一条，at_least: k 的 of 里至少 k 条",
            "all and any take one or more, not takes one, at_least k takes k or more in `of`",
        )


def _parts(value: Value, key: str, look: Look) -> None:
    """Clauses of a group; `not` may hold one without the dash."""
    (clause if isinstance(value, Mapping) and key == "not" else list_of(clause))(value, key, look)


_VALUE: Keys = {
    "region": Key(region),
    "regions": Key(list_of(region)),
    "value": Key(whole),
    "formula": Key(expression("int")),
    "from": Key(day),
    "to": Key(day),
    "policy": Key(text),
    "ref": Key(text),
    "reference": Key(text),
    "seen_at": Key(text),
    "page_date": Key(day),
    "src": Key(word(*PAGES)),
    "status": Key(word(*STATUSES)),
    "dates": Key(word(*STATUSES)),
    "note_zh": Key(text),
    "note": Key(text),
}


def _value_row(value: Value, key: str, look: Look) -> None:
    with look.catching():
        found = fields.mapping(value, key, value.place)
        check_record(found, _VALUE, look)
        if ("value" in found) == ("formula" in found):
            raise fields.refuse(
                "写 value 或 formula，只写一个", "give `value` or `formula`, one of them", found.place, "留下一个", "keep one"
            )  # fmt: skip


def values(value: Value, key: str, look: Look) -> None:
    """A list of rows, or {REGION: {DATE: number | row}}."""
    if not isinstance(value, Mapping):
        list_of(_value_row)(value, key, look)
        return
    for place, dated in value.items():
        region(place if isinstance(place, Text) else value, "region", look)
        with look.catching():
            for start, one in fields.mapping(dated, str(place), value.place).items():
                day(start if isinstance(start, Text) else value, "from", look)
                (_value_row if isinstance(one, Mapping) else whole)(one, "value", look)


PARAMETER: Keys = {"unit": Key(text), "zh": Key(two_languages), "min": Key(whole), "max": Key(whole), "values": Key(values, required=True)}


def parameters(value: Value, key: str, look: Look) -> None:
    """Parameters by name."""
    with look.catching():
        for name, item in fields.mapping(value, key, value.place).items():
            record(PARAMETER)(item, name, look)


_AMOUNT_ROW: Keys = {
    "when": Key(expression("bool"), required=True),
    "fen": Key(expression("int"), required=True),
    "say": Key(text),
    "say_en": Key(text),
}

EXCLUSION: Keys = {
    "group": Key(text, required=True),
    "scope": Key(word(*SCOPES)),
    "rule": Key(word(*RULES)),
    "order": Key(list_of(text)),
}

VERSION: Keys = {
    "from": Key(day, required=True),
    "to": Key(day),
    "sunset": Key(text),
    "region": Key(region),
    "dates": Key(word(*STATUSES)),
    "who": Key(clause, required=True),
    "unit": Key(word(*UNITS), required=True),
    "amount_fen": Key(expression("int")),
    "amounts": Key(list_of(record(_AMOUNT_ROW))),
    "amount_why": Key(two_languages),
    "months": Key(expression("int")),
    "parameters": Key(parameters),
    "source": Key(sources),
    "notes": Key(notes),
    "exclusive": Key(one_or_list(record(EXCLUSION))),
}


def version(value: Value, key: str, look: Look) -> None:
    """One version; its own parameters are names for its expressions."""
    with look.catching():
        found = fields.mapping(value, key, value.place)
        own = found.get("parameters")
        check_record(found, VERSION, look.within(own) if isinstance(own, Mapping) else look)


_DEADLINE: Keys = {"after": Key(text, required=True), "months": Key(whole, required=True)}
APPLY: Keys = {
    "documents": Key(list_of(two_languages)),
    "where": Key(two_languages),
    "deadline": Key(record(_DEADLINE)),
}
CASE: Keys = {
    "policy": Key(text),
    "name": Key(text, required=True),
    "on": Key(day, required=True),
    "facts": Key(lambda value, key, look: None),
    "expect": Key(lambda value, key, look: None),  # null is what a derived fact is expected to be where it is unknown
}
"""Facts and expectations are read by `leye.policy.cases` (lint/worked.py)."""

OVERRIDE: Keys = {
    "policy": Key(text, required=True),
    "name": Key(text),
    "name_en": Key(text),
    "about": Key(word(*ABOUT)),
    "pays": Key(word(*FUNDS)),
    "status": Key(word(*STATUSES)),
    "discretionary": Key(word(*YES_NO)),
    "benefit": Key(two_languages),
    "source": Key(sources),
    "versions": Key(list_of(version), required=True),
    "exclusive": Key(one_or_list(record(EXCLUSION))),
    "apply": Key(record(APPLY)),
    "notes": Key(notes),
    "tests": Key(list_of(record(CASE))),
}
"""A policy that the base pack has: what is not written stays as it is there."""

POLICY: Keys = {**OVERRIDE, **{key: Key(OVERRIDE[key].check, required=True) for key in ("name", "about", "pays", "status")}}
