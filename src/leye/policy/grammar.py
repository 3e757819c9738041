"""Text of an expression into nodes. Names, numbers, strings, comparisons, `in`, and/or/not, + - * and ten words; nothing else.

Parsed with Python's own `ast`, never evaluated by it. English ids and Chinese names of facts are the same; enum values may be Chinese where the
fact table lists the word.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from leye.kernel.errors import BadInput, Place
from leye.policy.expression import (
    And,
    Arithmetic,
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
    node_type,
)
from leye.policy.facts import FactTable
from leye.policy.located import Text

_COMPARISONS: dict[type[ast.cmpop], str] = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
_WORDS = {"true": True, "false": False, "True": True, "False": False}


@dataclass(frozen=True)
class Scope:
    """The names that an expression may use. derived: id -> type, and Chinese name -> id in `derived_zh`; parameters: names."""

    facts: FactTable
    derived: Mapping[str, str] = field(default_factory=dict)
    derived_zh: Mapping[str, str] = field(default_factory=dict)
    parameters: frozenset[str] = frozenset()

    def within(self, parameters: frozenset[str]) -> Scope:
        """The same names with more parameters."""
        return Scope(self.facts, self.derived, self.derived_zh, self.parameters | parameters)


def parse(text: str, scope: Scope, *, wants: str = "") -> Node:
    """The tree of an expression. wants: the type it must have, when given.

    Raises BadInput: E_GRAMMAR outside the language, E_FRACTION for a number with a point, E_FACT_UNKNOWN for a name nobody knows,
    E_TYPE for things that do not go together, E_ENUM for a value that the fact cannot have.
    """
    place = text.place if isinstance(text, Text) else Place()
    if len(text) > LONGEST:
        raise _too_much(text, place)
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _refuse(
            "E_GRAMMAR",
            f"表达式写法不对：{text}",
            f"not an expression: {text}",
            place,
            "检查括号、引号和运算符",
            "look at brackets, quotes and operators",
        ) from error
    if _depth(tree) > DEEPEST:
        raise _too_much(text, place)
    node = _Reader(scope, str(text), place).read(tree)
    if wants and node_type(node) != wants:
        raise _refuse(
            "E_TYPE",
            f"这里要的是{_TYPE_ZH[wants]}，写的是{_TYPE_ZH[node_type(node)]}：{text}",
            f"expected {wants}, found {node_type(node)}: {text}",
            place,
            "条件要能判断真假，金额和月数要是整数",
            "conditions are true or false, amounts and months are whole numbers",
        )
    return node


LONGEST, DEEPEST = 2_000, 60
"""Characters and levels of one expression. Chosen by us: the longest shipped one has 340 and 13; what is longer belongs into derived facts, and every
engine walks the tree."""


def _depth(tree: ast.AST) -> int:
    """Levels of a tree, counted without recursion."""
    deepest, level = 0, [tree]
    while level and deepest <= DEEPEST:
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        deepest += 1
    return deepest


def _too_much(text: str, place: Place) -> BadInput:
    return _refuse(
        "E_GRAMMAR",
        f"表达式太长或套得太深：{text[:40]}…",
        f"the expression is too long or too deep: {text[:40]}…",
        place,
        "拆成几个条件，或把一部分写成推算事实",
        "split it into conditions, or make part of it a derived fact",
    )


_TYPE_ZH = {"bool": "条件", "int": "数", "date": "日期", "enum": "选项", "text": "文字"}


def _refuse(code: str, zh: str, en: str, place: Place, remedy_zh: str, remedy_en: str) -> BadInput:
    return BadInput(zh, en=en, remedy_zh=remedy_zh, remedy_en=remedy_en, places=(place,) if place != Place() else (), code=code)


class _Reader:
    """One expression being read."""

    def __init__(self, scope: Scope, text: str, place: Place) -> None:
        self.scope, self.text, self.place = scope, text, place

    def read(self, tree: ast.AST) -> Node:
        if isinstance(tree, ast.BoolOp):
            parts = tuple(self.of(v, "bool") for v in tree.values)
            return And(parts) if isinstance(tree.op, ast.And) else Or(parts)
        if isinstance(tree, ast.UnaryOp):
            return self.unary(tree)
        if isinstance(tree, ast.BinOp) and type(tree.op) in _ARITHMETIC:
            return Arithmetic(_ARITHMETIC[type(tree.op)], self.of(tree.left, "int"), self.of(tree.right, "int"))
        if isinstance(tree, ast.Compare):
            return self.comparison(tree)
        if isinstance(tree, ast.Call):
            return self.call(tree)
        if isinstance(tree, ast.Name):
            return self.name(tree.id)
        if isinstance(tree, ast.Constant):
            return self.constant(tree.value)
        raise self.outside(tree)

    def of(self, tree: ast.AST, wants: str) -> Node:
        node = self.read(tree)
        if node_type(node) != wants:
            raise self.mismatch(f"“{ast.unparse(tree)}”应是{_TYPE_ZH[wants]}", f"{ast.unparse(tree)!r} should be {wants}")
        return node

    def unary(self, tree: ast.UnaryOp) -> Node:
        if isinstance(tree.op, ast.Not):
            return Not(self.of(tree.operand, "bool"))
        if isinstance(tree.op, ast.USub):
            part = self.of(tree.operand, "int")
            if isinstance(part, Const) and isinstance(part.value, int):
                return Const(-part.value, "int")
            return Arithmetic("-", Const(0, "int"), part)
        raise self.outside(tree)

    def name(self, word: str) -> Node:
        scope = self.scope
        if word == "on":
            return On()
        if word in _WORDS:
            return Const(_WORDS[word], "bool")
        if word in scope.parameters:
            return ParamRef(word)
        if word in scope.derived:
            return DerivedRef(word, scope.derived[word])
        if word in scope.derived_zh:
            return DerivedRef(scope.derived_zh[word], scope.derived[scope.derived_zh[word]])
        if word in scope.facts:
            fact = scope.facts[word]
            return FactRef(fact.id, fact.base)
        near = difflib.get_close_matches(word, [*scope.facts.by_name, *scope.derived, *scope.derived_zh, *scope.parameters], 1)
        raise _refuse(
            "E_FACT_UNKNOWN",
            f"没有“{word}”这个事实或参数" + (f"，是不是“{near[0]}”？" if near else f"：{self.text}"),
            f"no fact or parameter {word!r}" + (f"; did you mean {near[0]!r}?" if near else f": {self.text}"),
            self.place,
            "用 leye policy facts 查看可用的名称，或先在 parameters 里写上",
            "see `leye policy facts`, or declare it under `parameters`",
        )

    def constant(self, value: object) -> Node:
        if isinstance(value, bool):
            return Const(value, "bool")
        if isinstance(value, int):
            return Const(value, "int")
        if isinstance(value, str):
            return Const(value, "text")
        raise _refuse(
            "E_FRACTION" if isinstance(value, float) else "E_GRAMMAR",
            f"不能写“{value}”：{self.text}",
            f"{value!r} may not stand here: {self.text}",
            self.place,
            "金额写成整数分，比例写成两个整数（乘了再 floordiv）",
            "money is whole fen, a share is two whole numbers (multiply, then floordiv)",
        )

    def comparison(self, tree: ast.Compare) -> Node:
        parts: list[Node] = []
        left = tree.left
        for op, right in zip(tree.ops, tree.comparators, strict=True):
            parts.append(self.one_comparison(left, op, right))
            left = right
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def one_comparison(self, left: ast.AST, op: ast.cmpop, right: ast.AST) -> Node:
        if isinstance(op, ast.In | ast.NotIn):
            part = self.read(left)
            if not isinstance(right, ast.Tuple | ast.List | ast.Set) or not right.elts:
                raise self.outside(right)
            within = Within(part, tuple(self.same(part, self.read(v)) for v in right.elts))
            return Not(within) if isinstance(op, ast.NotIn) else within
        if type(op) not in _COMPARISONS:
            raise self.outside(op)
        a, b = self.read(left), self.read(right)
        if isinstance(a, Const) and not isinstance(b, Const):
            a = self.same(b, a)
        elif isinstance(b, Const):
            b = self.same(a, b)
        if node_type(a) != node_type(b) or (node_type(a) in ("bool", "enum", "text") and type(op) not in (ast.Eq, ast.NotEq)):
            raise self.mismatch(
                f"“{ast.unparse(left)}”和“{ast.unparse(right)}”不能这样比", f"{ast.unparse(left)!r} and {ast.unparse(right)!r} do not compare so"
            )
        return Compare(_COMPARISONS[type(op)], a, b)

    def same(self, part: Node, const: Node) -> Const:
        """A constant in the type of what it is held against: text becomes an enum's id or a date."""
        if not isinstance(const, Const):
            raise self.mismatch("in 后面只能列出固定的值", "only constants may follow `in`")
        if const.type == "text" and node_type(part) == "date":
            try:
                return Const(date.fromisoformat(str(const.value)), "date")
            except ValueError:
                raise self.mismatch(f"“{const.value}”不是日期", f"{const.value!r} is not a date") from None
        if const.type == "text" and node_type(part) == "enum" and isinstance(part, FactRef):
            found = self.scope.facts[part.id].enum_id(str(const.value))
            if found is None:
                raise _refuse(
                    "E_ENUM",
                    f"“{self.scope.facts[part.id].zh}”没有“{const.value}”这个值",
                    f"{part.id} has no value {const.value!r}",
                    self.place,
                    "可用：" + "、".join(self.scope.facts[part.id].allowed),
                    "one of: " + ", ".join(self.scope.facts[part.id].allowed),
                )
            return Const(found, "enum")
        if const.type != node_type(part):
            raise self.mismatch(f"“{const.value}”和左边不是一类", f"{const.value!r} is of another type")
        return const

    def call(self, tree: ast.Call) -> Node:
        word = tree.func.id if isinstance(tree.func, ast.Name) else ""
        build = _CALLS.get(word)
        if build is None or tree.keywords or any(isinstance(a, ast.Starred) for a in tree.args):
            raise self.outside(tree)
        wanted, make = build
        if len(tree.args) != len(wanted) and wanted != ("int", "..."):
            raise self.mismatch(f"{word} 要 {len(wanted)} 个值", f"{word} takes {len(wanted)} values")
        if wanted == ("int", "..."):
            if len(tree.args) < 2:
                raise self.mismatch(f"{word} 至少要两个值", f"{word} takes two or more values")
            return make(tuple(self.of(a, "int") for a in tree.args))
        parts = [self.read(a) if want == "any" else self.of(a, want) for a, want in zip(tree.args, wanted, strict=True)]
        if word in ("iff", "first_known") and node_type(parts[-1]) != node_type(parts[-2]):
            raise self.mismatch(f"{word} 的两个结果要是一类", f"the results of {word} are of different types")
        return make(*parts)

    def outside(self, tree: ast.AST) -> BadInput:
        shown = ast.unparse(tree) if isinstance(tree, ast.expr) else type(tree).__name__
        return _refuse(
            "E_GRAMMAR",
            f"规则里不能这样写：{shown}（在 {self.text}）",
            f"outside the rule language: {shown} (in {self.text})",
            self.place,
            "只能用名称、整数、文字、比较、in、and/or/not、加减乘和规定的函数",
            "names, whole numbers, text, comparisons, in, and/or/not, + - * and the listed functions only",
        )

    def mismatch(self, zh: str, en: str) -> BadInput:
        return _refuse("E_TYPE", f"{zh}（在 {self.text}）", f"{en} (in {self.text})", self.place, "检查两边的类型", "check the types")


def _iff(cond: Node, then: Node, other: Node) -> Node:
    return Iff(cond, then, other, node_type(then))


def _first_known(first: Node, second: Node) -> Node:
    return FirstKnown(first, second, node_type(first))


def _years_between(start: Node, end: Node) -> Node:
    return FloorDiv(MonthsBetween(start, end), Const(12, "int"))


def _months_since(day: Node) -> Node:
    return MonthsBetween(day, On())


_CALLS: dict[str, tuple[tuple[str, ...], Callable[..., Node]]] = {
    "mi": (("date",), MonthIndex),
    "year": (("date",), Year),
    "months_between": (("date", "date"), MonthsBetween),
    "months_since": (("date",), _months_since),
    "years_between": (("date", "date"), _years_between),
    "iff": (("bool", "any", "any"), _iff),
    "least": (("int", "..."), partial(Least)),
    "greatest": (("int", "..."), partial(Greatest)),
    "first_known": (("any", "any"), _first_known),
    "floordiv": (("int", "int"), FloorDiv),
}
FUNCTIONS = tuple(_CALLS)
"""The words that an expression may call."""

NAME = re.compile(r"[^\W\d]\w*\Z")
"""What a fact or parameter may be called: a Python name, Chinese included."""
