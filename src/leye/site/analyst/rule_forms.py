"""The forms of a bureau's own rule: what was typed into a policy, a local version, or a text; each refusal names its field."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, QueryDict

from leye.kernel.errors import BadInput
from leye.policy import PackSet, Policy, Version
from leye.policy.author import ConditionRow, PolicyForm, localised_text, policy_text, with_examples
from leye.policy.facts import REGION
from leye.policy.pack import ABOUT, FUNDS, MONEY_UNITS, STATUSES, UNITS

FIRST_ROWS, MORE_ROWS, MOST_ROWS = 6, 4, 40
MOST_BYTES = 400_000  # of an uploaded file; the longest text may have 200,000 characters


def rows_wanted(form: QueryDict) -> int:
    """How many condition rows the page shows."""
    text = form.get("rows", "")
    asked = int(text) if re.fullmatch(r"\d{1,3}", text) else FIRST_ROWS
    return min(asked + (MORE_ROWS if form.get("press") == "more" else 0), MOST_ROWS)


def form_text(form: QueryDict, packs: PackSet) -> tuple[str, str]:
    """(file, region) of a filled-in form, with worked examples where people can be found. Raises BadInput (E_FORM, E_FORM_ROW)."""
    filled = _policy_form(form)
    return with_examples(policy_text(filled, packs), packs), filled.region


def local_text(form: QueryDict, packs: PackSet, policy: Policy) -> tuple[str, str]:
    """(file, region) of a local version of a policy with other numbers. Raises BadInput (E_FORM)."""
    version = _version(policy, form.get("version", ""))
    start, end, sunset = _days(form)
    region, source = _region(form), _needed(form, "source_doc", "依据文件", "the document")
    values = {name: _value(form, name, parameter.unit) for name, parameter in version.parameters.items() if form.get(f"value-{name}", "").strip()}
    text = localised_text(packs, policy, version, region=region, start=start, end=end, sunset=sunset, values=values, source=source)
    return with_examples(text, packs), region


def uploaded_text(request: HttpRequest) -> str:
    """The text in the box, or the file handed in. Raises BadInput (E_FORM)."""
    upload: Any = request.FILES.get("file")
    if upload is None:
        return _needed(request.POST, "text", "规则文件", "the text of the policy file")
    if upload.size > MOST_BYTES:
        raise _wrong("规则文件", "the file", "文件太大", "is too large", "一个文件写一项政策", "one policy a file")
    try:
        return str(upload.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _wrong("规则文件", "the file", "不是 UTF-8 文本", "is no UTF-8 text", "另存为 UTF-8", "save it as UTF-8") from None


def _policy_form(form: QueryDict) -> PolicyForm:
    start, end, sunset = _days(form)
    unit = _one_of(form, "unit", UNITS, "单位", "the unit")
    amount = _money(form, "amount")
    why = form.get("amount_why", "").strip()
    if amount is None and not why and unit in MONEY_UNITS:
        raise _wrong("金额", "the amount", "没有写", "is missing", "写金额；由各地另定的写明原因", "give it, or say who sets it")
    return PolicyForm(
        policy=_id(form),
        name=_needed(form, "name", "名称", "the name"),
        name_en=form.get("name_en", "").strip(),
        about=_one_of(form, "about", ABOUT, "发给谁", "about whom"),
        pays=_one_of(form, "pays", FUNDS, "资金来源", "the fund"),
        status=_one_of(form, "status", STATUSES, "核实状态", "the status"),
        region=_region(form),
        start=start,
        end=end,
        sunset=sunset,
        source_doc=_needed(form, "source_doc", "依据文件", "the document"),
        source_article=form.get("source_article", "").strip(),
        benefit=form.get("benefit", "").strip(),
        conditions=_rows(form),
        unit=unit,
        amount_fen=amount if unit in MONEY_UNITS else None,
        amount_why=why,
        months=_months(form) if unit == "month" else None,
    )


def _rows(form: QueryDict) -> tuple[ConditionRow, ...]:
    """Filled rows; a row without a fact is no row."""
    found = []
    for n in range(1, MOST_ROWS + 1):
        fact, value, say, comparison, group, basis = (
            form.get(f"{key}-{n}", "").strip() for key in ("fact", "value", "say", "comparison", "group", "basis")
        )
        if not fact and not say and not value:
            continue
        if not fact:
            raise _wrong(f"第 {n} 个条件", f"condition {n}", "没有选事实", "names no fact", "从列表里选一个事实", "choose a fact")
        if not say:
            raise _wrong(f"第 {n} 个条件", f"condition {n}", "没有写法条的话", "has no sentence", "用一句话写出法条的意思", "say what the law asks")
        found.append(ConditionRow(fact, comparison, value, say, group if group == "any" else "all", basis, n))
    if not found:
        raise _wrong("条件", "conditions", "一个也没有写", "are missing", "至少写一个条件", "write one at least")
    return tuple(found)


def _id(form: QueryDict) -> str:
    text = _needed(form, "policy", "编号", "the id")
    if re.fullmatch(r"[a-z][a-z0-9_]{2,59}", text) is None:
        raise _wrong("编号", "the id", f"不能写“{text[:30]}”", f"cannot be {text[:30]!r}", "用小写英文字母、数字和下划线", "a–z, 0–9 and _")
    return text


def _region(form: QueryDict) -> str:
    text = form.get("region", "").strip()
    if REGION.match(text) is None or text == "CN":
        raise _wrong("地区", "the place", f"不能写“{text[:20]}”", f"cannot be {text[:20]!r}", "写成 CN-44、CN-4403 或 CN-440305", "write CN-4403")
    return text


def _days(form: QueryDict) -> tuple[date, date | None, str]:
    start, end, sunset = (
        _day(form, "start", "起始日期", "the first day"),
        _day(form, "end", "终止日期", "the last day"),
        form.get("sunset", "").strip(),
    )
    if start is None:
        raise _wrong("起始日期", "the first day", "没有写", "is missing", "选一个日期", "choose a day")
    if (end is None) == (not sunset):
        raise _wrong(
            "终止",
            "the end",
            "没有写清楚",
            "is not clear",
            "写终止日期，或写为什么没有，只写一样",
            "give the last day or why there is none, not both",
        )
    return start, end, sunset


def _day(form: QueryDict, key: str, zh: str, en: str) -> date | None:
    text = form.get(key, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _wrong(zh, en, f"“{text[:20]}”不是日期", "is no date", "写成 2025-09-01", "write 2025-09-01") from None


def _money(form: QueryDict, key: str) -> int | None:
    text = form.get(key, "").strip()
    return None if not text else _fen(text, "金额", "the amount")


def _fen(text: str, zh: str, en: str) -> int:
    try:
        fen = Decimal(text.replace(",", "").replace("，", "").removesuffix("元")) * 100
    except InvalidOperation:
        fen = Decimal("NaN")
    if not fen.is_finite() or fen != int(fen) or fen < 0:
        raise _wrong(zh, en, f"不能写“{text[:20]}”", "is no amount", "写金额，单位元，最多两位小数", "yuan with at most two decimals")
    return int(fen)


def _months(form: QueryDict) -> int | None:
    text = form.get("months", "").strip()
    if not text:
        return None
    if re.fullmatch(r"\d{1,4}", text) is None:
        raise _wrong("月数", "months", f"不能写“{text[:20]}”", "is no number", "写一个整数", "a whole number")
    return int(text)


def _value(form: QueryDict, name: str, unit: str) -> int:
    """A parameter as typed: yuan for money, whole numbers for the rest."""
    text = form.get(f"value-{name}", "").strip()
    if unit.startswith("fen"):
        return _fen(text, f"“{name}”", name)
    if re.fullmatch(r"-?\d{1,9}", text) is None:
        raise _wrong(f"“{name}”", name, f"不能写“{text[:20]}”", "is no whole number", "写一个整数", "a whole number")
    return int(text)


def _version(policy: Policy, text: str) -> Version:
    number = int(text) if re.fullmatch(r"\d{1,3}", text) else -1
    if not 0 <= number < len(policy.versions):
        raise _wrong("版本", "the version", "没有选", "is missing", "选一个版本", "choose a version")
    return policy.versions[number]


def _needed(form: QueryDict, key: str, zh: str, en: str) -> str:
    text = form.get(key, "").strip()
    if not text:
        raise _wrong(zh, en, "没有写", "is missing", f"写上{zh}", f"give {en}")
    return text


def _one_of(form: QueryDict, key: str, words: tuple[str, ...], zh: str, en: str) -> str:
    text = form.get(key, "")
    if text not in words:
        raise _wrong(zh, en, "没有选", "is not chosen", "从列表里选", "choose one of the list")
    return text


def _wrong(what_zh: str, what_en: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> BadInput:
    return BadInput(f"{what_zh}{zh}", en=f"{what_en} {en}", remedy_zh=remedy_zh, remedy_en=remedy_en, code="E_FORM")
