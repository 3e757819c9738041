"""Citizen identity numbers (GB 11643: 18 digits with check character; the older 15 digits without)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache

from leye.intake.cells.missing import excel_error, missing
from leye.intake.cells.outcome import Bad, Ok, Outcome
from leye.intake.cells.text import EXCEL_FLOAT, fold
from leye.kernel.codes import region_spells

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # 2^(17-i) mod 11, GB 11643-1999
_CHECK = "10X98765432"
_ABROAD = frozenset({"810000", "820000", "830000"})  # residence permits of people from Hong Kong, Macao and Taiwan
_FIRST_YEAR = 1900  # chosen by us: nobody alive was born before


def person_id_parser(today: date | None) -> Callable[[str], Outcome]:
    """A parser of identity numbers; births after `today` are impossible (without it none is too late)."""

    def parse(raw: str) -> Outcome:
        return missing(raw) or excel_error(raw) or _read(re.sub(r"[ '’‘]", "", fold(raw)).upper(), today)

    return parse


def _read(text: str, today: date | None) -> Outcome:
    if EXCEL_FLOAT.fullmatch(text):
        return Bad("E_ID_EXCEL", ("表格软件已丢失后几位，请以文本格式重新导出",))
    if "*" in text or "X" in text[:-1] or re.search("[●•#]", text):
        return Bad("E_ID_MASKED", ("号码被遮盖",))
    if len(text) not in (15, 18):
        return Bad("E_ID_LENGTH", (f"应为 18 位（旧号 15 位），现为 {len(text)} 位",))
    body = text if len(text) == 15 else text[:-1]
    if not (body.isascii() and body.isdigit()):
        return Bad("E_ID_CHECKSUM" if len(text) == 18 else "E_ID_LENGTH", ("有不是数字的字符",))
    return _digits(text, today)


def _digits(text: str, today: date | None) -> Outcome:
    region = text[:6]
    if region not in _regions():
        return Bad("E_ID_REGION", (f"没有区划代码 {region}",))
    old = len(text) == 15
    born = _date(("19" + text[6:12]) if old else text[6:14])
    if born is None or born.year < _FIRST_YEAR or (today is not None and born > today):
        return Bad("E_ID_DATE", ("出生日期不存在或在将来",))
    if not old and check_character(text[:17]) != text[17]:
        return Bad("E_ID_CHECKSUM", ("校验码不对",))
    sex = "male" if int(text[14] if old else text[16]) % 2 else "female"
    value = {"valid": True, "sex": sex, "birth": born.isoformat(), "region": region}
    return Ok(value, "W_ID_15", ("15 位旧号，没有校验码",)) if old else Ok(value)


def check_character(first17: str) -> str:
    """The 18th character: weighted sum modulo 11 (GB 11643-1999, after ISO 7064 MOD 11-2).

    >>> check_character("33010619870415231")
    '7'
    """
    return _CHECK[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def _date(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


@cache
def _regions() -> frozenset[str]:
    return frozenset(s.code for s in region_spells()) | _ABROAD
