"""The development fact sheet evaluated slowly and plainly: Python's syntax trees walked with Kleene logic, sharing nothing with the engine."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

Facts = dict[str, Any]
NEVER = date(9999, 12, 31)


@dataclass(frozen=True)
class Outcome:
    """verdict: True, False or None (unknown); months and amount of a no are None."""

    verdict: bool | None
    amount_fen: int | None
    months: int | None
    missing: tuple[str, ...]


NO = Outcome(False, None, None, ())


@dataclass
class Sheet:
    """The sheet, with the trees of its expressions kept by their text."""

    policies: list[dict[str, Any]]
    derived: dict[str, str]
    regional: dict[str, dict[str, str]]
    order: dict[str, int]
    trees: dict[str, ast.expr] = field(default_factory=dict)

    def outcomes(self, facts: Facts, on: date, asked: Sequence[str]) -> dict[str, Outcome]:
        """What some policies answer for one person."""
        person = Person(self, facts, on, facts.get("region") or "CN")
        versions = {p["id"]: in_force(p, person.region, on) for p in self.policies if p["id"] in asked}
        return {name: NO if version is None else person.outcome(version) for name, version in versions.items()}

    def tree(self, text: str) -> ast.expr:
        """An expression as a syntax tree."""
        if text not in self.trees:
            self.trees[text] = ast.parse(text, mode="eval").body
        return self.trees[text]


def read_sheet(folder: Path) -> Sheet:
    """The sheet of a folder with facts.yaml and policy_ids.yaml."""
    sheet = yaml.safe_load((folder / "policy_ids.yaml").read_text(encoding="utf-8"))
    facts = yaml.safe_load((folder / "facts.yaml").read_text(encoding="utf-8"))["facts"]
    return Sheet(sheet["policies"], sheet["derived"], sheet["derived_regional"], {f["id"]: i for i, f in enumerate(facts)})


def in_force(policy: dict[str, Any], region: str, on: date) -> dict[str, Any] | None:
    """The version of the longest region that holds the day."""
    found = [v for v in policy["versions"] if v["from"] <= on <= (v["to"] or NEVER) and region.startswith(v["region"])]
    return max(found, key=lambda v: len(v["region"]), default=None)


@dataclass
class Person:
    """One person on one day in one place. Values are bool, int, date, text; None is unknown."""

    sheet: Sheet
    facts: Facts
    on: date
    region: str
    found: dict[str, Any] = field(default_factory=dict)
    """Values of derived facts, worked out once."""

    def outcome(self, version: dict[str, Any]) -> Outcome:
        clauses = [self.sheet.tree(text) for text in version["when_all"]]
        verdict = kleene_all([self.value(clause) for clause in clauses])
        if verdict is False:
            return NO
        amount, months = (None if version[key] is None else self.sheet.tree(str(version[key])) for key in ("amount_fen", "months"))
        fen = None if amount is None else self.value(amount)
        asked = clauses if verdict is None else [amount] if amount is not None and fen is None else []
        missing = set().union(*(self.missing(tree) for tree in asked)) if asked else set()
        return Outcome(verdict, fen, None if months is None else self.value(months), tuple(sorted(missing, key=self.sheet.order.__getitem__)))

    def definition(self, name: str) -> ast.expr | None:
        """The tree of a derived fact in this place; None when the name is a fact."""
        for region, forms in self.sheet.regional.items():
            if self.region.startswith(region) and name in forms:
                return self.sheet.tree(forms[name])
        return self.sheet.tree(self.sheet.derived[name]) if name in self.sheet.derived else None

    def value(self, tree: ast.expr) -> Any:
        if isinstance(tree, ast.Constant):
            return tree.value
        if isinstance(tree, ast.Name):
            return self.named(tree.id)
        if isinstance(tree, ast.BoolOp):
            values = [self.value(v) for v in tree.values]
            return kleene_all(values) if isinstance(tree.op, ast.And) else kleene_not(kleene_all([kleene_not(v) for v in values]))
        if isinstance(tree, ast.UnaryOp):
            return kleene_not(self.value(tree.operand))
        if isinstance(tree, ast.BinOp):
            return self.computed(tree)
        if isinstance(tree, ast.Compare):
            return self.compared(tree)
        assert isinstance(tree, ast.Call), ast.dump(tree)
        return self.called(tree)

    def named(self, name: str) -> Any:
        if name == "on":
            return self.on
        definition = self.definition(name)
        if definition is None:
            return self.facts.get(name)
        if name not in self.found:
            self.found[name] = self.value(definition)
        return self.found[name]

    def computed(self, tree: ast.BinOp) -> int | None:
        a, b = self.value(tree.left), self.value(tree.right)
        if a is None or b is None:
            return None
        return a + b if isinstance(tree.op, ast.Add) else a - b if isinstance(tree.op, ast.Sub) else a * b

    def compared(self, tree: ast.Compare) -> bool | None:
        ((op, right),) = zip(tree.ops, tree.comparators, strict=True)
        a = self.value(tree.left)
        if isinstance(op, ast.In):
            assert isinstance(right, ast.Tuple)
            return None if a is None else a in [self.value(e) for e in right.elts]
        b = self.value(right)
        if a is None or b is None:
            return None
        answers = {ast.Eq: a == b, ast.NotEq: a != b}
        return answers[type(op)] if type(op) in answers else {ast.Lt: a < b, ast.LtE: a <= b, ast.Gt: a > b, ast.GtE: a >= b}[type(op)]

    def called(self, tree: ast.Call) -> Any:
        word = tree.func.id
        if word == "iff":
            cond = self.value(tree.args[0])
            return None if cond is None else self.value(tree.args[1 if cond else 2])
        values = [self.value(a) for a in tree.args]
        if word == "first_known":
            return values[1] if values[0] is None else values[0]
        return None if None in values else WORDS[word](self, *values)

    def missing(self, tree: ast.expr) -> set[str]:
        """Unknown facts that an undecided tree reads; of a decided `iff` condition only the branch taken."""
        if self.value(tree) is not None:
            return set()
        if isinstance(tree, ast.Name):
            definition = self.definition(tree.id)
            return {tree.id} if definition is None else self.missing(definition)
        if isinstance(tree, ast.Call) and tree.func.id == "iff" and (cond := self.value(tree.args[0])) is not None:
            return self.missing(tree.args[1 if cond else 2])
        parts = (
            tree.args
            if isinstance(tree, ast.Call)
            else [c for c in ast.iter_child_nodes(tree) if isinstance(c, ast.expr) and not isinstance(c, ast.Tuple)]
        )
        return set().union(*(self.missing(part) for part in parts))


def kleene_not(value: bool | None) -> bool | None:
    return None if value is None else not value


def kleene_all(values: list[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


def month_index(_: Person, day: date) -> int:
    return day.year * 12 + day.month


def months_between(_: Person, start: date, end: date) -> int:
    """Complete months; one less when the day of the month of the end comes before that of the start."""
    months = (end.year - start.year) * 12 + (end.month - start.month)
    return months - 1 if end.day < start.day else months


WORDS = {
    "mi": month_index,
    "year": lambda _, day: day.year,
    "months_between": months_between,
    "months_since": lambda person, day: months_between(person, day, person.on),
    "years_between": lambda person, a, b: months_between(person, a, b) // 12,
    "least": lambda _, *values: min(values),
    "greatest": lambda _, *values: max(values),
    "floordiv": lambda _, a, b: a // b,
}
