"""The nowcast: quarters it can know, nothing from the future, named fallbacks, exact news, and the smoother beside a slow one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from leye.forecast.nowcast import nowcast, nowcast_news
from leye.forecast.nowcast.bridge import fit_bridge, on_quarters
from leye.forecast.nowcast.factors import Factors, smooth
from leye.forecast.nowcast.mixed import month_at, phase_of, read_mixed
from leye.forecast.nowcast.model import fit, stepped_back
from leye.forecast.nowcast.run import central, half_width
from leye.kernel.errors import BadInput

FIRST, MONTHS = date(2003, 1, 1), 216


def world(seed: int, *, months: int = MONTHS, indicators: int = 8, tail: tuple[int, ...] = (0, 1, 2), offset: int = 0) -> pl.DataFrame:
    """One cycle behind all; indicator i lacks its last tail[i % 3] months, the quarterly target its last two quarters.

    offset: the month of the quarter that the target reports in.
    """
    dice = np.random.default_rng(seed)
    cycle = np.zeros(months)
    for t in range(1, months):
        cycle[t] = 0.85 * cycle[t - 1] + dice.normal()
    rows: list[tuple[str, date, float]] = []
    for i in range(indicators):
        level = 100 * np.exp(np.cumsum(0.001 + 0.01 * (0.5 + dice.random()) * cycle + 0.005 * dice.normal(size=months)))
        last = months - tail[i % len(tail)]
        rows += [(f"i{i}", month_at(FIRST, t), float(level[t])) for t in range(last)]
    monthly = 500 * np.exp(np.cumsum(0.002 + 0.01 * cycle))
    quarters = monthly.reshape(-1, 3).mean(axis=1)
    rows += [("target", month_at(FIRST, 3 * q + offset), float(v)) for q, v in enumerate(quarters[:-2])]
    return pl.DataFrame(rows, schema=["unique_id", "ds", "y"], orient="row")


def truth(seed: int) -> np.ndarray:
    """The quarters of `world`'s target, the last two among them."""
    dice = np.random.default_rng(seed)
    cycle = np.zeros(MONTHS)
    for t in range(1, MONTHS):
        cycle[t] = 0.85 * cycle[t - 1] + dice.normal()
    return (500 * np.exp(np.cumsum(0.002 + 0.01 * cycle))).reshape(-1, 3).mean(axis=1)


def point(panel: pl.DataFrame, *, ahead: int) -> float:
    """The last quarter of the target, without the refits behind an interval."""
    mixed = read_mixed(panel, ["target"], ahead=ahead)
    return float(np.exp(central(mixed, fit(mixed), 0)[0][-1]))


def test_quarters_dates_and_kinds_are_those_of_the_target() -> None:
    table = nowcast(world(1, offset=2), ["target"]).table
    assert table["kind"].to_list() == ["backcast", "nowcast", "forecast"]
    assert table["ds"].to_list() == [date(2020, 9, 1), date(2020, 12, 1), date(2021, 3, 1)], "the month that it reports in"
    assert (table["method"] == "factors").all()
    assert ((table["lo-95"] <= table["lo-80"]) & (table["lo-80"] < table["mean"]) & (table["hi-80"] <= table["hi-95"])).all()
    width = (table["hi-80"] / table["lo-80"]).to_list()
    assert width == sorted(width), "never surer further ahead"


def test_it_beats_no_change_and_knows_more_with_every_month() -> None:
    errors: dict[str, list[float]] = {"nowcast": [], "earlier": [], "same": []}
    for seed in range(12):
        panel, real = world(seed), truth(seed)
        said, early = point(panel, ahead=0), point(panel.filter(pl.col("ds") < date(2020, 9, 1)), ahead=1)
        for name, value in (("nowcast", said), ("earlier", early), ("same", real[-3])):
            errors[name].append(float(np.log(value / real[-1])))
    size = {name: float(np.sqrt(np.mean(np.square(e)))) for name, e in errors.items()}
    assert size["nowcast"] < 0.6 * size["earlier"] and size["earlier"] < size["same"]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 50), st.integers(2, 30), st.floats(0.2, 5.0))
def test_nothing_after_the_origin_is_read(seed: int, back: int, factor: float) -> None:
    panel = world(seed, months=120)
    origin = month_at(FIRST, 120 - back)
    spoilt = panel.with_columns(y=pl.when(pl.col("ds") > origin).then(pl.col("y") * factor).otherwise("y"))
    assert nowcast(panel, ["target"], origin=origin).table.equals(nowcast(spoilt, ["target"], origin=origin).table)


