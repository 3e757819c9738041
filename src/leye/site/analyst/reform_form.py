"""The rule as a form: numbers, conditions, term and amount of one policy as fields, and what was typed as changes of a reform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from leye.kernel.errors import BadInput
from leye.policy import PackSet
from leye.policy.lookup import Lookup, value_of, version_of
from leye.policy.pack import Clause, ClauseNode, Parameter, Policy, Version
from leye.policy.simulate.report import FUNDS_ZH
from leye.site.words import pick

LOCAL = "_local"
"""The choice that stands for no policy but for the numbers of places."""
NATION = "CN"


@dataclass(frozen=True, slots=True)
class NumberField:
    """A number of the law. shown, low, high: in the unit that people type (yuan for fen) · ref: where it stands."""

    key: str
    label: str
    unit: str
    shown: str
    low: str
    high: str
    ref: str
    is_money: bool


@dataclass(frozen=True, slots=True)
class ConditionField:
    """A condition by its number, from 1. within: the group in which it stands, where that is not "all of these"."""

    number: int
    say: str
    text: str
    basis: str
    within: str = ""


@dataclass(frozen=True)
class RuleForm:
    """policy: None for the numbers of places · version: None where none is in force · typed: what was sent, for a form that comes back."""

    policy: Policy | None
    version: Version | None
    region: str
    numbers: tuple[NumberField, ...]
    conditions: tuple[ConditionField, ...]
    amount: str
    until: date | None
    typed: Mapping[str, str]
    latest: Version | None = None


def rule_form(packs: PackSet, name: str, region: str, on: date, typed: Mapping[str, str]) -> RuleForm | None:
    """The form of a policy (or LOCAL) for a place; None for an unknown name."""
    if name == LOCAL:
        return RuleForm(None, None, region, tuple(_local_numbers(packs, region, on)), (), "", None, typed)
    policy = packs.policies.get(name)
    if policy is None:
        return None
    version = version_of(policy, region, on)
    latest = max(policy.versions, key=lambda v: v.start, default=None)
    if version is None:
        return RuleForm(policy, None, region, (), (), "", None, typed, latest)
    numbers = tuple(_number(p, _value(packs, p, region, on, policy.id), _ref(packs, p, region, on, policy.id)) for p in version.parameters.values())
    conditions = tuple(
        ConditionField(i, pick(c.say, c.say_en) or c.text, c.text, c.basis or str((version.sources or policy.sources or ("",))[0]), within)
        for i, (c, within) in enumerate(_placed(version.who, ""), 1)
    )
    return RuleForm(policy, version, region, numbers, conditions, version.amount_text, version.end, typed, latest)


def changes_of(form: RuleForm, typed: Mapping[str, str]) -> list[dict[str, str]]:
    """What was typed, as changes of a reform: only what differs from the law. Raises BadInput (E_NUMBER) with the field's label."""
    where = {} if form.region == NATION else {"region": form.region}
    head = ({"policy": form.policy.id} if form.policy is not None else {}) | where
    found: list[dict[str, Any]] = []
    for field in form.numbers:
        text = typed.get(f"p.{field.key}", field.shown).strip()
        if text and text != field.shown:
            change: dict[str, Any] = head | {"parameter": field.key, "value": _whole(field, text)}
            why = typed.get("beyond_cap", "").strip()
            found.append(change | ({"beyond_cap": why} if why and _is_beyond(field, text) else {}))
    if form.policy is not None and form.version is not None:
        found += _rule_changes(form, typed, head)
    if form.policy is not None and (until := typed.get("until", "").strip()) and until != str(form.until or ""):
        earlier = form.until is None or until < str(form.until)
        found.append(head | {"end_on" if earlier and form.version is not None else "extend_to": until})
    return found


def document(
    name: str,
    why: str,
    start: str,
    changes: list[dict[str, Any]],
    *,
    take_up: Mapping[str, str] | None = None,
    budgets: Mapping[str, int] | None = None,
) -> str:
    """A reform as YAML text."""
    import yaml

    body: dict[str, Any] = {"reform": name.strip() or "未命名方案"}
    body |= {"why": why.strip()} if why.strip() else {}
    body |= {"from": start.strip()} if start.strip() else {}
    body["changes"] = changes
    body |= {"take_up": dict(take_up)} if take_up else {}
    body |= {"budgets": dict(budgets)} if budgets else {}
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=150)


def take_up_of(typed: Mapping[str, str]) -> dict[str, str]:
    """Shares that were typed in percent; empty where none was. Raises BadInput (E_NUMBER)."""
    given = {k: typed.get(f"take_up.{k}", "").strip().removesuffix("%") for k in ("base", "low", "high")}
    if not any(given.values()):
        return {}
    return {k: f"{_decimal('申领率', v) / 100:f}" for k, v in given.items()}


