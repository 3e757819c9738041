"""Values at which rules can change their mind: around every constant that a fact is held against, the ends of its range, each option.

Not a proof for any arithmetic one could write: what is found with them is a real person; where nothing is found, nobody is known for whom the
condition holds. Values of the pack's own cases are always among them, so a case that comes out 符合 is always found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from leye.policy.expression import Compare, Const, DerivedRef, FactRef, MonthIndex, Node, Within, walk
from leye.policy.facts import Fact, FactTable, FactValue

_MONTH_INDEX = (1900 * 12, 2100 * 12)
ONE_DAY = timedelta(days=1)
_LADDER = (0, 1, 2, 5, 6, 11, 12, 23, 24, 36, 59, 60, 119, 120)  # chosen by us: months before the day at which terms of the law tend to turn
SHORT = 12  # chosen by us: of a fact with so few values, such as a grade, every one is tried
_AGES = tuple(range(15 * 12, 71 * 12, 6))  # chosen by us: half years of a working life, for rules by birth month


@dataclass
class _Atom:
    """What stands together in one comparison: its facts and its constants, through derived facts."""

    facts: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    is_monthly: bool = False
    is_comparison: bool = False

    def take(self, node: Node) -> None:
        """Add one node."""
        if isinstance(node, FactRef):
            self.facts.add(node.id)
        elif isinstance(node, Const):
            self.constant(node)
        elif isinstance(node, Within):
            for value in node.values:
                self.constant(value)
        elif isinstance(node, MonthIndex):
            self.is_monthly = True

    def constant(self, node: Const) -> None:
        """Add a constant to those of its kind."""
        value = node.value
        if isinstance(value, bool):
            return
        if isinstance(value, int):
            self.numbers.add(value)
        elif isinstance(value, date):
            self.days.add(value)
        elif isinstance(value, str):
            self.words.add(value)


def candidates(
    nodes: Iterable[Node], derived: Mapping[str, Node], table: FactTable, on: date, seeds: Mapping[str, set[FactValue]]
) -> dict[str, Sequence[FactValue]]:
    """Fact -> values to try, the likely ones first. nodes: bound trees · seeds: values seen in cases."""
    found: dict[str, _Atom] = {}
    atoms = [atom for node in nodes for atom in _atoms(node, derived)]
    for atom in atoms:
        for name in atom.facts:
            _merge(found.setdefault(name, _Atom()), atom)
    _share(found, [a.facts for a in atoms if a.is_comparison and len(a.facts) > 1], table)
    return {name: _values(table.facts[name], atom, on, seeds.get(name, set())) for name, atom in found.items() if name in table.facts}


def _share(found: dict[str, _Atom], together: list[set[str]], table: FactTable) -> None:
    """Counts that are held against each other turn at each other's constants too."""
    before = {name: set(atom.numbers) for name, atom in found.items()}
    for names in together:
        counts = [n for n in names if n in table.facts and table.facts[n].base == "int"]
        for name in counts:
            found[name].numbers |= set().union(*(before[n] for n in counts))


def _atoms(node: Node, derived: Mapping[str, Node]) -> list[_Atom]:
    """Every comparison as one atom; amounts and other numbers as one for the whole tree."""
    inner = [part for part in walk(node) if isinstance(part, Compare | Within)]
    behind = {part.id for part in walk(node) if isinstance(part, DerivedRef)}
    return [_filled(part, derived) for part in [node, *inner]] + [a for name in sorted(behind) for a in _atoms(derived[name], derived)]


def _filled(node: Node, derived: Mapping[str, Node]) -> _Atom:
    seen: set[str] = set()
    is_condition = not isinstance(node, Compare | Within)
    atom, todo = _Atom(is_comparison=not is_condition), [node]
    while todo:
        for part in walk(todo.pop()):
            if is_condition and not isinstance(part, FactRef | DerivedRef):
                continue  # a whole condition names its facts; what they are held against stands in its comparisons
            atom.take(part)
            if isinstance(part, DerivedRef) and part.id not in seen:
                seen.add(part.id)
                todo.append(derived[part.id])
    return atom


def _merge(into: _Atom, atom: _Atom) -> None:
    into.numbers |= atom.numbers
    into.words |= atom.words
    into.days |= atom.days
    into.is_monthly |= atom.is_monthly


def _values(fact: Fact, atom: _Atom, on: date, seeds: set[FactValue]) -> Sequence[FactValue]:
    if fact.type == "bool":
        return [True, False]
    if fact.type == "enum":
        told = [w for w in fact.allowed if w in atom.words]
        return [*told, *(w for w in fact.allowed if w not in atom.words)][: len(told) + 1]
    if fact.base == "int":
        return _numbers(fact, atom, seeds)
    if fact.type == "date":
        return _days(fact, atom, on, seeds)
    return sorted({*(s for s in seeds if isinstance(s, str)), *atom.words, "CN"})


def _numbers(fact: Fact, atom: _Atom, seeds: set[FactValue]) -> list[int]:
    if fact.choices:
        return [int(v) for v in fact.choices]
    low, high = fact.low, fact.high
    assert isinstance(low, int) and isinstance(high, int)
    if high - low < SHORT:
        return list(range(low, high + 1))
    around = {n + d for n in atom.numbers for d in (-1, 0, 1)}
    told = {s for s in seeds if isinstance(s, int) and not isinstance(s, bool)}
    return sorted(v for v in {low, high, min(1, high), *around, *told} if low <= v <= high)


def _days(fact: Fact, atom: _Atom, on: date, seeds: set[FactValue]) -> list[date]:
    low, high = fact.low, fact.high
    assert isinstance(low, date) and isinstance(high, date)
    months = {n + d for n in atom.numbers if 0 <= n < 1200 for d in (-1, 0, 1)} | {n * 12 for n in atom.numbers if 0 < n <= 100}
    found = {_months_before(on, m) for m in {*months, *_LADDER, *(_AGES if atom.is_monthly and fact.id == "birth" else ())}}
    found |= {d + ONE_DAY for d in found if d < on}
    for index in atom.numbers:
        if _MONTH_INDEX[0] < index < _MONTH_INDEX[1]:
            found |= {_month(index), _month(index - 1), _month(index + 1)}
    found |= {shifted for d in atom.days for shifted in (d - ONE_DAY, d, d + ONE_DAY)} | {s for s in seeds if isinstance(s, date)}
    inside: list[date] = [d for d in {*found, low, high, on} if low <= d <= high]
    return sorted(inside, key=lambda d: abs((on - d).days))


def _month(index: int) -> date:
    return date((index - 1) // 12, (index - 1) % 12 + 1, 1)


def _months_before(on: date, months: int) -> date:
    moved = _month(on.year * 12 + on.month - months) if on.year * 12 + on.month - months > 12 else date(1, 1, 1)
    return moved.replace(day=min(on.day, 28))
