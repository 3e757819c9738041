"""A replayed shock: causal, judged by what followed, and answered with the plans of the day asked for."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from leye.kernel.errors import BadInput
from leye.watch import replay
from leye.watch.outcome import review
from leye.watch.replay import as_json, shock_day
from tests_support.watch_panels import calm, long_form, month

SHARED = Path(os.environ.get("LEYE_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "forecast"
SHOCK = month(84)


def panel(end: int = 120, seed: int = 3) -> pl.DataFrame:
    y = calm(8, 120, seed=seed, noise=0.005)
    y[:, :4] *= np.exp(-np.clip(np.arange(120) - 83, 0, 8) * 0.02)[:, None]
    return long_form(y[:end])


def test_the_fallen_are_lit_and_judged_by_what_followed() -> None:
    found = replay(panel(), SHOCK, plans_on=date(2025, 9, 1))
    fell = found.table.filter(pl.col("unique_id").is_in(["s00", "s01", "s02", "s03"]))
    assert fell["peak"].null_count() == 0 and fell["first"].null_count() == 0 and (fell["fall"] < -0.1).all()
    assert fell["plan_id"].null_count() == 0
    assert found.summary["lit_of_fallen"] >= 4 and found.summary["calibrate_before"] == month(66).isoformat()
    for row in found.table.to_dicts():
        reached = [row[level] for level in ("blue", "yellow", "orange", "red") if row[level]]
        assert reached == sorted(reached) and (row["first"] is None) == (row["blue"] is None)


@pytest.mark.parametrize("end", [86, 92, 100])
def test_a_replay_knows_no_future(end: int) -> None:
    rows, cut = replay(panel(), SHOCK).alerts, replay(panel(end), SHOCK).alerts
    assert cut.equals(rows.filter(pl.col("ds") < month(end)))


def test_equal_panels_give_equal_words() -> None:
    assert as_json(replay(panel(), SHOCK)) == as_json(replay(panel(), SHOCK))


DAYS = [("2008", date(2007, 12, 1)), ("2015-03", date(2015, 3, 1)), ("2015-03-09", date(2015, 3, 9))]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_shocks_by_name_and_by_date(text: str, day: date) -> None:
    assert shock_day(text) == day


@pytest.mark.parametrize("text", ["1929", "soon", "2008-13"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        shock_day(text)
    assert refused.value.code == "E_SHOCK"


@pytest.mark.parametrize("shock", [month(12), month(130)], ids=["no calm years", "after the end"])
def test_a_shock_outside_the_panel_is_refused(shock: date) -> None:
    with pytest.raises(BadInput) as refused:
        replay(panel(), shock)
    assert refused.value.code == "E_SHOCK_OUTSIDE"


@pytest.mark.skipif(not SHARED.exists(), reason="the development data lie outside the repository; set LEYE_SHARED")
@pytest.mark.parametrize(("shock", "least"), [("2001", 0.75), ("2008", 0.85)])
def test_two_real_recessions(shock: str, least: float) -> None:
    us = pl.read_parquet(SHARED / "us_employment" / "panel.parquet")
    found = replay(us, shock_day(shock))
    assert found.summary["lit_of_fallen"] >= least * found.summary["fell"] and found.summary["median_lead_months"] < 13


COURSE = [{"ds": month(t), "mean": 100.0, "lo-80": 90.0, "hi-80": 110.0} for t in range(4)]


def test_the_later_course_is_compared_without_claiming_a_cause() -> None:
    found = review(COURSE, [(month(0), 89.9), (month(1), 90.0), (month(2), 111.0), (month(3), None), (month(9), 1.0)])
    assert [m.position for m in found.months] == ["below", "inside", "above"]
    assert "不作因果判断" in found.zh and "no cause is claimed" in found.en and "3个月里" in found.zh
    assert "至少要3个月" in review(COURSE, [(month(0), 95.0)]).zh and review([], []).months == ()


def daily(days: int, *, first: date = date(2020, 2, 1), back_to: float = 100.0) -> pl.DataFrame:
    """Two postings indices by day: one falls by 40 % in twenty days from mid-March and ends above its old peak, the other stays."""
    dice = np.random.default_rng(2)
    fall = np.interp(np.arange(days), [0, 40, 60, 100, 300], [100.0, 100.0, 60.0, 60.0, back_to])
    y = np.stack([fall, np.full(days, 100.0)], axis=1) * np.exp(dice.normal(0, 0.003, (days, 2)))
    when = pl.date_range(first, first + timedelta(days=days - 1), eager=True)
    return pl.DataFrame({"unique_id": ["falls"] * days + ["stays"] * days, "ds": pl.concat([when, when]), "y": y.T.ravel()})


def test_a_daily_panel_that_begins_with_the_shock_is_calibrated_on_its_first_weeks_and_says_so() -> None:
    found = replay(daily(360, back_to=140.0), shock_day("2020"), seasonal=False, plans_on=date(2025, 9, 1))
    rows = {r["unique_id"]: r for r in found.table.to_dicts()}
    assert found.summary["is_short_calibration"] and found.summary["calibrate_before"] == "2020-03-01" and found.summary["calibration_periods"] == 29
    assert date(2020, 3, 12) < rows["falls"]["first"] < date(2020, 3, 20) and rows["falls"]["red"] is not None
    assert date(2020, 2, 1) < rows["falls"]["peak"] < date(2020, 3, 20) < rows["falls"]["trough"] < date(2020, 6, 1), "not the later, higher peak"
    assert rows["stays"]["peak"] is None


def test_a_monthly_panel_that_begins_with_the_shock_is_refused() -> None:
    monthly = daily(900).group_by("unique_id", pl.col("ds").dt.month_start()).agg(pl.col("y").mean())
    with pytest.raises(BadInput) as refused:
        replay(monthly, shock_day("2020"), seasonal=False)
    assert refused.value.code == "E_SHOCK_OUTSIDE"


def test_2020_on_the_published_postings_of_the_us_states(tmp_path: Path) -> None:
    file = SHARED / "indeed" / "us_state_to_2024.parquet"
    if not file.exists():
        pytest.skip("the shared development data are not here")
    from typer.testing import CliRunner

    from leye.cli.watch import app

    ran = CliRunner().invoke(app, ["replay", str(file), "--form", "postings_index", "--adjusted", "--shock", "2020", "--out", str(tmp_path / "r")])
    assert ran.exit_code == 0, ran.output
    table = pl.read_csv(tmp_path / "r" / "replay.csv", try_parse_dates=True)
    assert table.height == 51 and table["first"].null_count() == 0 and table["red"].null_count() == 0
    assert table["first"].min() >= date(2020, 3, 1) and table["first"].max() < date(2020, 4, 1)
    assert (table["fall"] < -0.2).all()
