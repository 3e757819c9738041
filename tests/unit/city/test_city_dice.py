"""Draws that hold shares exactly, worked by hand."""

import numpy as np
import pytest

from leye.city.dice import apportion, pick, quota, split_exactly, stream

SHARES = [
    (10, [0.5, 0.3, 0.2], [5, 3, 2], "exact shares"),
    (10, [1, 1, 1], [4, 3, 3], "the spare one goes to the first of equals"),
    (7, [0.6, 0.4], [4, 3], "4.2 and 2.8: the larger remainder gets it"),
    (0, [1, 2], [0, 0], "nothing to share"),
    (5, [0, 0], [0, 0], "nobody to share with"),
    (3, [0, 1], [0, 3], "no weight, no part"),
]


@pytest.mark.parametrize(("total", "weights", "parts", "why"), SHARES, ids=[s[-1] for s in SHARES])
def test_apportion_answers(total, weights, parts, why):
    assert apportion(total, weights).tolist() == parts


def test_quota_holds_the_shares_in_random_order():
    codes = quota(stream(1, "x"), 1000, [0.25, 0.75])
    assert np.bincount(codes).tolist() == [250, 750]
    assert codes[:250].sum() not in (0, 250)


def test_streams_differ_by_seed_and_by_name_and_repeat():
    first, again = stream(1, "a").random(4), stream(1, "a").random(4)
    assert first.tolist() == again.tolist()
    assert first.tolist() != stream(2, "a").random(4).tolist()
    assert first.tolist() != stream(1, "b").random(4).tolist()


def test_pick_never_takes_what_has_no_weight():
    assert set(pick(stream(3, "p"), 500, [0, 1, 0, 2, 0]).tolist()) == {1, 3}


def test_split_keeps_each_total_and_gives_everyone_one():
    totals, parts = np.array([7, 1, 12]), np.array([3, 1, 2])
    heads = split_exactly(stream(5, "s"), totals, parts)
    assert heads.min() >= 1
    assert [heads[:3].sum(), heads[3], heads[4:].sum()] == [7, 1, 12]
