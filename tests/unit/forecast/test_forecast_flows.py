"""Flows: the regression against its equations, the festival's place in the calendar, refusals, and job changes counted by hand."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.city.moves import moves_frame
from leye.city.series import calendar_to
from leye.forecast.flows import forecast_flows, job_moves
from leye.forecast.flows.ahead import way_of
from leye.forecast.flows.counts import count_bands
from leye.forecast.flows.places import distance_km, log_distances
from leye.forecast.flows.poisson import fit_poisson, rate
from leye.forecast.flows.seasons import WINDOWS, festival_shares
from leye.kernel.errors import BadInput

ON = date(2025, 8, 31)


@pytest.fixture(scope="module")
def moves() -> pl.DataFrame:
    return moves_frame(20_000, calendar_to(ON, 60), seed=21)


def test_a_constant_alone_is_the_mean():
    y = np.array([1.0, 2.0, 6.0])
    beta = fit_poisson(np.ones((3, 1)), y, ridge=np.zeros(1))
    assert np.exp(beta[0]) == pytest.approx(3.0)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 10))
def test_the_fit_satisfies_its_score_equations(seed, size):
    dice = np.random.default_rng(seed)
    x = np.concatenate([np.ones((80, 1)), dice.normal(size=(80, 3))], axis=1)
    y = dice.poisson(np.exp(x @ np.array([1.0, 0.4, -0.3, 0.0]))).astype(float)
    ridge = np.array([0.0, size, size, size])
    beta = fit_poisson(x, y, ridge=ridge)
    assert np.abs(x.T @ (rate(x, beta) - y) + ridge * beta).max() < 1e-2 * max(y.sum(), 1)


def test_no_moves_at_all_give_a_rate_near_none():
    beta = fit_poisson(np.ones((20, 1)), np.zeros(20), ridge=np.zeros(1))
    assert rate(np.ones((1, 1)), beta)[0] < 1e-3


def test_festival_days_fall_where_the_lunar_year_puts_them():
    january_2023, february_2024 = festival_shares([date(2023, 1, 1), date(2024, 2, 1)])
    last_fortnight = WINDOWS.index((-15, -1))
    assert january_2023[last_fortnight] == pytest.approx(15 / 31)  # new year on the 22nd: the 7th to the 21st
    assert february_2024[last_fortnight] == pytest.approx(9 / 29)  # new year on the 10th: the 1st to the 9th
    assert (festival_shares([date(2024, 7, 1)]) == 0).all()


def test_distances_are_symmetric_and_unknown_places_take_the_median():
    assert distance_km("440605", "450000") == distance_km("450000", "440605")
    assert distance_km("440605", "999999") is None
    logs = log_distances([("440605", "450000"), ("440605", "999999"), ("440605", "440604")])
    assert logs.sum() == pytest.approx(0) and logs[2] < logs[1] < logs[0]


WAYS = [("440601", "440602", "within"), ("440601", "430000", "out"), ("430000", "440601", "in"), ("430000", "450000", "elsewhere")]


@pytest.mark.parametrize(("a", "b", "way"), WAYS, ids=[w[-1] for w in WAYS])
def test_ways(a, b, way):
    assert way_of(a, b, "4406") == way


def test_the_wave_moves_with_the_lunar_year(moves):
    """New year fell on 10 February 2024 and 29 January 2025: last year's January is a poor guide, the model's is not."""
    made = forecast_flows(moves.filter(pl.col("month") <= date(2024, 12, 1)), horizon=3).forecast
    out = pl.col("origin").str.starts_with("4406") & ~pl.col("dest").str.starts_with("4406") & (pl.col("grp") == "migrant_workers")
    said, came = (f.filter(out, pl.col("month") == date(2025, 1, 1)).select(v).sum().item() for f, v in ((made, "mean"), (moves, "n")))
    before = moves.filter(out, pl.col("month") == date(2024, 1, 1))["n"].sum()
    assert abs(said - came) < 0.25 * came and abs(before - came) > 0.35 * came


def test_nothing_after_the_origin_is_looked_at(moves):
    origin = date(2024, 6, 1)
    wild = moves.with_columns(pl.when(pl.col("month") > origin).then(pl.col("n") * 1000).otherwise(pl.col("n")).alias("n"))
    a = forecast_flows(moves.filter(pl.col("month") <= origin), horizon=2).forecast
    assert a.equals(forecast_flows(wild, horizon=2, origin=origin).forecast)


def test_rows_in_any_order_give_the_same_forecast(moves):
    assert forecast_flows(moves.sample(fraction=1.0, shuffle=True, seed=4), horizon=2).forecast.equals(forecast_flows(moves, horizon=2).forecast)


def test_intervals_hold_what_they_promise_for_counts():
    dice = np.random.default_rng(5)
    mean = np.full(4000, 12.0)
    bands = count_bands(mean, 0.2, levels=(80, 95))
    n = dice.negative_binomial(5, 5 / 17.0, 4000)
    for level in (80, 95):
        assert ((n >= bands[f"lo-{level}"]) & (n <= bands[f"hi-{level}"])).mean() == pytest.approx(level / 100, abs=0.05)
    assert (bands["lo-95"] <= bands["lo-80"]).all() and (bands["hi-95"] >= bands["hi-80"]).all()


def test_a_short_history_is_named_and_not_guessed(moves):
    got = forecast_flows(moves.filter(pl.col("month") >= date(2025, 1, 1)), horizon=2)
    assert got.forecast.is_empty() and len(got.skipped) == 6 and "8 个月" in got.skipped[0][1]


BAD = [
    (lambda m: m.drop("grp"), "E_FLOW_COLUMNS"),
    (lambda m: m.head(0), "E_FLOW_EMPTY"),
    (lambda m: pl.concat([m, m.head(1)]), "E_FLOW_TWICE"),
    (lambda m: m.with_columns(pl.lit(-1, dtype=pl.Int64).alias("n")), "E_FLOW_NEGATIVE"),
]


@pytest.mark.parametrize(("spoil", "code"), BAD, ids=[b[1] for b in BAD])
def test_bad_tables_are_refused(moves, spoil, code):
    with pytest.raises(BadInput) as refused:
        forecast_flows(spoil(moves), horizon=2)
    assert refused.value.code == code


def test_job_changes_between_regions_by_hand():
    firms = pl.DataFrame({"firm_id": ["F1", "F2", "F3"], "region": ["440604", "440605", "440605"]})
    rows = [
        ("a", 1, "F1"), ("a", 2, "F2"),  # moved in February
        ("b", 1, "F2"), ("b", 2, "F3"),  # another firm of the same region
        ("c", 1, "F1"), ("c", 6, "F2"),  # five months between: not a move
        ("d", 1, "F2"), ("d", 3, "F1"),  # one month between
    ]  # fmt: skip
    insurance = pl.DataFrame([(p, date(2025, m, 1), f) for p, m, f in rows], schema=["person_id", "month", "firm_id"], orient="row")
    got = job_moves(insurance, firms, pl.DataFrame({"person_id": ["a"], "grp": ["older"]}))
    counted = {(r["origin"], r["dest"], r["month"].month, r["grp"]) for r in got.filter(pl.col("n") > 0).iter_rows(named=True)}
    assert counted == {("440604", "440605", 2, "older"), ("440605", "440604", 3, "all")}
    assert got["n"].sum() == 2 and got.height == 2 * 4  # two pairs and groups, four months of the table
