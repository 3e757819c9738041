"""Industry cells: GB/T 4754-2017 sections and divisions by code, official name, short form or curated alias; never by likeness."""

from __future__ import annotations

import re
from functools import cache

from leye.intake.cells.code_names import closest, key, pairs
from leye.intake.cells.missing import excel_error, missing
from leye.intake.cells.outcome import Ambiguous, Bad, Ok, Outcome
from leye.intake.cells.text import fold, without_footnotes
from leye.kernel.codes import industries

_CODE = re.compile(r"([A-T])-?(\d{2})?(?:门类|大类|类)?", re.IGNORECASE)
_CODE_AND_NAME = re.compile(
    r"\(?([A-T](?:\d{2})?)\)?[\s.、:_-]*([\u4e00-\u9fff].*)|(.*[\u4e00-\u9fff])[\s:_-]*\(?([A-T](?:\d{2})?)\)?", re.IGNORECASE
)


def parse_industry(raw: str) -> Outcome:
    """`{"code", "name", "level"}`; words above the classification are ambiguous, unknown ones bad."""
    early = missing(raw) or excel_error(raw)
    if early is not None:
        return early
    text = fold(without_footnotes(raw)[0])
    code = _CODE.fullmatch(text)
    if code:
        return _by_code(text, (code[1] + (code[2] or "")).upper())
    finer = re.fullmatch(r"([A-T]\d{2})\d{1,2}", text, re.IGNORECASE)
    if finer:
        return _by_code(text, finer[0]) if finer[1].upper() not in industries() else _finer(text, finer[1].upper())
    both = _CODE_AND_NAME.fullmatch(text)
    if both:
        return _code_and_name((both[1] or both[4]).upper(), both[2] or both[3])
    return _by_name(text)


def _finer(text: str, division: str) -> Bad:
    """Groups and classes are not in the table: the division is offered, not taken."""
    return Bad("E_CODE_UNKNOWN", ("只收到门类和大类",), f"{industries()[division].name} {division}")


def _by_code(text: str, code: str) -> Outcome:
    if code in industries():
        return _ok(code)
    section = industries().get(code[:1])
    return Bad("E_CODE_UNKNOWN", (f"没有行业代码 {text}",), f"{section.name} {section.code}" if section else None)


def _code_and_name(code: str, name: str) -> Outcome:
    by_code, by_name = _by_code(code, code), _by_name(name)
    if isinstance(by_code, Ok) and isinstance(by_name, Ok):
        same = by_code.value["code"] == by_name.value["code"] or key(by_code.value["name"]) == key(name)
        return by_code if same else Bad("E_CODE_UNKNOWN", ("代码和名称不是同一个行业",))
    return Bad("E_CODE_UNKNOWN", ("代码或名称无法识别",))


def _by_name(text: str) -> Outcome:
    wanted = key(re.sub(r"(?:门类|大类|行业类别|行业)$", "", text) if len(text) > 4 else text)
    known = _names().get(wanted) if len(wanted) > 1 or text.endswith("业") else None
    if known:
        return _ok(known)
    if wanted in _wide() or key(text) in _wide():
        return Ambiguous("E_INDUSTRY_AMBIGUOUS", (), ("这个词在国民经济行业分类之上，或跨几个行业",))
    known = _names().get(key(text))
    return _ok(known) if known and len(key(text)) > 1 else Bad("E_CODE_UNKNOWN", ("没有这个行业名称",), closest(key(text), _names()))


@cache
def _names() -> dict[str, str]:
    """Key to code. Of a section and a division of one name the section wins when its name ends with 业 (房地产业), else the division (教育)."""
    found: dict[str, str] = {}
    for industry in industries().values():
        known = found.get(key(industry.name))
        if known is None or not (len(known) == 1 and industry.name.endswith("业")):
            found[key(industry.name)] = industry.code
    for alias, code in pairs("industry_aliases.csv"):
        found.setdefault(key(alias), code)
    return found


@cache
def _wide() -> frozenset[str]:
    return frozenset(key(row[0]) for row in pairs("industry_wide.csv"))


def _ok(code: str) -> Ok:
    industry = industries()[code]
    return Ok({"code": industry.code, "name": industry.name, "level": industry.level})
