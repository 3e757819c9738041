"""What a rule pays, in words: the numbers that stand in the bound amount, whatever the person's facts are."""

from __future__ import annotations

import re
from datetime import date

from leye.kernel.money import yuan_text
from leye.policy.bind import BoundPolicy
from leye.policy.expression import Arithmetic, Const, FirstKnown, FloorDiv, Iff, Least, Node, walk
from leye.policy.pack import MONEY_UNITS
from leye.policy.promote.said import Said

UNIT = {"month": Said("每个月", " a month"), "year": Said("每年", " a year"), "once": Said("", ""), "loan": Said("", "")}
_YUAN = re.compile(r"(\d[\d,]*(?:\.\d+)?)(万?)元")


def fixed_amounts(node: Node) -> tuple[int, ...] | None:
    """All amounts in fen that the tree can give, in order; None when a person's facts decide it. `least(fact, cap)` counts as its cap.

    An amount that a place sets (a local fact with the pack's value behind it) counts as that value.
    """
    if isinstance(node, Const):
        return (node.value,) if isinstance(node.value, int) else None
    if isinstance(node, FirstKnown):
        return fixed_amounts(node.second)
    if isinstance(node, Iff):
        parts = [fixed_amounts(node.then), fixed_amounts(node.other)]
        known = [p for p, branch in zip(parts, (node.then, node.other), strict=True) if branch != Const(None, "int")]
        return None if any(p is None for p in known) or not known else tuple(sorted({n for p in known if p for n in p}))
    if isinstance(node, Least):
        return _caps(node)
    return _reckoned(node)


def _reckoned(node: Node) -> tuple[int, ...] | None:
    """A sum of constants, such as nine tenths of the place's minimum wage."""
    if not isinstance(node, (Arithmetic, FloorDiv)):
        return None
    left, right = fixed_amounts(node.left), fixed_amounts(node.right)
    if left is None or right is None or len(left) != 1 or len(right) != 1:
        return None
    if isinstance(node, FloorDiv):
        return (left[0] // right[0],) if right[0] else None
    return ({"+": left[0] + right[0], "-": left[0] - right[0], "*": left[0] * right[0]}[node.op],)


def _caps(node: Least) -> tuple[int, ...] | None:
    caps = [p for p in (fixed_amounts(part) for part in node.parts) if p is not None]
    return (min(c[-1] for c in caps),) if caps else None


def is_capped(node: Node) -> bool:
    """Whether the amount is a limit rather than the sum itself."""
    return any(isinstance(part, Least) for part in walk(node))


def amount_said(bound: BoundPolicy) -> Said:
    """One sentence on the money; the pack's reason where the rule names no sum, nothing where the benefit is no money.

    An amount of a place that was not seen in a document is not named: it is said to be unconfirmed.
    """
    version = bound.version
    if version is None or version.unit not in MONEY_UNITS:
        return Said()
    if bound.amount is None:
        return Said(version.amount_why_zh, version.amount_why_en)
    if any(value.status != "verified" for _, value in bound.uses):
        return Said("金额按当地标准，本地的数还没有核实", "The amount follows the local standard, which is not confirmed yet")
    amounts = fixed_amounts(bound.amount)
    if not amounts or amounts == (0,):
        return Said("金额按各人情况计算", "The amount depends on each case")
    most = "最多" if is_capped(bound.amount) or version.unit == "loan" else ""
    unit = UNIT[version.unit]
    zh = "、".join(f"{plain_yuan(fen)}" for fen in amounts[:-1]) + ("或" if len(amounts) > 1 else "") + plain_yuan(amounts[-1])
    en = " or ".join(f"{yuan_text(fen)} yuan" for fen in amounts)
    return Said(f"金额：{unit.zh}{most}{zh}", f"Amount: {'up to ' if most else ''}{en}{unit.en}")


def plain_yuan(fen: int) -> str:
    """Yuan as said: 1500元, 30万元, 1872.50元.

    >>> plain_yuan(150_000), plain_yuan(30_000_000), plain_yuan(187_250)
    ('1500元', '30万元', '1872.50元')
    """
    if fen % 1_000_000 == 0 and fen:
        return f"{fen // 1_000_000}万元"
    return f"{fen // 100}元" if fen % 100 == 0 else f"{fen // 100}.{fen % 100:02d}元"


def named_amounts(text: str) -> set[int]:
    """The sums in yuan that a Chinese sentence names, in fen.

    >>> sorted(named_amounts("按1000元、1,500元补贴，贷款最高30万元"))
    [100000, 150000, 30000000]
    """
    return {round(float(n.replace(",", "")) * (10_000 if wan else 1) * 100) for n, wan in _YUAN.findall(text)}


def is_stale(text: str, bound: BoundPolicy, on: date) -> bool:
    """Whether a sentence of the pack names a sum that the rule's own numbers, as they stand on the day, do not: a reform changed the number only."""
    if bound.version is None:
        return False
    money = [p for p in bound.version.parameters.values() if p.unit == "fen"]
    numbers = {v.value for p in money for v in p.values if v.start <= on and (v.end is None or on <= v.end)}
    return bool(money) and not named_amounts(text) <= numbers
