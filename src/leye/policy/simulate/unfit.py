"""Why a change cannot be put onto the law, with the line and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping as Readable
from datetime import date
from difflib import get_close_matches

from leye.kernel.errors import BadInput
from leye.policy import fields
from leye.policy.facts import Fact
from leye.policy.located import Mapping, Text
from leye.policy.pack import Parameter, Policy, Version


def policy_unknown(name: Text, policies: Readable[str, Policy]) -> BadInput:
    """No policy of that id or name."""
    near = get_close_matches(str(name), [*policies, *(p.name for p in policies.values())], n=1, cutoff=0.4)
    return fields.refuse(
        f"没有政策“{name}”" + (f"，是不是“{near[0]}”？" if near else ""),
        f"no policy {str(name)!r}" + (f", did you mean {near[0]!r}?" if near else ""),
        name.place,
        f"可用：{'、'.join(policies)}",
        f"one of: {', '.join(policies)}",
        code="E_POLICY_UNKNOWN",
    )


def policy_twice(found: Mapping) -> BadInput:
    """A new policy under the id of one that exists."""
    name = found["policy"]
    return fields.refuse(
        f"已经有政策“{name}”",
        f"there is a policy {str(name)!r} already",
        found.place,
        "换一个编号，或改那项政策",
        "give another id, or change that one",
        code="E_POLICY_TWICE",
    )


def not_in_force(policy: Policy, region: str, start: date, change: Mapping) -> BadInput:
    """Nothing to change on that day."""
    spans = [f"{v.region} {v.start}–{v.end or ''}" for v in policy.versions]
    return fields.refuse(
        f"“{policy.name}”在 {start} 对 {region} 没有有效的版本，改了也不起作用",
        f"{policy.id} has no version in force for {region} on {start}: the change would do nothing",
        change.place,
        f"先写一项 extend_to 延长，或改方案的 from；已有版本：{'、'.join(spans)}",
        f"extend it first with `extend_to`, or change `from`; versions: {', '.join(spans)}",
        code="E_REFORM_NOT_IN_FORCE",
    )


def not_longer(policy: Policy, old: Version, until: date, change: Mapping) -> BadInput:
    """An extension that extends nothing."""
    end = str(old.end) if old.end else "没有终止日期"
    return fields.refuse(
        f"“{policy.name}”{'到' if old.end else ''}{end}，延长到 {until} 没有变化",
        f"{policy.id} ends {old.end or 'on no day'}: extending it to {until} changes nothing",
        change.place,
        "写更晚的日期，或去掉这一项",
        "give a later day, or take the change out",
        code="E_REFORM_CHANGE",
    )


def no_such_end(policy: Policy, old: Version, until: date, region: str, change: Mapping) -> BadInput:
    """An end before the beginning, after the end, or for a part of the country."""
    return fields.refuse(
        f"“{policy.name}”（{old.region}，{old.start} 至 {old.end or '不限'}）不能在 {until} 对 {region} 终止",
        f"{policy.id} ({old.region}, {old.start} to {old.end or 'open'}) cannot end on {until} for {region}",
        change.place,
        "日期写在版本之内；只对一个地方终止，用 add_clause 写条件",
        "give a day inside the version; to end it for one place only, use `add_clause`",
        code="E_REFORM_CHANGE",
    )


def parameter_unknown(name: Text, known: Readable[str, Parameter]) -> BadInput:
    """No number of that name."""
    words = [f"{p.name}（{p.zh}）" if p.zh else p.name for p in known.values()]
    near = get_close_matches(str(name), list(known), n=1, cutoff=0.4)
    return fields.refuse(
        f"没有参数“{name}”" + (f"，是不是“{near[0]}”？" if near else ""),
        f"no parameter {str(name)!r}" + (f", did you mean {near[0]!r}?" if near else ""),
        name.place,
        f"可用：{'、'.join(words) or '无'}",
        f"one of: {', '.join(known) or 'none'}",
        code="E_PARAMETER_UNKNOWN",
    )


def outside_fact(change: Mapping, fact: Fact) -> BadInput:
    """A value that the fact table does not allow, for instance above what a national law lets a place set."""
    allowed = "至".join(fact.allowed) if fact.is_range else "、".join(fact.allowed)
    source = f"（{fact.source_zh}）" if fact.source_zh else ""
    return fields.refuse(
        f"{change.get('value')} 超出“{fact.zh}”允许的范围 {allowed}{source}",
        f"{change.get('value')} is outside what {fact.id} allows: {' .. '.join(fact.allowed)}",
        change.place,
        "改数值；这个范围方案不能突破",
        "change the value; a reform cannot go beyond this range",
        code="E_CAP",
    )


def beyond_cap(change: Mapping, parameter: Parameter, source: str) -> BadInput:
    """A value above (or below) what the law allows, with the cap and where it stands."""
    value = fields.whole(change.get("value"), "value", change.place)
    is_high = parameter.high is not None and value > parameter.high
    cap = parameter.high if is_high else parameter.low
    at = str(parameter.place)
    where = "，".join(w for w in (source, f"规则包 {at}" if at else "") if w)
    return fields.refuse(
        f"{value} {'高于上限' if is_high else '低于下限'} {cap}（{parameter.zh or parameter.name}；{where}）",
        f"{value} is {'above the cap' if is_high else 'below the floor'} {cap} of {parameter.name} ({source})",
        change.place,
        "改数值；若假设上位法也修改，加一项 beyond_cap: 理由",
        "change the value; to assume that the law itself changes, add `beyond_cap: REASON`",
        code="E_CAP",
    )


def clause_unknown(number: int, count: int, change: Mapping) -> BadInput:
    """No condition of that number."""
    return fields.refuse(
        f"没有第 {number} 条，共 {count} 条", f"no clause {number}, there are {count}", change.place,
        "看政策页上的编号，从 1 起", "see the numbers on the policy's page, from 1", code="E_CLAUSE_UNKNOWN",
    )  # fmt: skip


def last_clause(change: Mapping) -> BadInput:
    """A policy without any condition would be everybody's."""
    return fields.refuse("不能去掉唯一的条件", "the only condition cannot be dropped", change.place, "至少留一条", "keep one", code="E_REFORM_CHANGE")