def budgets_of(typed: Mapping[str, str]) -> dict[str, int]:
    """Budgets that were typed in 万元 a year, in fen. Raises BadInput (E_NUMBER)."""
    found = {}
    for fund in FUNDS_ZH:
        text = typed.get(f"budget.{fund}", "").strip()
        if text:
            found[fund] = int(_decimal(FUNDS_ZH[fund], text) * 1_000_000)
    return found


def _rule_changes(form: RuleForm, typed: Mapping[str, str], head: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if (amount := typed.get("amount", form.amount).strip()) != form.amount:
        found.append(head | {"amount_fen": amount})
    if more := typed.get("add", "").strip():
        found.append(head | {"add_clause": {"when": more, "say": typed.get("add_say", "").strip() or more}})
    for c in reversed(form.conditions):  # from the last, so that the numbers of those before stay what the page showed
        text = typed.get(f"c.{c.number}", c.text).strip()
        if f"drop.{c.number}" in typed or not text:
            found.append(head | {"drop_clause": str(c.number)})
        elif text != c.text:
            found.append(head | {"clause": str(c.number), "when": text, "say": typed.get(f"s.{c.number}", "").strip() or text})
    return found


def _placed(node: ClauseNode, within: str) -> Iterator[tuple[Clause, str]]:
    """Conditions in order, each with the words of the innermost group that is no "all": to drop one of "any" makes a rule narrower, not wider."""
    if isinstance(node, Clause):
        yield node, within
        return
    said = pick(node.say, node.say_en)
    words = {
        "any": pick("满足其一即可", "one of these is enough"),
        "at_least": pick(f"满足其中 {node.k} 条即可", f"{node.k} of these are enough"),
        "not": pick("不得满足", "must not hold"),
    }.get(node.kind)
    here = within if words is None else f"{words}{pick('：', ': ') + said if said else ''}"
    for part in node.parts:
        yield from _placed(part, here)


def _number(parameter: Parameter, value: int | None, ref: str) -> NumberField:
    is_money = parameter.unit.startswith("fen")
    shown, low, high = ("" if v is None else _shown(v, is_money) for v in (value, parameter.low, parameter.high))
    return NumberField(parameter.name, parameter.zh or parameter.name, unit_word(parameter.unit), shown, low, high, ref, is_money)


def unit_word(unit: str) -> str:
    """What people type it in."""
    known = {
        "months": ("个月", "months"),
        "days": ("天", "days"),
        "years": ("岁", "years"),
        "times": ("次", "times"),
        "pct": ("%", "%"),
        "level": ("级", "level"),
    }
    return pick("元", "yuan") if unit.startswith("fen") else pick(*known.get(unit, ("", "")))


def _shown(value: int, is_money: bool) -> str:
    return f"{Decimal(value) / 100:f}".rstrip("0").rstrip(".") if is_money and value % 100 else str(value // 100 if is_money else value)


def _value(packs: PackSet, parameter: Parameter, region: str, on: date, policy: str) -> int | None:
    row = Lookup(packs, on).value(parameter.name, region, policy, parameter)
    return None if row is None else row.value


def _ref(packs: PackSet, parameter: Parameter, region: str, on: date, policy: str) -> str:
    row = Lookup(packs, on).value(parameter.name, region, policy, parameter)
    return "" if row is None else row.ref


def _local_numbers(packs: PackSet, region: str, on: date) -> list[NumberField]:
    found = []
    for fact in packs.facts:
        if fact.kind == "local" and fact.base == "int":
            row = value_of(packs, fact.id, region, on)
            own = packs.parameters.get(fact.id)
            low, high = (fact.low, fact.high) if fact.is_range else (None, None)
            made = Parameter(fact.id, fact.unit, fact.zh, low, high, own.values if own else ())  # type: ignore[arg-type]
            found.append(_number(made, row.value if row is not None else None, row.ref if row is not None else ""))
    return found


def _whole(field: NumberField, text: str) -> str:
    value = _decimal(field.label, text) * (100 if field.is_money else 1)
    if value != value.to_integral_value():
        raise _no_number(field.label, text)
    return str(int(value))


def _is_beyond(field: NumberField, text: str) -> bool:
    value = _decimal(field.label, text)
    return (bool(field.high) and value > Decimal(field.high)) or (bool(field.low) and value < Decimal(field.low))


def _decimal(label: str, text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise _no_number(label, text) from None
    if not value.is_finite() or abs(value) > Decimal(10) ** 13:
        raise _no_number(label, text)
    return value


def _no_number(label: str, text: str) -> BadInput:
    return BadInput(
        f"“{label}”写的是“{text[:40]}”，这里要数字",
        en=f"{label}: {text[:40]!r} is no number that fits here",
        remedy_zh="金额写元，最多两位小数；其他写整数",
        remedy_en="money in yuan with at most two decimals, anything else as a whole number",
        code="E_NUMBER",
    )
