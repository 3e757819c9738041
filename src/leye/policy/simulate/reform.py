"""A reform as data: a YAML patch over the law in force, read with its lines and put onto a `PackSet`, which itself stays as it is.

```yaml
reform: 技能提升补贴提高标准
why: 紧缺工种缺口扩大
from: 2025-09-01                 # first day of the change; the day of the question when absent
changes:
  - {policy: skill_up, parameter: level3_fen, value: 250000}           # a number of the version in force; region: CN-44 for one place
  - {policy: skill_up, parameter: level3_fen, value: 300000, beyond_cap: 假设上位法放宽}   # above the law's own cap only with its reason
  - {policy: skill_up, clause: 3, when: ui_total_months >= 6, say: 参保累计满6个月}   # clauses count from 1, as the policy's page numbers them
  - {policy: skill_up, drop_clause: 7}
  - {policy: skill_up, add_clause: {when: not dibao, say: 不是低保对象}}
  - {policy: skill_up, amount_fen: "iff(cert_level == 5, 120000, 200000)"}
  - {policy: ui_hardship, extend_to: 2026-12-31}
  - {policy: si_deferral, end_on: 2025-09-30}
  - {parameter: local_ui_benefit_fen, region: CN-44, value: 200000}    # a value of a place
  - add_policy: {policy: new_one, …}                                   # a whole policy in the form of a pack
take_up: {base: "0.60", low: "0.45", high: "0.75", notified: "0.15"}   # see take_up.py; absent: the stated assumption of the product
```
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from leye.kernel.errors import BadInput, Place
from leye.policy import fields
from leye.policy.grammar import Scope, parse
from leye.policy.located import Mapping, Text, read_located
from leye.policy.lookup import version_of
from leye.policy.pack import Clause, ClauseNode, Group, PackSet, Parameter, ParameterValue, Policy, Version, leaves
from leye.policy.read_policy import clause_node, read_policy

ACTIONS = ("value", "clause", "drop_clause", "add_clause", "amount_fen", "months", "extend_to", "end_on", "add_policy")


@dataclass(frozen=True, slots=True)
class TakeUpGiven:
    """Shares of the entitled who take a benefit up, as a reform states them; None: the product's assumption."""

    base: float
    low: float
    high: float
    notified: float


@dataclass(frozen=True)
class Reform:
    """A patch as read. changes: in order · words: what each change does, in Chinese."""

    name: str
    why: str
    start: date | None
    changes: tuple[Mapping, ...]
    take_up: TakeUpGiven | None
    words: tuple[str, ...]


def read_reform(source: Path | Mapping) -> Reform:
    """A reform from its file or from located YAML. Raises BadInput with the line."""
    found = source if isinstance(source, Mapping) else fields.mapping(read_located(source), source.name, Place(file=source.name))
    changes = tuple(fields.mapping(c, "changes", found.place) for c in fields.sequence(found.get("changes"), "changes", found.place))
    if not changes:
        raise fields.refuse(
            "没有写任何改动", "no changes", found.place, "在 changes 下写至少一项", "give at least one under `changes`", code="E_REFORM_EMPTY"
        )
    words = tuple(_words(c) for c in changes)
    return Reform(
        str(fields.text(found, "reform")), str(fields.text(found, "why", default="")), fields.day(found, "from"), changes, _take_up(found), words
    )


def _take_up(found: Mapping) -> TakeUpGiven | None:
    if "take_up" not in found:
        return None
    given = fields.mapping(found["take_up"], "take_up", found.place)
    base, low, high, notified = (_share(given, key, default) for key, default in (("base", None), ("low", None), ("high", None), ("notified", "0")))
    if not 0 < low <= base <= high < 1:
        raise fields.refuse(
            "申领率要满足 0 < low ≤ base ≤ high < 1",
            "take-up needs 0 < low <= base <= high < 1",
            given.place,
            "检查三个数",
            "check the three numbers",
        )
    return TakeUpGiven(base, low, high, notified)


def _share(given: Mapping, key: str, default: str | None) -> float:
    text = fields.text(given, key, default=default)
    try:
        return float(Fraction(str(text)))
    except (ValueError, ZeroDivisionError):
        raise fields.refuse(f"“{key}”不是比例：{text}", f"{key!r} is no share: {text}", given.place, "写成 0.6", "write 0.6") from None


