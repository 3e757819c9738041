"""Amounts of pay: unit, period and bounds, from the match and the words before it. Fen, in the ad's own period."""

from __future__ import annotations

import re
from typing import Any

from leye.match.adverts.numerals import number

BELIEVED_FEN = {
    "hour": (500, 500_000),
    "day": (3_000, 2_000_000),
    "month": (30_000, 50_000_000),
    "year": (500_000, 1_000_000_000),
    "piece": (1, 10_000_000),
}
"""Bounds inside which an amount is believed (chosen by us: 5–5,000 元 an hour, 300–500,000 元 a month …); others are flagged, see `checks`."""
_YEARLY_FROM_YUAN = 80_000  # chosen by us: a bare 20万 is a year's pay, a bare 2万 a month's
_SCALE = {"k": 1_000, "千": 1_000, "w": 10_000, "万": 10_000}
_PERIODS = (
    ("month", re.compile(r"月|2[68]天")),
    ("hour", re.compile(r"时|h|H|钟头|节")),
    ("day", re.compile(r"天|日|工|班")),
    ("year", re.compile(r"年")),
    ("piece", re.compile(r".")),
)
_BEFORE = (
    ("year", re.compile(r"年薪|年收入|年包|年总收入|年入|每年|一年|年综合")),
    ("hour", re.compile(r"时薪|工价|每小时|小时工资|每个小时|课时费|一小时|小时工|/小时")),
    ("day", re.compile(r"日薪|日结|日工资|每天|一天|每日|天薪|按天|一工")),
    ("piece", re.compile(r"每单|每件|计件|按件|千字|每次|每条|每场|一单|一件|单价")),
    ("month", re.compile(r"月|底薪|薪资|薪酬|工资|待遇|收入|综合|到手|税前|税后|转正|保底|基本|薪水|酬劳|报酬|薪[:：]?$|无责")),
)
_AT_LEAST = re.compile(r"(?:不低于|至少|不少于|最低)$")
_NO_CEILING = re.compile(r"元?[^。；\n]{0,8}上不封顶")
_CLAUSE = re.compile(r"[^，。；;!！\n|]*$")
_FIELD = re.compile(r"(?:^|[，。；;\n|、(\s])(?:包吃住?|包住|管吃住?|约|大概|月|底)?$")
_FIELD_END = re.compile(r"(?:左右|上下|以上|包吃住?|包住|管吃住?|元|起|不等|加提成|\+提成|保底|每?月结)*(?:$|[，。；;\n|、)\s+])")


def read_range(found: re.Match[str]) -> dict[str, Any] | None:
    """{min_fen, max_fen, period[, months]}; None where the two numbers are no pay."""
    lo, hi = number(found["lo"]), number(found["hi"])
    if lo is None or hi is None:
        return None
    groups = found.groupdict()
    own, shared = _scale(groups.get("lou")), _scale(groups.get("hiu"))
    lo_yuan = lo * (own or (shared if shared and lo < (100 if shared == 10_000 else 1_000) else 1))
    hi_yuan = hi * (shared or (own if own and hi < 1_000 else 1))
    left = _left(found)
    period = _period(groups, left)
    is_said = bool(own or shared or groups.get("yuan") or groups.get("per") or period or "万" in found["lo"] + found["hi"] or "千" in found["lo"])
    if not is_said and not (1_000 <= lo_yuan < 100_000 and 1_000 <= hi_yuan < 200_000):
        return None
    if _are_years(lo_yuan, hi_yuan, groups) or hi_yuan < lo_yuan or _is_phone(found):
        return None
    told = _told(lo_yuan, None if groups.get("open") else hi_yuan, _settled(period, groups, left, _by_size(lo_yuan, bool(own or shared))))
    return _with_months(told, groups)


