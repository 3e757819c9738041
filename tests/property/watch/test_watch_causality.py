"""No row may know the future: cutting the panel or changing what comes later leaves earlier rows as they were, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.watch import calibrate, scan
from tests_support.watch_panels import calm, long_form, month

CUT = month(48)
PARENTS = {"s00": None, **{f"s{i:02d}": "s00" for i in range(1, 9)}}


def panel(seasonal: bool) -> pl.DataFrame:
    y = calm(9, 96, seed=3, noise=0.02 if seasonal else 0.01)
    y[60:, 2:5] *= 0.9
    y[70:75, 6] = np.nan
    if not seasonal:
        y = y / calm(9, 96, seed=3, noise=0.0) * 1000
    return long_form(y)


def alarms(frame: pl.DataFrame, *, seasonal: bool, calendar: str = "none") -> pl.DataFrame:
    return scan(
        frame,
        calibrate_before=CUT,
        nominal=1.0,
        seasonal=seasonal,
        parents=PARENTS,
        calendar=calendar,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module", autouse=True)
def few_paths() -> Iterator[None]:
    """A tenth of the bootstrapped paths: what is tested here does not depend on how many there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibrate, "CELLS", 300)
        yield


@cache
def whole(seasonal: bool) -> pl.DataFrame:
    return alarms(panel(seasonal), seasonal=seasonal)


@cache
def joined() -> pl.DataFrame:
    return alarms(panel(True), seasonal=True, calendar="cn")


def test_there_are_rows_to_compare() -> None:
    assert all(frame.height > 10 for frame in (whole(True), whole(False), joined()))


@settings(max_examples=10, deadline=None)
@given(st.integers(49, 96), st.booleans())
def test_cutting_leaves_earlier_rows(end: int, seasonal: bool) -> None:
    cut = alarms(panel(seasonal).filter(pl.col("ds") < month(end)), seasonal=seasonal)
    assert cut.equals(whole(seasonal).filter(pl.col("ds") < month(end)))


@pytest.mark.parametrize("end", [60, 61, 62, 73, 85])
def test_cutting_in_january_or_february_leaves_joined_rows(end: int) -> None:
    cut = alarms(panel(True).filter(pl.col("ds") < month(end)), seasonal=True, calendar="cn")
    assert cut.equals(joined().filter(pl.col("ds") < month(end)))


@settings(max_examples=10, deadline=None)
@given(st.integers(49, 95), st.floats(0.01, 100), st.booleans())
def test_other_later_values_leave_earlier_rows(change_at: int, factor: float, seasonal: bool) -> None:
    changed = panel(seasonal).with_columns(pl.when(pl.col("ds") >= month(change_at)).then(pl.col("y") * factor).otherwise(pl.col("y")))
    rows = alarms(changed, seasonal=seasonal).filter(pl.col("ds") < month(change_at))
    assert rows.equals(whole(seasonal).filter(pl.col("ds") < month(change_at)))


@settings(max_examples=5, deadline=None)
@given(st.permutations(list(range(9))))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    frame = panel(True)
    shuffled = pl.concat([frame.filter(pl.col("unique_id") == f"s{i:02d}").reverse() for i in order])
    assert alarms(shuffled, seasonal=True).equals(whole(True))


def test_no_row_before_the_calibration_date_and_at_most_one_a_series_and_period() -> None:
    for frame in (whole(True), whole(False)):
        assert frame["ds"].min() >= CUT  # type: ignore[operator]
        assert not frame.select(pl.struct("unique_id", "ds").is_duplicated().any()).item()


@pytest.mark.parametrize("seasonal", [True, False])
def test_never_a_row_each_period(seasonal: bool) -> None:
    """Onsets and re-alarms are six periods apart while a lamp stays lit; a rise to orange or red waits two."""
    months = whole(seasonal).sort("unique_id", "ds").with_columns((pl.col("ds").dt.year().cast(pl.Int64) * 12 + pl.col("ds").dt.month()).alias("m"))
    kind = pl.col("evidence").str.json_path_match("$.kind")
    gaps = months.with_columns(pl.col("m").diff().over("unique_id").alias("gap"), kind.alias("kind"))
    assert gaps.filter(pl.col("kind") == "still")["gap"].drop_nulls().min() == 6
    assert (gaps["gap"].drop_nulls() >= 2).all()