def _words(change: Mapping) -> str:
    """What a change does, in a sentence."""
    policy = str(fields.text(change, "policy", default=""))
    where = f"（{change['region']}）" if "region" in change else ""
    said: dict[str, Callable[[Text], str]] = {
        "value": lambda v: f"{policy} 的 {change.get('parameter', '')}{where} 改为 {v}",
        "clause": lambda v: f"{policy} 第 {v} 条改为：{change.get('say', change.get('when', ''))}",
        "drop_clause": lambda v: f"{policy} 去掉第 {v} 条",
        "amount_fen": lambda v: f"{policy} 金额改为 {v}",
        "months": lambda v: f"{policy} 月数改为 {v}",
        "extend_to": lambda v: f"{policy} 延长到 {v}",
        "end_on": lambda v: f"{policy} 到 {v} 为止",
    }
    for key, word in said.items():
        if isinstance(value := change.get(key), Text):
            return word(value).strip()
    if isinstance(more := change.get("add_clause"), Mapping):
        return f"{policy} 加一条：{more.get('say', more.get('when', ''))}"
    if isinstance(more := change.get("add_policy"), Mapping):
        return f"新增政策：{more.get('name', more.get('policy', ''))}"
    raise fields.refuse(
        "看不出要改什么",
        "nothing to change",
        change.place,
        f"写 {'、'.join(ACTIONS)} 之一",
        f"give one of {', '.join(ACTIONS)}",
        code="E_REFORM_CHANGE",
    )


def apply(reform: Reform, packs: PackSet, on: date) -> PackSet:
    """The law with the reform, as it stands from the reform's first day (`on` without one). Raises BadInput with the line of the change."""
    policies, parameters = dict(packs.policies), dict(packs.parameters)
    start = reform.start or on
    scope = _scope(packs)
    for change in reform.changes:
        if "add_policy" in change:
            added = read_policy(fields.mapping(change["add_policy"], "add_policy", change.place), scope, "reform", None)
            policies[added.id] = added
        elif "policy" in change:
            policy = _policy(policies, change)
            policies[policy.id] = _changed(policy, change, scope, start)
        else:
            name = str(fields.text(change, "parameter"))
            parameters[name] = _place_value(parameters, packs, name, change, start)
    return replace(packs, policies=policies, parameters=parameters)


def _scope(packs: PackSet) -> Scope:
    names = frozenset(n for n in packs.parameters if n not in packs.facts.facts)
    return Scope(packs.facts, {d.id: d.type for d in packs.derived.values()}, {d.zh: d.id for d in packs.derived.values() if d.zh}, names)


def _policy(policies: dict[str, Policy], change: Mapping) -> Policy:
    name = fields.text(change, "policy")
    if str(name) not in policies:
        raise fields.refuse(
            f"没有政策“{name}”",
            f"no policy {name!r}",
            name.place,
            "用政策编号，如 skill_up",
            "give a policy's id, as skill_up",
            code="E_POLICY_UNKNOWN",
        )
    return policies[str(name)]


def _changed(policy: Policy, change: Mapping, scope: Scope, start: date) -> Policy:
    region = fields.region(change, "region")
    old = version_of(policy, region, start) or _latest(policy, region)
    if old is None:
        raise fields.refuse(
            f"“{policy.name}”在 {region} 没有版本",
            f"{policy.id} has no version in {region}",
            change.place,
            "检查地区",
            "check the region",
            code="E_REFORM_CHANGE",
        )
    new = _with_value(old, change, start) if "parameter" in change else _other_change(old, change, scope)
    return replace(policy, versions=tuple(new if v is old else v for v in policy.versions))


def _latest(policy: Policy, region: str) -> Version | None:
    mine = [v for v in policy.versions if v.region in (region, "CN")]
    return max(mine, key=lambda v: v.start, default=None)


def _with_value(version: Version, change: Mapping, start: date) -> Version:
    name = fields.text(change, "parameter")
    parameter = version.parameters.get(str(name))
    if parameter is None:
        raise fields.refuse(
            f"这个版本没有参数“{name}”",
            f"no parameter {name!r} in this version",
            name.place,
            f"可用：{'、'.join(version.parameters) or '无'}",
            f"one of: {', '.join(version.parameters) or 'none'}",
            code="E_PARAMETER_UNKNOWN",
        )
    return replace(version, parameters={**version.parameters, str(name): _valued(parameter, change, start)})


