"""The columns of one set of rules over a table of people: verdicts, amounts, months, annual values, loans."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import polars as pl

from leye.policy.bind import Bound, BoundPolicy
from leye.policy.expression import DerivedRef, Node, PlaceRef, walk
from leye.policy.polars_engine import Engine
from leye.policy.simulate.choosing import contests, settled

CAP_MONTHS = 12
"""A year of a monthly benefit: what is paid after that belongs to later years."""
PAID = ("month", "year", "once")
UNIT_CODES = {"month": 1, "year": 2, "once": 3}
_NONE = pl.lit(None, dtype=pl.Int64)
_ZERO = pl.lit(0, dtype=pl.Int64)


class Side:
    """One set of rules. tag: `0` the law, `1` the reform; kinds: which columns are wanted, letters of `compare.columns_of`."""

    def __init__(self, bound: Bound, tag: str, wanted: Sequence[str], kinds: Collection[str]) -> None:
        self.bound, self.tag, self.wanted, self.kinds = bound, tag, tuple(wanted), frozenset(kinds)
        found = {p.policy.id: p for p in bound.policies}
        self.policies = {name: found.get(name) for name in wanted}
        self.nodes = [n for p in self.policies.values() if p and p.who for n in (p.who.node, p.amount, self._months_node(p)) if n is not None]
        self.results = [f"{kind}{tag}.{name}" for name in wanted for kind in "vamylwu" if kind in self.kinds]
        self.engine: Engine | None = None

    def _months_node(self, policy: BoundPolicy) -> Node | None:
        """Months where somebody asks for them: the annual value of a monthly benefit, or the months themselves."""
        unit = policy.version.unit if policy.version is not None else ""
        return policy.months if "m" in self.kinds or unit == "month" else None

    def compute(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The frame with the wanted columns."""
        one = self.tag
        frame = frame.with_columns(**{f"v{one}.{n}": self._verdict(p) for n, p in self.policies.items()})
        frame = frame.with_columns(**{f"_a{one}.{n}": self._amount(p) for n, p in self.policies.items()})
        frame = frame.with_columns(**{f"_y{one}.{n}": self._annual(n, p) for n, p in self.policies.items()})
        frame = frame.with_columns(**self._asked())
        return self._chosen(frame)

    def _asked(self) -> dict[str, pl.Expr]:
        one, found = self.tag, dict[str, pl.Expr]()
        for name, policy in self.policies.items():
            yes, amount = pl.col(f"v{one}.{name}"), pl.col(f"_a{one}.{name}")
            if "a" in self.kinds:
                found[f"a{one}.{name}"] = pl.when(yes).then(amount)
            if "m" in self.kinds:
                found[f"m{one}.{name}"] = self._months(policy)
            if "l" in self.kinds:
                found[f"l{one}.{name}"] = pl.when(yes).then(amount).fill_null(0) if _unit(policy) == "loan" else _ZERO
            if "w" in self.kinds:
                found[f"w{one}.{name}"] = pl.when(yes.is_null()).then(pl.col(f"_y{one}.{name}")).otherwise(_ZERO)
            if "u" in self.kinds:
                found[f"u{one}.{name}"] = pl.lit(UNIT_CODES.get(_unit(policy), 0), dtype=pl.Int8)
        return found

    def _chosen(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """`y`: the annual value of a yes, 0 where another of an exclusion group counts."""
        if "y" not in self.kinds:
            return frame
        one = self.tag
        granted = {n: pl.col(f"v{one}.{n}").fill_null(False) for n in self.wanted}
        value = {n: pl.col(f"_y{one}.{n}") for n in self.wanted}
        found = contests([p for p in self.policies.values() if p is not None])
        for contest in found:
            frame = settled(frame, contest, granted, {n: pl.when(granted[n]).then(value[n]).otherwise(_ZERO) for n in contest.members}, one)
        competing = {m for c in found for m in c.members}
        counts = {n: pl.col(f"_won{one}.{n}") if n in competing else granted[n] for n in self.wanted}
        return frame.with_columns(**{f"y{one}.{n}": pl.when(counts[n]).then(value[n]).otherwise(_ZERO) for n in self.wanted})

    def _verdict(self, policy: BoundPolicy | None) -> pl.Expr:
        return pl.lit(False) if policy is None or policy.who is None else self._expr(policy.who.node)

    def _amount(self, policy: BoundPolicy | None) -> pl.Expr:
        return _NONE if policy is None or policy.amount is None else self._expr(policy.amount)

    def _months(self, policy: BoundPolicy | None) -> pl.Expr:
        return _NONE if policy is None or policy.months is None else self._expr(policy.months)

    def _annual(self, name: str, policy: BoundPolicy | None) -> pl.Expr:
        """Fen a year where the amount is known, whatever the verdict; 0 for what is no payment."""
        if policy is None or _unit(policy) not in PAID:
            return _ZERO
        amount = pl.col(f"_a{self.tag}.{name}").fill_null(0)
        if _unit(policy) != "month":
            return amount
        return amount * (CAP_MONTHS if policy.months is None else self._expr(policy.months).fill_null(CAP_MONTHS).clip(0, CAP_MONTHS))

    def _expr(self, node: Node) -> pl.Expr:
        assert self.engine is not None
        return self.engine.expr(node)


def _unit(policy: BoundPolicy | None) -> str:
    return policy.version.unit if policy is not None and policy.version is not None else ""


def computed(frame: pl.LazyFrame, sides: Sequence[Side]) -> pl.LazyFrame:
    """The frame with the columns of all sides. Where derived facts and numbers of places agree, what the sides share is computed once."""
    shared = _one_bound(sides)
    plans = [(Engine(shared, sides[0].tag), list(sides))] if shared is not None else [(Engine(s.bound, s.tag), [s]) for s in sides]
    for engine, mine in plans:
        frame = engine.plan([n for s in mine for n in s.nodes]).columns(frame)
        for side in mine:
            side.engine = engine
    for side in sides:
        frame = side.compute(frame)
    return frame


def reads(sides: Sequence[Side]) -> set[str]:
    """Facts that the sides read."""
    return set().union(*(s.bound.reads(s.nodes) for s in sides))


def _one_bound(sides: Sequence[Side]) -> Bound | None:
    """One set of derived facts and numbers for all sides, or None where they differ."""
    derived: dict[str, Node] = {}
    numbers: dict[str, Mapping[str, int | None]] = {}
    for side in sides:
        names = _derived_below(side)
        keys = {p.key for n in (*side.nodes, *(side.bound.derived[d] for d in names)) for p in walk(n) if isinstance(p, PlaceRef)}
        if any(derived.setdefault(n, side.bound.derived[n]) != side.bound.derived[n] for n in names):
            return None
        if any(numbers.setdefault(k, side.bound.place_values[k]) != side.bound.place_values[k] for k in keys):
            return None
    order = [n for s in sides for n in s.bound.derived if n in derived]
    return replace(sides[0].bound, derived={n: derived[n] for n in dict.fromkeys(order)}, place_values=numbers)


def _derived_below(side: Side) -> set[str]:
    found: set[str] = set()
    todo = list(side.nodes)
    while todo:
        for part in walk(todo.pop()):
            if isinstance(part, DerivedRef) and part.id not in found:
                found.add(part.id)
                todo.append(side.bound.derived[part.id])
    return found