def test_equal_input_equal_bytes_in_any_order_of_rows() -> None:
    panel = world(3)
    assert nowcast(panel, ["target"]).table.equals(nowcast(panel.sample(fraction=1, shuffle=True, seed=1), ["target"]).table)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 60), st.integers(1, 6), st.booleans(), st.booleans())
def test_news_sum_to_the_change_and_tie_to_both_nowcasts(seed: int, back: int, is_revised: bool, is_withdrawn: bool) -> None:
    new = world(seed)
    old = new.filter(pl.col("ds") < month_at(FIRST, MONTHS - back))
    if is_revised:
        old = old.with_columns(y=pl.when((pl.col("unique_id") == "i2") & (pl.col("ds") == date(2019, 5, 1))).then(pl.col("y") * 1.03).otherwise("y"))
    if is_withdrawn:
        new = new.filter(~((pl.col("unique_id") == "i3") & (pl.col("ds") == date(2018, 5, 1))))
    found = nowcast_news(old, new, ["target"])
    ends = found.group_by("ds").agg(pl.col("value").sum(), pl.col("before").first(), pl.col("after").first()).sort("ds")
    assert (ends["value"] - (ends["after"] - ends["before"])).abs().max() <= 1e-8
    after = nowcast(new, ["target"]).table.filter(pl.col("ds").is_in(ends["ds"].to_list())).sort("ds")
    before = nowcast(old, ["target"], ahead=4).table.filter(pl.col("ds").is_in(ends["ds"].to_list())).sort("ds")
    assert ends["after"].to_list() == pytest.approx(after["mean"].to_list(), rel=1e-12)
    assert ends["before"].to_list() == pytest.approx(before["mean"].to_list(), rel=1e-12)


def test_a_single_surprise_is_laid_to_its_release_and_a_value_as_expected_moves_nothing() -> None:
    new = world(5, tail=(0,))
    new = new.with_columns(y=pl.when((pl.col("unique_id") == "i1") & (pl.col("ds") == date(2020, 12, 1))).then(pl.col("y") * 1.04).otherwise("y"))
    old = new.filter(~((pl.col("unique_id") == "i1") & (pl.col("ds") == date(2020, 12, 1))))
    found = nowcast_news(old, new, ["target"]).filter(pl.col("ds") == date(2020, 10, 1))
    release = found.filter(pl.col("release").is_not_null())
    assert release["release"].to_list() == ["i1"] and release["kind"].to_list() == ["new"] and release["period"].item() == date(2020, 12, 1)
    expected = release["expected"].item()
    tame = new.with_columns(y=pl.when((pl.col("unique_id") == "i1") & (pl.col("ds") == date(2020, 12, 1))).then(expected).otherwise("y"))
    again = nowcast_news(old, tame, ["target"]).filter((pl.col("ds") == date(2020, 10, 1)) & pl.col("release").is_not_null())
    assert abs(again["value"].sum()) < 0.1 * abs(release["value"].item()), "parameters saw the other value, so the expectation moved a little"


def test_a_quarter_of_the_target_that_came_is_its_own_release() -> None:
    new = world(6)
    old = new.filter(~((pl.col("unique_id") == "target") & (pl.col("ds") == date(2020, 4, 1))))
    found = nowcast_news(old, new, ["target"])
    own = found.filter(pl.col("release") == "target")
    assert (
        set(own["period"]) == {date(2020, 4, 1)}
        and set(own["kind"]) == {"new"}
        and set(own["ds"]) <= {date(2020, 7, 1), date(2020, 10, 1), date(2021, 1, 1)}
    )
    said = nowcast(old, ["target"]).table.filter(pl.col("ds") == date(2020, 4, 1))["mean"].item()
    assert own["expected"][0] == pytest.approx(said, rel=0.02)


