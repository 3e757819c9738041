import re
from datetime import date, timedelta

import pytest

from leye.forecast.steps import infer_step
from leye.kernel.errors import BadInput

D = date
DAILY = [D(2024, 1, 1) + timedelta(days=i) for i in range(10)]
ANSWERS = [
    ([D(2024, 11, 1), D(2024, 12, 1), D(2025, 1, 1)], "month", 12, D(2025, 2, 1), "months go on over the year"),
    ([D(2024, 1, 31), D(2024, 2, 29), D(2024, 3, 31)], "month", 12, D(2024, 4, 30), "month ends stay month ends"),
    ([D(2024, 1, 1), D(2024, 3, 1), D(2024, 4, 1), D(2024, 5, 1)], "month", 12, D(2024, 6, 1), "a missing month does not hide the step"),
    ([D(2024, 1, 1), D(2024, 4, 1), D(2024, 7, 1)], "quarter", 4, D(2024, 10, 1), "quarters"),
    ([D(2022, 1, 1), D(2023, 1, 1), D(2024, 1, 1)], "year", 1, D(2025, 1, 1), "years have no season"),
    ([D(2024, 1, 5), D(2024, 1, 12), D(2024, 1, 19)], "days", 52, D(2024, 1, 26), "weeks keep their weekday"),
    (DAILY, "day", 7, D(2024, 1, 11), "days"),
    ([d for d in DAILY if d.weekday() < 5], "business", 5, D(2024, 1, 11), "days without weekends"),
    ([D(2023, 9, 1), D(2023, 11, 1), D(2024, 1, 1), D(2024, 2, 1)], "month", 12, D(2024, 3, 1), "more months missing than there"),
    ([D(2023, 6, 30), D(2023, 9, 30), D(2024, 6, 30)], "quarter", 4, D(2024, 9, 30), "quarter ends with a gap"),
    ([D(2023, 1, 1), D(2023, 7, 1), D(2024, 1, 1)], "half", 2, D(2024, 7, 1), "half-years"),
    ([D(2024, 3, 1)], "month", 12, D(2024, 4, 1), "one first of a month"),
    ([D(2024, 3, 5)], "day", 7, D(2024, 3, 6), "one other date"),
]


@pytest.mark.parametrize(("dates", "unit", "season", "following", "why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_step_answers(dates, unit, season, following, why):
    step = infer_step(dates)
    assert (step.unit, step.season) == (unit, season)
    assert step.at(step.position(dates[-1]) + 1) == following
    assert [step.at(step.position(d)) for d in dates] == dates


def test_a_business_week_is_five_positions_long():
    step = infer_step([D(2024, 1, 3) + timedelta(days=i) for i in range(12) if (D(2024, 1, 3) + timedelta(days=i)).weekday() < 5])
    assert step.position(D(2024, 1, 8)) == 3
    assert step.at(3) == D(2024, 1, 8)


CROOKED = [
    [D(2024, 1, 1), D(2024, 1, 8), D(2024, 1, 15), D(2024, 1, 18)],
    [D(2024, 1, 1), D(2024, 1, 20), D(2024, 2, 20), D(2024, 3, 20)],
    [D(2020, 1, 6) + timedelta(days=i * i) for i in range(50)],
]


@pytest.mark.parametrize("dates", CROOKED, ids=["between two weeks", "two in a month", "further and further apart"])
def test_dates_without_a_step_are_refused_with_a_remedy(dates):
    with pytest.raises(BadInput) as caught:
        infer_step(dates)
    assert caught.value.code == "E_PANEL_STEP"
    assert caught.value.remedy_zh
    assert not re.search("[a-z]{3}", caught.value.zh), "the Chinese sentence is Chinese throughout"
