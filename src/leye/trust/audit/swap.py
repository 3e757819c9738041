"""Counterfactual swaps: what an algorithm says of the same row when only the group is another one, all else held fixed.

Anything that answers rows with outcomes can be tested: a Python object with `outcome(rows)`, a program that reads CSV and writes CSV
(`leye trust swap --run`), or a table of pairs made elsewhere (columns `pair_id, group, outcome`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
import polars as pl

from leye.kernel.errors import BadInput
from leye.trust.audit.intervals import Floats, Z

SAME = 1e-9
"""Outcomes closer than this are the same: two ways of adding the same numbers differ in the last bits."""
_EXACT_UP_TO = 1_000


class Tested(Protocol):
    """An algorithm under test. It must answer equal rows with equal outcomes; one that draws at random is given its dice by whoever builds it."""

    def outcome(self, rows: pl.DataFrame) -> Floats:
        """rows: (n rows) with the columns that the algorithm looks at. Returns (n,) outcomes in the order of the rows: 0/1, a score, or an amount."""
        ...


@dataclass(frozen=True, slots=True)
class Swap:
    """What changed between `first` and `second`, two values of the swapped column, over pairs that are otherwise equal.

    pairs: how many · mean_first, mean_second: mean outcomes · mean_change: of (second - first), with its 95 % ends · raised, lowered: pairs whose
    outcome went up or down · largest_change: in size · p: two-sided sign test over the pairs that changed (McNemar's exact test for 0/1 outcomes).
    """

    column: str
    first: str
    second: str
    pairs: int
    mean_first: float
    mean_second: float
    mean_change: float
    lo: float
    hi: float
    raised: int
    lowered: int
    largest_change: float
    p: float

    @property
    def is_neutral(self) -> bool:
        """Whether not a single pair changed: the swapped column has no influence on these rows."""
        return self.raised == 0 and self.lowered == 0

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {**asdict(self), "is_neutral": self.is_neutral}


def swap_test(tested: Tested, rows: pl.DataFrame, column: str, values: Sequence[str]) -> list[Swap]:
    """Ask for every row once with each of `values` in `column`, all else as it stands, and compare every pair of values.

    Raises BadInput when the column is missing, fewer than two values are given, or the answer has another length than the rows.
    """
    if column not in rows.columns:
        raise BadInput(
            f"缺少列“{column}”", en=f"column {column!r} is missing", remedy_zh=f"表里有：{'、'.join(rows.columns[:20])}", code="E_SWAP_COLUMN"
        )
    if len(set(values)) < 2 or len(set(values)) < len(values):
        raise _bad("E_SWAP_VALUES", "至少要两个不同的取值", "two different values are needed", "例如 --between 女,男")
    answers = {v: _outcomes(tested, rows.with_columns(pl.lit(v).cast(rows[column].dtype).alias(column))) for v in values}
    return [compare_pairs(answers[a], answers[b], column=column, first=a, second=b) for i, a in enumerate(values) for b in values[i + 1 :]]


def simulate_pairs(
    tested: Tested, draw: Callable[[np.random.Generator, int], pl.DataFrame], *, column: str, values: Sequence[str], pairs: int, seed: int
) -> list[Swap]:
    """A paired simulation: `draw(dice, pairs)` makes made-up rows, each of which is asked about once with each value. Equal seeds, equal answers."""
    return swap_test(tested, draw(np.random.Generator(np.random.PCG64(seed)), pairs), column, values)


def pairs_in(table: pl.DataFrame) -> list[Swap]:
    """Pairs made elsewhere: columns `pair_id, group, outcome`; rows of one pair differ in the group only. One result for every two groups that meet.

    Raises BadInput: a column missing, an outcome that is no number, the same group twice in a pair, or no pair at all.
    """
    for column in ("pair_id", "group", "outcome"):
        if column not in table.columns:
            raise BadInput(
                f"缺少列“{column}”", en=f"column {column!r} is missing", remedy_zh="需要 pair_id、group、outcome 三列", code="E_SWAP_COLUMN"
            )
    rows = table.select(pl.col("pair_id", "group").cast(pl.String), pl.col("outcome").cast(pl.Float64, strict=False))
    bad = rows.select(pl.any_horizontal(pl.all().is_null()) | pl.col("outcome").is_nan() | pl.col("outcome").is_infinite()).to_series().arg_true()
    if len(bad):
        raise BadInput(
            f"第 {bad[0] + 1} 条缺编号、组别，或结果不是数字", en=f"record {bad[0] + 1} is not complete", remedy_zh="补齐这一行", code="E_SWAP_CELL"
        )
    if rows.select(pl.struct("pair_id", "group").is_duplicated().any()).item():
        raise _bad("E_SWAP_TWICE", "同一对里有两行是同一组", "a group stands twice in a pair", "每对每组一行")
    met = rows.join(rows, on="pair_id", suffix="_2").filter(pl.col("group") < pl.col("group_2")).sort("group", "group_2", "pair_id")
    if met.is_empty():
        raise _bad("E_SWAP_NO_PAIR", "没有一对有两个组", "no pair has two groups", "同一 pair_id 写两行，组别不同")
    return [
        compare_pairs(
            part["outcome"].to_numpy(), part["outcome_2"].to_numpy(), column="group", first=str(part["group"][0]), second=str(part["group_2"][0])
        )
        for part in met.partition_by("group", "group_2", maintain_order=True)
    ]


def compare_pairs(before: Floats, after: Floats, *, column: str, first: str, second: str) -> Swap:
    """Compare (pairs,) outcomes of the same rows. The interval is mean ± z sd/sqrt(pairs); one pair has none and gets its own change as both ends."""
    change = after - before
    moved = np.where(np.abs(change) > SAME, change, 0.0)
    mean, n = float(change.mean()), len(change)
    half = Z * float(change.std(ddof=1)) / math.sqrt(n) if n > 1 else 0.0
    raised, lowered = int((moved > 0).sum()), int((moved < 0).sum())
    return Swap(
        column, first, second, n, float(before.mean()), float(after.mean()), mean, mean - half, mean + half, raised, lowered,
        float(np.abs(moved).max()), sign_test(raised, lowered),
    )  # fmt: skip


def sign_test(raised: int, lowered: int) -> float:
    """Two-sided p of "as likely up as down"; exact up to 1,000 changes, then the normal one with continuity correction.

    >>> sign_test(8, 1)
    0.0390625
    """
    n, least = raised + lowered, min(raised, lowered)
    if n == 0:
        return 1.0
    if n <= _EXACT_UP_TO:
        return float(min(1.0, 2 * sum(math.comb(n, i) for i in range(least + 1)) / 2**n))
    return math.erfc(max(0.0, abs(raised - lowered) - 1) / math.sqrt(n) / math.sqrt(2))


def _outcomes(tested: Tested, rows: pl.DataFrame) -> Floats:
    found = np.asarray(tested.outcome(rows), dtype=np.float64)
    if found.shape != (rows.height,) or not np.isfinite(found).all():
        raise BadInput(
            f"被测算法对 {rows.height} 行给出了 {found.shape} 个结果，或结果不是数",
            en=f"the algorithm answered {rows.height} rows with shape {found.shape} or with something that is no number",
            remedy_zh="每行回答一个数，次序与输入相同",
            remedy_en="answer each row with one number, in the order of the rows",
            code="E_SWAP_ANSWER",
        )
    return found


def _bad(code: str, zh: str, en: str, remedy_zh: str) -> BadInput:
    return BadInput(zh, en=en, remedy_zh=remedy_zh, code=code)
