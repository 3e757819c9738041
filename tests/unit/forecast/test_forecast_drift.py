"""The drift of forecast errors: bins and payments by hand, the martingale that bounds false alarms, and alarms where errors moved."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.forecast.drift import CALM_SEASONS, KINDS, NOMINAL, SCHEMA, bets, bins, drift, watch

BANDS = {"lo-95": -4.0, "lo-80": -2.0, "hi-80": 2.0, "hi-95": 4.0}
PLACES = [(-5.0, 0), (-4.0, 1), (-3.0, 1), (-2.0, 2), (0.0, 2), (2.0, 2), (2.1, 3), (4.0, 3), (4.1, 4), (None, None)]


@pytest.mark.parametrize(("y", "place"), PLACES)
def test_bins_by_hand(y, place):
    rows = pl.DataFrame([{"y": y, **BANDS}], schema_overrides={"y": pl.Float64})
    assert bins(rows).to_list() == [place]


def test_a_band_that_is_missing_is_no_bin():
    assert bins(pl.DataFrame([{"y": 1.0, **BANDS, "lo-95": None}], schema_overrides={"lo-95": pl.Float64})).to_list() == [None]


def test_every_bet_is_fair_when_the_intervals_are_right():
    told = bets()
    assert told.pays @ NOMINAL == pytest.approx(np.ones(len(told.kind)), abs=1e-12)
    assert told.weight.sum() == pytest.approx(1.0)
    assert np.bincount(told.kind, told.weight) == pytest.approx(np.full(len(KINDS), 1 / 3))


def slow_watch(counts, threshold):
    """The Shiryaev-Roberts sum as it is defined: over every start since the last alarm, the product of the payments from there on."""
    told, since, out = bets(), 0, []
    for t in range(len(counts)):
        sums = np.zeros(len(told.weight))
        for start in range(since, t + 1):
            product = np.ones(len(told.weight))
            for row in counts[start : t + 1]:
                product = product * (sum(n * told.pays[:, b] for b, n in enumerate(row)) / sum(row))
            sums = sums + product
        out.append(float((told.weight * sums).sum()))
        since = t + 1 if out[-1] >= threshold else since
    return out


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 6), min_size=5, max_size=5).filter(any), min_size=1, max_size=14), st.sampled_from([3.0, 20.0, 1e9]))
def test_the_fast_sum_is_the_sum_by_definition(counts, threshold):
    assert watch(np.array(counts), threshold)[0] == pytest.approx(slow_watch(counts, threshold), rel=1e-9)


def test_the_statistic_less_time_is_a_martingale():
    """Over all first three periods of one series with their chances, the mean of the statistic is the number of periods."""
    eye = np.eye(5, dtype=np.int64)
    mean = sum(NOMINAL[a] * NOMINAL[b] * NOMINAL[c] * watch(eye[[a, b, c]], 1e9)[0] for a in range(5) for b in range(5) for c in range(5))
    assert mean == pytest.approx([1.0, 2.0, 3.0])


def test_series_that_move_as_one_do_not_alarm_sooner():
    one = np.eye(5, dtype=np.int64)[[2, 4, 2, 2, 0, 2]]
    assert watch(one * 100, 1e9)[0] == pytest.approx(watch(one, 1e9)[0]), "a hundred copies are one witness"


def test_a_period_without_a_value_changes_nothing():
    rows = np.eye(5, dtype=np.int64)[[4, 2, 4]]
    gap = np.insert(rows, 1, 0, axis=0)
    assert watch(gap, 1e9)[0][[0, 2, 3]] == pytest.approx(watch(rows, 1e9)[0])


def panel(kind, periods=30, series=8):
    """Calm for fifteen periods, then every value in one place."""
    dice = np.random.default_rng(2)
    rows = []
    for t in range(periods):
        ds = date(2020 + t // 12, t % 12 + 1, 1)
        for i in range(series):
            calm = float(dice.normal(0, 1.5))
            y = calm if t < 15 else {"high": 3.0, "low": -3.0, "narrow": 5.0 * (-1) ** i, "calm": calm}[kind]
            rows.append({"unique_id": f"s{i}", "ds": ds, "y": y, **BANDS})
    return pl.DataFrame(rows), pl.DataFrame({"unique_id": [f"s{i}" for i in range(series)], "group": ["jobs"] * series})


@pytest.mark.parametrize("kind", KINDS)
def test_the_alarm_says_what_changed(kind):
    table = drift(*panel(kind), season=12)
    alarms = table.filter("is_alarm")
    assert list(table.schema.items()) == list(SCHEMA.items())
    assert alarms["ds"][0] <= date(2021, 9, 1) and set(alarms["kind"]) == {kind}
    assert (table["threshold"] == 12 * CALM_SEASONS).all()


def test_calm_errors_do_not_alarm_and_unnamed_series_are_left_out():
    points, groups = panel("calm")
    assert not drift(points, groups, season=12)["is_alarm"].any()
    nobody = groups.with_columns(group=pl.lit(None, dtype=pl.String))
    assert drift(points, nobody, season=12).is_empty() and drift(points.clear(), groups, season=12).is_empty()


def test_later_values_leave_earlier_rows_as_they_are():
    points, groups = panel("high")
    cut = points.filter(pl.col("ds") < date(2021, 6, 1))
    whole, part = (drift(p, groups, season=12) for p in (points, cut))
    assert whole.head(part.height).equals(part)
