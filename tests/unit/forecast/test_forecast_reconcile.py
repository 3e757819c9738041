import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.forecast import run
from leye.forecast.reconcile import reconcile, shrunk_correlation, unknowable, weighted_sums
from leye.forecast.tree import Tree
from tests_support.panels import add_up, lively, table

PARENT = np.array([-1, 0, 0, 1, 1, 2, 2, -1])
LONE = {"residual": np.full((3, 1), np.nan), "floor": np.zeros(3), "tree": Tree(np.array([-1, 0, 0]))}


def least_squares(mean, variance, tree):
    """The textbook form: W-weighted projection onto the sums, with the summing matrix and explicit inverses."""
    leaves = np.flatnonzero(tree.is_leaf)
    summing = np.zeros((len(tree.parent), len(leaves)))
    for column, leaf in enumerate(leaves):
        row = leaf
        while row >= 0:
            summing[row, column] = 1.0
            row = tree.parent[row]
    inverse = np.linalg.inv(variance)
    return summing @ np.linalg.solve(summing.T @ inverse @ summing, summing.T @ inverse @ mean)


def example(seed=0):
    dice = np.random.default_rng(seed)
    return dice.uniform(50, 100, (8, 3)), dice.uniform(1, 5, (8, 3)), dice.normal(0, 1, (8, 200))


def test_two_children_by_hand():
    """Parent 12 against 4 + 6, variances 1, 1, 2: the gap of 2 is shared 1 : 1 : 2 over parent and children."""
    tree = Tree(np.array([-1, 0, 0]))
    got = weighted_sums(np.array([[12.0], [4.0], [6.0]]), np.array([[1.0], [1.0], [2.0]]), tree)
    assert got[:, 0].tolist() == pytest.approx([11.5, 4.5, 7.0])


def test_two_passes_equal_the_textbook_form():
    mean, spread, _ = example()
    tree = Tree(PARENT)
    got = weighted_sums(mean, spread**2, tree)
    for h in range(3):
        assert got[:, h] == pytest.approx(least_squares(mean[:, h], np.diag(spread[:, h] ** 2), tree))


def test_full_covariance_equals_the_textbook_form():
    mean, spread, residual = example(1)
    residual[1] += residual[2]
    tree = Tree(PARENT)
    got = reconcile(mean, spread=spread, residual=residual, floor=np.full(8, -np.inf), tree=tree)
    correlation = shrunk_correlation(residual, tree.roots)
    for h in range(3):
        variance = spread[:, h, None] * correlation * spread[None, :, h]
        assert got[:, h] == pytest.approx(least_squares(mean[:, h], variance, tree))


def test_sums_that_agree_are_left_alone():
    tree = Tree(PARENT)
    mean = tree.add_up(example()[0])
    got = reconcile(mean, spread=example()[1], residual=example()[2], floor=np.zeros(8), tree=tree)
    assert got == pytest.approx(mean)


def test_clipping_keeps_the_sums():
    tree = Tree(np.array([-1, 0, 0]))
    got = reconcile(
        np.array([[1.0], [20.0], [2.0]]), spread=np.array([[0.01], [1.0], [9.0]]), residual=np.full((3, 1), np.nan), floor=np.zeros(3), tree=tree
    )
    assert got[2, 0] == 0.0
    assert got[0, 0] == pytest.approx(got[1, 0], abs=1e-12)
    assert got[0, 0] == pytest.approx(1.0, abs=0.1)


def test_a_leaf_without_spread_is_left_as_it_is():
    tree = Tree(np.array([-1, 0, 0]))
    got = reconcile(
        np.array([[12.0], [4.0], [0.0]]), spread=np.array([[1.0], [1.0], [0.0]]), residual=np.full((3, 1), np.nan), floor=np.zeros(3), tree=tree
    )
    assert got[2, 0] == 0.0
    assert got[0, 0] == got[1, 0] == pytest.approx(8.0, abs=1e-5)


