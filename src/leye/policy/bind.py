"""A pack on one day: for every policy the version in force, with the parameters of the place as constants.

Region: the longest prefix wins, for versions, derived facts and values alike (docs/reference/rule-language.md). `bind` answers for one place;
`places` for a whole country at once: places where the same rules hold fall together, and numbers that differ between them become `PlaceRef`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from graphlib import TopologicalSorter
from typing import TypeAlias

from leye.policy.expression import And, AtLeast, Const, FactRef, FirstKnown, Node, Not, Or, ParamRef, PlaceRef, derived_of, rebuild, walk
from leye.policy.facts import FactTable
from leye.policy.lookup import NATION, Lookup, all_prefixes, form_of, prefixes_of, version_of
from leye.policy.pack import Clause, ClauseNode, Exclusion, Group, PackSet, Parameter, ParameterValue, Policy, Version


@dataclass(frozen=True, slots=True)
class BoundClause:
    """A condition with its constants; `clause` is what the pack says."""

    clause: Clause
    node: Node


@dataclass(frozen=True, slots=True)
class BoundGroup:
    """A group of bound conditions; `node` is the whole as one tree."""

    group: Group
    parts: tuple[BoundNode, ...]
    node: Node


BoundNode: TypeAlias = BoundClause | BoundGroup


@dataclass(frozen=True, slots=True)
class BoundPolicy:
    """A policy on that day; without a version in force `version` and `who` are None and nobody is entitled. uses: values of places by name."""

    policy: Policy
    version: Version | None
    who: BoundNode | None
    amount: Node | None
    months: Node | None
    uses: tuple[tuple[str, ParameterValue], ...] = ()

    @property
    def exclusive(self) -> tuple[Exclusion, ...]:
        """Groups of the policy and of the version in force."""
        return self.policy.exclusive + (self.version.exclusive if self.version is not None else ())

    @property
    def are_dates_verified(self) -> bool:
        """Whether first and last day of the version were seen in a document; with no version there is nothing to doubt."""
        return self.version is None or self.version.dates == "verified"

    @property
    def are_values_verified(self) -> bool:
        """Whether every value of the place that it uses was seen in a document, with its dates."""
        return all(v.status == "verified" and v.dates == "verified" for _, v in self.uses)


@dataclass(frozen=True)
class Bound:
    """Policies in the order of the pack, derived facts in an order in which each follows what it reads.

    prefixes: the places for which this holds · place_values: key of a PlaceRef -> prefix -> value.
    """

    on: date
    facts: FactTable
    derived: Mapping[str, Node]
    policies: tuple[BoundPolicy, ...]
    prefixes: tuple[str, ...]
    place_values: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)

    def reads(self, nodes: Iterable[Node]) -> set[str]:
        """Ids of all facts behind some trees, through derived facts."""
        own = list(nodes)
        trees = [*own, *(self.derived[name] for name in derived_behind(self.derived, own))]
        return {part.id for tree in trees for part in walk(tree) if isinstance(part, FactRef)}


@dataclass(frozen=True)
class Places:
    """The whole country on one day. prefix_of finds the place that counts for a region."""

    classes: tuple[Bound, ...]

    def prefix_of(self, region: str | None) -> str:
        """The longest prefix of a region for which the packs say anything of its own; the nation when there is none."""
        return next((p for p in prefixes_of(region or NATION) if p in self.all_prefixes), NATION)

    @cached_property
    def all_prefixes(self) -> frozenset[str]:
        """Every prefix that counts."""
        return frozenset(p for bound in self.classes for p in bound.prefixes)


def bind(packs: PackSet, on: date, region: str | None = None) -> Bound:
    """The rules of one place on one day, everything constant."""
    at = region or NATION
    return _bind(Lookup(packs, on), (at,))


@lru_cache(maxsize=64)
def places(packs: PackSet, on: date) -> Places:
    """The rules of all places on one day, as few classes as the packs allow."""
    classes: dict[tuple[object, ...], list[str]] = {}
    lookup = Lookup(packs, on)
    for prefix in sorted(all_prefixes(packs), key=lambda p: (len(p), p)):
        classes.setdefault(_signature(lookup, prefix), []).append(prefix)
    return Places(tuple(_bind(lookup, tuple(p)) for p in classes.values()))


def _signature(lookup: Lookup, prefix: str) -> tuple[object, ...]:
    """What must be equal for two places to share their rules: versions, forms of derived facts, formulas (numbers may differ)."""
    packs = lookup.packs
    versions = tuple(id(version_of(p, prefix, lookup.on)) for p in packs.policies.values())
    forms = tuple(id(form_of(d, prefix)) for d in packs.derived.values())
    values = (lookup.value(name, prefix, policy) for name, q in packs.parameters.items() for policy in sorted({v.policy for v in q.values}))
    return versions, forms, tuple("" if v is None else v.formula_text for v in values)


class _Binder:
    """Puts the numbers of a class of places into trees."""

    def __init__(self, lookup: Lookup, prefixes: tuple[str, ...]) -> None:
        self.lookup, self.prefixes = lookup, prefixes
        self.place_values: dict[str, dict[str, int | None]] = {}

    def bound(self, node: Node, policy: str, parameters: Mapping[str, Parameter], uses: list[tuple[str, ParameterValue]]) -> Node:
        """The tree with parameters and local facts of the place."""

        def change(part: Node) -> Node | None:
            if isinstance(part, ParamRef):
                return self.number(part.id, policy, parameters, uses)
            if isinstance(part, FactRef) and part.id in self.lookup.packs.parameters:
                found = self.number(part.id, policy, {}, uses)
                if self.goes_first(part.id, policy):
                    return found
                return FirstKnown(part, found, part.type) if found != Const(None, "int") else part
            return None

        return rebuild(node, change)

    def goes_first(self, name: str, policy: str) -> bool:
        """Whether a reform set the local fact here; such a value has a formula, so that all places of a class have it or none."""
        row = self.lookup.value(name, self.prefixes[0], policy)
        return row is not None and row.over_row

    def number(self, name: str, policy: str, parameters: Mapping[str, Parameter], uses: list[tuple[str, ParameterValue]]) -> Node:
        own = parameters.get(name)
        rows = [self.lookup.value(name, p, policy, own) for p in self.prefixes]
        uses.extend((name, r) for r in rows[:1] if r is not None and own is None)
        first = rows[0]
        if first is not None and first.formula is not None:
            return self.bound(first.formula, policy, parameters, uses)
        numbers = [None if r is None else r.value for r in rows]
        if len(set(numbers)) == 1:
            return Const(numbers[0], "int")
        key = f"{name}@{policy}" if own is not None or any(r is not None and r.policy for r in rows) else name
        self.place_values[key] = dict(zip(self.prefixes, numbers, strict=True))
        return PlaceRef(key)


def _bind(lookup: Lookup, prefixes: tuple[str, ...]) -> Bound:
    packs, on = lookup.packs, lookup.on
    binder, region = _Binder(lookup, prefixes), prefixes[0]
    derived: dict[str, Node] = {}
    for name, item in packs.derived.items():
        form = form_of(item, region)
        derived[name] = binder.bound(form.node, "", {}, [])
    policies = tuple(_bind_policy(binder, p, version_of(p, region, on)) for p in packs.policies.values())
    read = derived_behind(derived, (n for p in policies for n in _nodes(p)))
    return Bound(on, packs.facts, {n: derived[n] for n in _in_order(derived) if n in read}, policies, prefixes, binder.place_values)


def _in_order(derived: Mapping[str, Node]) -> list[str]:
    """Derived facts so that each follows what it reads; a regional form may read others than the national one."""
    return list(TopologicalSorter({name: derived_of(node) for name, node in derived.items()}).static_order())


def _bind_policy(binder: _Binder, policy: Policy, version: Version | None) -> BoundPolicy:
    if version is None:
        return BoundPolicy(policy, None, None, None, None)
    uses: list[tuple[str, ParameterValue]] = []

    def put(node: Node) -> Node:
        return binder.bound(node, policy.id, version.parameters, uses)

    who = _bind_clause(version.who, put)
    amount = None if version.amount is None else put(version.amount)
    months = None if version.months is None else put(version.months)
    return BoundPolicy(policy, version, who, amount, months, tuple(dict.fromkeys(uses)))


def _bind_clause(node: ClauseNode, put: Callable[[Node], Node]) -> BoundNode:
    if isinstance(node, Clause):
        return BoundClause(node, put(node.when))
    parts = tuple(_bind_clause(p, put) for p in node.parts)
    trees = tuple(p.node for p in parts)
    whole: Node
    if node.kind == "not":
        whole = Not(trees[0])
    elif node.kind == "at_least":
        whole = AtLeast(node.k, trees)
    else:
        whole = And(trees) if node.kind == "all" else Or(trees)
    return BoundGroup(node, parts, whole)


def clauses_of(who: BoundNode) -> Iterator[BoundClause]:
    """All conditions of a bound tree, in order."""
    if isinstance(who, BoundClause):
        yield who
    else:
        for part in who.parts:
            yield from clauses_of(part)


def _nodes(bound: BoundPolicy) -> Iterator[Node]:
    return (n for n in (bound.who.node if bound.who else None, bound.amount, bound.months) if n is not None)


def derived_behind(derived: Mapping[str, Node], nodes: Iterable[Node]) -> set[str]:
    """Ids of the derived facts that trees read, directly or through other derived facts. derived: the tree of each by its id."""
    found: set[str] = set()
    unread = list(nodes)
    while unread:
        for name in derived_of(unread.pop()) - found:
            found.add(name)
            unread.append(derived[name])
    return found


__all__ = [
    "Bound",
    "BoundClause",
    "BoundGroup",
    "BoundNode",
    "BoundPolicy",
    "Places",
    "bind",
    "clauses_of",
    "derived_behind",
    "places",
]
