"""What holds for every fair: capacities, one post a person, the order of rows, and the price of stability."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.match.allocation import MODES, allocate, edges_of

pytest.importorskip("ortools", reason="the extra `allocation` is not installed")


@st.composite
def fairs(draw):
    people, jobs = draw(st.integers(1, 9)), draw(st.integers(1, 5))
    pairs = draw(st.sets(st.tuples(st.integers(0, people - 1), st.integers(0, jobs - 1)), min_size=1, max_size=30))
    chance = st.floats(0, 1, allow_nan=False).map(lambda p: round(p, 3))
    rows = [(f"p{i}", f"j{k}", draw(chance), draw(chance)) for i, k in sorted(pairs)]
    capacity = draw(st.lists(st.integers(0, 3), min_size=jobs, max_size=jobs))
    edges = pl.DataFrame(rows, schema=["person_id", "job_id", "p_person", "p_employer"], orient="row")
    return edges, pl.DataFrame({"job_id": [f"j{k}" for k in range(jobs)], "capacity": capacity})


@given(fairs(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_every_mode_keeps_the_rules_and_no_order_of_rows_shows(fair, dice):
    edges, capacities = fair
    order, other = list(range(edges.height)), list(range(capacities.height))
    dice.shuffle(order)
    dice.shuffle(other)
    for mode in MODES:
        found = allocate(edges_of(edges, capacities), mode).table()
        assert found["person_id"].is_unique().all()
        held = found.group_by("job_id").len().join(capacities, on="job_id")
        assert (held["len"] <= held["capacity"]).all()
        assert found.join(edges, on=edges.columns, how="anti").is_empty()
        assert allocate(edges_of(edges[order], capacities[other]), mode).table().equals(found)


@given(fairs())
@settings(max_examples=60, deadline=None)
def test_the_largest_sum_is_the_largest_and_stable_has_no_blocking_pair(fair):
    found = {mode: allocate(edges_of(*fair), mode) for mode in MODES}
    assert found["stable"].blocking_pairs == 0
    assert found["flow"].value >= max(found["stable"].value, found["balanced"].value) - 1e-7
    assert found["balanced"].blocking_per_1000 <= 10
