from datetime import date

import numpy as np
import polars as pl
import pytest

from leye.forecast import run
from leye.forecast.fallback import TEXTS, name_fallbacks
from leye.kernel.errors import BadInput
from tests_support.panels import months, table

NAN = np.nan
WAVE = 100 + 10 * np.sin(np.arange(60)) + np.arange(60)
ROWS = [
    (WAVE, None, "long enough"),
    (np.full(60, 7.0), "constant", "never moves"),
    (np.full(60, 0.0), "dead", "nothing but zeros"),
    (np.r_[WAVE[:40], np.zeros(20)], "dead", "zeros for more than a year"),
    (np.r_[np.full(57, NAN), 5.0, 6.0, 8.0], "short", "three points"),
    (np.r_[np.full(46, NAN), WAVE[:14]], "short_seasonal", "a year and two months"),
    (np.r_[WAVE[:40], np.full(20, NAN)], "stopped", "no report for more than a year"),
    (np.full(60, NAN), "all_missing", "nothing at all"),
    (np.r_[WAVE[:50], np.zeros(10)], None, "ten zero months are not an end"),
]


@pytest.mark.parametrize(("row", "code", "why"), ROWS, ids=[r[-1] for r in ROWS])
def test_which_series_fall_back(row, code, why):
    assert name_fallbacks(row[None], season=12)[0].code == code


def test_every_code_has_a_sentence_in_both_languages():
    for zh, en in TEXTS.values():
        assert zh.endswith("。") and en.endswith(".")


def test_odd_series_never_stop_a_run_and_are_named():
    rows = {f"s{i}": row for i, (row, _, _) in enumerate(ROWS)}
    result = run(table(rows), horizon=6)
    named = dict(result.models.select("unique_id", "fallback").iter_rows())
    assert [named[f"s{i}"] for i in range(len(ROWS))] == [code for _, code, _ in ROWS]
    said = result.models.filter(pl.col("fallback").is_not_null())
    assert said["fallback_zh"].null_count() == 0
    last = {uid: result.forecast.filter(pl.col("unique_id") == uid)["mean"].to_list() for uid in rows}
    assert last["s1"] == pytest.approx([7.0] * 6)
    assert last["s2"] == [0.0] * 6
    assert last["s3"] == pytest.approx([0.0] * 6, abs=1e-9)
    assert last["s4"] == pytest.approx([8.0] * 6)
    assert last["s5"] == pytest.approx(WAVE[2:8].tolist())
    assert last["s7"] == [None] * 6


def test_fallbacks_have_ordered_bands():
    result = run(table({f"s{i}": row for i, (row, _, _) in enumerate(ROWS)}), horizon=6).forecast.drop_nulls()
    assert (result["lo-95"] <= result["lo-80"]).all() and (result["lo-80"] <= result["mean"]).all()
    assert (result["mean"] <= result["hi-80"]).all() and (result["hi-80"] <= result["hi-95"]).all()


def test_a_missing_leaf_is_what_its_parent_leaves():
    total, a = WAVE * 3, WAVE
    tags = pl.DataFrame({"unique_id": ["t", "a", "b"], "parent": [None, "t", "t"]})
    made = run(table({"t": total, "a": a, "b": np.full(60, NAN)}), tags, horizon=3)
    got = {u: made.forecast.filter(pl.col("unique_id") == u)["mean"].to_numpy() for u in "tab"}
    assert got["t"] == pytest.approx(got["a"] + got["b"])
    assert got["b"] == pytest.approx(got["t"] * 2 / 3, rel=0.1)


def test_a_leaf_that_has_not_started_counts_as_zero():
    tags = pl.DataFrame({"unique_id": ["t", "a", "b", "new"], "parent": [None, "t", "t", "t"]})
    made = run(table({"t": WAVE * 3, "a": WAVE, "b": WAVE * 2, "new": np.full(60, NAN)}), tags, horizon=3)
    assert dict(made.models.select("unique_id", "fallback").iter_rows())["new"] == "not_started"
    assert made.forecast.filter(pl.col("unique_id") == "new")["mean"].to_list() == [0.0] * 3