def test_the_smoother_is_the_conditional_mean_worked_out_in_full() -> None:
    """Slow reference: the joint normal of all states and all cells, conditioned at once."""
    dice = np.random.default_rng(0)
    move = np.array([[0.6, 0.1, 0.1, 0.0], [0.0, 0.5, 0.0, 0.2], [1, 0, 0, 0], [0, 1, 0, 0]], dtype=float)
    shock = np.diag([1.0, 0.7, 1e-9, 1e-9])
    f = Factors(np.zeros(3), np.ones(3), dice.normal(size=(3, 2)), np.array([0.5, 0.8, 0.3]), move, shock)
    z = dice.normal(size=(3, 7, 2))
    z[0, 5:], z[1, 2] = np.nan, np.nan
    cover = np.zeros((28, 28))
    state = 10.0 * np.eye(4)
    for t in range(7):
        state = state if t == 0 else move @ state @ move.T + shock
        block = state
        for u in range(t, 7):
            cover[4 * u : 4 * u + 4, 4 * t : 4 * t + 4] = block
            cover[4 * t : 4 * t + 4, 4 * u : 4 * u + 4] = block.T
            block = move @ block
    seen = [(i, t) for i in range(3) for t in range(7) if np.isfinite(z[i, t, 0])]
    h = np.zeros((len(seen), 28))
    for k, (i, t) in enumerate(seen):
        h[k, 4 * t : 4 * t + 2] = f.loading[i]
    gain = cover @ h.T @ np.linalg.inv(h @ cover @ h.T + np.diag([f.noise[i] for i, _ in seen]))
    slow = gain @ np.array([[z[i, t, k] for k in range(2)] for i, t in seen])
    fast = smooth(f, z)
    for t in range(7):
        assert fast[:, t] == pytest.approx(slow[4 * t : 4 * t + 2], abs=1e-6)


def test_the_triangle_is_the_change_of_quarterly_means() -> None:
    level = np.cumsum(np.random.default_rng(2).normal(size=18))
    change = np.diff(level, prepend=0.0)
    means = level.reshape(-1, 3).mean(axis=1)
    assert (on_quarters(change[None, :, None], 1)[0, 2:, 0] * 3) == pytest.approx(np.diff(means)[1:])


def test_the_penalty_is_the_best_of_leaving_each_quarter_out() -> None:
    """Slow reference: the bridge with its quarter taken out, by hand."""
    from leye.forecast.nowcast.bridge import OWN_LAGS, PENALTIES, regressors

    dice = np.random.default_rng(4)
    factors = dice.normal(size=(2, 40))
    changes = 0.5 * factors[0] + 0.3 * dice.normal(size=40)
    bridge = fit_bridge(factors, changes)
    own = (changes - bridge.centre) / bridge.unit
    rows = range(1 + OWN_LAGS, 40)
    x = np.stack([regressors(factors[:, :, None], own[:, None], q)[:, 0] for q in rows])
    y = own[1 + OWN_LAGS :]

    def loss(penalty: float) -> float:
        total = 0.0
        for k in range(len(y)):
            keep = np.arange(len(y)) != k
            w = np.linalg.solve(x[keep].T @ x[keep] + penalty * np.eye(x.shape[1]), x[keep].T @ y[keep])
            total += float((y[k] - x[k] @ w) ** 2)
        return total

    best = min(PENALTIES, key=loss)
    assert bridge.weights == pytest.approx(np.linalg.solve(x.T @ x + best * np.eye(x.shape[1]), x.T @ y))


SHAPES = [
    ([1.0, np.nan, np.nan] * 5, 0, "first months"),
    ([np.nan, np.nan, 1.0] * 5, 2, "last months"),
    ([1.0, np.nan, np.nan] * 3, None, "three values are too few to say"),
    ([1.0, np.nan, 1.0] * 5, None, "two months of a quarter"),
]


@pytest.mark.parametrize(("row", "phase", "why"), SHAPES, ids=[s[-1] for s in SHAPES])
def test_what_counts_as_quarterly(row: list[float], phase: int | None, why: str) -> None:
    assert phase_of(np.array(row)) == phase


RANKS = [(80, 8, "rank 8 of 9, since .8 × 10 = 8"), (95, 11.25, "rank 10 of 9 is not there: a quarter over the greatest")]


@pytest.mark.parametrize(("level", "width", "why"), RANKS, ids=[r[-1] for r in RANKS])
def test_the_width_is_a_rank_of_past_errors(level: int, width: float, why: str) -> None:
    assert half_width(np.arange(1.0, 10.0), level) == width


def test_a_step_back_keeps_the_raggedness() -> None:
    mixed = read_mixed(world(7), ["target"])
    then = stepped_back(mixed, 5)
    ends = [[int(np.flatnonzero(np.isfinite(row))[-1]) for row in m.indicators] for m in (mixed, then)]
    assert [a - b for a, b in zip(*ends, strict=True)] == [15] * 8 and then.targets.shape[1] == mixed.targets.shape[1] - 5


