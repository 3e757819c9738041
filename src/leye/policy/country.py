"""The rules of all places as one tree each, for engines that answer for a whole table at once.

`places` gives classes of places that share their rules. Here the classes are laid over each other: where all say the same there is one tree, where
only a number differs there is a `PlaceRef`, and where the rules themselves differ there is a `ByRules` at the lowest point of difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from graphlib import TopologicalSorter

from leye.policy.bind import Bound, BoundClause, BoundNode, BoundPolicy, Places, clauses_of
from leye.policy.expression import Const, FactRef, FirstKnown, MonthIndex, Node, On, PlaceRef, Within, Year, children, derived_of, node_type, walk
from leye.policy.pack import Clause, Policy, Version


@dataclass(frozen=True, slots=True)
class ByRules(Node):
    """A different tree for different classes of places. cases[i]: the classes for which parts[i] holds; the last part is for all others."""

    cases: tuple[tuple[int, ...], ...]
    parts: tuple[Node, ...]
    type: str


@dataclass(frozen=True, slots=True)
class CountryPolicy:
    """A policy everywhere. who: Const False where nothing is in force · clauses: the conditions in `who` with what the pack says of each."""

    policy: Policy
    versions: tuple[Version, ...]
    who: Node
    amount: Node | None
    months: Node | None
    clauses: tuple[tuple[Node, Clause], ...]


@dataclass(frozen=True)
class Country:
    """All places on one day. numbers: key of a PlaceRef -> prefix -> value · derived facts follow what they read."""

    classes: tuple[Bound, ...]
    derived: Mapping[str, Node]
    policies: tuple[CountryPolicy, ...]
    numbers: Mapping[str, Mapping[str, int | None]]


def country(places: Places) -> Country:
    """Lay the classes over each other."""
    laid = _Overlay(places.classes)
    first = places.classes[0]
    names = [p.policy.id for p in first.policies]
    policies = tuple(laid.policy({i: c.policies[at] for i, c in enumerate(places.classes)}) for at in range(len(names)))
    derived = {name: laid.tree({i: c.derived[name] for i, c in enumerate(places.classes) if name in c.derived}) for name in _derived(places)}
    return Country(places.classes, derived, policies, laid.numbers)


def _derived(places: Places) -> list[str]:
    """Names of all derived facts that any place reads, in an order in which each follows what it reads in every place."""
    reads: dict[str, set[str]] = {}
    for bound in places.classes:
        for name, node in bound.derived.items():
            reads.setdefault(name, set()).update(derived_of(node))
    return list(TopologicalSorter(reads).static_order())


class _Overlay:
    """Merges trees by class and keeps the numbers that differ between places."""

    def __init__(self, classes: Sequence[Bound]) -> None:
        self.classes = classes
        self.numbers: dict[str, dict[str, int | None]] = {}

    def policy(self, by: Mapping[int, BoundPolicy]) -> CountryPolicy:
        versions: dict[int, dict[int, BoundPolicy]] = {}
        for i, bound in by.items():
            versions.setdefault(id(bound.version), {})[i] = bound
        clauses: dict[Node, Clause] = {}
        who: dict[int, Node] = {}
        for same in versions.values():
            tree = self.who(same, clauses)
            who.update(dict.fromkeys(same, tree))
        some = next(iter(by.values()))
        found = {id(b.version): b.version for b in by.values() if b.version is not None}
        return CountryPolicy(
            some.policy,
            tuple(found.values()),
            self.cases(who),
            self.result({i: b.amount for i, b in by.items()}),
            self.result({i: b.months for i, b in by.items()}),
            tuple(clauses.items()),
        )

    def who(self, same: Mapping[int, BoundPolicy], clauses: dict[Node, Clause]) -> Node:
        """One tree for the classes in which the same version is in force: its structure is theirs, its conditions are merged one by one."""
        trees = {i: b.who for i, b in same.items() if b.who is not None}
        if not trees:
            return Const(False, "bool")
        rows = [dict(zip(trees, column, strict=True)) for column in zip(*(clauses_of(t) for t in trees.values()), strict=True)]
        merged = [self.tree({i: c.node for i, c in row.items()}) for row in rows]
        for node, row in zip(merged, rows, strict=True):
            clauses.setdefault(node, next(iter(row.values())).clause)
        return _assembled(next(iter(trees.values())), merged)

    def result(self, by: Mapping[int, Node | None]) -> Node | None:
        """An amount or a number of months; None when no place has one."""
        if all(node is None for node in by.values()):
            return None
        return self.tree({i: Const(None, "int") if node is None else node for i, node in by.items()})

    def tree(self, by: Mapping[int, Node], hint: str = "") -> Node:
        """One tree that says in each class what its own tree says. hint: the fact whose local value this is."""
        shapes: dict[object, dict[int, Node]] = {}
        for i, node in _aligned(by).items():
            shapes.setdefault("number" if _is_number(node) else _shape(node), {})[i] = node
        merged = {shape: self.number(same, hint) if shape == "number" else self.same_shape(same, hint) for shape, same in shapes.items()}
        return self.cases({i: merged[shape] for shape, same in shapes.items() for i in same})

    def same_shape(self, by: Mapping[int, Node], hint: str) -> Node:
        """Merged part by part, unless that would cut a rule of its own into pieces: then each rule stays whole."""
        first = next(iter(by.values()))
        if isinstance(first, FirstKnown) and isinstance(first.first, FactRef):
            hint = first.first.id
        columns = zip(*(children(node) for node in by.values()), strict=True)
        parts = [self.tree(dict(zip(by, column, strict=True)), hint) for column in columns]
        merged = folded(with_parts(first, parts), self.classes[0].on)
        rules: dict[object, dict[int, Node]] = {}
        if sum(isinstance(part, ByRules) for part in walk(merged)) > 1:
            for i, node in by.items():
                rules.setdefault(_skeleton(node), {})[i] = node
        if len(rules) < 2:
            return merged
        return self.cases({i: tree for same in rules.values() for tree in [self.tree(same, hint)] for i in same})

    def cases(self, by: Mapping[int, Node]) -> Node:
        """ByRules over classes whose trees differ, the largest group last; the tree itself when all are equal."""
        groups: dict[Node, list[int]] = {}
        for i, node in by.items():
            groups.setdefault(node, []).append(i)
        if len(groups) == 1:
            return next(iter(groups))
        ordered = sorted(groups.items(), key=lambda g: (len(g[1]), -g[1][0]))
        return ByRules(tuple(tuple(i) for _, i in ordered), tuple(node for node, _ in ordered), node_type(ordered[0][0]))

    def number(self, by: Mapping[int, Node], hint: str) -> Node:
        """A constant when all places have the same, else a reference to the table of places, or to the class for a number within a rule."""
        values: dict[str, int | None] = {}
        keys = [n.key for n in by.values() if isinstance(n, PlaceRef)]
        if not keys and not hint:
            return self.cases(by)
        for i, node in by.items():
            bound = self.classes[i]
            table = bound.place_values[node.key] if isinstance(node, PlaceRef) else dict.fromkeys(bound.prefixes, node.value)  # type: ignore[attr-defined]
            values.update(table)
        if len(set(values.values())) == 1:
            return Const(next(iter(values.values())), "int")
        return PlaceRef(self.key(keys[0] if keys else hint, values))

    def key(self, wanted: str, values: dict[str, int | None]) -> str:
        """The name of a table of numbers: the parameter's, with a counter where two differ about a place. Those that agree are one."""
        name = wanted.replace("@", "_")
        for number in range(1, len(self.numbers) + 2):
            key = name if number == 1 else f"{name}_{number}"
            known = self.numbers.setdefault(key, {})
            if all(known.get(prefix, value) == value for prefix, value in values.items()):
                known.update(values)
                return key
        raise AssertionError("one of n + 1 names is free")