BAD = [
    (table({"a": np.full(5, NAN)}), None, None, "E_PANEL_EMPTY"),
    (table({"a": WAVE}), None, date(1990, 1, 1), "E_ORIGIN_EARLY"),
    (table({"a": WAVE}), pl.DataFrame({"unique_id": ["a", "b"], "parent": [None, "a"]}), None, "E_TAGS_UNKNOWN_ID"),
    (table({"a": WAVE, "b": WAVE}), pl.DataFrame({"unique_id": ["a", "b"], "parent": ["b", "a"]}), None, "E_TAGS_RING"),
    (pl.concat([table({"a": WAVE})] * 2), None, None, "E_BAD_INPUT"),
]


@pytest.mark.parametrize(("panel", "tags", "origin", "code"), BAD, ids=[b[-1] for b in BAD])
def test_bad_panels_are_answered_by_name(panel, tags, origin, code):
    with pytest.raises(BadInput) as caught:
        run(panel, tags, horizon=3, origin=origin)
    assert caught.value.code == code


def test_future_dates_go_on_after_the_origin():
    made = run(table({"a": WAVE}), horizon=3, origin=months(60)[49])
    assert made.forecast["ds"].to_list() == [date(2014, 3, 1), date(2014, 4, 1), date(2014, 5, 1)]


@pytest.mark.parametrize("value", [5.0, 0.1, 1234567.89, -3.3])
def test_a_value_that_never_changed_is_carried_on_to_the_last_bit(value):
    made = run(table({"still": np.full(96, value), "lively": np.r_[WAVE, WAVE[:36]]}), horizon=4)
    assert made.forecast.filter(pl.col("unique_id") == "still")["mean"].to_list() == [value] * 4
    short = run(table({"few": np.array([3.0, 4.0, 108.991])}), horizon=2)
    assert short.forecast["mean"].to_list() == [108.991] * 2


def test_a_constant_leaf_of_a_hierarchy_is_left_as_it_is():
    tags = pl.DataFrame({"unique_id": ["t", "a", "b"], "parent": [None, "t", "t"]})
    made = run(table({"t": WAVE + 5, "a": WAVE, "b": np.full(60, 5.0)}), tags, horizon=3)
    got = {u: made.forecast.filter(pl.col("unique_id") == u)["mean"].to_numpy() for u in "tab"}
    assert got["b"].tolist() == [5.0] * 3
    assert got["t"] == pytest.approx(got["a"] + 5.0)


def test_a_single_observation_is_forecast_and_named():
    made = run(table({"one": np.array([7.3])}), horizon=2)
    assert made.forecast["mean"].to_list() == [7.3, 7.3]
    assert made.models["fallback"].to_list() == ["short"]


@pytest.mark.parametrize("month", [6, 7, 19])
def test_a_mistyped_month_does_not_forecast_itself_into_the_trillions(month):
    typo = 100 + np.cumsum(np.random.default_rng(0).normal(0, 2, 21))
    typo[month] = 1e9  # without the rule these forecasts reach 1e154 and 1e304
    result = run(table({"typo": typo}), horizon=12)
    assert result.models["fallback"].to_list() == ["unstable"]
    assert result.forecast["mean"].max() <= 1e9
    assert result.forecast["hi-95"].is_finite().all() and result.forecast["hi-95"].max() < 1e18


def test_a_band_is_no_wider_than_the_reach_of_the_past():
    scattered = np.full(92, NAN)
    scattered[[3, 40, 41, 90]] = [2.0, 900.0, 0.5, 30.0]
    wild = np.exp(np.random.default_rng(3).normal(0, 3, 92))
    forecast = run(table({"a": scattered, "b": wild}), horizon=12).forecast
    for uid, y in (("a", scattered), ("b", wild)):
        seen = y[np.isfinite(y)]
        span = seen.max() / seen.min()
        band = forecast.filter(pl.col("unique_id") == uid)
        times = max(1.0, 24 / len(seen))
        assert (band["hi-95"] <= band["mean"] * span**times * 1.000001).all()


@pytest.mark.parametrize("horizon", [1, 36, 59, 60, 150])
def test_a_horizon_beyond_what_history_can_be_asked_about(horizon):
    """A plainly seasonal panel leaves one model out; without a past origin the errors once had the wrong shape and the run ended in a traceback."""
    t = np.arange(96)
    rows = {f"s{i}": 100 + i + 10 * np.sin(2 * np.pi * t / 12) + 0.1 * t for i in range(3)}
    forecast = run(table(rows), horizon=horizon).forecast
    assert forecast.height == 3 * horizon
    assert forecast.select(pl.col(pl.Float64).is_finite().all()).row(0) == (True,) * 5
