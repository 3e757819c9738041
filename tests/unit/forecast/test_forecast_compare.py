"""Two forecasts and the truth in between: an answer table worked by hand."""

from datetime import date

import polars as pl
import pytest

from leye.forecast import compare, compare_en, compare_zh
from leye.kernel.errors import BadInput, NotFound

MAY, JUNE, JULY, AUGUST = (date(2025, m, 1) for m in (5, 6, 7, 8))


def forecast(means: dict[date, float], uid: str = "登记失业") -> pl.DataFrame:
    bands = {}
    for level, width in ((80, 10), (95, 30)):
        bands |= {f"lo-{level}": [m - width for m in means.values()], f"hi-{level}": [m + width for m in means.values()]}
    return pl.DataFrame({"unique_id": [uid] * len(means), "ds": list(means), "mean": list(means.values()), **bands})


OLD = forecast({MAY: 100.0, JUNE: 110.0, JULY: 120.0, AUGUST: 130.0})
NEW = forecast({JULY: 126.0, AUGUST: 130.0})
TRUTH = pl.DataFrame({"unique_id": "登记失业", "ds": [MAY, JUNE], "y": [90.0, 125.0]})


def test_errors_and_changes_by_hand():
    table = compare(OLD, NEW, TRUTH)
    assert table["error"].to_list() == [10.0, -15.0, None, None]
    assert table["inside"].to_list() == [True, False, None, None]  # 90 lies on the edge of 90–110, 125 outside 100–120
    assert table["change"].to_list() == [None, None, 6.0, 0.0]


def test_sentences_say_what_the_table_says():
    table = compare(OLD, NEW, TRUTH)
    assert compare_zh(table, "登记失业") == (
        "登记失业：上次预测的 2 期已有实际值：预测平均比实际低 2.3%，误差绝对值平均 12.50，其中 1 期实际值落在区间内。"
        "尚未到来的 2 期：2025-07-01 由 120.0 上调为 126.0；2025-08-01 维持 130.0。"
    )
    assert "on average 2.3 % too low" in compare_en(table, "登记失业") and "from 120.0 to 126.0" in compare_en(table, "登记失业")


def test_an_empty_y_is_not_zero():
    table = compare(OLD, NEW, TRUTH.with_columns(y=pl.lit(None, dtype=pl.Float64)))
    assert table["error"].null_count() == 4 and "实际值" not in compare_zh(table, "登记失业")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [(OLD.drop("lo-80", "lo-95"), NEW, "E_COMPARE_COLUMNS"), (OLD, forecast({JULY: 1.0}, "别的"), "E_COMPARE_NO_SERIES")],
    ids=["no interval", "no series in common"],
)
def test_what_is_no_pair_of_forecasts_is_answered(old, new, code):
    with pytest.raises(BadInput) as told:
        compare(old, new, TRUTH)
    assert told.value.code == code and told.value.en and told.value.remedy_en


def test_an_unknown_series_is_answered():
    with pytest.raises(NotFound):
        compare_zh(compare(OLD, NEW, TRUTH), "没有")