def fallback(panel: pl.DataFrame, targets: tuple[str, ...] = ("target",)) -> list[str | None]:
    return nowcast(panel, targets).table["fallback"].unique().to_list()


def test_fallbacks_are_named_and_never_raise() -> None:
    panel = world(8)
    assert fallback(panel.filter((pl.col("unique_id") != "target") | (pl.col("ds") >= date(2016, 1, 1)))) == ["short"]
    assert fallback(panel.filter(pl.col("unique_id").is_in(["target", "i0", "i1"]))) == ["indicators"]
    still = panel.with_columns(y=pl.when(pl.col("unique_id") == "target").then(7.0).otherwise("y"))
    made = nowcast(still, ["target"]).table
    assert set(made["fallback"]) == {"constant"} and set(made["mean"].round(9)) == {7.0}
    flat = panel.with_columns(y=pl.when(pl.col("unique_id").str.starts_with("i")).then(3.0).otherwise("y"))
    assert fallback(flat) == ["indicators"]
    exploding = panel.with_columns(y=pl.when((pl.col("unique_id") == "i4") & (pl.col("ds") > date(2020, 6, 1))).then(1e9).otherwise("y"))
    sane = nowcast(exploding, ["target"]).table["mean"] / nowcast(panel, ["target"]).table["mean"]
    assert sane.is_between(0.8, 1.25).all(), "one mistyped series does not carry the nowcast away"


def test_zero_negative_and_late_series_are_taken_as_they_are() -> None:
    panel = world(9)
    shifted = panel.with_columns(y=pl.when(pl.col("unique_id") == "i0").then(pl.col("y") - 100).otherwise("y"))
    late = shifted.filter((pl.col("unique_id") != "i5") | (pl.col("ds") >= date(2019, 1, 1)))
    made = nowcast(late, ["target"])
    assert dict(made.indicators.select("unique_id", "is_used").iter_rows()) == {f"i{i}": i != 5 for i in range(8)}
    assert made.table["mean"].is_finite().all()


def test_an_unadjusted_panel_is_taken_over_the_year() -> None:
    season = 0.1 * np.sin(np.arange(12) / 12 * 2 * np.pi)
    panel = world(10).with_columns(y=pl.col("y") * pl.col("ds").dt.month().replace_strict({m + 1: float(np.exp(s)) for m, s in enumerate(season)}))
    assert read_mixed(panel, ["target"]).lag == 4 and read_mixed(world(10), ["target"]).lag == 1
    assert set(nowcast(panel, ["target"]).table["method"]) == {"factors"}


REFUSED = [
    (["nobody"], "E_NOWCAST_TARGET", "unknown"),
    (["i0"], "E_NOWCAST_QUARTERLY", "monthly"),
]


@pytest.mark.parametrize(("targets", "code", "why"), REFUSED, ids=[r[-1] for r in REFUSED])
def test_refusals_of_targets(targets: list[str], code: str, why: str) -> None:
    with pytest.raises(BadInput) as refused:
        nowcast(world(1), targets)
    assert refused.value.code == code


def test_refusals_of_panels() -> None:
    only = world(1).filter(pl.col("unique_id") == "target")
    with pytest.raises(BadInput) as refused:
        nowcast(only, ["target"])
    assert refused.value.code == "E_NOWCAST_INDICATORS"
    daily = pl.DataFrame({"unique_id": "d", "ds": pl.date_range(date(2020, 1, 1), date(2020, 6, 1), eager=True), "y": 1.0})
    with pytest.raises(BadInput) as refused:
        nowcast(daily, ["d"])
    assert refused.value.code == "E_NOWCAST_STEP"


def test_the_command_writes_quarters_and_news(tmp_path: Path) -> None:
    from leye.cli.forecast import app

    new = world(11)
    new.write_csv(tmp_path / "new.csv")
    new.filter(pl.col("ds") < date(2020, 11, 1)).write_csv(tmp_path / "old.csv")
    arguments = ["nowcast", str(tmp_path / "new.csv"), "target", "--out", str(tmp_path / "nc.csv"), "--json"]
    done = CliRunner().invoke(app, [*arguments, "--old", str(tmp_path / "old.csv"), "--news", str(tmp_path / "news.csv")])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert [q["kind"] for q in told["quarters"]] == ["backcast", "nowcast", "forecast"] and told["indicators"] == 8
    assert "的预测由" in told["news"][0]["zh"] and pl.read_csv(tmp_path / "news.csv").height > 3
    assert pl.read_csv(tmp_path / "nc.csv").height == 3
