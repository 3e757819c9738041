"""The step of a panel is seen however many periods are missing."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from leye.kernel.errors import BadInput
from leye.watch.grid import infer_step

D = date
ANSWERS = [
    ([D(2023, 1, 1), D(2023, 2, 1), D(2023, 3, 1)], "monthly", "months"),
    ([D(2023, 1, 1), D(2023, 3, 1), D(2023, 6, 1), D(2023, 8, 1), D(2023, 11, 1)], "monthly", "more months missing than there"),
    ([D(2023, 1, 31), D(2023, 2, 28), D(2023, 3, 31)], "monthly", "month ends"),
    ([D(2022, 1, 1), D(2022, 7, 1), D(2022, 10, 1)], "quarterly", "a quarter missing"),
    ([D(2023, 1, 2), D(2023, 1, 9), D(2023, 1, 16)], "weekly", "weeks"),
    ([D(2023, 1, 2), D(2023, 1, 3), D(2023, 1, 4)], "daily", "days"),
]


@pytest.mark.parametrize(("days", "name", "why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_step_answers(days, name, why):
    assert infer_step(pl.Series(days)).name == name


@pytest.mark.parametrize("days", [[D(2020, 1, 1), D(2021, 1, 1), D(2022, 1, 1)], [D(2020, 1, 1)]], ids=["years", "one day"])
def test_what_cannot_be_watched_is_refused(days):
    with pytest.raises(BadInput) as refused:
        infer_step(pl.Series(days))
    assert refused.value.code == "E_STEP"
