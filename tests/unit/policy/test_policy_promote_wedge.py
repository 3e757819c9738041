"""The estimator of a staggered roll-out: tables worked by hand, and a slow dense form of the few-cluster variance beside the fast one."""

import numpy as np
import pytest
from scipy import linalg

from leye.policy.promote.lottery import chance_of, redrawn
from leye.policy.promote.robust import robust
from leye.policy.promote.wedge import NEVER, since_reached, wedge


def counts(rows):
    return np.array(rows, dtype=np.int64)


def test_weeks_since_the_notice_by_hand():
    assert since_reached(np.array([1, 3]), 3).tolist() == [[-1, 0, 1], [NEVER, NEVER, NEVER]]


def test_one_reached_grid_against_the_pooled_controls_of_its_weeks():
    at_risk = counts([[10, 10, 10], [10, 10, 10], [30, 30, 30]])
    applied = counts([[0, 3, 2], [0, 1, 0], [0, 1, 3]])
    found = wedge(at_risk, applied, np.array([1, 3, 3]), range(0, 2))
    # week 1: 3/10 against (1+1)/40; week 2: 2/10 against (0+3)/40
    assert found.thetas == pytest.approx([0.3 - 0.05, 0.2 - 0.075])
    assert found.counted.tolist() == [10, 10]


def test_differences_are_pooled_by_reached_people():
    at_risk = counts([[20, 20, 20], [10, 10, 10], [40, 40, 40]])
    applied = counts([[0, 4, 9], [9, 9, 5], [4, 4, 4]])
    found = wedge(at_risk, applied, np.array([1, 2, 3]), range(0, 1))
    # grid 0 in week 1 (20 people): 0.2 less (9+4)/50; grid 1 in week 2 (10 people): 0.5 less 4/40
    assert found.thetas == pytest.approx([(20 * (0.2 - 0.26) + 10 * (0.5 - 0.1)) / 30])


def test_weeks_without_controls_are_not_used_and_what_is_never_seen_is_unknown():
    at_risk = counts([[10, 10, 10], [10, 10, 10]])
    found = wedge(at_risk, counts([[0, 1, 9], [0, 1, 9]]), np.array([1, 2]), range(0, 2))
    assert found.thetas[0] == pytest.approx(0.0)
    assert np.isnan(found.thetas[1])


def test_a_lead_is_held_against_grids_reached_later_still():
    at_risk = counts([[10, 10, 10]] * 3)
    applied = counts([[2, 0, 0], [5, 1, 0], [1, 4, 0]])
    found = wedge(at_risk, applied, np.array([1, 2, 3]), range(-1, 0))
    # week 0: grid 0 is one week before, controls are grids 1 and 2 (0.5, 0.1); week 1: grid 1 against grid 2
    assert found.thetas == pytest.approx([((0.2 - 0.3) + (0.1 - 0.4)) / 2])


def test_cells_without_people_are_no_zeros():
    at_risk = counts([[10, 10], [10, 0], [10, 10]])
    found = wedge(at_risk, counts([[0, 5], [0, 0], [0, 1]]), np.array([1, 2, 2]), range(0, 1))
    assert found.thetas == pytest.approx([0.4])


def dense(found, contrasts):
    """CR2 and degrees of freedom with whole matrices, straight from the formulas."""
    cells, weeks = found.rate.size, found.control_weights.shape[0]
    estimators = np.vstack([found.control_weights, found.weights])
    fitted_by = np.zeros((cells, estimators.shape[0]))
    for i in range(cells):
        fitted_by[i, found.week[i]] = 1
        if found.column[i] >= 0:
            fitted_by[i, weeks + found.column[i]] = 1
    makes = np.eye(cells) - fitted_by @ estimators
    p = found.rate @ found.people / found.people.sum()
    omega = np.diag(p * (1 - min(p, 0.5)) / found.people)
    spread = makes @ omega @ makes.T
    residual, grids = makes @ found.rate, np.unique(found.grid)
    scores, directions = np.zeros((grids.size, len(contrasts))), []
    for g, grid in enumerate(grids):
        mine = np.flatnonzero(found.grid == grid)
        root = np.sqrt(omega[np.ix_(mine, mine)])
        middle = linalg.pinvh(linalg.sqrtm(root @ spread[np.ix_(mine, mine)] @ root).real, atol=1e-9)
        adjust = root @ middle @ root
        scores[g] = (contrasts @ found.weights)[:, mine] @ adjust @ residual[mine]
        directions.append((contrasts @ found.weights)[:, mine] @ adjust @ makes[mine])
    degrees = []
    for m in range(len(contrasts)):
        q = np.array([d[m] for d in directions])
        matrix = q @ omega @ q.T
        degrees.append(np.trace(matrix) ** 2 / (matrix**2).sum())
    return scores.T @ scores, np.array(degrees)


@pytest.mark.parametrize("seed", range(6))
def test_fast_variance_equals_the_dense_one(seed):
    dice = np.random.default_rng(seed)
    grids, weeks = 9, 6
    at_risk = dice.integers(3, 40, (grids, weeks))
    at_risk[0, 3] = 0
    applied = dice.binomial(at_risk, 0.15)
    reached = np.array([1, 1, 2, 2, 3, 3, 4, 6, 6])
    found = wedge(at_risk, applied, reached, range(0, 3))
    contrasts = np.vstack([np.eye(3), np.ones(3)])
    fast, (slow, degrees) = robust(found, contrasts), dense(found, contrasts)
    assert fast.covariance == pytest.approx(slow, rel=1e-6, abs=1e-12)
    assert fast.degrees == pytest.approx(degrees, rel=1e-6)


def test_two_equal_arms_have_the_degrees_of_a_two_sample_test():
    at_risk = np.full((10, 2), 50)
    found = wedge(at_risk, np.random.default_rng(1).binomial(at_risk, 0.2), np.array([1] * 5 + [2] * 5), range(0, 1))
    assert robust(found, np.ones((1, 1))).degrees == pytest.approx([8.0])


def test_the_variance_of_two_equal_arms_is_that_of_two_means():
    at_risk = np.full((10, 2), 50)
    applied = np.random.default_rng(2).binomial(at_risk, 0.2)
    found = wedge(at_risk, applied, np.array([1] * 5 + [2] * 5), range(0, 1))
    rate = applied[:, 1] / 50
    assert robust(found, np.ones((1, 1))).covariance[0, 0] == pytest.approx(rate[:5].var(ddof=1) / 5 + rate[5:].var(ddof=1) / 5)


def test_the_lottery_is_drawn_again_within_its_blocks():
    reached, block = np.array([1, 2, 3, 4, 5, 6]), np.array([0, 1, 0, 1, 0, 1])
    dice = np.random.Generator(np.random.PCG64(3))
    orders = {tuple(redrawn(dice, reached, block).tolist()) for _ in range(300)}
    assert len(orders) == 36
    assert all(sorted(o[::2]) == [1, 3, 5] and sorted(o[1::2]) == [2, 4, 6] for o in orders)


def test_chance_counts_the_true_order_and_all_as_strange():
    reached, block = np.array([1, 2, 3]), np.zeros(3, dtype=np.int64)
    assert chance_of(lambda r: float(r[0] == 1), reached, block, seed=1, draws=600) == pytest.approx(1 / 3, abs=0.06)
    assert chance_of(lambda r: 1.0, reached, block, seed=1, draws=50) == 1.0
    assert np.isnan(chance_of(lambda r: float("nan"), reached, block, seed=1, draws=5))
