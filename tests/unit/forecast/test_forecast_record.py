"""The record of forecasts, worked by hand; published forecasts scored as the back-test from the same origin is."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.forecast import backtest, run
from leye.forecast.record import ALL_GROUPS, by_series, coverage_interval, published_points, record

JAN, FEB = date(2024, 1, 1), date(2024, 2, 1)


def point(model, uid, origin, h, y, mean, half80=None, half95=None, scale=2.0):
    low80, high80 = (None, None) if half80 is None else (mean - half80, mean + half80)
    low95, high95 = (None, None) if half95 is None else (mean - half95, mean + half95)
    ds = date(2024, origin.month + h, 1)
    return {"model": model, "unique_id": uid, "origin": origin, "ds": ds, "h": h, "y": y, "mean": mean, "lo-80": low80, "hi-80": high80,
            "lo-95": low95, "hi-95": high95, "scale": scale}  # fmt: skip


POINTS = pl.DataFrame(
    [
        point("leye", "a", JAN, 1, 10.0, 12.0, 1.0, 3.0),  # off by 1 scale, above the truth, outside 80, inside 95
        point("leye", "a", JAN, 2, 10.0, 10.0, 1.0, 3.0),
        point("leye", "a", FEB, 1, 10.0, 6.0, 1.0, 3.0),  # off by 2 scales, outside both
        point("leye", "b", JAN, 1, 5.0, 5.0, 1.0, 3.0, scale=None),  # no scale: counts for coverage alone
        point("seasonal_naive", "a", JAN, 1, 10.0, 14.0),
        point("seasonal_naive", "a", JAN, 2, 10.0, 12.0),
        point("seasonal_naive", "a", FEB, 1, 10.0, 10.0),
        point("theta", "a", JAN, 1, 10.0, 14.0),  # theta spoke once only: compared on that point
    ],
    infer_schema_length=None,
)
GROUPS = pl.DataFrame({"unique_id": ["a", "b"], "group": ["jobs", None]}, schema={"unique_id": pl.String, "group": pl.String})
ANSWERS = [
    ("leye", ALL_GROUPS, 0, None, {"points": 4, "series": 2, "origins": 2, "mase": 1.0, "bias": -1 / 3, "coverage_80": 0.5, "coverage_95": 0.75,
                                   "below_80": 0.25, "above_80": 0.25, "skill_naive": 0.0, "skill_of_mix": None}, "all of it"),
    ("leye", "jobs", 1, None, {"points": 2, "mase": 1.5, "coverage_80": 0.0, "skill_naive": -0.5}, "one period ahead, of one indicator"),
    ("leye", "jobs", 0, JAN, {"points": 2, "mase": 0.5, "skill_naive": 2 / 3, "coverage_80_lo": None}, "one origin has no interval"),
    ("theta", ALL_GROUPS, 0, None, {"points": 1, "mase": 2.0, "skill_of_mix": 0.5, "skill_naive": 0.0, "coverage_80": None}, "on the same points"),
    ("seasonal_naive", ALL_GROUPS, 0, None, {"points": 3, "mase": 1.0, "skill_of_mix": 0.0}, "the measure itself"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "group", "h", "origin", "figures", "why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_slices_by_hand(model, group, h, origin, figures, why):
    same = pl.col("origin").is_null() if origin is None else pl.col("origin") == origin
    row = record(POINTS, GROUPS).filter((pl.col("model") == model) & (pl.col("group") == group) & (pl.col("h") == h) & same).to_dicts()
    assert len(row) == 1
    for name, value in figures.items():
        assert row[0][name] == (value if value is None else pytest.approx(value)), name


def test_the_interval_score_is_width_and_ten_times_the_miss():
    row = record(POINTS, GROUPS).filter((pl.col("model") == "leye") & (pl.col("h") == 1) & (pl.col("origin") == FEB) & (pl.col("group") == "jobs"))
    assert row["winkler_80"].item() == pytest.approx((2.0 + 10.0 * 3.0) / 2.0)


def test_series_come_worst_first():
    assert by_series(POINTS)["unique_id"].to_list() == ["a", "b"]
    assert by_series(POINTS.clear()).is_empty()


@settings(deadline=None, max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_points_does_not_matter(dice):
    order = list(range(POINTS.height))
    dice.shuffle(order)
    assert record(POINTS[order], GROUPS).equals(record(POINTS, GROUPS))


INTERVALS = [
    ([0.8, 0.8, 0.8, 0.8], 1, (0.8, 0.8), "nothing varies"),
    ([0.7, 0.9], 1, (None, None), "two origins say nothing of how origins vary"),
    ([0.6, 0.8, 1.0], 1, (0.8 - 4.3026527 * (0.08 / 9 * 1.5) ** 0.5, 1.0), "mean .8, variance of the mean .08/9 · 3/2, t with 2 degrees"),
]


@pytest.mark.parametrize(("shares", "overlap", "ends", "why"), INTERVALS, ids=[i[-1] for i in INTERVALS])
def test_coverage_intervals_by_hand(shares, overlap, ends, why):
    k = len(shares)
    got = coverage_interval(np.array(shares), np.full(k, 10.0), np.arange(k, dtype=float), overlap=overlap)
    assert got == (ends if ends[0] is None else pytest.approx(ends))


def test_origins_that_share_months_make_the_interval_wider():
    shares, counts, places = np.array([0.6, 0.65, 0.7, 0.9, 0.95, 1.0]), np.full(6, 50.0), np.arange(6.0)
    apart, together = (coverage_interval(shares, counts, places, overlap=o) for o in (1, 3))
    assert together[0] < apart[0] and together[1] >= apart[1]


def panel(months=72, seed=3):
    dice = np.random.default_rng(seed)
    days = [date(2015 + i // 12, i % 12 + 1, 1) for i in range(months)]
    rows = []
    for uid in "abcd":
        y = 100 + 20 * np.sin(np.arange(months) / 12 * 2 * np.pi) + dice.normal(0, 3, months).cumsum()
        rows += [(uid, d, float(v)) for d, v in zip(days, y, strict=True)]
    return pl.DataFrame(rows, schema=["unique_id", "ds", "y"], orient="row"), days


def test_a_published_forecast_is_scored_as_its_back_test():
    whole, days = panel()
    then = whole.filter(pl.col("ds") <= days[-5])
    points = published_points(then, run(then, horizon=6).forecast, whole)
    again = backtest(whole, horizon=6, origins=[days[-5]]).errors
    assert points["h"].max() == 4, "what has not come yet is not scored"
    assert points.sort("model", "unique_id", "h").equals(again.select(points.columns).sort("model", "unique_id", "h"))


def test_single_models_are_points_of_their_own_and_leave_the_product_as_it_is():
    whole, days = panel()
    plain, more = (backtest(whole, horizon=3, origins=[days[-4]], singles=s).errors for s in (False, True))
    names = set(more["model"].unique()) - {"leye", "seasonal_naive"}
    assert {"lags_plain", "theta", "adjusted"} <= names
    assert more.filter(pl.col("model").is_in(["leye", "seasonal_naive"])).equals(plain)
    assert more.filter(pl.col("model").is_in(list(names)))["lo-80"].is_null().all()
