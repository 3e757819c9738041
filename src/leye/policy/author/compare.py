"""One row of a form into one expression, and its number into a parameter that a reform can change."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from leye.kernel.errors import BadInput
from leye.policy.author.form import ConditionRow
from leye.policy.facts import Fact
from leye.policy.pack import PackSet


@dataclass(frozen=True, slots=True)
class Comparison:
    """A way to hold a fact against a value. types: of the facts it goes with · suffix: of the parameter's name, empty where it needs none."""

    zh: str
    en: str
    types: tuple[str, ...]
    write: Callable[[str, str], str]
    suffix: str = ""


def _symbol(symbol: str) -> Callable[[str, str], str]:
    return lambda fact, value: f"{fact} {symbol} {value}"


COMPARISONS: dict[str, Comparison] = {
    "is": Comparison("是", "is", ("bool", "enum"), lambda fact, value: f"{fact} == {value}" if value else fact),
    "is_not": Comparison("不是", "is not", ("bool", "enum"), lambda fact, value: f"{fact} != {value}" if value else f"not {fact}"),
    "one_of": Comparison("是其中之一（用、隔开）", "is one of (separated by 、)", ("enum",), lambda fact, value: f"{fact} in {value}"),
    "at_least": Comparison("不少于", "at least", ("int",), _symbol(">="), "min"),
    "more_than": Comparison("多于", "more than", ("int",), _symbol(">"), "over"),
    "at_most": Comparison("不多于", "at most", ("int",), _symbol("<="), "max"),
    "less_than": Comparison("少于", "less than", ("int",), _symbol("<"), "under"),
    "equals": Comparison("等于", "equals", ("int",), _symbol("=="), "exact"),
    "on_or_after": Comparison("不早于（日期）", "on or after (a date)", ("date",), _symbol(">=")),
    "on_or_before": Comparison("不晚于（日期）", "on or before (a date)", ("date",), _symbol("<=")),
    "months_passed": Comparison("已满（月）", "months have passed", ("date",), lambda f, v: f"months_since({f}) >= {v}", "months"),
    "months_not_passed": Comparison("不满（月）", "fewer months have passed", ("date",), lambda f, v: f"months_since({f}) < {v}", "within_months"),
}
"""Key on the form -> what it means. Plain numbers become parameters, so that a reform can change them."""


@dataclass(frozen=True, slots=True)
class Written:
    """An expression and the parameter that it uses: (name, unit, value), if any."""

    expression: str
    parameter: tuple[str, str, int] | None


def written(row: ConditionRow, packs: PackSet, taken: set[str]) -> Written:
    """The expression of a row. taken: names of parameters that are used already. Raises BadInput with the row's number."""
    name, kind, unit, fact = _subject(row, packs)
    way = COMPARISONS.get(row.comparison)
    if way is None or kind not in way.types:
        fitting = "、".join(c.zh for c in COMPARISONS.values() if kind in c.types)
        raise _wrong(row, f"“{row.fact}”不能这样比", f"{row.fact!r} does not compare so", f"可选：{fitting}", "choose another comparison")
    if kind == "bool":
        return Written(way.write(name, ""), None)
    if kind == "enum":
        return Written(way.write(name, _options(row, fact, is_list=row.comparison == "one_of")), None)
    if not way.suffix:
        return Written(way.write(name, f"'{_day(row)}'"), None)
    value = _months(row) if kind == "date" else _number(row, fact, unit)
    parameter = _free(f"{name}_{way.suffix}", taken)
    return Written(way.write(name, parameter), (parameter, "months" if kind == "date" else unit, value))


def _subject(row: ConditionRow, packs: PackSet) -> tuple[str, str, str, Fact | None]:
    """(id, type, unit, fact or None for derived) of what a row speaks of."""
    if row.fact in packs.facts:
        fact = packs.facts[row.fact]
        return fact.id, fact.base, fact.unit, fact
    derived = next((d for d in packs.derived.values() if row.fact in (d.id, d.zh)), None)
    if derived is None:
        raise _wrong(row, f"没有“{row.fact}”这个事实", f"no fact {row.fact!r}", "从列表里选", "choose one of the list")
    return derived.id, derived.type, derived.unit, None


def _options(row: ConditionRow, fact: Fact | None, *, is_list: bool) -> str:
    words = [w for w in re.split(r"[、,，;；\s]+", row.value.strip()) if w]
    found = [fact.enum_id(w) if fact is not None else w for w in words]
    if not words or None in found or (len(words) > 1 and not is_list):
        allowed = "、".join(fact.values_zh or fact.allowed) if fact is not None else ""
        raise _wrong(row, f"“{row.value}”不是这个事实的选项", f"{row.value!r} is no value of it", f"可写：{allowed}", "write one of its values")
    quoted = [f"'{f}'" for f in found]
    return f"({', '.join(quoted)}{',' if len(quoted) == 1 else ''})" if is_list else quoted[0]


def _number(row: ConditionRow, fact: Fact | None, unit: str) -> int:
    """A whole number; money is written in yuan and becomes fen."""
    is_money = unit.startswith("fen")
    try:
        number = Decimal(row.value.strip().replace(",", "").removesuffix("元"))
    except InvalidOperation:
        number = Decimal("NaN")
    value = number * 100 if is_money else number
    if not value.is_finite() or value != int(value):
        remedy = "写金额，单位元，最多两位小数" if is_money else "写一个整数"
        raise _wrong(row, f"“{row.value}”不是{'金额' if is_money else '整数'}", f"{row.value!r} is no number", remedy, "write a number")
    if fact is not None and not fact.is_range and str(int(value)) not in fact.allowed:
        raise _wrong(
            row, f"“{fact.zh}”没有 {int(value)} 这个值", f"{fact.id} is never {int(value)}", f"可写：{'、'.join(fact.allowed)}", "see its values"
        )
    return int(value)


def _months(row: ConditionRow) -> int:
    text = row.value.strip().removesuffix("个月").removesuffix("月")
    if re.fullmatch(r"\d{1,4}", text) is None:
        raise _wrong(row, f"“{row.value}”不是月数", f"{row.value!r} is no number of months", "写几个月，如 6", "write months, such as 6")
    return int(text)


def _day(row: ConditionRow) -> str:
    try:
        return date.fromisoformat(row.value.strip()).isoformat()
    except ValueError:
        raise _wrong(row, f"“{row.value}”不是日期", f"{row.value!r} is no date", "写成 2025-09-01", "write 2025-09-01") from None


def _free(name: str, taken: set[str]) -> str:
    found, n = name, 2
    while found in taken:
        found, n = f"{name}_{n}", n + 1
    taken.add(found)
    return found


def _wrong(row: ConditionRow, zh: str, en: str, remedy_zh: str, remedy_en: str) -> BadInput:
    return BadInput(f"第 {row.number} 个条件：{zh}", en=f"condition {row.number}: {en}", remedy_zh=remedy_zh, remedy_en=remedy_en, code="E_FORM_ROW")
