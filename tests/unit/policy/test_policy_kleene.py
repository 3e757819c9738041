"""Three values, by tables worked by hand: the evaluator of one person and the table engine, side by side."""

from datetime import date
from itertools import product

import polars as pl
import pytest

from leye.policy import Evaluator, bind, shipped
from leye.policy.bind import Bound
from leye.policy.expression import And, AtLeast, Const, FactRef, FirstKnown, Greatest, Iff, Least, Node, Not, Or
from leye.policy.polars_engine import Engine

ON = date(2025, 7, 15)
BOUND: Bound = bind(shipped(), ON)
A, B, C = (FactRef(n, "bool") for n in ("dibao", "tekun", "veteran"))
X, Y = (FactRef(n, "int") for n in ("ui_claimed_months", "ui_total_months"))
THREE = (True, False, None)


def both(node: Node, **facts: object) -> object:
    """The value by the evaluator; the table engine must say the same."""
    one = Evaluator(BOUND).value(node, dict(facts))
    types = {"dibao": pl.Boolean, "tekun": pl.Boolean, "veteran": pl.Boolean, "ui_claimed_months": pl.Int64, "ui_total_months": pl.Int64}
    frame = pl.DataFrame({n: [facts.get(n)] for n in types}, schema=types)
    engine = Engine(BOUND)
    many = engine.plan([node]).columns(frame.lazy()).select(engine.expr(node).alias("v")).collect().item()
    assert many == one and type(many) is type(one)
    return one


@pytest.mark.parametrize(("a", "b"), list(product(THREE, THREE)))
def test_and_or_not(a: bool | None, b: bool | None) -> None:
    wanted_and = False if a is False or b is False else None if a is None or b is None else True
    wanted_or = True if a is True or b is True else None if a is None or b is None else False
    assert both(And((A, B)), dibao=a, tekun=b) is wanted_and
    assert both(Or((A, B)), dibao=a, tekun=b) is wanted_or
    assert both(Not(A), dibao=a) is (None if a is None else not a)


@pytest.mark.parametrize(
    ("values", "k", "wanted"),
    [
        ((True, True, None), 2, True),
        ((True, None, False), 2, None),
        ((False, None, False), 2, False),
        ((None, None, None), 1, None),
        ((True, True, True), 3, True),
        ((True, True, None), 3, None),
        ((True, True, False), 3, False),
    ],
)
def test_k_of_n(values: tuple[bool | None, ...], k: int, wanted: bool | None) -> None:
    assert both(AtLeast(k, (A, B, C)), dibao=values[0], tekun=values[1], veteran=values[2]) is wanted


@pytest.mark.parametrize(("cond", "wanted"), [(True, 5), (False, 7), (None, None)])
def test_iff_with_an_unknown_condition_is_unknown(cond: bool | None, wanted: int | None) -> None:
    assert both(Iff(A, Const(5, "int"), Const(7, "int"), "int"), dibao=cond) == wanted


def test_iff_looks_into_the_branch_taken_only() -> None:
    assert both(Iff(A, X, Y, "int"), dibao=True, ui_claimed_months=3) == 3
    assert both(Iff(A, X, Y, "int"), dibao=False, ui_claimed_months=3) is None


@pytest.mark.parametrize(("x", "y", "least", "most"), [(1, 2, 1, 2), (1, None, None, None), (None, None, None, None)])
def test_extremes_with_an_unknown_part_are_unknown(x: int | None, y: int | None, least: int | None, most: int | None) -> None:
    assert both(Least((X, Y)), ui_claimed_months=x, ui_total_months=y) == least
    assert both(Greatest((X, Y)), ui_claimed_months=x, ui_total_months=y) == most


def test_first_known() -> None:
    node = FirstKnown(X, Const(9, "int"), "int")
    assert both(node, ui_claimed_months=0) == 0
    assert both(node, ui_claimed_months=None) == 9


def test_missing_is_what_undecided_parts_read() -> None:
    evaluator = Evaluator(BOUND)
    node = Or((And((A, B)), C))
    assert evaluator.missing(node, {"dibao": False, "veteran": None}) == ("veteran",), "tekun stands under a decided part"
    assert evaluator.missing(node, {"dibao": True, "veteran": False}) == ("tekun",)
    assert evaluator.missing(node, {"veteran": True}) == ()
    assert evaluator.missing(Iff(A, X, Y, "int"), {"dibao": True}) == ("ui_claimed_months",), "the other branch is not read"
    assert evaluator.missing(Iff(A, X, Y, "int"), {}) == ("dibao", "ui_total_months", "ui_claimed_months"), "in the order of the fact table"
