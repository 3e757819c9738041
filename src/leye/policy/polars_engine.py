"""The table engine: trees as Polars expressions, in layers, each thing computed once.

Boolean columns of Polars are Kleene and packed in bits, so three values cost nothing. Traps that this visitor knows (measured, bench/policy):
`when(null)` takes the otherwise branch, and the horizontal minimum and maximum skip nulls; both would make an unknown look known.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import polars as pl

from leye.policy.bind import Bound
from leye.policy.expression import (
    And,
    Arithmetic,
    AtLeast,
    Compare,
    Const,
    DerivedRef,
    FactRef,
    FirstKnown,
    FloorDiv,
    Greatest,
    Iff,
    Least,
    MonthIndex,
    MonthsBetween,
    Node,
    Not,
    On,
    Or,
    PlaceRef,
    Within,
    Year,
    children,
    node_type,
)
from leye.policy.facts import Fact
from leye.policy.month_columns import compare_months_since, date_part
from leye.policy.months_since import since

Layer: TypeAlias = dict[str, pl.Expr]

PREFIX = "_place"
_TYPES = {"bool": pl.Boolean, "int": pl.Int64, "date": pl.Date, "text": pl.String}


def fact_dtype(fact: Fact) -> Any:
    """The column type that expressions work on; enums are categories, so that comparing them is comparing small numbers."""
    return pl.Enum(fact.allowed) if fact.type == "enum" else _TYPES[fact.base]


@dataclass
class Plan:
    """Expressions of one class of places in layers: `layers[i]` may read the columns of the layers before. verdicts: policy id -> column."""

    bound: Bound
    layers: list[Layer] = field(default_factory=list)
    facts: frozenset[str] = frozenset()

    def columns(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The frame with all layers, as columns."""
        for layer in self.layers:
            if layer:
                frame = frame.with_columns(**layer)
        return frame


class Engine:
    """Compiles the trees of one `Bound` to expressions over a frame of typed facts (and `_place` where numbers differ between places).

    tag: keeps the columns of two sets of rules apart that are computed over one frame, as a reform beside the law.
    """

    def __init__(self, bound: Bound, tag: str = "") -> None:
        self.bound, self.tag = bound, tag
        self._made: dict[Node, pl.Expr] = {}
        self._named: dict[Node, str] = {}

    def plan(self, nodes: Iterable[Node]) -> Plan:
        """Layers for some trees: numbers of places and parts of dates, derived facts by depth, and every comparison once, before what reads it."""
        roots = list(nodes)
        depth = self._depths(roots)
        everything = [p for n in [*roots, *(self.bound.derived[d] for d in depth)] for p in self._walk(n)]
        base: Layer = {f"_p{self.tag}.{p.key}": self._place(p) for p in everything if isinstance(p, PlaceRef)}
        base |= {f"_{part}.{fact}": date_part(pl.col(fact), part) for part, fact in sorted(set(self._date_parts(everything)))}
        layers = [base]
        for level in range(max(depth.values(), default=-1) + 1):
            mine = {name: self.bound.derived[name] for name, d in depth.items() if d == level}
            layers.append(self._comparisons(mine.values()))
            layers.append({f"_d{self.tag}.{name}": self.expr(node) for name, node in mine.items()})
        layers.append(self._comparisons(roots))
        return Plan(self.bound, layers, frozenset(self.bound.reads(roots)))

    def _comparisons(self, trees: Iterable[Node]) -> Layer:
        """Outermost comparisons of some trees as columns of their own, packed in bits; from then on `expr` gives the column."""
        fresh: dict[Node, pl.Expr] = {}
        todo = list(trees)
        while todo:
            node = todo.pop()
            if not isinstance(node, Compare | Within):
                todo.extend(children(node))
            elif node not in self._named:
                fresh[node] = _VISITORS[type(node)](self, node)
        names = {node: f"_c{self.tag}.{len(self._named) + i}" for i, node in enumerate(fresh)}
        self._named |= names
        self._made |= {node: pl.col(name) for node, name in names.items()}
        return {names[node]: expr for node, expr in fresh.items()}

    def _walk(self, node: Node) -> Iterator[Node]:
        """As `walk`, without the parts of comparisons that become comparisons of days."""
        yield node
        if since(node, self.bound.derived) is None:
            for part in children(node):
                yield from self._walk(part)

    def _date_parts(self, nodes: Iterable[Node]) -> Iterator[tuple[str, str]]:
        """(part, fact) for every part of a date fact that some trees need."""
        for node in nodes:
            if isinstance(node, MonthIndex | MonthsBetween):
                yield from (("month", p.id) for p in children(node) if isinstance(p, FactRef))
            if isinstance(node, MonthsBetween):
                yield from (("day", p.id) for p in children(node) if isinstance(p, FactRef))
            if isinstance(node, Year) and isinstance(node.day, FactRef):
                yield "year", node.day.id

    def _depths(self, roots: list[Node]) -> dict[str, int]:
        """Derived facts below some trees with the layer that computes them."""
        reads = {name: [p.id for p in self._walk(node) if isinstance(p, DerivedRef)] for name, node in self.bound.derived.items()}
        wanted: set[str] = set()
        todo = [p.id for r in roots for p in self._walk(r) if isinstance(p, DerivedRef)]
        while todo:
            name = todo.pop()
            if name not in wanted:
                wanted.add(name)
                todo.extend(reads[name])
        depth: dict[str, int] = {}
        for name in self.bound.derived:
            if name in wanted:
                depth[name] = max((depth[r] + 1 for r in reads[name]), default=0)
        return depth

    def _place(self, node: PlaceRef) -> pl.Expr:
        values = self.bound.place_values[node.key]
        return pl.col(PREFIX).replace_strict(list(values), list(values.values()), default=None, return_dtype=pl.Int64)

    def expr(self, node: Node) -> pl.Expr:
        """The tree as an expression; equal trees give the same one, which Polars computes once."""
        found = self._made.get(node)
        if found is None:
            found = self._made[node] = _VISITORS[type(node)](self, node)
        return found

    def date_part(self, node: Node, part: str) -> pl.Expr:
        """`month` (year * 12 + month), `year` or `day` of a date tree; of a fact from its column."""
        if isinstance(node, FactRef):
            return pl.col(f"_{part}.{node.id}")
        if isinstance(node, On):
            on = self.bound.on
            return pl.lit({"month": on.year * 12 + on.month, "year": on.year, "day": on.day}[part], dtype=pl.Int64)
        return date_part(self.expr(node), part)


