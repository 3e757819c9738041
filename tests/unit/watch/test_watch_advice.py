"""Advice by hand: heads times unit amount, the interval from the forecast, and what is missing where nothing is computed."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from leye.watch import advise, match_plans

ON = date(2025, 8, 31)
HOTEL = "postings/440605/H/all/all"
KEYS = pl.DataFrame(
    {
        "unique_id": [HOTEL, "registered/440600/all/all/older", "CEU1"],
        "indicator": ["postings", "registered", None],
        "region": ["440605", "440600", None],
        "industry": ["H", "all", None],
        "occupation": ["all", "all", None],
        "grp": ["all", "older", None],
    }
)
HEADS = pl.DataFrame(
    {
        "region": ["440605", "440605", "440605", "440604", "440604", "440305"],
        "industry": ["H", "H", "all", "all", "C", "all"],
        "grp": ["graduates", "older", "older", "older", "older", "older"],
        "heads": [120, 300, 900, 100, 40, 7777],
    }
)
FORECAST = pl.DataFrame(
    {
        "unique_id": [HOTEL] * 4,
        "ds": [date(2025, m, 1) for m in (9, 10, 11, 12)],
        "mean": [100.0, 100.0, 200.0, 1.0],
        "lo-80": [90.0, 90.0, 150.0, 0.0],
        "hi-80": [110.0, 110.0, 260.0, 9.0],
    }
)


def alarm(unique_id: str, level: str = "red", ds: date = date(2025, 6, 1)) -> pl.DataFrame:
    return pl.DataFrame({"unique_id": [unique_id], "ds": [ds], "level": [level]})


def by_group(frame: pl.DataFrame, grp: str) -> dict[str, object]:
    return frame.filter(pl.col("grp") == grp).row(0, named=True)


def test_cost_is_heads_times_amount_with_the_interval_three_periods_ahead() -> None:
    row = by_group(advise(alarm(HOTEL), KEYS, FORECAST, HEADS, on=ON), "graduates")
    assert (row["heads"], row["unit_amount_fen"], row["cost_fen"]) == (120, 150_000, 18_000_000)
    assert (row["cost_lo_fen"], row["cost_hi_fen"]) == (13_500_000, 23_400_000), "0.75 and 1.3 of the mean in November"
    assert row["status"] == "estimated" and row["missing_fact"] is None
    assert "估算18.0万元（区间13.5万元至23.4万元）" in str(row["text_zh"]) and "金额已核实" in str(row["basis"])
    assert "135,000 to 234,000 yuan" in str(row["text_en"])


def test_a_city_series_counts_the_districts_below_it() -> None:
    row = by_group(advise(alarm("registered/440600/all/all/older", "blue"), KEYS, FORECAST, HEADS, on=ON), "older")
    assert row["heads"] == 1000, "the rows for all industries of both districts, neither their sections again nor another city"
    assert (row["cost_fen"], row["cost_lo_fen"]) == (208_000_000, None) and "无预测区间" in str(row["text_zh"])


MISSING = [
    (HOTEL, "migrant_workers", HEADS, "当地职业培训补贴标准；群体人数", "no amount known and nobody counted"),
    (HOTEL, "graduates", None, "群体人数", "nobody counted"),
    ("CEU1", "older", HEADS, "对应的补助政策（综合研判后确定）；群体人数", "a foreign series has no people of the city"),
]


@pytest.mark.parametrize(("unique_id", "grp", "heads", "fact", "_why"), MISSING, ids=[m[-1] for m in MISSING])
def test_what_is_missing_is_named_and_nothing_is_invented(unique_id: str, grp: str, heads: pl.DataFrame | None, fact: str, _why: str) -> None:
    row = by_group(advise(alarm(unique_id), KEYS, FORECAST, heads, on=ON), grp)
    assert (row["status"], row["cost_fen"], row["missing_fact"]) == ("not_computed", None, fact)
    assert "费用未计算" in str(row["text_zh"]) and fact in str(row["text_zh"])


def test_an_amount_that_has_ended_is_not_used() -> None:
    row = by_group(advise(alarm(HOTEL, ds=date(2026, 1, 1)), KEYS, None, HEADS, on=date(2026, 1, 31)), "graduates")
    assert row["status"] == "not_computed" and "2026年的标准" in str(row["missing_fact"]) and "2025-12-31" in str(row["missing_fact"])


def test_a_cell_counted_as_empty_costs_nothing_and_is_not_unknown() -> None:
    nobody = HEADS.with_columns(pl.lit(0, pl.Int64).alias("heads"))
    row = by_group(advise(alarm(HOTEL), KEYS, FORECAST, nobody, on=ON), "graduates")
    assert (row["heads"], row["cost_fen"], row["status"]) == (0, 0, "estimated")


def test_only_lamps_that_are_lit_are_advised_on() -> None:
    alerts = pl.concat([alarm(HOTEL), alarm("CEU1")])
    lamps = pl.DataFrame({"unique_id": [HOTEL], "level": ["red"]})
    assert advise(alerts, KEYS, None, None, on=ON, lamps=lamps)["unique_id"].unique().to_list() == [HOTEL]
    assert advise(alarm(HOTEL, ds=date(2025, 2, 1)), KEYS, None, None, on=ON).is_empty(), "without lamps: dark after six months"
    assert advise(alarm(HOTEL, ds=date(2025, 9, 1)), KEYS, None, None, on=ON).is_empty(), "nothing from the future"
    assert advise(alerts.clear(), KEYS, None, None, on=ON).columns[:3] == ["unique_id", "ds", "level"]


def test_every_alarm_finds_a_plan() -> None:
    alerts = pl.concat([alarm(i, level) for i in KEYS["unique_id"] for level in ("blue", "red")])
    found = match_plans(alerts, KEYS, on=ON)
    assert set(found["unique_id"]) == set(KEYS["unique_id"])
    assert found.filter(pl.col("unique_id") == HOTEL, pl.col("level") == "red")["plan_id"].to_list() == ["hotel_catering"]


def test_the_text_names_the_series_as_the_pages_do() -> None:
    titled = KEYS.with_columns(pl.lit("示例市·住宿和餐饮业·招聘岗位数").alias("title_zh"), pl.lit("Postings: city, industry H").alias("title_en"))
    row = by_group(advise(alarm(HOTEL), titled, FORECAST, HEADS, on=ON), "graduates")
    assert str(row["text_zh"]).startswith("示例市·住宿和餐饮业·招聘岗位数：涉及高校毕业生约120人，建议启动《")
    assert str(row["text_en"]).startswith("Postings: city, industry H: 120 college graduates: start")
