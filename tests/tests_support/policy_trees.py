"""Random trees of the rule language, typed, and packs made of them: versions, derived facts and numbers that differ from place to place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from leye.policy import FactTable, PackSet, Policy, Version
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
    ParamRef,
    Within,
    Year,
)
from leye.policy.pack import Apply, Clause, Derived, DerivedForm, Pack, Parameter, ParameterValue

INTS = ("ui_claimed_months", "cert_level", "hire_ss_months", "disability_grade", "local_min_wage_fen", "quarter_subsidy_months")
BOOLS = ("dibao", "veteran", "graduate", "gig_worker", "ui_claiming")
DATES = ("birth", "graduated_on", "hire_on")
WORDS = {"sex": ("M", "F"), "firm_size": ("large", "medium", "small", "micro")}
REGIONS = ("CN-440305", "CN-4401", "CN-110105", "CN-63", "CN")
DERIVED = {"derived_int": "int", "derived_bool": "bool"}
NUMBER = "the_number"
OPS = st.sampled_from(("==", "!=", "<", "<=", ">", ">="))


def dates() -> SearchStrategy[Node]:
    return st.one_of(st.sampled_from(DATES).map(lambda n: FactRef(n, "date")), st.just(On()))


def ints(depth: int, refs: bool = True, first_known: bool = True) -> SearchStrategy[Node]:
    """Whole numbers; small ones, so that no product leaves 64 bits. refs: derived facts too · first_known: the word that is no logic too."""
    leaves: list[SearchStrategy[Node]] = [
        st.integers(-40, 40).map(lambda v: Const(v, "int")),
        st.sampled_from(INTS).map(lambda n: FactRef(n, "int")),
        st.just(ParamRef(NUMBER)),
        st.builds(MonthsBetween, dates(), dates()),
        dates().map(Year),
        dates().map(MonthIndex),
    ]
    if refs:
        leaves.append(st.just(DerivedRef("derived_int", "int")))
    if depth == 0:
        return st.one_of(leaves)
    part = ints(depth - 1, refs, first_known)
    others = [st.builds(lambda a, b: FirstKnown(a, b, "int"), part, part)] if first_known else []
    return st.one_of(
        *leaves,
        *others,
        st.builds(Arithmetic, st.sampled_from("+-"), part, part),
        st.builds(lambda a, b: Arithmetic("*", a, b), part, st.integers(-9, 99).map(lambda v: Const(v, "int"))),
        st.builds(lambda a, b: FloorDiv(a, Const(b, "int")), part, st.integers(1, 13)),
        st.builds(lambda c, a, b: Iff(c, a, b, "int"), bools(depth - 1, refs, first_known), part, part),
        st.lists(part, min_size=2, max_size=3).map(lambda p: Least(tuple(p))),
        st.lists(part, min_size=2, max_size=3).map(lambda p: Greatest(tuple(p))),
    )


def bools(depth: int, refs: bool = True, first_known: bool = True) -> SearchStrategy[Node]:
    """Conditions."""
    leaves: list[SearchStrategy[Node]] = [
        st.sampled_from(BOOLS).map(lambda n: FactRef(n, "bool")),
        st.sampled_from(sorted(WORDS)).flatmap(_word),
        st.builds(Compare, OPS, dates(), dates()),
    ]
    if refs:
        leaves.append(st.just(DerivedRef("derived_bool", "bool")))
    if depth == 0:
        return st.one_of(leaves)
    part, number = bools(depth - 1, refs, first_known), ints(depth - 1, refs, first_known)
    few = st.lists(part, min_size=1, max_size=3)
    return st.one_of(
        *leaves,
        part.map(Not),
        few.map(lambda p: And(tuple(p))),
        few.map(lambda p: Or(tuple(p))),
        st.builds(lambda k, p: AtLeast(k, tuple(p)), st.integers(1, 3), st.lists(part, min_size=2, max_size=4)),
        st.builds(Compare, OPS, number, number),
        st.builds(lambda n, v: Within(n, tuple(Const(x, "int") for x in v)), number, st.lists(st.integers(-5, 40), min_size=1, max_size=3)),
        st.builds(lambda c, a, b: Iff(c, a, b, "bool"), part, part, part),
    )


def _word(fact: str) -> SearchStrategy[Node]:
    words = st.sampled_from(WORDS[fact]).map(lambda w: Const(w, "enum"))
    return st.one_of(
        st.builds(lambda op, w: Compare(op, FactRef(fact, "enum"), w), st.sampled_from(("==", "!=")), words),
        st.lists(words, min_size=1, max_size=3, unique=True).map(lambda w: Within(FactRef(fact, "enum"), tuple(w))),
    )


@dataclass(frozen=True)
class RandomRules:
    """A pack of random trees that prints as its trees."""

    packs: PackSet

    def __repr__(self) -> str:
        versions = [f"{v.region}: {v.who.when} -> {v.amount}, {v.months}" for v in self.packs.policies["random"].versions]  # type: ignore[union-attr]
        derived = [f"{d.id} {f.region}: {f.node}" for d in self.packs.derived.values() for f in d.forms]
        numbers = [f"{p.name} {v.region}: {v.value} {v.formula or ''}" for p in self.packs.parameters.values() for v in p.values]
        return " | ".join([*versions, *derived, *numbers])


@st.composite
def rules(draw: st.DrawFn, facts: FactTable, *, first_known: bool = True) -> RandomRules:
    """One policy with a version of its own in CN-44, two derived facts of which one differs in CN-4403, a number by place, none in the nation.

    first_known: whether a value may be replaced by another when it is unknown, by rules or by the value of a place.
    """
    first, second = ints(2, False, first_known), bools(2, False, first_known)
    derived = {
        "derived_int": _derived("derived_int", [("CN", draw(first)), ("CN-4403", draw(first))]),
        "derived_bool": _derived("derived_bool", [("CN", draw(second))]),
    }
    versions = tuple(_version(region, draw, first_known) for region in ("CN", "CN-44"))
    formula = draw(st.sampled_from(INTS).map(lambda n: Arithmetic("*", FactRef(n, "int"), Const(3, "int"))))
    values = (_value("CN-44", draw(st.integers(-3, 3000))), _value("CN-4403", draw(st.integers(-3, 3000))), _value("CN-11", None, formula))
    parameters = {NUMBER: Parameter(NUMBER, "1", "", None, None, values)}
    if first_known:
        wages = (_value("CN-4403", 252000), _value("CN-11", 242000))
        parameters["local_min_wage_fen"] = Parameter("local_min_wage_fen", "fen", "", None, None, wages)
    policy = Policy("random", "随机", "", "person", "none", "verified", False, "", "", (), versions, (), Apply(), (), (), "random")
    pack = Pack("random", "随机", "", "CN", "", Path())
    return RandomRules(PackSet((pack,), facts, derived, {"random": policy}, parameters, ()))


def _derived(name: str, forms: list[tuple[str, Node]]) -> Derived:
    return Derived(name, name, DERIVED[name], "", "", "", tuple(DerivedForm(region, node, "", "") for region, node in forms), ())


def _value(region: str, value: int | None, formula: Node | None = None) -> ParameterValue:
    return ParameterValue(region, date(1990, 1, 1), None, value, formula, "formula" if formula is not None else "")


def _version(region: str, draw: st.DrawFn, first_known: bool) -> Version:
    who = Clause(draw(bools(3, True, first_known)), "", "")
    amount, months = (draw(st.one_of(st.none(), ints(depth, True, first_known))) for depth in (3, 1))
    return Version(date(1990, 1, 1), None, "x", region, "verified", who, "once", amount, "", (), "", "", months, "", {}, (), (), "random")