def known(parts: Iterable[pl.Expr]) -> pl.Expr:
    """Whether all of some expressions are known."""
    return pl.all_horizontal([p.is_not_null() for p in parts])


def _const(engine: Engine, node: Const) -> pl.Expr:
    if node.value is None:
        return pl.lit(None, dtype=_TYPES.get(node.type, pl.Int64))
    return pl.lit(node.value, dtype=pl.Int64) if node.type == "int" else pl.lit(node.value)


def _compare(engine: Engine, node: Compare) -> pl.Expr:
    days = since(node, engine.bound.derived)
    found = None if days is None else compare_months_since(engine.expr(days.day), engine.bound.on, days.op, days.months)
    if found is not None:
        return found
    left, right = engine.expr(node.left), engine.expr(node.right)
    if isinstance(node.right, Const) and node_type(node.left) == "bool":
        return left if (node.op == "==") == bool(node.right.value) else ~left
    return {"==": left.__eq__, "!=": left.__ne__, "<": left.__lt__, "<=": left.__le__, ">": left.__gt__, ">=": left.__ge__}[node.op](right)


def _within(engine: Engine, node: Within) -> pl.Expr:
    part = engine.expr(node.part)
    found = [part == engine.expr(v) for v in node.values]
    return found[0] if len(found) == 1 else pl.any_horizontal(found)


def _arithmetic(engine: Engine, node: Arithmetic) -> pl.Expr:
    left, right = engine.expr(node.left), engine.expr(node.right)
    return left + right if node.op == "+" else left - right if node.op == "-" else left * right


def _iff(engine: Engine, node: Iff) -> pl.Expr:
    cond = engine.expr(node.cond)
    return pl.when(cond).then(engine.expr(node.then)).when(~cond).then(engine.expr(node.other)).otherwise(None)


def _months_between(engine: Engine, node: MonthsBetween) -> pl.Expr:
    whole = engine.date_part(node.end, "month") - engine.date_part(node.start, "month")
    return whole - (engine.date_part(node.end, "day") < engine.date_part(node.start, "day")).cast(pl.Int64)


def _at_least(engine: Engine, node: AtLeast) -> pl.Expr:
    parts = [engine.expr(p) for p in node.parts]
    sure = pl.sum_horizontal([p.fill_null(False).cast(pl.Int64) for p in parts])
    can = pl.sum_horizontal([p.fill_null(True).cast(pl.Int64) for p in parts])
    return pl.when(sure >= node.k).then(True).when(can < node.k).then(False).otherwise(None)


