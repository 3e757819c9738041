"""Numbers of organisations: the unified social credit code (GB 32100, 18 characters) and the older organisation code (GB 11714, 8 + check)."""

from __future__ import annotations

import re

from leye.intake.cells.missing import excel_error, missing
from leye.intake.cells.outcome import Bad, Ok, Outcome
from leye.intake.cells.text import EXCEL_FLOAT, fold

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I O Z S V
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ORG = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997


def parse_org_id(raw: str) -> Outcome:
    """`{"valid": True, "kind": "uscc" | "org_code"}`; anything that does not check is bad."""
    early = missing(raw) or excel_error(raw)
    if early is not None:
        return early
    text = re.sub(r"[ '’‘]", "", fold(raw)).upper()
    if EXCEL_FLOAT.fullmatch(text):
        return Bad("E_ID_EXCEL", ("表格软件已丢失后几位，请以文本格式重新导出",))
    if re.fullmatch(r".{8}-.", text):
        text = text.replace("-", "")
    if len(text) == 18:
        return _uscc(text)
    if len(text) == 9:
        return _org_code(text)
    return Bad("E_ORG_LENGTH", (f"应为 18 位（旧组织机构代码 9 位），现为 {len(text)} 位",))


def _uscc(text: str) -> Outcome:
    if any(c not in _USCC for c in text) or not text[2:8].isdigit():
        return Bad("E_ORG_CHARSET", ("统一社会信用代码里不用 I、O、Z、S、V，第 3 至 8 位是数字",))
    if uscc_check(text[:17]) != text[17]:
        return Bad("E_ORG_CHECKSUM", ("校验码不对",))
    return Ok({"valid": True, "kind": "uscc"})


def _org_code(text: str) -> Outcome:
    if any(c not in _ORG for c in text):
        return Bad("E_ORG_CHARSET", ("组织机构代码只用数字和大写字母",))
    if org_code_check(text[:8]) != text[8]:
        return Bad("E_ORG_CHECKSUM", ("校验码不对",))
    return Ok({"valid": True, "kind": "org_code"})


def uscc_check(first17: str) -> str:
    """The 18th character of a unified social credit code: 31 minus the sum of value times 3^i, modulo 31 (GB 32100-2015).

    >>> uscc_check("91320505MA1XYTW45")
    'W'
    """
    return _USCC[-sum(_USCC.index(c) * w for c, w in zip(first17, _USCC_WEIGHTS, strict=True)) % 31]


def org_code_check(first8: str) -> str:
    """The check character of an organisation code: 11 minus the weighted sum modulo 11, X for 10, 0 for 11 (GB 11714-1997).

    >>> org_code_check("40012345")
    '6'
    """
    rest = 11 - sum(_ORG.index(c) * w for c, w in zip(first8, _ORG_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))
