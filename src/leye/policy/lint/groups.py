"""Exclusion groups across policies, derived facts across files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from leye.kernel.errors import BadInput, Place
from leye.policy.expression import derived_of
from leye.policy.grammar import parse
from leye.policy.lint.documents import PackFolder
from leye.policy.located import Mapping, Sequence, Text, Value
from leye.policy.pack import DerivedForm


@dataclass(frozen=True, slots=True)
class Member:
    """A policy in a group. place: None for members of the base packs, which are not found fault with."""

    policy: str
    rule: str
    scope: str
    order: tuple[Text, ...] | tuple[str, ...]
    place: Place | None


def check_groups(of: PackFolder) -> None:
    """Add groups whose members disagree, orders that do not fit, groups of one."""
    groups: dict[str, list[Member]] = {}
    for name, member in _members(of):
        groups.setdefault(name, []).append(member)
    for name, members in groups.items():
        own = [m for m in members if m.place is not None]
        if not own:
            continue
        first = members[0]
        for member in own:
            if (member.rule, member.scope) != (first.rule, first.scope):
                of.findings.add(
                    "E_EXCLUSION_RULE",
                    member.place or Place(),
                    f"互斥组“{name}”里，{member.policy} 写 {member.rule}/{member.scope}，{first.policy} 写 {first.rule}/{first.scope}",
                    f"group {name!r}: {member.policy} says {member.rule}/{member.scope}, {first.policy} says {first.rule}/{first.scope}",
                    "全组写同一个 rule 和 scope",
                    "write the same rule and scope for the whole group",
                )
            _order(name, member, {m.policy for m in members}, of)
        if len({m.policy for m in members}) == 1 and first.scope != "once":  # what is paid once in a life excludes itself
            of.findings.add(
                "W_GROUP_ALONE",
                own[0].place or Place(),
                f"互斥组“{name}”里只有 {own[0].policy}",
                f"group {name!r} holds {own[0].policy} alone",
                "看组名有没有写错",
                "look whether the group's name is right",
            )


def _members(of: PackFolder) -> Iterator[tuple[str, Member]]:
    own = {str(s.found["policy"]) for s in of.of_kind("policy") if "exclusive" in s.found}
    for policy in [] if of.base is None else of.base.policies.values():
        every = (*policy.exclusive, *(e for v in policy.versions for e in v.exclusive))
        for e in every if policy.id not in own else ():
            yield e.group, Member(policy.id, e.rule, e.scope, e.order, None)
    for sheet in of.of_kind("policy"):
        for holder in (sheet.found, *sheet.items("versions")):
            yield from _own_members(str(sheet.found["policy"]), holder.get("exclusive"))


def _own_members(policy: str, value: Value | None) -> Iterator[tuple[str, Member]]:
    for item in value if isinstance(value, Sequence) else [value]:
        group = item.get("group") if isinstance(item, Mapping) else None
        if isinstance(item, Mapping) and isinstance(group, Text):
            order = item.get("order")
            names = tuple(o for o in order if isinstance(o, Text)) if isinstance(order, Sequence) else ()
            yield str(group), Member(policy, _word(item, "rule", "choose"), _word(item, "scope", "once"), names, item.place)


def _word(item: Mapping, key: str, default: str) -> str:
    value = item.get(key)
    return str(value) if isinstance(value, Text) else default


def _order(group: str, member: Member, policies: set[str], of: PackFolder) -> None:
    strangers = [o for o in member.order if str(o) not in policies]
    for name in strangers:
        of.findings.add(
            "E_ORDER_STRANGER",
            name.place if isinstance(name, Text) else member.place or Place(),
            f"互斥组“{group}”的顺序里有“{name}”，它不在组里",
            f"the order of group {group!r} names {str(name)!r}, which is not in it",
            f"组里有：{'、'.join(sorted(policies))}",
            f"members: {', '.join(sorted(policies))}",
        )
    lacking = sorted(policies - {str(o) for o in member.order})
    if member.rule == "priority" and lacking:
        of.findings.add(
            "E_ORDER_STRANGER",
            member.place or Place(),
            f"互斥组“{group}”按顺序选，顺序里缺 {'、'.join(lacking)}",
            f"group {group!r} goes by order, which leaves out {', '.join(lacking)}",
            "order 里写全组员，前面的优先",
            "name every member in `order`, first come first",
        )


def check_derived(of: PackFolder) -> None:
    """Add derived facts that are defined twice for one place, lack a national form, take a fact's name, or go in a circle."""
    forms: dict[tuple[str, str], Place] = {}
    reads: dict[str, set[str]] = {} if of.base is None else {n: _reads(d.forms) for n, d in of.base.derived.items()}
    places: dict[str, Place] = {}
    national = set() if of.base is None else set(of.base.derived)
    if of.base is not None:
        forms = {(d.id, f.region): f.place for d in of.base.derived.values() for f in d.forms}
    for item in (i for s in of.of_kind("tables") for i in s.items("derived")):
        name = item.get("fact")
        if not isinstance(name, Text):
            continue
        places.setdefault(str(name), name.place)
        if "is" in item and of.region == "CN":
            national.add(str(name))
        for region, place, text in _forms(item, of.region):
            _twice(str(name), region, place, forms, of)
            reads.setdefault(str(name), set()).update(_names(text, of))
    for derived, place in places.items():
        _base(derived, place, national, of)
    _circle(reads, places, of)


