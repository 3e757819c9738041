"""A small language for the form of a file: which keys, which of them required, what each holds. Everything wrong is found, not only the first."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from leye.kernel.errors import BadInput, Place
from leye.policy import fields
from leye.policy.grammar import Scope, parse
from leye.policy.lint.finding import Findings
from leye.policy.located import Mapping as LocatedMapping
from leye.policy.located import Sequence, Text, Value

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Look:
    """What a check has at hand: the names an expression may use, and where findings go."""

    scope: Scope
    findings: Findings

    def within(self, parameters: Iterable[str]) -> Look:
        """The same with more parameters."""
        return Look(self.scope.within(frozenset(parameters)), self.findings)

    @contextmanager
    def catching(self) -> Iterator[None]:
        """What a reader refuses inside becomes a finding."""
        try:
            yield
        except BadInput as error:
            self.findings.add_error(error)


Check: TypeAlias = Callable[[Value, str, Look], None]
"""(value, its key, look): adds findings."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a record. required: must hold something."""

    check: Check
    required: bool = False


Keys: TypeAlias = Mapping[str, Key]


def record(keys: Keys) -> Check:
    """A mapping with these keys and no others."""

    def check(value: Value, key: str, look: Look) -> None:
        with look.catching():
            check_record(fields.mapping(value, key, value.place), keys, look)

    return check


def check_record(found: LocatedMapping, keys: Keys, look: Look) -> None:
    """Unknown keys with the nearest known one, absent required ones, and each value by its check."""
    for name, value in found.items():
        if name not in keys:
            unknown_key(name, keys, look, found.place)
        elif not fields.is_empty(value):
            keys[name].check(value, name, look)
    for name, key in keys.items():
        if key.required and fields.is_empty(found.get(name)):
            look.findings.add("E_PACK_FORM", found.place, f"缺少“{name}”", f"{name!r} is missing", f"写上 {name}", f"give {name}")


def unknown_key(name: str, keys: Iterable[str], look: Look, place: Place) -> None:
    """A key that the language does not have, with the nearest that it has."""
    known = list(keys)
    near = difflib.get_close_matches(name, known, 1)
    at = name.place if isinstance(name, Text) else place
    look.findings.add(
        "E_KEY_UNKNOWN",
        at,
        f"不认识“{name}”" + (f"，是不是“{near[0]}”？" if near else ""),
        f"unknown key {str(name)!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
        f"可写：{'、'.join(known)}",
        f"known here: {', '.join(known)}",
    )


def unknown_fact(name: str, look: Look, place: Place) -> None:
    """A name that is no fact, with the nearest that is one."""
    near = difflib.get_close_matches(name, list(look.scope.facts.facts), 1)
    look.findings.add(
        "E_FACT_UNKNOWN",
        name.place if isinstance(name, Text) else place,
        f"没有“{name}”这个事实" + (f"，是不是“{near[0]}”？" if near else ""),
        f"no fact {str(name)!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
        "用 leye policy facts 查看可用的名称",
        "see `leye policy facts`",
    )


def list_of(item: Check) -> Check:
    """A list whose items all pass."""

    def check(value: Value, key: str, look: Look) -> None:
        with look.catching():
            for part in fields.sequence(value, key, value.place):
                item(part, key, look)

    return check


def one_or_list(item: Check) -> Check:
    """A list, or one item written without the dash."""

    def check(value: Value, key: str, look: Look) -> None:
        (list_of(item) if isinstance(value, Sequence) else item)(value, key, look)

    return check


def text(value: Value, key: str, look: Look) -> None:
    """One scalar."""
    if not isinstance(value, Text):
        look.findings.add("E_PACK_FORM", value.place, f"“{key}”应是一段文字", f"{key!r} should be one text", "写在同一行", "write it in one line")


def two_languages(value: Value, key: str, look: Look) -> None:
    """{zh, en} or one Chinese scalar."""
    if isinstance(value, LocatedMapping):
        check_record(value, {"zh": Key(text, required=True), "en": Key(text)}, look)
    else:
        text(value, key, look)


def whole(value: Value, key: str, look: Look) -> None:
    """A whole number."""
    with look.catching():
        fields.whole(value, key, value.place)


def day(value: Value, key: str, look: Look) -> None:
    """YYYY-MM-DD."""
    with look.catching():
        fields.as_day(value, key, value.place)


def region(value: Value, key: str, look: Look) -> None:
    """CN, CN-44, CN-4403 or CN-440305."""
    with look.catching():
        found = LocatedMapping({key: value})
        found.file, found.line = value.file, value.line
        fields.region(found, key)


def word(*words: str) -> Check:
    """One of the words, with the nearest named where it is none."""

    def check(value: Value, key: str, look: Look) -> None:
        if isinstance(value, Text) and value in words:
            return
        near = difflib.get_close_matches(str(value), words, 1) if isinstance(value, Text) else []
        look.findings.add(
            "E_WORD_UNKNOWN",
            value.place,
            f"“{key}”不能写“{value}”" + (f"，是不是“{near[0]}”？" if near else ""),
            f"{key!r} cannot be {str(value)!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
            f"可选：{'、'.join(words)}",
            f"one of: {', '.join(words)}",
        )

    return check


def expression(wants: str) -> Check:
    """An expression of a type; "" for any."""

    def check(value: Value, key: str, look: Look) -> None:
        if not isinstance(value, Text):
            text(value, key, look)
            return
        with look.catching():
            parse(value, look.scope, wants=wants)

    return check
