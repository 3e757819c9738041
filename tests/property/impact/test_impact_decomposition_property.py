"""What holds of every split, beside the slow definition over all six orders; and that hidden counts change nothing."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leye.impact.composition import composition
from leye.impact.decomposition import Factors, decompose
from leye.impact.percentile import percentiles

NAMES = ("weight", "exposure", "adoption")
unit = st.floats(0, 1, allow_subnormal=False)


@st.composite
def two_days(draw):
    n = draw(st.integers(1, 12))
    columns = [np.array(draw(st.lists(unit, min_size=n, max_size=n))) for _ in range(6)]
    for i in (0, 3):
        columns[i] = (columns[i] + 0.01) / (columns[i] + 0.01).sum()
    return Factors(*columns[:3]), Factors(*columns[3:])


@given(two_days())
def test_parts_sum_to_the_change(days):
    before, after = days
    assert abs(decompose(before, after).change - (after.index - before.index)) < 1e-12


@given(two_days())
def test_the_other_way_round_every_sign_turns(days):
    there, back = decompose(*days), decompose(days[1], days[0])
    assert np.allclose((there.structure, there.exposure, there.adoption), (-back.structure, -back.exposure, -back.adoption), atol=1e-14)


@given(two_days())
def test_equal_to_the_mean_over_all_orders(days):
    before, after = ({n: getattr(d, n) for n in NAMES} for d in days)
    effects = dict.fromkeys(NAMES, 0.0)
    for order in permutations(NAMES):
        now = dict(before)
        for name in order:
            was = Factors(**now).index
            now[name] = after[name]
            effects[name] += (Factors(**now).index - was) / 6
    found = decompose(*days)
    assert np.allclose((found.structure, found.exposure, found.adoption), [effects[n] for n in ("weight", "exposure", "adoption")], atol=1e-13)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30))
def test_percentiles_keep_the_order_and_average_a_half(values):
    placed = percentiles(values, values)
    assert abs(float(np.mean(placed)) - 0.5) < 1e-12
    assert all((a <= b) or (p > q) for a, p in zip(values, placed, strict=True) for b, q in zip(values, placed, strict=True))


sections, groups = st.sampled_from(["C", "I", "all"]), st.sampled_from(["2000000", "6000000", "all"])
cells = st.tuples(st.sampled_from(["1", "2", "all"]), sections, groups, st.sampled_from(["older", "all"]))


@given(st.dictionaries(cells, st.integers(10, 500), max_size=30), cells)
def test_shares_are_shares_and_need_nothing_hidden(shown, cell):
    found = composition(shown, cell)
    if found is None:
        return
    assert abs(sum(found.shares.values()) - 1) < 1e-9
    assert 0 <= found.spread <= 1
    assert cell in shown
    assert {m for _s, m in found.shares} <= {c[2] for c in shown}, "no group that is nowhere shown"