def _aligned(by: Mapping[int, Node]) -> dict[int, Node]:
    """`x` beside `first_known(x, …)` reads as `first_known(x, unknown)`: a place without a value of its own is no other rule."""
    wrapped = {n.first for n in by.values() if isinstance(n, FirstKnown)}
    return {i: FirstKnown(n, Const(None, node_type(n)), node_type(n)) if n in wrapped else n for i, n in by.items()}


def _shape(node: Node) -> object:
    """What must be equal for two trees to be merged part by part."""
    if isinstance(node, Within):
        return type(node), node.values, 1
    values = (getattr(node, f.name) for f in fields(node))
    return type(node), tuple(v for v in values if not _is_part(v)), len(children(node))


def _is_number(node: Node) -> bool:
    """Whether it is a number of the law, of one place or of each."""
    return isinstance(node, Const | PlaceRef) and node_type(node) == "int"


def _skeleton(node: Node) -> object:
    """What a rule says but for its numbers; a local value with and without a number of the place is the same."""
    if _is_number(node):
        return "number"
    if isinstance(node, FirstKnown) and _is_number(node.second):
        return _skeleton(node.first)
    return _shape(node), tuple(_skeleton(part) for part in children(node))


def _is_part(value: object) -> bool:
    return isinstance(value, Node) or (isinstance(value, tuple) and bool(value) and isinstance(value[0], Node))


def with_parts(node: Node, parts: Sequence[Node]) -> Node:
    """The node over other parts, in the order of `children`."""
    if isinstance(node, Within):
        return replace(node, part=parts[0])
    rest = iter(parts)
    changed: dict[str, object] = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Node):
            changed[field.name] = next(rest)
        elif isinstance(value, tuple) and _is_part(value):
            changed[field.name] = tuple(next(rest) for _ in value)
    return replace(node, **changed)


def folded(node: Node, on: date) -> Node:
    """A node over constants alone as its value, where that is known; whole numbers then never overflow an engine's small literals."""
    parts = children(node)
    if isinstance(node, MonthIndex | Year) and isinstance(parts[0], On):
        return Const(on.year * 12 + on.month if isinstance(node, MonthIndex) else on.year, "int")
    values = [p.value for p in parts if isinstance(p, Const) and isinstance(p.value, int)]
    fold = _FOLDS.get(getattr(node, "op", type(node).__name__))
    if fold is None or len(values) < len(parts) or not parts or node_type(node) != "int":
        return node
    return Const(fold(values), "int")


_FOLDS: dict[str, Callable[[list[int]], int]] = {
    "+": sum,
    "-": lambda v: v[0] - v[1],
    "*": lambda v: v[0] * v[1],
    "FloorDiv": lambda v: v[0] // v[1],
    "Least": min,
    "Greatest": max,
}


def _assembled(who: BoundNode, conditions: Iterable[Node]) -> Node:
    """The tree of a policy over its merged conditions."""
    rest = iter(conditions)

    def build(node: BoundNode) -> Node:
        if isinstance(node, BoundClause):
            return next(rest)
        parts = tuple(build(p) for p in node.parts)
        return with_parts(node.node, parts)

    return build(who)
