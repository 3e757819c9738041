"""Counterfactual swaps: a biased toy is caught with the size that was put in, an unbiased one is neutral."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest

from leye.kernel.errors import BadInput
from leye.trust.audit.swap import pairs_in, sign_test, simulate_pairs, swap_test


class Penalty:
    """A toy that takes two points off women; `size` 0 makes it fair."""

    def __init__(self, size: float) -> None:
        self.size = size

    def outcome(self, rows: pl.DataFrame) -> np.ndarray[Any, Any]:
        return rows.select(pl.col("skill") - self.size * (pl.col("sex") == "女")).to_series().cast(pl.Float64).to_numpy()


ROWS = pl.DataFrame({"sex": ["女", "男", "男"], "skill": [5, 6, 7]})


def test_a_penalty_is_found_with_its_size() -> None:
    (found,) = swap_test(Penalty(2.0), ROWS, "sex", ["男", "女"])
    assert (found.pairs, found.mean_change, found.raised, found.lowered) == (3, -2.0, 0, 3)
    assert (found.lo, found.hi, found.largest_change) == (-2.0, -2.0, 2.0) and not found.is_neutral


def test_a_fair_rule_is_neutral() -> None:
    (found,) = swap_test(Penalty(0.0), ROWS, "sex", ["男", "女"])
    assert found.is_neutral and found.mean_change == 0 and found.p == 1.0


def test_the_rows_themselves_are_not_touched() -> None:
    swap_test(Penalty(1.0), ROWS, "sex", ["男", "女"])
    assert ROWS["sex"].to_list() == ["女", "男", "男"]


def test_three_values_give_three_comparisons() -> None:
    found = swap_test(Penalty(1.0), ROWS, "sex", ["男", "女", "未填"])
    assert [(s.first, s.second, s.mean_change) for s in found] == [("男", "女", -1.0), ("男", "未填", 0.0), ("女", "未填", 1.0)]


def test_a_paired_simulation_is_decided_by_its_seed() -> None:
    def draw(dice: np.random.Generator, n: int) -> pl.DataFrame:
        return pl.DataFrame({"sex": ["男"] * n, "skill": dice.integers(0, 10, n)})

    one, two = (simulate_pairs(Penalty(1.5), draw, column="sex", values=["男", "女"], pairs=500, seed=4)[0] for _ in range(2))
    assert one == two and one.mean_change == pytest.approx(-1.5) and one.pairs == 500


def test_pairs_made_elsewhere_by_hand() -> None:
    table = pl.DataFrame({"pair_id": [1, 1, 2, 2, 3, 3, 4], "group": ["女", "男"] * 3 + ["女"], "outcome": ["0", "1", "1", "1", "0", "1", "1"]})
    (found,) = pairs_in(table)
    assert (found.first, found.second, found.pairs) == ("女", "男", 3), "pair 4 has nobody to stand against"
    assert found.mean_change == pytest.approx(2 / 3) and (found.raised, found.lowered) == (2, 0) and found.p == 0.5


SIGNS = [(0, 0, 1.0), (1, 0, 1.0), (2, 0, 0.5), (8, 1, 0.0390625), (5, 5, 1.0), (20, 0, 2 / 2**20)]


@pytest.mark.parametrize(("up", "down", "p"), SIGNS)
def test_sign_test_by_hand(up: int, down: int, p: float) -> None:
    assert sign_test(up, down) == pytest.approx(p) == sign_test(down, up)


def test_the_normal_form_takes_over_without_a_jump() -> None:
    exact = 2 * sum(math.comb(1001, i) for i in range(471)) / 2**1001
    assert sign_test(470, 531) == pytest.approx(exact, rel=0.01)


BAD = [
    ({"pair_id": [1], "group": ["a"]}, "E_SWAP_COLUMN"),
    ({"pair_id": [1, 1], "group": ["a", "a"], "outcome": [0, 1]}, "E_SWAP_TWICE"),
    ({"pair_id": [1, 2], "group": ["a", "b"], "outcome": [0, 1]}, "E_SWAP_NO_PAIR"),
    ({"pair_id": [1, 1], "group": ["a", "b"], "outcome": ["0", "x"]}, "E_SWAP_CELL"),
    ({"pair_id": [1, None], "group": ["a", "b"], "outcome": [0, 1]}, "E_SWAP_CELL"),
]


@pytest.mark.parametrize(("columns", "code"), BAD, ids=[b[1] + str(i) for i, b in enumerate(BAD)])
def test_tables_of_pairs_that_are_none(columns: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        pairs_in(pl.DataFrame(columns))
    assert refused.value.code == code


def test_an_answer_of_the_wrong_length_is_refused() -> None:
    class Short:
        def outcome(self, rows: pl.DataFrame) -> np.ndarray[Any, Any]:
            return np.zeros(1)

    with pytest.raises(BadInput) as refused:
        swap_test(Short(), ROWS, "sex", ["男", "女"])
    assert refused.value.code == "E_SWAP_ANSWER"
    for column, values, code in (("gender", ["a", "b"], "E_SWAP_COLUMN"), ("sex", ["男"], "E_SWAP_VALUES"), ("sex", ["男", "男"], "E_SWAP_VALUES")):
        with pytest.raises(BadInput) as refused:
            swap_test(Penalty(1), ROWS, column, values)
        assert refused.value.code == code
