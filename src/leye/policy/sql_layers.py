"""The layers of the query: facts, place, numbers of the place, parts of dates, derived facts, conditions, verdicts; each reads the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from leye.policy.country import ByRules, Country, CountryPolicy
from leye.policy.expression import (
    And,
    AtLeast,
    Const,
    DerivedRef,
    FactRef,
    MonthIndex,
    MonthsBetween,
    Node,
    Not,
    Or,
    PlaceRef,
    Year,
    children,
    derived_of,
    node_type,
    walk,
)
from leye.policy.facts import FactTable
from leye.policy.lookup import NATION
from leye.policy.pack import PackSet
from leye.policy.sql_dialects import Dialect, literal
from leye.policy.sql_expression import RULES, Writer, lines, number_column

KEYS = ("person_id", "region")
_DATE_COLUMNS = {"INDEX": "mi", "YEAR": "year", "DAY": "day"}


@dataclass
class Layers:
    """CTEs one after the other."""

    dialect: Dialect
    texts: list[str] = field(default_factory=list)
    last: str = ""

    def add(self, name: str, columns: list[str], *, source: str = "", title: str = "") -> None:
        """A layer with its columns beside all of the one before; nothing is added for none."""
        if not columns:
            return
        body = ",\n    ".join(c.replace("\n", "\n    ") for c in ([] if source else ["*"]) + columns)
        fence = f"\n  {self.dialect.fence}" if self.dialect.fence else ""
        self.texts.append(f"-- {title}\n{name} AS (\n  SELECT\n    {body}\n  FROM {source or self.last}{fence}\n)")
        self.last = name


@dataclass(frozen=True)
class Scope:
    """What a query reads: policies, the derived facts and facts behind them, numbers of places, parts of dates."""

    packs: PackSet
    country: Country
    policies: tuple[CountryPolicy, ...]
    derived: tuple[str, ...]
    facts: tuple[str, ...]
    numbers: tuple[str, ...]
    dates: Mapping[str, tuple[str, ...]]


def scope_of(packs: PackSet, country: Country, policies: Iterable[CountryPolicy]) -> Scope:
    """Everything behind some policies and nothing else, so that a database reads no column in vain."""
    asked = tuple(policies)
    trees = [n for p in asked for n in (p.who, p.amount, p.months) if n is not None]
    derived = _reached(country.derived, trees)
    nodes = [part for tree in [*trees, *(country.derived[n] for n in derived)] for part in walk(tree)]
    read = {n.id for n in nodes if isinstance(n, FactRef)}
    numbers = {n.key for n in nodes if isinstance(n, PlaceRef)}
    return Scope(
        packs,
        country,
        asked,
        tuple(derived),
        tuple(sorted(read, key=packs.facts.order.__getitem__)),
        tuple(k for k in country.numbers if k in numbers),
        _date_parts(nodes, packs.facts),
    )


def facts_layer(scope: Scope, layers: Layers, table: str, columns: frozenset[str] | None, region: str) -> None:
    """Facts in their types; what the table lacks is unknown."""
    cast = layers.dialect.cast

    def value(name: str) -> str:
        return name if columns is None or name in columns else "NULL"

    rows = [f"{cast('person_id', 'text')} AS person_id", f"COALESCE({cast(value('region'), 'text')}, {literal(region)}) AS region"]
    rows += [f"{cast(value(name), scope.packs.facts[name].base)} AS {name}" for name in scope.facts if name not in KEYS]
    layers.add("people_", rows, source=layers.dialect.relation(table), title="事实；空值就是未知 · facts, NULL is unknown")


def place_layers(scope: Scope, layers: Layers) -> None:
    """The place that counts for a region (the longest prefix that the packs know), its class of rules, its numbers."""
    classes = scope.country.classes
    prefixes = {p for c in classes for p in c.prefixes if p != NATION}
    cuts = [(f"SUBSTR(region, 1, {n})", sorted(p for p in prefixes if len(p) == n)) for n in (9, 7, 5)]
    place = _cases([(f"{cut} {_in(known)}", cut) for cut, known in cuts if known], literal(NATION))
    layers.add("places_", [f"{place} AS place_"], title="管这个人的地方：区划最长的前缀 · the place that counts: the longest prefix")
    nation = next(i for i, c in enumerate(classes) if NATION in c.prefixes)
    others = [(f"place_ {_in(c.prefixes)}", str(i)) for i, c in enumerate(classes) if i != nation]
    rows = [f"{_cases(others, str(nation))} AS {RULES}"] if others else []
    rows += [f"{layers.dialect.cast(_number(scope.country.numbers[key]), 'int')} AS {number_column(key)}" for key in scope.numbers]
    layers.add("numbers_", rows, title="各地的规则类别和数 · class of rules and numbers of the place")


def date_layer(scope: Scope, layers: Layers, writer: Writer) -> None:
    """Month index (year * 12 + month), year and day of every date that is counted with, once."""
    rows = [f"{writer.part_of(FactRef(f, 'date'), part)} AS {f}_{_DATE_COLUMNS[part]}" for f, parts in scope.dates.items() for part in parts]
    layers.add("dates_", rows, title="日期的月份序号（年×12+月）、年、日 · month index, year and day of dates")
    writer.dates.update({FactRef(f, "date"): {part: f"{f}_{_DATE_COLUMNS[part]}" for part in parts} for f, parts in scope.dates.items()})


def derived_layers(scope: Scope, layers: Layers, writer: Writer) -> None:
    """Derived facts, those that read facts only before those that read these."""
    for level, names in enumerate(_levels(scope.country.derived, scope.derived), 1):
        rows = []
        for name in names:
            said = scope.packs.derived[name]
            sources = "；".join(dict.fromkeys(form.source for form in said.forms))
            rows.append(noted(f"{said.zh}：{sources}", f"{typed(writer, scope.country.derived[name])} AS {name}"))
        layers.add(f"derived_{level}_", rows, title=f"推算事实，第{level}层 · derived facts, level {level}")
        trees = {scope.country.derived[n]: n for n in names}
        writer.named.update({tree: name for tree, name in trees.items() if children(tree)})


def condition_layer(scope: Scope, layers: Layers, writer: Writer) -> None:
    """Every condition once, under the sentence of the law; a condition that is a column already gets none."""
    names: dict[Node, str] = {}
    rows: list[str] = []
    for node, clause in (c for p in scope.policies for c in p.clauses):
        if node not in names and not _is_plain(node):
            names[node] = f"c{len(names) + 1:03}"
            rows.append(noted(clause.say + (f"（{clause.basis}）" if clause.basis else ""), f"{writer.text(node)} AS {names[node]}"))
    layers.add("conditions_", rows, title="条件，每个只算一次 · every condition once")
    writer.named.update(names)


def group_layer(scope: Scope, layers: Layers, writer: Writer) -> None:
    """Groups of conditions inside of groups (any of, all of, k of): an unknown one decides which facts are missing, so each has its column."""
    names: dict[Node, str] = {}
    for policy in scope.policies:
        for node in _groups(policy.who, writer):
            names.setdefault(node, f"g{len(names) + 1:03}")
    layers.add("groups_", [f"{writer.text(node)} AS {name}" for node, name in names.items()], title="条件组，每个只算一次 · groups of conditions")
    writer.named.update(names)


def verdict_layer(scope: Scope, layers: Layers, writer: Writer) -> None:
    """is_<policy>: TRUE, FALSE or NULL · fen_<policy>, months_<policy> where there are any."""
    rows: list[str] = []
    for policy in scope.policies:
        name = policy.policy.id
        rows.append(noted(policy.policy.name, f"{writer.text(policy.who)} AS is_{name}"))
        rows += [
            f"{typed(writer, node)} AS {column}_{name}" for column, node in (("fen", policy.amount), ("months", policy.months)) if node is not None
        ]
    layers.add("verdicts_", rows, title="每项政策：是否符合、金额、月数 · verdict, amount, months of each policy")


def typed(writer: Writer, node: Node) -> str:
    """A tree as a column; numbers have 64 bits."""
    text = writer.text(node)
    return text if node_type(node) != "int" or writer.is_wide(node) else writer.dialect.cast(text, "int")


def noted(note: str, column: str) -> str:
    """A column under its comment, which is kept to one line."""
    return f"-- {' '.join(note.split())}\n{column}"


def _in(words: Iterable[str]) -> str:
    found = [literal(w) for w in words]
    return f"= {found[0]}" if len(found) == 1 else f"IN ({', '.join(found)})"


def _cases(rows: list[tuple[str, str]], other: str) -> str:
    return lines("CASE ", [*(f"WHEN {when} THEN {then}" for when, then in rows), f"ELSE {other}"], " END") if rows else other


def _number(values: Mapping[str, int | None]) -> str:
    by_value: dict[int, list[str]] = {}
    for prefix, value in values.items():
        if value is not None:
            by_value.setdefault(value, []).append(prefix)
    return _cases([(f"place_ {_in(prefixes)}", str(value)) for value, prefixes in by_value.items()], "NULL")


def _groups(root: Node, writer: Writer) -> Iterator[Node]:
    """Groups strictly inside a policy's tree, above its conditions."""
    for part in children(root):
        if part not in writer.named and isinstance(part, And | Or | AtLeast):
            if not isinstance(root, ByRules):  # such a part is a whole tree of its own
                yield part
            yield from _groups(part, writer)