def _extreme(choose: Callable[[list[pl.Expr]], pl.Expr], beyond: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Callable[[Engine, Any], pl.Expr]:
    """beyond: whether the first of two is passed over for the second."""

    def visit(engine: Engine, node: Least | Greatest) -> pl.Expr:
        if (bounded := _bounded(node)) is not None:  # half the work; an unknown value is not beyond the bound and stays unknown
            value, bound = (engine.expr(p) for p in bounded)
            return pl.when(beyond(value, bound)).then(bound).otherwise(value)
        parts = [engine.expr(p) for p in node.parts]
        unsure = [p for p, n in zip(parts, node.parts, strict=True) if not isinstance(n, Const) or n.value is None]
        return pl.when(known(unsure)).then(choose(parts)).otherwise(None) if unsure else choose(parts)

    return visit


def _bounded(node: Least | Greatest) -> tuple[Node, Node] | None:
    """(value, known constant) of an extreme of two such; None for any other."""
    constants = [p for p in node.parts if isinstance(p, Const) and p.value is not None]
    others = [p for p in node.parts if p not in constants]
    return (others[0], constants[0]) if len(constants) == len(others) == 1 else None


def _first_known(engine: Engine, node: FirstKnown) -> pl.Expr:
    return pl.coalesce(engine.expr(node.first), engine.expr(node.second))


_VISITORS: dict[type[Node], Callable[[Engine, Any], pl.Expr]] = {
    Const: _const,
    FactRef: lambda engine, node: pl.col(node.id),
    DerivedRef: lambda engine, node: pl.col(f"_d{engine.tag}.{node.id}"),
    PlaceRef: lambda engine, node: pl.col(f"_p{engine.tag}.{node.key}"),
    On: lambda engine, node: pl.lit(engine.bound.on),
    Not: lambda engine, node: ~engine.expr(node.part),
    And: lambda engine, node: pl.all_horizontal([engine.expr(p) for p in node.parts]),
    Or: lambda engine, node: pl.any_horizontal([engine.expr(p) for p in node.parts]),
    AtLeast: _at_least,
    Compare: _compare,
    Within: _within,
    Arithmetic: _arithmetic,
    FloorDiv: lambda engine, node: engine.expr(node.left) // engine.expr(node.right),
    Iff: _iff,
    MonthIndex: lambda engine, node: engine.date_part(node.day, "month"),
    Year: lambda engine, node: engine.date_part(node.day, "year"),
    MonthsBetween: _months_between,
    Least: _extreme(pl.min_horizontal, operator.gt),
    Greatest: _extreme(pl.max_horizontal, operator.lt),
    FirstKnown: _first_known,
}


class MissingFacts:
    """Which unknown facts an undecided tree reads, as expressions: for each fact the condition under which its being unknown counts.

    A fact counts where some occurrence of it stands under nodes that are all undecided; of an `iff` with a known condition only in the branch
    that is taken. Nodes that are unknown whenever a part is (comparisons, arithmetic, not) need no condition of their own.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def of(self, root: Node) -> dict[str, pl.Expr]:
        """Fact id -> condition, for rows where the root itself is undecided; in the order of the fact table."""
        found: dict[str, list[pl.Expr | None]] = {}
        self._visit(root, None, found, top=True)
        order = self.engine.bound.facts.order
        return {name: self._counts(name, found[name]) for name in sorted(found, key=order.__getitem__)}

    def _counts(self, name: str, gates: list[pl.Expr | None]) -> pl.Expr:
        unknown = pl.col(name).is_null()
        if any(gate is None for gate in gates):
            return unknown
        return unknown & pl.any_horizontal([g for g in gates if g is not None])

    def _visit(self, node: Node, gate: pl.Expr | None, found: dict[str, list[pl.Expr | None]], *, top: bool = False) -> None:
        if isinstance(node, FactRef):
            found.setdefault(node.id, []).append(gate)
        elif isinstance(node, DerivedRef):
            self._visit(self.engine.bound.derived[node.id], gate, found)
        elif isinstance(node, Iff):
            self._visit_iff(node, gate, found)
        else:
            decides = isinstance(node, And | Or | AtLeast | FirstKnown) and not top
            for part in children(node):
                self._visit(part, self._under(node, gate) if decides else gate, found)

    def _visit_iff(self, node: Iff, gate: pl.Expr | None, found: dict[str, list[pl.Expr | None]]) -> None:
        cond = self.engine.expr(node.cond)
        self._visit(node.cond, gate, found)
        self._visit(node.then, _both(gate, cond.fill_null(True)), found)
        self._visit(node.other, _both(gate, ~cond.fill_null(False)), found)

    def _under(self, node: Node, gate: pl.Expr | None) -> pl.Expr:
        return _both(gate, self.engine.expr(node).is_null())


def _both(gate: pl.Expr | None, more: pl.Expr) -> pl.Expr:
    return more if gate is None else gate & more
