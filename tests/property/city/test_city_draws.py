"""What must hold for every draw and every small city."""

from datetime import date

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.city.build import build_city
from leye.city.dice import apportion, quota, split_exactly, stream
from leye.city.pieces import fill

weights = st.lists(st.floats(0, 100, allow_nan=False), min_size=1, max_size=12)


@given(st.integers(0, 5000), weights)
def test_apportioned_parts_add_up_and_stay_within_one_of_the_share(total, shares):
    parts = apportion(total, shares)
    if sum(shares) <= 0:
        assert parts.sum() == 0
        return
    exact = total * np.array(shares) / sum(shares)
    assert parts.sum() == total
    assert (np.abs(parts - exact) < 1 + 1e-6).all()


@given(st.integers(0, 400), st.lists(st.floats(0.01, 5), min_size=1, max_size=6), st.integers(0, 99))
def test_quota_counts_are_the_apportioned_ones(n, shares, seed):
    codes = quota(stream(seed, "q"), n, shares)
    assert np.bincount(codes, minlength=len(shares)).tolist() == apportion(n, shares).tolist()


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 30)), min_size=1, max_size=20), st.integers(0, 99))
def test_split_loses_and_adds_nothing(cells, seed):
    parts = np.array([p for p, _ in cells])
    totals = parts + np.array([spare for _, spare in cells])
    heads = split_exactly(stream(seed, "s"), totals, parts)
    owner = np.repeat(np.arange(parts.size), parts)
    assert heads.min() >= 1
    assert np.bincount(owner, weights=heads).tolist() == totals.tolist()


texts = st.text(st.characters(blacklist_characters="{}", blacklist_categories=["Cs"]), max_size=6)


@given(st.lists(st.lists(st.one_of(texts, st.sampled_from(["{a}", "{b}"])), max_size=4).map("".join), min_size=1, max_size=5), st.data())
def test_fill_is_format(options, data):
    codes = data.draw(st.lists(st.integers(0, len(options) - 1), min_size=1, max_size=6))
    a, b = [f"甲{k}" for k in range(len(codes))], [f"乙{k}" for k in range(len(codes))]
    expected = [options[c].replace("{a}", a[k]).replace("{b}", b[k]) for k, c in enumerate(codes)]
    assert fill(options, np.array(codes), {"a": pl.Series(a), "b": pl.Series(b)}).to_list() == expected


@settings(max_examples=6, deadline=None)
@given(st.integers(500, 1500), st.integers(0, 2**31), st.dates(date(2018, 1, 1), date(2029, 12, 31)))
def test_any_small_city_holds_together(people, seed, on):
    t = build_city(people, seed=seed, on=on).tables
    assert t["people"].height == people
    assert t["people"]["person_id"].n_unique() == people
    both = t["indicators"].join(t["indicator_keys"].select("unique_id", "parent"), on="unique_id")
    sums = both.filter(pl.col("parent").is_not_null()).group_by("parent", "ds").agg(pl.col("y").sum())
    parents = sums.join(t["indicators"], left_on=["parent", "ds"], right_on=["unique_id", "ds"], suffix="_own")
    assert (parents["y"] == parents["y_own"]).all()
    now = t["insurance_months"].filter(pl.col("month") == on.replace(day=1), pl.col("kind") == "employee")
    insured = t["indicators"].filter(pl.col("unique_id") == "insured/440600/all/all/all", pl.col("ds") == on.replace(day=1))["y"].item()
    assert now.height == t["firms"]["staff"].sum() == insured
    assert t["people"]["hire_on"].max() <= on
    assert t["jobs"]["posted_on"].max() <= on