def _is_plain(node: Node) -> bool:
    return isinstance(node, FactRef | DerivedRef | Const) or (isinstance(node, Not) and _is_plain(node.part))


def _reached(derived: Mapping[str, Node], trees: Iterable[Node]) -> list[str]:
    found: set[str] = set()
    todo = list(trees)
    while todo:
        for name in derived_of(todo.pop()) - found:
            found.add(name)
            todo.append(derived[name])
    return [name for name in derived if name in found]


def _date_parts(nodes: Iterable[Node], facts: FactTable) -> dict[str, tuple[str, ...]]:
    """Date facts that are counted with, in the order of the table, with the parts that are needed."""
    needed: dict[str, set[str]] = {}
    for node in nodes:
        for fact, parts in _parts_of(node):
            needed.setdefault(fact, set()).update(parts)
    return {f: tuple(p for p in _DATE_COLUMNS if p in needed[f]) for f in sorted(needed, key=facts.order.__getitem__)}


def _parts_of(node: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    wanted = {MonthIndex: ("INDEX",), Year: ("YEAR",), MonthsBetween: ("INDEX", "DAY")}.get(type(node), ())
    yield from ((part.id, wanted) for part in children(node) if wanted and isinstance(part, FactRef))


def _levels(derived: Mapping[str, Node], names: Iterable[str]) -> list[list[str]]:
    depth: dict[str, int] = {}
    for name in names:
        depth[name] = 1 + max((depth[d] for d in derived_of(derived[name])), default=0)
    return [[n for n in depth if depth[n] == level] for level in range(1, max(depth.values(), default=0) + 1)]
