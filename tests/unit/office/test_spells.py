"""Alarm rows become spells."""

from __future__ import annotations

from datetime import date

import pytest

from leye.office.alerts.spells import Row, Spell, spells, worth_taking_up


def row(day: str, kind: str, name: str = "a", level: str = "blue", direction: str = "down") -> Row:
    return Row(name, date.fromisoformat(day), level, 1.0, {"kind": kind, "direction": direction})


MARCH, APRIL, MAY, AUGUST = "2025-03-01", "2025-04-01", "2025-05-01", "2025-08-01"
ANSWERS = [
    ([], {}, [], "nothing"),
    ([row(MARCH, "onset")], {}, [(MARCH, 1, False)], "one row, lamp out"),
    ([row(MARCH, "onset")], {"a": MARCH}, [(MARCH, 1, True)], "one row, lamp burns"),
    ([row(MARCH, "onset"), row(APRIL, "rise"), row(AUGUST, "still")], {"a": MARCH}, [(MARCH, 3, True)], "one spell"),
    ([row("2024-03-01", "onset"), row(APRIL, "onset")], {"a": APRIL}, [("2024-03-01", 1, False), (APRIL, 1, True)], "two spells"),
    ([row(MAY, "rise")], {}, [(MAY, 1, False)], "a rise without its onset begins a spell"),
    ([row(APRIL, "rise"), row(MARCH, "onset")], {}, [(MARCH, 2, False)], "order of rows does not matter"),
    ([row(MARCH, "onset"), row(MARCH, "onset", direction="up")], {}, [(MARCH, 1, False)] * 2, "two directions are two spells"),
]


@pytest.mark.parametrize(("rows", "lit", "expected", "why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_spells(rows: list[Row], lit: dict[str, str], expected: list[tuple[str, int, bool]], why: str) -> None:
    found = spells(rows, {name: date.fromisoformat(day) for name, day in lit.items()})
    assert [(s.begins.ds.isoformat(), len(s.rows), s.is_lit) for s in found] == expected


@pytest.mark.parametrize(("is_lit", "day", "worth"), [(True, "2020-01-01", True), (False, "2025-05-31", True), (False, "2025-05-30", False)])
def test_old_spells_stay_with_their_series(is_lit: bool, day: str, worth: bool) -> None:
    assert worth_taking_up(Spell((row(day, "onset"),), is_lit), on=date(2025, 8, 31)) is worth