def test_correlation_is_shrunk_and_survives_empty_series():
    residual = np.random.default_rng(3).normal(0, 1, (4, 40))
    residual[1] = residual[0]
    residual[3] = np.nan
    got = shrunk_correlation(residual, np.zeros(4, dtype=int))
    assert 0.3 < got[0, 1] < 1.0
    assert (np.diag(got) == 1.0).all()
    assert (got[3, :3] == 0.0).all()


def test_trees_do_not_move_each_other():
    """Two trees whose errors go together: a gap in the sums of one must leave the other where it is, and a lone series as it was forecast."""
    errors = np.random.default_rng(7).normal(0, 1, 30)
    residual = np.outer([1.0, 0.6, 0.4, 1.0, 0.5, 0.5, 0.9], errors)
    tree = Tree(np.array([-1, 0, 0, -1, 3, 3, -1]))
    mean = np.array([[90.0], [40.0], [40.0], [20.0], [10.0], [10.0], [0.05]])
    got = reconcile(mean, spread=np.ones((7, 1)), residual=residual, floor=np.zeros(7), tree=tree)
    assert got[3:, 0] == pytest.approx(mean[3:, 0], abs=1e-9)
    assert got[0, 0] == pytest.approx(got[1, 0] + got[2, 0])


@given(seed=st.integers(0, 10_000), lack=st.floats(0.0, 0.8))
@settings(max_examples=100, deadline=None)
def test_correlations_are_never_indefinite_however_ragged(seed, lack):
    """Over shared periods alone they can be, and a sum then moves its parts without bound."""
    rng = np.random.default_rng(seed)
    residual = rng.normal(0, 1, (1, 12)) + 0.2 * rng.normal(0, 1, (9, 12))
    residual[rng.random(residual.shape) < lack] = np.nan
    got = shrunk_correlation(residual, np.zeros(9, dtype=int))
    assert np.linalg.eigvalsh(got).min() > 0
    assert np.abs(got).max() <= 1.0


def test_what_nothing_can_tell_stays_unknown():
    tree = Tree(np.array([-1, 0, 0, -1, 3]))
    base = np.array([[np.nan], [1.0], [np.nan], [5.0], [np.nan]])
    assert unknowable(base, tree).tolist() == [True, False, True, False, False]


def test_large_panels_take_the_way_without_matrices(monkeypatch):
    mean, spread, residual = example(2)
    tree = Tree(PARENT)
    monkeypatch.setattr("leye.forecast.reconcile.LARGEST_DENSE", 3)
    got = reconcile(mean, spread=spread, residual=residual, floor=np.full(8, -np.inf), tree=tree)
    assert got == pytest.approx(weighted_sums(mean, spread**2, tree))


@pytest.mark.parametrize("factor", [1e-3, 12.0])
@pytest.mark.parametrize("seed", [3, 12, 40])
def test_thousands_or_persons_make_no_difference_beside_series_that_ended(seed, factor):
    """Rounding in flat and dead series once counted as their spread and bent the pooled fit: a change of unit moved the forecast by up to .3 %."""
    rows = lively(seed, 4, 54)
    rows["s01"][:], rows["s02"][:], rows["s03"][36:] = 0.0, 0.0, 0.0
    parent = {"s00": "top", "s01": None, "s02": "top", "s03": "top", "top": None}
    whole = add_up(rows, parent)
    tags = pl.DataFrame({"unique_id": list(parent), "parent": list(parent.values())}, schema={"unique_id": pl.Utf8, "parent": pl.Utf8})
    one, two = (run(table({uid: y * by for uid, y in whole.items()}), tags, horizon=6).forecast for by in (1.0, factor))
    for column in ("mean", "lo-80", "hi-95"):
        assert two[column].to_numpy() == pytest.approx(one[column].to_numpy() * factor, rel=1e-7, abs=1e-9 * factor)
