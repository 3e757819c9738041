"""A small data folder for vacancies and applications: two firms, some people, a table of ads, a register of algorithms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from match_town import FIRM, NOW, OTHER_FIRM, SEEKER, TYPED, ads


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The clock stands; `day(at)` moves it."""

    def move(at: datetime) -> None:
        monkeypatch.setenv("LEYE_NOW", at.isoformat())

    move(NOW)
    return move


@pytest.fixture(autouse=True)
def town(settings: Any, own_data_folder: None) -> Path:
    """Tables of a town with two firms, five people, a counsellor's grid and three ads."""
    folder = Path(settings.LEYE_DATA) / "city"
    folder.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(
        {
            "firm_id": [FIRM, OTHER_FIRM], "name": ["示例市禅艺纺织有限公司", "示例市安腾包装有限公司"], "org_id": ["91440604A", "91440605B"],
            "region": ["440604", "440605"], "industry": ["C17", "C22"], "staff": [40, 12],
        }
    ).write_parquet(folder / "firms.parquet")  # fmt: skip
    people = [f"P{n:08d}" for n in range(1, 6)]
    pl.DataFrame(
        {
            "person_id": people, "region": ["CN-440604"] * 4 + ["CN-440605"], "grid_id": ["G00000001"] * 4 + ["G00000002"],
            "name": ["甲一", "乙二", "丙三", "丁四", "戊五"], "phone": [f"1380000000{n}" for n in range(5)], "sex": ["F", "M", "F", "M", "F"],
            "birth": [date(1990, 1, 1)] * 5, "hukou_type": ["rural"] * 5, "employment_status": ["unemployed"] * 5, "firm_id": [None] * 5,
            "address": ["示例市禅城区"] * 5,
        }
    ).write_parquet(folder / "people.parquet")  # fmt: skip
    pl.DataFrame(
        {
            "grid_id": ["G00000001", "G00000002"], "region": ["440604", "440605"],
            "counsellor_id": ["C00000001", "C00000002"], "households": [10, 10],
        }
    ).write_parquet(folder / "grids.parquet")  # fmt: skip
    ads(
        folder,
        [
            ("J00000001", "会计", 600000, 800000, None),
            ("J00000002", "出纳", 450000, 550000, date(2025, 8, 20)),
            ("J00000003", "会计", 500000, 700000, None),
        ],
    )
    return folder


@pytest.fixture
def employer(user_of: Callable[..., Any]) -> Any:
    """何经理 of the first firm."""
    return user_of("employer", "employer", subject=FIRM, region="440604")


@pytest.fixture
def rival(user_of: Callable[..., Any]) -> Any:
    """The other firm's."""
    return user_of("employer", "rival", subject=OTHER_FIRM, region="440605")


@pytest.fixture
def seeker(user_of: Callable[..., Any]) -> Any:
    """Somebody who looks for work."""
    return user_of("seeker", "seeker", subject=SEEKER, region="440604")


@pytest.fixture
def counsellor(user_of: Callable[..., Any]) -> Any:
    """The counsellor of the first grid."""
    return user_of("counsellor", "counsellor", subject="C00000001", region="440604")


@pytest.fixture
def posted(employer: Any) -> Any:
    """An open vacancy of the first firm."""
    from leye.office.vacancies.actions import publish, save

    return publish(save(TYPED, acting_user=employer, at=NOW).pk, acting_user=employer, at=NOW)
