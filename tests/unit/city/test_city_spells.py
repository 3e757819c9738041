"""Spells of unemployment: as many found work again as the hazard asks for, also of those who came to the labour market a while ago."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leye.city.build import build_city
from leye.city.careers import _work_starts
from leye.city.dice import stream
from leye.city.marginals import marginals
from leye.city.population import DAYS_PER_MONTH, UNEMPLOYED, settle
from leye.city.spells import SETTLED_AFTER, closed_for_each_open, draw_spells

ON = date(2025, 8, 31)
TODAY = np.datetime64(ON, "D")


@pytest.fixture(scope="module")
def drawn():
    """(residents, first day on the labour market, first and last day of the spell) of 300,000 people."""
    residents, _ = settle(300_000, seed=3, on=ON)
    rng = stream(3, "test_spells")
    start = _work_starts(rng, residents)
    return residents, start, *draw_spells(rng, residents, (residents.status == UNEMPLOYED) & (rng.random(residents.n) < 0.4), start, seed=3)


def rate(first: np.ndarray, last: np.ndarray) -> float:
    """Spells that ended over the months that all lasted."""
    days = (np.where(np.isnat(last), TODAY, last) - first).astype(np.int64)
    return float((~np.isnat(last)).sum() / (days.sum() / DAYS_PER_MONTH))


def test_newcomers_find_work_at_the_rate_of_everybody(drawn):
    residents, start, first, last = drawn
    months = (TODAY - start).astype(np.int64) / DAYS_PER_MONTH
    has = ~np.isnat(first) & (residents.age < 45)
    for low, high in ((0, 24), (24, 50), (50, 1_000)):
        rows = has & (months >= low) & (months < high)
        assert rows.sum() > 100
        spread = 3 / np.sqrt((~np.isnat(last[rows])).sum())
        assert rate(first[rows], last[rows]) == pytest.approx(marginals()["hazard_per_month"], rel=spread), (
            low,
            high,
        )


def test_no_spell_begins_before_the_labour_market_or_ends_after_the_day(drawn):
    _, start, first, last = drawn
    has, closed = ~np.isnat(first), ~np.isnat(last)
    assert (first[has] >= start[has]).all()
    assert (first[has] < TODAY).all()
    assert (last[closed] > first[closed]).all()
    assert (last[closed] <= TODAY).all()
    assert (start[has] > TODAY - np.timedelta64(int((36 + SETTLED_AFTER) * DAYS_PER_MONTH))).any(), "newcomers are among them"


def test_closed_for_each_open_by_hand():
    assert closed_for_each_open(0.1, np.array([36.0]))[0] == pytest.approx(2.7011, abs=1e-4)  # 3.6 / (1 - e^-3.6) - 1
    assert closed_for_each_open(0.1, np.array([0.0]))[0] == pytest.approx(0.0, abs=1e-6), "who came today has found nothing yet"


@given(st.floats(0.02, 0.4), st.lists(st.floats(0, 60), min_size=2, max_size=20))
def test_longer_seen_means_more_closed_ones(h, seen):
    found = closed_for_each_open(h, np.sort(np.array(seen)))
    assert (found >= -1e-6).all()
    assert (np.diff(found) >= -1e-6).all()


def test_who_never_worked_is_not_without_hope():
    tables = build_city(20_000, seed=7, on=ON).tables
    spells = tables["unemployment"].with_columns((pl.col("ended_on").fill_null(ON) - pl.col("registered_on")).dt.total_days().alias("days"))
    rates = spells.group_by(never=pl.col("reason") == "never_employed").agg(rate=pl.col("ended_on").count() / pl.col("days").sum() * DAYS_PER_MONTH)
    found = dict(rates.iter_rows())
    assert found[True] == pytest.approx(found[False], abs=0.03)
