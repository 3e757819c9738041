"""Reading single values out of located YAML, with an error that names the line."""

from __future__ import annotations

import re
from datetime import date

from leye.kernel.errors import BadInput, Place
from leye.policy.facts import REGION
from leye.policy.located import Mapping, Sequence, Text, Value
from leye.policy.pack import Note, Source

EMPTY = ("", "null", "~")


def refuse(zh: str, en: str, place: Place, remedy_zh: str, remedy_en: str, *, code: str = "E_PACK_FORM") -> BadInput:
    """The error of a pack that cannot be read as it stands."""
    return BadInput(zh, en=en, remedy_zh=remedy_zh, remedy_en=remedy_en, places=(place,), code=code)


def is_empty(value: Value | None) -> bool:
    """Whether nothing stands there: absent, empty, null or ~."""
    return value is None or (isinstance(value, Text) and value in EMPTY)


def mapping(value: Value | None, what: str, place: Place) -> Mapping:
    """A mapping, or the refusal."""
    if isinstance(value, Mapping):
        return value
    raise refuse(
        f"“{what}”应是“键: 值”",
        f"{what!r} should be a mapping",
        value.place if value is not None else place,
        "参照规则语言说明",
        "see the rule language",
    )


def sequence(value: Value | None, what: str, place: Place) -> Sequence:
    """A list, or the refusal; absent is empty."""
    if isinstance(value, Sequence):
        return value
    if is_empty(value):
        return Sequence()
    raise refuse(
        f"“{what}”应是列表（每项一行，以 - 开头）",
        f"{what!r} should be a list",
        value.place if value is not None else place,
        "参照规则语言说明",
        "see the rule language",
    )


def text(parent: Mapping, key: str, *, default: str | None = None) -> Text:
    """A scalar by key. Raises E_PACK_FORM when it is absent without default, or not a scalar."""
    value = parent.get(key)
    if isinstance(value, Text) and value not in EMPTY:
        return value
    if default is not None and (value is None or isinstance(value, Text)):
        return Text(default, *(("", 0) if value is None else (value.file, value.line)))
    raise refuse(f"缺少“{key}”", f"{key!r} is missing", parent.place, f"写上 {key}", f"give {key}")


def day(parent: Mapping, key: str, *, required: bool = False) -> date | None:
    """A date by key; None when absent. Raises E_PACK_FORM."""
    value = parent.get(key)
    if is_empty(value):
        if required:
            raise refuse(f"缺少日期“{key}”", f"the date {key!r} is missing", parent.place, f"写上 {key}: YYYY-MM-DD", f"give {key}: YYYY-MM-DD")
        return None
    return as_day(value, key, parent.place)


def as_day(value: Value | None, what: str, place: Place) -> date:
    """An ISO date. Raises E_PACK_FORM."""
    try:
        if isinstance(value, Text) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise refuse(
        f"“{what}”不是日期：{value}",
        f"{what!r} is not a date: {value}",
        value.place if value is not None else place,
        "写成 YYYY-MM-DD",
        "write YYYY-MM-DD",
    )


def whole(value: Value | None, what: str, place: Place) -> int:
    """A whole number. Raises E_FRACTION for a number with a decimal point (money is fen), E_PACK_FORM for anything else."""
    if isinstance(value, Text) and re.fullmatch(r"-?\d+", value):
        return int(value)
    at = value.place if value is not None else place
    if isinstance(value, Text) and re.fullmatch(r"-?[\d_,]*\.?\d+(/\d+)?", value):
        raise refuse(
            f"“{what}”要写整数，写的是 {value}",
            f"{what!r} must be a whole number, found {value}",
            at,
            "金额写成分；比例写成分子和分母两个参数",
            "money in fen; a share as numerator and denominator",
            code="E_FRACTION",
        )
    raise refuse(f"“{what}”不是整数：{value}", f"{what!r} is not a whole number: {value}", at, "写一个整数", "write a whole number")


def region(parent: Mapping, key: str, *, default: str = "CN") -> str:
    """A region prefix (CN, CN-44, CN-4403, CN-440305). Raises E_PACK_FORM."""
    found = text(parent, key, default=default)
    if REGION.match(found) is None:
        raise refuse(
            f"地区写法不对：{found}",
            f"not a region: {found}",
            found.place,
            "写成 CN、CN-44、CN-4403 或 CN-440305",
            "write CN, CN-44, CN-4403 or CN-440305",
        )
    return str(found)


def optional_whole(parent: Mapping, key: str) -> int | None:
    """A whole number by key; None when absent."""
    return None if is_empty(parent.get(key)) else whole(parent.get(key), key, parent.place)


def two_languages(parent: Mapping, key: str) -> tuple[str, str]:
    """A text as {zh, en} or one Chinese scalar; empty when absent."""
    value = parent.get(key)
    if isinstance(value, Mapping):
        return str(text(value, "zh", default="")), str(text(value, "en", default=""))
    return str(text(parent, key, default="")), ""


def sources(parent: Mapping, key: str = "source") -> tuple[Source, ...]:
    """Documents as a list of {doc, article, quote}, one of them, or one scalar."""
    value = parent.get(key)
    if isinstance(value, Text):
        return () if value in EMPTY else (Source(str(value)),)
    items = [value] if isinstance(value, Mapping) else list(sequence(value, key, parent.place))
    return tuple(_source(item, parent.place) for item in items)


def _source(item: Value, place: Place) -> Source:
    if isinstance(item, Text):
        return Source(str(item))
    found = mapping(item, "source", place)
    return Source(*(str(text(found, key, default="")) for key in ("doc", "article", "quote")))


def note(value: Value | None, place: Place) -> Note | None:
    """A note as {zh, en, source, grade} or one Chinese scalar; None when absent."""
    if value is None or is_empty(value):
        return None
    if isinstance(value, Text):
        return Note(str(value))
    found = mapping(value, "note", place)
    return Note(*(str(text(found, key, default="")) for key in ("zh", "en", "source", "grade")))


def notes(parent: Mapping, key: str = "notes") -> tuple[Note, ...]:
    """A list of notes."""
    return tuple(n for item in sequence(parent.get(key), key, parent.place) if (n := note(item, parent.place)) is not None)
