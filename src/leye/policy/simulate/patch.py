"""A reform put onto the packs. The packs stay as they are; a version that changes on a day is cut there, so that the months before keep the law."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from leye.policy import fields
from leye.policy.expression import Const
from leye.policy.grammar import Scope, parse
from leye.policy.located import Mapping
from leye.policy.lookup import version_of
from leye.policy.pack import Clause, ClauseNode, Group, PackSet, Parameter, ParameterValue, Policy, Version, leaves
from leye.policy.read_policy import clause_node, read_policy
from leye.policy.simulate import unfit
from leye.policy.simulate.change_keys import action_of
from leye.policy.simulate.reform import Reform

REF = "reform"
"""`ref` of a value that a reform set."""


def apply(reform: Reform, packs: PackSet, on: date) -> PackSet:
    """The law with the reform, as it stands from the reform's first day (`on` without one). Raises BadInput with the line of the change."""
    policies, parameters = dict(packs.policies), dict(packs.parameters)
    start = reform.start or on
    scope = _scope(packs)
    for change in reform.changes:
        action = action_of(change)
        if action == "add_policy":
            found = fields.mapping(change["add_policy"], "add_policy", change.place)
            if str(fields.text(found, "policy")) in policies:
                raise unfit.policy_twice(found)
            added = read_policy(found, scope, REF, None)
            policies[added.id] = added
        elif "policy" in change:
            policy = _policy(policies, change)
            policies[policy.id] = _changed(policy, action, change, scope, start)
        else:
            name = str(fields.text(change, "parameter"))
            parameters[name] = _place_value(parameters, packs, name, change, start)
    return replace(packs, policies=policies, parameters=parameters)


def _scope(packs: PackSet) -> Scope:
    names = frozenset(n for n in packs.parameters if n not in packs.facts.facts)
    return Scope(packs.facts, {d.id: d.type for d in packs.derived.values()}, {d.zh: d.id for d in packs.derived.values() if d.zh}, names)


def _policy(policies: dict[str, Policy], change: Mapping) -> Policy:
    name = fields.text(change, "policy")
    by_word = {p.name: p for p in policies.values()}
    found = policies.get(str(name)) or by_word.get(str(name))
    if found is None:
        raise unfit.policy_unknown(name, policies)
    return found


def _changed(policy: Policy, action: str, change: Mapping, scope: Scope, start: date) -> Policy:
    region = fields.region(change, "region")
    old = version_of(policy, region, start)
    if action == "extend_to":
        return _extended(policy, old or _latest(policy, region), change, start, region)
    if old is None:
        raise unfit.not_in_force(policy, region, start, change)
    if action == "end_on":
        return _ended(policy, old, change, region)
    if action == "value":
        new = _with_value(old, change, start, policy)
        return replace(policy, versions=tuple(new if v is old else v for v in policy.versions))
    return _cut(policy, old, _other_change(old, action, change, scope), start, region)


def _latest(policy: Policy, region: str) -> Version | None:
    """The version that ended last, of the place or the nation."""
    mine = [v for v in policy.versions if v.region in (region, "CN")]
    return max(mine, key=lambda v: (v.region == region, v.start), default=None)


def _cut(policy: Policy, old: Version, new: Version, start: date, region: str) -> Policy:
    """The policy whose version is `new` from a day on, in the region of the change; before that day, and elsewhere, it stays."""
    fresh = replace(new, start=max(start, old.start), region=region if len(region) > len(old.region) else old.region)
    if fresh.region != old.region:
        return replace(policy, versions=(fresh, *policy.versions))
    kept = [] if start <= old.start else [replace(old, end=start - timedelta(days=1))]
    at = next(i for i, v in enumerate(policy.versions) if v is old)
    return replace(policy, versions=(*policy.versions[:at], fresh, *kept, *policy.versions[at + 1 :]))


def _extended(policy: Policy, old: Version | None, change: Mapping, start: date, region: str) -> Policy:
    until = fields.as_day(change.get("extend_to"), "extend_to", change.place)
    if old is None:
        raise unfit.not_in_force(policy, region, start, change)
    if old.end is None or until <= old.end:
        raise unfit.not_longer(policy, old, until, change)
    if old.end < start - timedelta(days=1):  # it had ended: a gap stays a gap, the reform brings it back from its own first day
        return replace(policy, versions=(replace(old, start=start, end=until), *policy.versions))
    return replace(policy, versions=tuple(replace(v, end=until) if v is old else v for v in policy.versions))


def _ended(policy: Policy, old: Version, change: Mapping, region: str) -> Policy:
    until = fields.as_day(change.get("end_on"), "end_on", change.place)
    if until < old.start or (old.end is not None and until >= old.end) or region != old.region:
        raise unfit.no_such_end(policy, old, until, region, change)
    return replace(policy, versions=tuple(replace(v, end=until) if v is old else v for v in policy.versions))


