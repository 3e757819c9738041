"""Occupation cells: 职业分类大典 2022 by code or official name. Free job titles belong to matching and are refused here."""

from __future__ import annotations

import re
from functools import cache

from leye.intake.cells.code_names import closest, key, pairs
from leye.intake.cells.missing import excel_error, missing
from leye.intake.cells.outcome import Ambiguous, Bad, Ok, Outcome, Value
from leye.intake.cells.text import fold, without_footnotes
from leye.kernel.codes import occupations

_CODE = re.compile(r"(\d{7})|(\d)-(\d{2})(?:-(\d{2}))?(?:-(\d{2}))?")
_MARKS = re.compile(r"\s*\(?\s*[LS](?:\s*/\s*[LS])?\s*\)?$")
_CODE_AND_NAME = re.compile(r"([\d-]{7,10})[\s.、:_]*(\D+)|(\D+?)[\s:_]*\(?([\d-]{7,10})\)?")


def parse_occupation(raw: str) -> Outcome:
    """`{"code", "name", "level"}` with seven digits without hyphens."""
    early = missing(raw) or excel_error(raw)
    if early is not None:
        return early
    text = fold(without_footnotes(raw)[0])
    code = _CODE.fullmatch(text.replace(" ", ""))
    if code:
        return _by_code(text, code)
    both = _CODE_AND_NAME.fullmatch(text)
    if both:
        return _code_and_name(both[1] or both[4], both[2] or both[3])
    return _by_name(text)


def _by_code(text: str, match: re.Match[str]) -> Outcome:
    code = match[1] or f"{match[2]}{match[3]}{match[4] or '00'}{match[5] or '00'}"
    if code in occupations():
        return Ok(_value(code))
    parents = (code[:5] + "00", code[:3] + "0000", code[0] + "000000")
    near = next((occupations()[p] for p in parents if p in occupations()), None)
    return Bad("E_CODE_UNKNOWN", (f"没有职业代码 {text}",), f"{near.name} {near.code}" if near else None)


def _code_and_name(code: str, name: str) -> Outcome:
    match = _CODE.fullmatch(code)
    by_code = _by_code(code, match) if match else None
    if isinstance(by_code, Ok) and by_code.value["code"] in _names().get(_key(name), ()):
        return by_code
    return Bad("E_CODE_UNKNOWN", ("代码和名称对不上",))


def _by_name(text: str) -> Outcome:
    codes = _official().get(text.replace(" ", "")) or _names().get(_key(text), ())
    if len(codes) == 1:
        return Ok(_value(codes[0]))
    if codes:
        return Ambiguous("E_CODE_UNKNOWN", tuple(_value(c) for c in codes), ("几个职业都叫这个名字",))
    return Bad("E_CODE_UNKNOWN", ("没有这个职业名称",), closest(_key(text), {n: c[0] for n, c in _names().items()}))


@cache
def _official() -> dict[str, tuple[str, ...]]:
    """Names exactly as printed; they win over names that differ in punctuation only."""
    found: dict[str, list[str]] = {}
    for occupation in occupations().values():
        found.setdefault(fold(occupation.name).replace(" ", ""), []).append(occupation.code)
    return {name: tuple(codes) for name, codes in found.items()}


def _key(name: str) -> str:
    return key(_MARKS.sub("", name))


@cache
def _names() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for occupation in occupations().values():
        found.setdefault(key(occupation.name), []).append(occupation.code)
    for alias, code in pairs("occupation_aliases.csv"):
        found.setdefault(key(alias), [code])
    return {name: tuple(codes) for name, codes in found.items()}


def _value(code: str) -> Value:
    occupation = occupations()[code]
    return {"code": occupation.code, "name": occupation.name, "level": occupation.level}
