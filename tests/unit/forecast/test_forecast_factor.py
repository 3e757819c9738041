"""The factor of a panel: found where it was planted, in each series' own sign, and never looking ahead."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.forecast.design import seasonal_design
from leye.forecast.factor import _first_loading, panel_factor
from leye.forecast.tree import Tree

few = settings(max_examples=20, deadline=None)


def planted(seed: int, count: int = 12, periods: int = 200, noise: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """(n, T) levels, half of which fall when the others rise, and (n, T) what moves them together."""
    dice = np.random.default_rng(seed)
    sign = np.where(np.arange(count) % 2, -1.0, 1.0) * dice.uniform(0.5, 2.0, count)
    course = np.cumsum(dice.normal(0, 1, periods))
    shared = sign[:, None] * (course - course[0])
    return shared + np.cumsum(dice.normal(0, noise, (count, periods)), axis=1), shared


@few
@given(st.integers(0, 1000))
def test_a_planted_factor_is_found_with_its_signs(seed: int) -> None:
    x, shared = planted(seed)
    found = panel_factor(x).course(x)
    for i in range(len(x)):
        assert np.corrcoef(np.diff(found[i]), np.diff(shared[i]))[0, 1] > 0.9


def test_the_median_course_would_have_cancelled_it() -> None:
    x, shared = planted(1)
    median = np.median(np.diff(x, axis=1), axis=0)
    assert abs(np.corrcoef(median, np.diff(shared[0]))[0, 1]) < 0.6


@pytest.mark.parametrize("size", [(5, 30), (30, 5), (8, 8)], ids=["long", "wide", "square"])
def test_loadings_are_the_first_singular_vector(size: tuple[int, int]) -> None:
    z = np.random.default_rng(2).normal(size=size)
    theirs = np.linalg.svd(z)[0][:, 0]
    ours = _first_loading(z)
    assert ours * np.sign(ours @ theirs) == pytest.approx(theirs, abs=1e-9)


def test_still_and_late_series_have_no_say() -> None:
    x, _ = planted(3)
    still = np.vstack([x, np.full((1, 200), 4.0), np.full((1, 200), np.nan)])
    late = x.copy()
    late[0, :80] = np.nan
    with_still = panel_factor(still)
    assert with_still.loading[-2:] == pytest.approx([0.0, 0.0], abs=1e-12)
    assert with_still.course(still)[:-2] == pytest.approx(panel_factor(x).course(x), rel=1e-9, abs=1e-9)
    assert np.isfinite(panel_factor(late).course(late)).all()


def test_one_wild_month_is_clipped() -> None:
    x, shared = planted(4)
    wild = x.copy()
    wild[0, 100:] += 1e6
    found = panel_factor(wild).course(wild)
    assert np.corrcoef(np.diff(found[3]), np.diff(shared[3]))[0, 1] > 0.85


@few
@given(st.integers(0, 1000), st.integers(60, 150))
def test_a_past_origin_sees_the_factor_as_it_stood(seed: int, at: int) -> None:
    x, _ = planted(seed)
    shaken = x.copy()
    shaken[:, at + 1 :] += np.random.default_rng(seed).normal(0, 50, shaken[:, at + 1 :].shape)
    tree, known = Tree(np.full(len(x), -1)), np.isfinite(x)
    one, other = (seasonal_design(y, known, season=12, horizon=3, tree=tree, has_tree=False).until(at).uppers["factor"] for y in (x, shaken))
    assert np.array_equal(one, other)