def _place_value(parameters: dict[str, Parameter], packs: PackSet, name: str, change: Mapping, start: date) -> Parameter:
    parameter = parameters.get(name)
    fact = packs.facts.facts.get(name)
    if parameter is None and fact is None:
        raise fields.refuse(
            f"没有参数“{name}”",
            f"no parameter {name!r}",
            change.place,
            "用 local_… 事实或规则包里的参数",
            "give a local_… fact or a parameter of the packs",
            code="E_PARAMETER_UNKNOWN",
        )
    if fact is not None and not fact.allows(fields.whole(change.get("value"), "value", change.place)):
        raise _above(change, str(change.get("value")), "、".join(fact.allowed))
    base = parameter or Parameter(name, fact.unit if fact else "1", fact.zh if fact else "", None, None, ())
    return _valued(base, change, start)


def _valued(parameter: Parameter, change: Mapping, start: date) -> Parameter:
    """The parameter with a new value of a place from a day on; the one it replaces ends the day before."""
    value, region = fields.whole(change.get("value"), "value", change.place), fields.region(change, "region")
    policy = str(fields.text(change, "for_policy", default=""))
    if (
        (parameter.high is not None and value > parameter.high) or (parameter.low is not None and value < parameter.low)
    ) and "beyond_cap" not in change:
        raise _above(
            change, str(value), f"{parameter.low if parameter.low is not None else '…'} 至 {parameter.high if parameter.high is not None else '…'}"
        )
    kept = tuple(
        replace(v, end=start - timedelta(days=1))
        if (v.region, v.policy) == (region, policy) and v.start < start and (v.end is None or v.end >= start)
        else v
        for v in parameter.values
        if not ((v.region, v.policy) == (region, policy) and v.start >= start)
    )
    fresh = ParameterValue(region, start, None, value, policy=policy, ref="reform", place=change.place)
    return replace(parameter, values=(fresh, *kept))


def _above(change: Mapping, value: str, allowed: str) -> BadInput:
    return fields.refuse(
        f"{value} 超出允许范围（{allowed}）",
        f"{value} is outside what the law allows ({allowed})",
        change.place,
        "改数值；若假设上位法也修改，写 beyond_cap: 理由",
        "change the value; to assume that the law itself changes, write beyond_cap: REASON",
        code="E_CAP",
    )


def _other_change(version: Version, change: Mapping, scope: Scope) -> Version:
    names = scope.within(frozenset(version.parameters))
    if "amount_fen" in change:
        text = fields.text(change, "amount_fen")
        return replace(version, amount=parse(text, names, wants="int"), amount_text=str(text), amount_rows=())
    if "months" in change:
        text = fields.text(change, "months")
        return replace(version, months=parse(text, names, wants="int"), months_text=str(text))
    if "extend_to" in change or "end_on" in change:
        return replace(version, end=fields.as_day(change.get("extend_to", change.get("end_on")), "extend_to", change.place))
    if "add_clause" in change:
        more = clause_node(fields.mapping(change["add_clause"], "add_clause", change.place), names)
        whole = version.who
        parts = (*whole.parts, more) if isinstance(whole, Group) and whole.kind == "all" else (whole, more)
        return replace(version, who=Group("all", parts, place=change.place))
    return replace(version, who=_replaced(version, change, names))


def _replaced(version: Version, change: Mapping, names: Scope) -> ClauseNode:
    drops = "drop_clause" in change
    number = fields.whole(change.get("drop_clause" if drops else "clause"), "clause", change.place)
    found = list(leaves(version.who))
    if not 1 <= number <= len(found):
        raise fields.refuse(
            f"没有第 {number} 条，共 {len(found)} 条",
            f"no clause {number}, there are {len(found)}",
            change.place,
            "看政策页上的编号",
            "see the numbers on the policy's page",
            code="E_CLAUSE_UNKNOWN",
        )
    target = found[number - 1]
    new: ClauseNode | None = None
    if not drops:
        new = replace(clause_node(change, names), say=str(fields.text(change, "say", default=target.say)))
    whole = _swap(version.who, target, new)
    if whole is None:
        raise fields.refuse(
            "不能去掉唯一的条件", "the only condition cannot be dropped", change.place, "至少留一条", "keep one", code="E_REFORM_CHANGE"
        )
    return whole


def _swap(node: ClauseNode, target: Clause, new: ClauseNode | None) -> ClauseNode | None:
    """The tree with one condition replaced, or without it; a group that is left empty goes too."""
    if node is target:
        return new
    if isinstance(node, Clause):
        return node
    parts = tuple(p for p in (_swap(part, target, new) for part in node.parts) if p is not None)
    return replace(node, parts=parts, k=min(node.k, len(parts))) if parts else None
