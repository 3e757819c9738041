"""The cube: sums worked by hand, pooling in its order, and an attack on everything that is hidden."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leye.kernel.errors import BadInput
from leye.watch.cube import AXES, LEAST, build_cube, hide, margins, pool
from leye.watch.cube.told import told_together

MONTH = date(2025, 8, 1)


def leaves(rows, month=MONTH, indicator="x") -> pl.DataFrame:
    """`(region, industry, occupation, grp, n)` of one month."""
    return pl.DataFrame(
        [(indicator, *r[:4], month, r[4]) for r in rows], schema=["indicator", *AXES, "month", "n"], orient="row", schema_overrides={"n": pl.Int64}
    )


def count(cells, *where) -> int:
    return cells.filter(*(pl.col(a) == v for a, v in zip(AXES, where, strict=True)))["n"].item()


def test_margins_by_hand():
    cells = margins(leaves([("r1", "A", "all", "all", 3), ("r1", "B", "all", "all", 4), ("r2", "A", "all", "all", 5)]))
    assert count(cells, "all", "all", "all", "all") == 12
    assert count(cells, "r1", "all", "all", "all") == 7 and count(cells, "all", "A", "all", "all") == 8
    assert cells.height == 1 + 2 + 2 + 3


def test_a_month_without_a_row_counts_nothing():
    two = pl.concat([leaves([("r1", "A", "all", "all", 3)], date(2025, 7, 1)), leaves([("r2", "A", "all", "all", 5)])])
    assert margins(two).filter(pl.col("region") == "r1", pl.col("industry") == "A")["n"].to_list() == [3, 0]


POOLED = [
    (("r1", "A", "o1", "all"), ("r1", "A", "all", "all"), "occupation goes first"),
    (("r1", "B", "all", "all"), ("r1", "all", "all", "all"), "then the industry, the region last"),
    (("r2", "A", "all", "all"), ("all", "all", "all", "all"), "a small region is watched through the whole"),
]


@pytest.mark.parametrize(("small", "into", "why"), POOLED, ids=[p[-1] for p in POOLED])
def test_small_cells_climb_in_the_stated_order(small, into, why):
    rows = [("r1", "A", "o1", "all", 4), ("r1", "A", "o2", "all", 40), ("r1", "B", "o2", "all", 2), ("r2", "A", "o2", "all", 3)]
    cells = margins(leaves(rows), most=3)
    found = pool(cells).filter(*(pl.col(a) == v for a, v in zip(AXES, small, strict=True))).row(0, named=True)
    assert not found["watched"] and tuple(found[f"into_{a}"] for a in AXES) == into


def test_where_even_the_whole_is_small_nothing_watches():
    found = pool(margins(leaves([("r1", "A", "all", "all", 3)])))
    assert not found["watched"].any() and found["into_region"].null_count() == found.height


def test_one_hidden_part_takes_another_with_it():
    got = hide(margins(leaves([("r1", "all", "all", "all", 3), ("r2", "all", "all", "all", 50), ("r3", "all", "all", "all", 20)])))
    assert dict(got.select("region", "hidden").iter_rows()) == {"all": False, "r1": True, "r2": False, "r3": True}


def test_hidden_parts_that_make_under_ten_together_take_a_third():
    got = hide(
        margins(
            leaves([("r1", "all", "all", "all", 3), ("r2", "all", "all", "all", 2), ("r3", "all", "all", "all", 20), ("r4", "all", "all", "all", 90)])
        )
    )
    assert got.filter(pl.col("hidden"))["region"].to_list() == ["r1", "r2", "r3"]


def cubes():
    cell = st.tuples(st.sampled_from(["r1", "r2", "r3"]), st.sampled_from("ABC"), st.just("all"), st.sampled_from(["g1", "g2"]), st.integers(0, 30))
    return st.lists(cell, min_size=1, max_size=18)


def told_by_elimination(month: pl.DataFrame) -> set[int]:
    """Slow reference: hidden rows whose unit vector is in the row space of all sums, by the ranks of dense matrices."""
    rows, hidden = month.rows(named=True), np.flatnonzero(month["hidden"].to_numpy())
    lines = []
    for top, r in enumerate(rows):
        for axis in AXES:
            parts = [i for i, c in enumerate(rows) if c[axis] != "all" and all(c[o] == r[o] for o in AXES if o != axis)]
            if r[axis] == "all" and parts:
                line = np.zeros(len(rows))
                line[parts], line[top] = 1, -1
                lines.append(line[hidden])
    if not lines:
        return set()
    a = np.array(lines)
    rank = np.linalg.matrix_rank(a)
    return {int(h) for j, h in enumerate(hidden) if np.linalg.matrix_rank(np.vstack([a, np.eye(len(hidden))[j]])) == rank}


FOUND = [
    ("r1", "A", "all", "g1", 10),
    ("r1", "A", "all", "g2", 1),
    ("r2", "C", "all", "g1", 3),
    ("r2", "C", "all", "g1", 7),
    ("r3", "A", "all", "g2", 1),
]
"""A cube whose lines were all hidden and together still told a cell."""


@settings(max_examples=80, deadline=None)
@example(FOUND)
@given(cubes())
def test_nothing_hidden_can_be_worked_out(rows):
    got = hide(margins(leaves(rows)))
    assert not told_by_elimination(got)
    assert got.filter(pl.col("n").is_between(1, LEAST - 1))["hidden"].all()


@settings(max_examples=40, deadline=None)
@given(cubes(), st.randoms())
def test_the_quick_test_of_what_sums_give_away_agrees_with_the_slow_one(rows, dice):
    cells = margins(leaves(rows))
    month = cells.with_columns(pl.Series("hidden", [dice.random() < 0.5 for _ in range(cells.height)]))
    assert set(told_together(month).rows) == told_by_elimination(month)


def four_axes():
    cell = st.tuples(*(st.sampled_from([f"{a}1", f"{a}2"]) for a in "riog"), st.integers(0, 25))
    return st.lists(cell, min_size=4, max_size=24)


@settings(max_examples=60, deadline=None)
@given(four_axes())
def test_nothing_hidden_can_be_worked_out_when_cells_split_all_four_axes(rows):
    got = hide(margins(leaves(rows)))
    assert not told_by_elimination(got)
    assert got.filter(pl.col("n").is_between(1, LEAST - 1))["hidden"].all()


def test_a_sparse_cube_keeps_its_large_cells_visible():
    """Thousands of small cells: mending by the nearest shown count alone hid everything here, sums and all."""
    dice = np.random.default_rng(1)
    shares = np.einsum("a,b,c->abc", *(dice.dirichlet(np.ones(k)) for k in (5, 12, 8)))
    n = dice.poisson(4_000 * shares * dice.gamma(1, 1, shares.shape))
    got = hide(margins(leaves([(f"r{i}", f"i{j}", f"o{k}", "all", int(c)) for (i, j, k), c in np.ndenumerate(n) if c])))
    assert not told_together(got).rows
    shown = got.filter(~pl.col("hidden"))
    assert count(shown, "all", "all", "all", "all") == n.sum()
    assert shown.filter(pl.col("n") > 0).height > 0.5 * got.filter(pl.col("n") >= LEAST).height


def test_weights_of_a_told_cell_make_it_up_from_what_is_shown():
    cells = margins(leaves([("r1", "all", "all", "all", 3), ("r2", "all", "all", "all", 50)]))
    month = cells.with_columns((pl.col("region") == "r1").alias("hidden"))
    told = told_together(month)
    assert month["region"][told.rows[0]] == "r1" and len(told.rows) == 1
    assert told.weights[0] == pytest.approx({(0, "all", "all", "all"): 1.0})


def test_equal_tables_are_hidden_alike_in_any_order():
    rows = leaves([("r1", "A", "all", "all", 3), ("r1", "B", "all", "all", 12), ("r2", "A", "all", "all", 15), ("r2", "B", "all", "all", 11)])
    assert hide(margins(rows)).equals(hide(margins(rows.reverse())))


def falling(fall: float) -> pl.DataFrame:
    dice = np.random.default_rng(6)
    months = [date(2021 + i // 12, i % 12 + 1, 1) for i in range(48)]
    parts = []
    for region in ("r1", "r2", "r3", "r4"):
        level = np.full(48, 400.0)
        level[-5:] *= 1 + (fall if region == "r1" else 0.0)
        for m, n in zip(months, dice.poisson(level), strict=True):
            parts.append((region, "all", "all", "all", int(n), m))
    return pl.concat([leaves([p[:5]], p[5]) for p in parts])


def test_a_planted_fall_lights_its_cell_highest_and_surprises_most():
    cells = build_cube(falling(-0.4), direction={"x": "down"}).cells
    rank = {"blue": 1, "yellow": 2, "orange": 3, "red": 4}
    level = {r["region"]: rank.get(r["level"], 0) for r in cells.iter_rows(named=True)}
    assert level["r1"] >= 2 and all(level["r1"] >= level[r] for r in ("r2", "r3", "r4"))
    assert cells.sort(pl.col("surprise").abs(), descending=True)["region"][0] == "r1"


def test_cells_scanned_elsewhere_keep_their_lamps():
    lit = pl.DataFrame({"cell": ["x/r2/all/all/all"], "level": ["red"], "since": [MONTH], "scanned": [True]})
    cells = build_cube(falling(-0.4), direction={"x": "down"}, lit=lit).cells
    level = dict(cells.select("region", "level").iter_rows())
    assert level["r2"] == "red" and level["r1"] is not None, "the others are scanned here"
    assert cells["scanned"].all()
    dark = pl.DataFrame({"cell": ["x/r1/all/all/all"], "level": [None], "since": [None], "scanned": [True]})
    again = build_cube(falling(-0.4), direction={"x": "down"}, lit=dark).cells
    assert again.filter(pl.col("region") == "r1")["level"].item() is None, "and what was found dark elsewhere stays so"


def test_unknown_axes_and_negative_counts_are_refused():
    with pytest.raises(BadInput):
        margins(leaves([("r1", "A", "all", "all", -1)]))
    with pytest.raises(BadInput):
        margins(pl.DataFrame({"indicator": ["x"]}))


def test_a_month_whose_test_does_not_come_to_rest_is_not_shown_at_all(monkeypatch):
    monkeypatch.setattr("leye.watch.cube.told.STEPS", 0)
    got = hide(margins(leaves([("r1", "A", "all", "all", 3), ("r2", "A", "all", "all", 50), ("r3", "B", "all", "all", 20)])))
    assert got.filter(pl.col("n") > 0)["hidden"].all()