def read_single(found: re.Match[str]) -> dict[str, Any] | None:
    """{min_fen[, max_fen], period[, months]}: one amount is both ends, and with 起 or + the lower end; None where it is no pay."""
    amount = number(found["lo"])
    if amount is None or _is_phone(found):
        return None
    groups = found.groupdict()
    scale = _scale(groups.get("lou"))
    yuan = amount * (scale or 1)
    left = _left(found)
    period = _period(groups, left)
    near = _period({}, left[-8:]) is not None
    has_unit = bool(groups.get("yuan") or scale)
    is_amount = bool(groups.get("per")) or (near and (has_unit or yuan >= 15)) or (has_unit and yuan >= 1_000) or _stands_alone(found, yuan)
    if not is_amount or (period is None and yuan < 1_000) or (not near and 1_950 <= yuan <= 2_100 and not has_unit):
        return None
    is_open = groups.get("open") or groups.get("open2") or _AT_LEAST.search(left) or _NO_CEILING.match(found.string, found.end())
    settled = _settled(period, groups, left, _by_size(yuan, scale == 10_000))
    return _with_months(_told(yuan, None if is_open else yuan, settled), groups)


def _scale(unit: str | None) -> int | None:
    return _SCALE[unit.lower()] if unit else None


def _left(found: re.Match[str]) -> str:
    """The clause left of the match."""
    told = _CLAUSE.search(found.string, max(0, found.start() - 24), found.start())
    return told.group() if told else ""


def _period(groups: dict[str, str | None], left: str) -> str | None:
    """By what follows the amount, else by the last word before it that says a period."""
    if per := groups.get("per"):
        return next(name for name, word in _PERIODS if word.search(per.lstrip("/每一 (")))
    last = [(found.end(), -k, name) for k, (name, word) in enumerate(_BEFORE) for found in word.finditer(left)]
    return max(last)[2] if last else None


def _settled(period: str | None, groups: dict[str, str | None], left: str, by_size: str) -> str:
    """A word such as 薪酬 without 月 says no period: 薪酬20万-30万 is a year's."""
    if period == "month" and not groups.get("per") and "月" not in left:
        return by_size
    return period or by_size


def _by_size(yuan: float, is_scaled: bool) -> str:
    return "year" if is_scaled and yuan >= _YEARLY_FROM_YUAN else "month"


def _told(lo_yuan: float, hi_yuan: float | None, period: str) -> dict[str, Any]:
    told: dict[str, Any] = {"min_fen": round(lo_yuan * 100)}
    if hi_yuan is not None:
        told["max_fen"] = round(hi_yuan * 100)
    return told | {"period": period}


def _with_months(told: dict[str, Any], groups: dict[str, str | None]) -> dict[str, Any]:
    months = number(groups.get("months") or "")
    return told | {"months": int(months)} if months else told


def _are_years(lo: float, hi: float, groups: dict[str, str | None]) -> bool:
    """1995-2000年 names years, not yuan."""
    return 1_950 <= lo <= 2_100 and 1_950 <= hi <= 2_100 and "年" in (groups.get("per") or "年") and not groups.get("yuan")


def _is_phone(found: re.Match[str]) -> bool:
    return bool(re.search(r"(?:电话|热线|手机|微信|QQ|联系)[^，。；\n]{0,6}$", found.string[max(0, found.start() - 12) : found.start()]))


def _stands_alone(found: re.Match[str], yuan: float) -> bool:
    """A round sum that is a field of its own (…，4800，包住) is the month's pay."""
    before = found.string[max(0, found.start() - 6) : found.start()]
    is_round = 1_500 <= yuan <= 60_000 and yuan % 50 == 0
    return is_round and bool(_FIELD.search(before)) and bool(_FIELD_END.match(found.string, found.end()))


def is_believed(value: dict[str, Any]) -> bool:
    """Whether the amounts of a pay value lie inside `BELIEVED_FEN`; a value without amounts has nothing to doubt."""
    lo, hi = BELIEVED_FEN[value.get("period", "month")]
    return all(lo <= value[end] <= hi for end in ("min_fen", "max_fen") if end in value)