def _with_value(version: Version, change: Mapping, start: date, policy: Policy) -> Version:
    name = fields.text(change, "parameter")
    parameter = version.parameters.get(str(name)) or next((p for p in version.parameters.values() if p.zh == name), None)
    if parameter is None:
        raise unfit.parameter_unknown(name, version.parameters)
    source = str((version.sources or policy.sources or ("",))[0])
    return replace(version, parameters={**version.parameters, parameter.name: _valued(parameter, change, start, source)})


def _place_value(parameters: dict[str, Parameter], packs: PackSet, name: str, change: Mapping, start: date) -> Parameter:
    parameter, fact = parameters.get(name), packs.facts.facts.get(name)
    if (parameter is None and fact is None) or (fact is not None and fact.kind != "local"):
        raise unfit.parameter_unknown(fields.text(change, "parameter"), packs.parameters)
    if fact is not None and not fact.allows(fields.whole(change.get("value"), "value", change.place)):
        raise unfit.outside_fact(change, fact)
    base = parameter or Parameter(name, fact.unit if fact else "1", fact.zh if fact else "", None, None, ())
    return _valued(base, change, start, "", is_fact=fact is not None)


def _valued(parameter: Parameter, change: Mapping, start: date, source: str, *, is_fact: bool = False) -> Parameter:
    """The parameter with a new value of a place from a day on; the one it replaces ends the day before."""
    value, region = fields.whole(change.get("value"), "value", change.place), fields.region(change, "region")
    policy = str(fields.text(change, "for_policy", default=""))
    low, high = parameter.low, parameter.high
    if ((high is not None and value > high) or (low is not None and value < low)) and "beyond_cap" not in change:
        raise unfit.beyond_cap(change, parameter, source)
    kept = tuple(
        replace(v, end=start - timedelta(days=1))
        if (v.region, v.policy) == (region, policy) and v.start < start and (v.end is None or v.end >= start)
        else v
        for v in parameter.values
        if not ((v.region, v.policy) == (region, policy) and v.start >= start)
    )
    fresh = ParameterValue(region, start, None, value, policy=policy, ref=REF, place=change.place)
    if is_fact:  # a formula, so that no place with such a value shares its rules with one that has none
        fresh = replace(fresh, value=None, formula=Const(value, "int"), formula_text=str(value), over_row=True)
    return replace(parameter, values=(fresh, *kept))


def _other_change(version: Version, action: str, change: Mapping, scope: Scope) -> Version:
    names = scope.within(frozenset(version.parameters))
    if action == "amount_fen":
        text = fields.text(change, "amount_fen")
        return replace(version, amount=parse(text, names, wants="int"), amount_text=str(text), amount_rows=())
    if action == "months":
        text = fields.text(change, "months")
        return replace(version, months=parse(text, names, wants="int"), months_text=str(text))
    if action == "add_clause":
        more = clause_node(fields.mapping(change["add_clause"], "add_clause", change.place), names)
        whole = version.who
        parts = (*whole.parts, more) if isinstance(whole, Group) and whole.kind == "all" else (whole, more)
        return replace(version, who=Group("all", parts, place=change.place))
    return replace(version, who=_replaced(version, action, change, names))


def _replaced(version: Version, action: str, change: Mapping, names: Scope) -> ClauseNode:
    number = fields.whole(change.get(action), action, change.place)
    found = list(leaves(version.who))
    if not 1 <= number <= len(found):
        raise unfit.clause_unknown(number, len(found), change)
    target = found[number - 1]
    new = None if action == "drop_clause" else _said(clause_node(_without(change, "clause"), names), change, target)
    whole = _swap(version.who, target, new)
    if whole is None:
        raise unfit.last_clause(change)
    return whole


def _said(node: ClauseNode, change: Mapping, target: Clause) -> ClauseNode:
    """The new condition with the sentence of the change, or of the condition that it replaces."""
    return replace(node, say=str(fields.text(change, "say", default=target.say)), say_en=str(fields.text(change, "say_en", default="")))


def _without(change: Mapping, key: str) -> Mapping:
    rest = Mapping({k: v for k, v in change.items() if k != key})
    rest.file, rest.line = change.file, change.line
    return rest


def _swap(node: ClauseNode, target: Clause, new: ClauseNode | None) -> ClauseNode | None:
    """The tree with one condition replaced, or without it; a group that is left empty goes too."""
    if node is target:
        return new
    if isinstance(node, Clause):
        return node
    parts = tuple(p for p in (_swap(part, target, new) for part in node.parts) if p is not None)
    return replace(node, parts=parts, k=min(node.k, len(parts))) if parts else None


def local_names(packs: PackSet) -> list[str]:
    """Local facts and numbers of the packs that a reform may set for a place."""
    return [n for n, f in packs.facts.facts.items() if f.kind == "local"] + [n for n in packs.parameters if n not in packs.facts.facts]
