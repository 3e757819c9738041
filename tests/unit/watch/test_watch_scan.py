"""The scan as its users meet it: frequencies, the Spring Festival, odd series, the evidence."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from leye.kernel.codes import spring_festivals
from leye.kernel.errors import BadInput
from leye.watch import scan, scan_panel
from tests_support.watch_panels import calm, long_form, month

SHARED = Path(os.environ.get("LEYE_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "forecast"


def test_evidence_is_plain_and_complete() -> None:
    y = calm(8, 100, noise=0.01)
    y[90:, 0] *= 0.7
    rows = scan(long_form(y), calibrate_before=month(60), nominal=0.25, seasonal=True).filter(pl.col("unique_id") == "s00", pl.col("ds") >= month(90))
    first = rows.row(0, named=True)
    evidence = json.loads(first["evidence"])
    assert {"channels", "statistic", "threshold", "change", "realised_fa", "zh", "en"} <= evidence.keys()
    assert first["level"] in ("yellow", "orange", "red") and first["score"] == evidence["statistic"] >= evidence["threshold"]
    assert -0.36 < evidence["change"] < -0.24
    assert evidence["expected"] * (1 + evidence["change"]) == pytest.approx(evidence["observed"], rel=1e-3)
    assert "低于预期" in evidence["zh"] and "个标准差" in evidence["zh"] and "%" in evidence["zh"]
    assert evidence["channels"]["parent"] is None, "a channel that is missing is shown as missing"


def test_lamps_say_what_is_lit_at_the_end() -> None:
    y = calm(8, 96, noise=0.01)
    y[94:, 5] *= 0.7
    result = scan_panel(long_form(y), calibrate_before=month(60), nominal=0.05, seasonal=True)
    lamp = result.lamps.filter(pl.col("unique_id") == "s05").row(0, named=True)
    assert (lamp["ds"], lamp["direction"], lamp["since"] >= month(94)) == (month(95), "down", True)
    assert lamp["gap"] == pytest.approx(-np.log(0.7), abs=0.1)


STEPS = [("daily", 1, 7), ("weekly", 7, 52), ("quarterly", 91.3125, 4)]


@pytest.mark.parametrize(("name", "days", "season"), STEPS, ids=[s[0] for s in STEPS])
def test_other_steps_of_time_are_inferred(name: str, days: float, season: int) -> None:
    dice = np.random.default_rng(2)
    periods = 6 * season + 60
    y = 1000 * np.exp(np.cumsum(dice.normal(0, 0.01, (periods, 4)), axis=0) + 0.1 * np.sin(np.arange(periods)[:, None] * 2 * np.pi / season))
    y[-8:, 0] *= 0.5
    dates = [date(2000, 1, 2) + timedelta(days=round(t * days)) for t in range(periods)]
    frame = pl.DataFrame({"unique_id": np.repeat(list("abcd"), periods).tolist(), "ds": dates * 4, "y": y.T.ravel()})
    rows = scan(frame, calibrate_before=dates[-30], nominal=0.25, seasonal=True)
    assert rows.filter(pl.col("unique_id") == "a", pl.col("ds") >= dates[-8]).height >= 1


def festive(years: int = 8, series: int = 10) -> np.ndarray:
    """Months from 2013 in which the days around the lunar new year lose 40 % of their work."""
    dice = np.random.default_rng(4)
    y = np.empty((years * 12, series))
    for t in range(len(y)):
        day, work = month(t, 2013), 0.0
        for offset in range(28):
            now = day + timedelta(days=offset)
            festival = spring_festivals()[now.year]
            work += 0.6 if -10 <= (now - festival).days <= 14 else 1.0
        y[t] = 1000 * work / 28 * np.exp(dice.normal(0, 0.01, series))
    return y


def test_the_spring_festival_alone_lights_nothing() -> None:
    frame = long_form(festive(), first=2013)
    result = scan_panel(frame, calibrate_before=date(2017, 1, 1), nominal=0.25, seasonal=True)
    assert result.joined, "learned from the data, the ids say nothing"
    winter = result.alerts.filter(pl.col("ds").dt.month().is_in([1, 2]))
    assert result.alerts.filter(pl.col("ds").dt.month() == 1).is_empty() and winter.height <= 3


def test_a_fall_right_after_the_festival_is_still_found() -> None:
    y = festive()
    y[74:, :5] *= 0.92
    rows = scan(long_form(y, first=2013), calibrate_before=date(2017, 1, 1), nominal=0.25, seasonal=True)
    found = rows.filter(pl.col("ds").is_between(month(74, 2013), month(77, 2013)))["unique_id"].to_list()
    assert len({f"s{i:02d}" for i in range(5)} & set(found)) >= 4


def test_an_ordinary_season_is_not_joined() -> None:
    assert not scan_panel(long_form(calm(10, 96)), calibrate_before=month(60), nominal=0.25, seasonal=True).joined


def test_chinese_ids_are_joined_and_february_names_both_months() -> None:
    y = calm(6, 96, noise=0.01, seed=1)
    y[72:, 0] *= 0.6
    ids = [f"postings/44060{4 + i % 5}/{'CH'[i // 5]}/all/all" for i in range(6)]
    result = scan_panel(long_form(y, ids=ids), calibrate_before=month(60), nominal=0.25, seasonal=True)
    first = result.alerts.filter(pl.col("unique_id") == ids[0], pl.col("ds") >= month(72)).row(0, named=True)
    assert result.joined and first["ds"] == month(73) and "1—2月合并" in json.loads(first["evidence"])["zh"]


def test_odd_series_are_named_and_hurt_nobody() -> None:
    y = calm(8, 96, noise=0.01)
    frame = long_form(y)
    odd = {
        "constant": [5.0] * 96,
        "zero": [0.0] * 96,
        "empty": [None] * 96,
        "infinite": [float("inf")] * 96,
        "three": [1.0, 2.0, 3.0] + [None] * 93,
        "gappy": [None if t % 2 else 100.0 + t % 12 for t in range(96)],
        "late": [None] * 70 + [9.0 + t % 3 for t in range(26)],
        "negative": [(-1.0) ** t * (t % 5) for t in range(96)],
        "counts": [float(t * 7 % 4) for t in range(96)],
    }
    more = pl.concat(
        [
            pl.DataFrame({"unique_id": [k] * 96, "ds": [month(t) for t in range(96)], "y": v}, schema_overrides={"y": pl.Float64})
            for k, v in odd.items()
        ]
    )
    result = scan_panel(pl.concat([frame, more]), calibrate_before=month(60), nominal=0.25, seasonal=True)
    said = {n.unique_id: n.code for n in result.notices}
    assert said == {"constant": "constant", "zero": "constant", "empty": "no_history", "infinite": "no_history", "three": "too_short",
                    "gappy": said.get("gappy"), "late": "no_history", "counts": "few"}  # fmt: skip
    assert said["gappy"] in ("gappy", "too_short") and all(n.zh and n.en for n in result.notices)
    assert set(result.alerts["unique_id"]) <= {f"s{i:02d}" for i in range(8)} | {"negative", "gappy"}


FEW = [(9, False, "under ten a month"), (11, True, "over ten a month")]


@pytest.mark.parametrize(("usual", "is_watched", "_why"), FEW, ids=[f[-1] for f in FEW])
def test_a_series_of_few_cases_raises_no_alarm_of_its_own_and_says_so(usual: int, is_watched: bool, _why: str) -> None:
    few = np.array([float(usual + t % 3 - 1) for t in range(96)])
    few[84:] = 0.0
    frame = pl.concat([long_form(calm(8, 96)), long_form(few[:, None], ids=["few"])])
    result = scan_panel(frame, calibrate_before=month(60), nominal=0.25, seasonal=True)
    assert ("few" in result.alerts["unique_id"].to_list()) is is_watched
    assert [(n.code, n.is_watched, "不到10" in n.zh) for n in result.notices] == ([] if is_watched else [("few", False, True)])


def test_a_small_number_that_is_no_count_is_watched() -> None:
    y = calm(8, 96, noise=0.01) / 1000
    y[84:, 0] *= 0.6
    result = scan_panel(long_form(y), calibrate_before=month(60), nominal=0.25, seasonal=True)
    assert "s00" in result.alerts["unique_id"].to_list() and not result.notices


def test_one_series_alone_can_be_watched() -> None:
    y = calm(1, 110, noise=0.01)
    y[100:] *= 0.6
    assert scan(long_form(y), calibrate_before=month(60), nominal=0.25, seasonal=True).filter(pl.col("ds") >= month(100)).height >= 1


REFUSED = [
    ({"calibrate_before": date(1990, 1, 1)}, "E_NO_CALIBRATION", "nothing to calibrate on"),
    ({"nominal": 0.0}, "E_BAD_INPUT", "a rate of nothing"),
    ({"nominal": 13.0}, "E_BAD_INPUT", "more than each month"),
    ({"direction": "sideways"}, "E_BAD_INPUT", "unknown direction"),
]


@pytest.mark.parametrize(("change", "code", "_why"), REFUSED, ids=[r[-1] for r in REFUSED])
def test_bad_questions_are_answered_in_words(change: dict[str, object], code: str, _why: str) -> None:
    asked = {"calibrate_before": month(48), "nominal": 0.25, "seasonal": True} | change
    with pytest.raises(BadInput) as refused:
        scan(long_form(calm(3, 60)), **asked)  # type: ignore[arg-type]
    assert refused.value.code == code and refused.value.remedy_zh


def test_two_rows_in_one_period_are_refused() -> None:
    frame = long_form(calm(3, 60))
    double = pl.concat([frame, frame.filter(pl.col("ds") == month(50)).with_columns(pl.col("ds") + timedelta(days=3))])
    with pytest.raises(BadInput, match="有 2 行") as refused:
        scan(double, calibrate_before=month(48), nominal=0.25, seasonal=False)
    assert refused.value.code == "E_DUPLICATE_PERIOD"


@pytest.mark.skipif(not SHARED.exists(), reason="the development data lie outside the repository; set LEYE_SHARED")
def test_the_recession_of_2008_is_found_in_us_employment() -> None:
    panel = pl.read_csv(SHARED / "demo_panel.csv", try_parse_dates=True)
    rows = scan(panel, calibrate_before=date(2006, 1, 1), nominal=0.25, seasonal=True)
    total = rows.filter(pl.col("unique_id") == "Total", pl.col("ds").is_between(date(2007, 10, 1), date(2009, 6, 1)))
    assert total["ds"].min() <= date(2008, 9, 1) and "red" in total["level"].to_list()  # type: ignore[operator]
    assert rows.filter(pl.col("ds").is_between(date(2008, 1, 1), date(2009, 6, 1)))["unique_id"].n_unique() >= 12
    assert rows.filter(pl.col("unique_id") == "Total", pl.col("ds") > date(2011, 1, 1)).is_empty()