def _reads(forms: tuple[DerivedForm, ...]) -> set[str]:
    found: set[str] = set()
    return found.union(*(derived_of(f.node) for f in forms))


def _forms(item: Mapping, region: str) -> Iterator[tuple[str, Place, Value | None]]:
    if "is" in item:
        yield region, item["is"].place, item["is"]
    regional = item.get("regional")
    for form in regional if isinstance(regional, Sequence) else []:
        if isinstance(form, Mapping):
            yield str(form.get("region")), form.place, form.get("is")


def _names(text: Value | None, of: PackFolder) -> set[str]:
    if not isinstance(text, Text):
        return set()
    try:
        return derived_of(parse(text, of.scope))
    except BadInput:
        return set()


def _twice(name: str, region: str, place: Place, forms: dict[tuple[str, str], Place], of: PackFolder) -> None:
    other = forms.setdefault((name, region), place)
    if other != place:
        of.findings.add(
            "E_DERIVED_TWICE",
            place,
            f"推算事实“{name}”在 {region} 已有算法（{other}）",
            f"derived fact {name!r} is defined for {region} already ({other})",
            "留一个；某地不同的写在 regional 下",
            "keep one; what differs in a place goes under `regional`",
        )


def _base(name: str, place: Place, national: set[str], of: PackFolder) -> None:
    if name in of.facts.facts:
        of.findings.add(
            "E_DERIVED_BASE",
            place,
            f"推算事实“{name}”和事实表里的事实重名",
            f"derived fact {name!r} has the name of a fact",
            "换一个名称",
            "choose another name",
        )
    if name not in national:
        of.findings.add(
            "E_DERIVED_BASE",
            place,
            f"推算事实“{name}”没有全国算法，别处的人算不出来",
            f"derived fact {name!r} has no national form, so that it has no value elsewhere",
            "在全国规则包里写它的 is，或只在本地条件里直接写表达式",
            "give it an `is` in the national pack, or write the expression where it is used",
        )


def _circle(reads: dict[str, set[str]], places: dict[str, Place], of: PackFolder) -> None:
    try:
        list(TopologicalSorter(reads).static_order())
    except CycleError as error:
        circle = [str(n) for n in error.args[1]]
        place = next((places[n] for n in circle if n in places), Place())
        of.findings.add(
            "E_CYCLE",
            place,
            f"推算事实循环引用：{' → '.join(circle)}",
            f"derived facts read each other in a circle: {' -> '.join(circle)}",
            "改掉其中一个的算法",
            "break the circle in one of them",
        )
