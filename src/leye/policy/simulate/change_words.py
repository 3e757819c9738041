"""What each change of a reform does, in a sentence with the names of policies and parameters, in Chinese and English."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from leye.policy import fields
from leye.policy.located import Mapping
from leye.policy.lookup import Lookup, version_of
from leye.policy.pack import PackSet, Parameter, Policy, leaves
from leye.policy.simulate.change_keys import action_of
from leye.policy.simulate.reform import Reform

Words: TypeAlias = tuple[str, str]
"""Chinese and English."""
_UNITS = {
    "months": (" 个月", " months"),
    "days": (" 天", " days"),
    "years": (" 岁", " years"),
    "times": (" 次", " times"),
    "pct": "%",
    "bp": " ‱",
}


def words_of(reform: Reform, packs: PackSet, on: date) -> list[Words]:
    """A sentence for each change, in order. packs: the law; on: the day of the comparison."""
    return [_one(change, packs, reform.start or on) for change in reform.changes]


def number_words(value: int | None, unit: str) -> Words:
    """A number of the law with its unit: 2,000 元, 12 个月."""
    if value is None:
        return "无", "none"
    if unit.startswith("fen"):
        text = f"{value // 100:,}" if value % 100 == 0 else f"{value / 100:,.2f}"
        return f"{text} 元", f"{text} yuan"
    word = _UNITS.get(unit, "")
    zh, en = (word, word) if isinstance(word, str) else word
    return f"{value:,}{zh}", f"{value:,}{en}"


def _one(change: Mapping, packs: PackSet, start: date) -> Words:
    action = action_of(change)
    if action == "add_policy":
        added = fields.mapping(change["add_policy"], "add_policy", change.place)
        name = str(added.get("name", added.get("policy", "")))
        return f"新增政策：{name}", f"new policy: {added.get('name_en', name)}"
    policy = policy_of(change, packs)
    zh, en = _where(change, policy)
    if action == "value":
        return _value(change, packs, start, zh, en)
    said = {
        "amount_fen": ("金额改为", "amount becomes"),
        "months": ("月数改为", "months become"),
        "extend_to": ("延长到", "is extended to"),
        "end_on": ("到这一天为止：", "ends on"),
    }
    if action in said:
        return f"{zh}：{said[action][0]} {change[action]}", f"{en}: {said[action][1]} {change[action]}"
    return _clause(change, action, policy, start, zh, en)


def _where(change: Mapping, policy: Policy | None) -> Words:
    name = str(change.get("policy", "")) or "各项政策"
    zh, en = (policy.name, policy.name_en) if policy is not None else (name, name)
    region = change.get("region")
    return (f"{zh}（{region}）", f"{en} ({region})") if region else (zh, en)


def label_of(change: Mapping, packs: PackSet, start: date) -> Words:
    """(Chinese name, unit) of the number that a change sets."""
    parameter, _ = _number_of(change, packs, start)
    fact = packs.facts.facts.get(str(change["parameter"]))
    zh = parameter.zh if parameter is not None and parameter.zh else fact.zh if fact is not None else str(change["parameter"])
    return zh, parameter.unit if parameter is not None else fact.unit if fact is not None else ""


def _number_of(change: Mapping, packs: PackSet, start: date) -> tuple[Parameter | None, int | None]:
    """The parameter that a change sets and its value under the law; None where it has none, or follows a formula."""
    name, region = str(change["parameter"]), fields.region(change, "region")
    policy = policy_of(change, packs)
    version = version_of(policy, region, start) if policy is not None else None
    own = dict(version.parameters) if version is not None else {}
    mine = own.get(name) or next((p for p in own.values() if p.zh == name), None)
    parameter = mine or packs.parameters.get(name)
    if parameter is None:
        return None, None
    row = Lookup(packs, start).value(parameter.name, region, policy.id if policy else str(change.get("for_policy", "")), mine)
    return parameter, None if row is None else row.value


def policy_of(change: Mapping, packs: PackSet) -> Policy | None:
    """The policy that a change names, by id or name."""
    name = str(change.get("policy", ""))
    return packs.policies.get(name) or next((p for p in packs.policies.values() if p.name == name), None)


def law_value(change: Mapping, packs: PackSet, start: date) -> int | None:
    """The number that a change replaces, under the law; None where there is none, or it follows a formula."""
    return _number_of(change, packs, start)[1]


def _value(change: Mapping, packs: PackSet, start: date, zh: str, en: str) -> Words:
    (label, unit), law = label_of(change, packs, start), law_value(change, packs, start)
    new, old = number_words(fields.whole(change.get("value"), "value", change.place), unit), number_words(law, unit)
    why = change.get("beyond_cap")
    cap = (f"（假设上位法修改：{why}）", f" (assuming that the law changes: {why})") if why else ("", "")
    if law is None:
        return f"{zh}：{label}改为 {new[0]}{cap[0]}", f"{en}: {change['parameter']} becomes {new[1]}{cap[1]}"
    return f"{zh}：{label} {old[0]} → {new[0]}{cap[0]}", f"{en}: {change['parameter']} {old[1]} → {new[1]}{cap[1]}"


def _clause(change: Mapping, action: str, policy: Policy | None, start: date, zh: str, en: str) -> Words:
    if action == "add_clause":
        more = fields.mapping(change["add_clause"], "add_clause", change.place)
        said = more.get("say", more.get("when", ""))
        return f"{zh}：加一条“{said}”", f"{en}: one condition more: {more.get('say_en', said)}"
    number = str(change[action])
    version = version_of(policy, fields.region(change, "region"), start) if policy is not None else None
    found = list(leaves(version.who)) if version is not None else []
    old = found[int(number) - 1] if number.isdigit() and 0 < int(number) <= len(found) else None
    was = (old.say, old.say_en or old.say) if old is not None else ("", "")
    if action == "drop_clause":
        return f"{zh}：去掉第 {number} 条“{was[0]}”", f"{en}: condition {number} is dropped ({was[1]})"
    new = change.get("say", change.get("when", ""))
    return f"{zh}：第 {number} 条“{was[0]}”改为“{new}”", f"{en}: condition {number} ({was[1]}) becomes: {change.get('say_en', new)}"
