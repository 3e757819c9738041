"""The table of a month: new entries by their dates, old codes by name, digits that meant something else before."""

from __future__ import annotations

import pytest

from leye.kernel.codes import occupations
from leye.kernel.errors import BadInput, NotFound
from leye.match.occupations.table import Entry, entries, names_of_classes, newest_month, replaced, table_of

ANSWERS = [
    ("2024-04", None, "before it is proposed nobody knows it"),
    ("2024-05", "proposed", "in the month of the proposal"),
    ("2024-06", "proposed", "until it is published"),
    ("2024-07", "published", "published on the last day of July"),
    ("2030-01", "published", "not entered while no code is known"),
]


@pytest.mark.parametrize(("month", "stage", "why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_stages_of_a_new_occupation(month: str, stage: str | None, why: str) -> None:
    entry = next(e for e in entries() if e.name == "网络主播")
    assert entry.stage_in(month) == stage
    assert (entry in table_of(month).entries) == (stage is not None)


def test_a_reused_code_means_what_it_meant_in_its_month() -> None:
    assert table_of("2021-05").resolve("4-02-07-10")[0].name == "网约配送员"
    assert table_of("2023-01").resolve("4020710")[0].name == "国际快递业务师"


def test_a_retired_code_is_read_as_what_took_its_place_and_says_so() -> None:
    held, old = table_of("2024-01").resolve("4-01-02-07")
    assert (held.code, held.name) == ("4010602", "互联网营销师") and old is not None and old.valid_to == "2022-09"
    assert table_of("2022-09").resolve("4010207")[1] is None, "in its last month it still stands"


@pytest.mark.parametrize("month", ["2025-13", "2025-1", "九月", "2001-01", ""])
def test_what_is_no_month_or_too_early_is_refused(month: str) -> None:
    with pytest.raises(BadInput) as refused:
        table_of(month)
    assert refused.value.code == "E_TABLE_MONTH" and refused.value.remedy_zh and refused.value.remedy_en


def test_an_unknown_code_is_refused_by_name() -> None:
    with pytest.raises(NotFound) as refused:
        table_of("2025-01").resolve("9-99-99-99")
    assert refused.value.code == "E_OCCUPATION" and "9-99-99-99" in str(refused.value)


def test_every_fact_points_to_a_class() -> None:
    known = occupations()
    assert all(code in known for code, _name, _kind in names_of_classes())
    assert all(e.placed_in in known and known[e.placed_in].level == 3 for e in entries())
    assert all(r.code in known for r in replaced())
    assert not {e.name for e in entries()} & {o.name for o in known.values()}, "an entry that the edition has is not new"
    in_use = [name for _code, name, kind in names_of_classes() if kind == "in_use"]
    assert len(in_use) == len(set(in_use)) > 2000, "a title in use stands for one class"


def test_an_entry_with_a_code_is_a_class_once_published(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Entry("云端养鱼师", "4040500", "2031-01", "2031-03-15", "", "4040599", "test", "no")
    monkeypatch.setattr("leye.match.occupations.table.entries", lambda: (made,))
    assert "4040599" not in table_of("2031-02").classes
    assert table_of("2031-03").classes["4040599"].name == "云端养鱼师"


def test_the_upper_classes_of_a_code() -> None:
    assert [c.code for c in table_of(newest_month()).ancestors("2060301")] == ["2060300", "2060000", "2000000"] or "2060301" not in occupations()
    assert [c.code for c in table_of(newest_month()).ancestors("4030201")] == ["4030200", "4030000", "4000000"]
