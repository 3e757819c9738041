"""People of key groups, counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from leye.office.nightly.heads import count_heads

ON = date(2025, 8, 31)
NOBODY = {
    "region": "CN-440605", "industry": None, "sex": "F",
    "birth": date(1990, 1, 1), "graduate": False, "graduated_on": None, "rural_transfer": False,
    "hard_to_employ": False, "veteran": False, "employment_status": "inactive", "poverty_alleviated": False,
    "disability_grade": 0, "gig_worker": False,
}  # fmt: skip

CASES = [
    ({"graduate": True, "graduated_on": date(2024, 6, 30)}, "graduates", 1, "left school last summer"),
    ({"graduate": True, "graduated_on": date(2023, 8, 27)}, "graduates", 0, "left school more than two years ago"),
    ({"graduate": True, "graduated_on": date(2026, 6, 30)}, "graduates", 0, "has not left school yet"),
    ({"sex": "F", "birth": date(1985, 8, 31), "employment_status": "employed"}, "older", 1, "a woman on her fortieth birthday"),
    ({"sex": "F", "birth": date(1985, 9, 1), "employment_status": "employed"}, "older", 0, "a woman the day before"),
    ({"sex": "M", "birth": date(1985, 8, 31), "employment_status": "employed"}, "older", 0, "a man of forty"),
    ({"sex": "M", "birth": date(1975, 8, 31), "employment_status": "inactive"}, "older", 0, "not at work and not looking"),
    ({"disability_grade": None}, "disabled", 0, "unknown does not count"),
    ({"disability_grade": 4}, "disabled", 1, "any grade"),
    ({"employment_status": "flexible"}, "flexible", 1, "flexible"),
]


def heads(tmp_path: Path, people: list[dict[str, object]]) -> dict[tuple[str, str, str], int]:
    (tmp_path / "city").mkdir(exist_ok=True)
    schema = {"birth": pl.Date, "graduated_on": pl.Date, "industry": pl.String, "disability_grade": pl.Int64}
    pl.DataFrame([NOBODY | p for p in people], schema_overrides=schema).write_parquet(tmp_path / "city" / "people.parquet")
    found = count_heads(tmp_path, ON)
    assert found is not None
    return {(r, i, g): n for r, i, g, n in found.iter_rows()}


@pytest.mark.parametrize(("person", "grp", "n", "why"), CASES, ids=[c[-1] for c in CASES])
def test_who_belongs(tmp_path: Path, person: dict[str, object], grp: str, n: int, why: str) -> None:
    assert heads(tmp_path, [person])["440605", "all", grp] == n


def test_a_worker_counts_in_the_section_and_in_the_district(tmp_path: Path) -> None:
    found = heads(tmp_path, [{"veteran": True, "industry": "H61"}, {"veteran": True}, {"industry": "C13"}])
    assert found["440605", "H", "veterans"] == 1
    assert found["440605", "all", "veterans"] == 2
    assert found["440605", "C", "veterans"] == 0, "counted, and empty"


def test_without_residents_nobody_is_counted(tmp_path: Path) -> None:
    assert count_heads(tmp_path, ON) is None
