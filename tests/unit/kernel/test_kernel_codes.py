"""Code tables: keys, parents, validity in time; the Spring Festival against an independent calendar."""

from __future__ import annotations

from datetime import date

import pytest
from lunardate import LunarDate

from leye.kernel import codes
from leye.kernel.errors import NotFound


def test_spring_festivals_agree_with_the_lunar_calendar() -> None:
    table = codes.spring_festivals()
    assert sorted(table) == list(range(2010, 2031))
    for year, first_day in table.items():
        assert LunarDate.from_solar_date(first_day.year, first_day.month, first_day.day) == LunarDate(year, 1, 1)


def test_current_regions() -> None:
    current = codes.current_regions()
    assert sum(s.level == "province" for s in current.values()) == 34
    assert sum(s.is_current for s in codes.region_spells()) == len(current), "one name a code today"
    assert (codes.region_name("440600"), current["440605"].level) == ("佛山市", "county")
    with pytest.raises(NotFound, match="999999"):
        codes.region_name("999999")


def test_every_current_county_has_a_province_and_most_have_a_city() -> None:
    current = codes.current_regions()
    assert all(code[:2] + "0000" in current for code in current)
    without_city = {c for c in current if not c.endswith("00") and c[:4] + "00" not in current}
    direct = {c for c in without_city if c[2:4] == "90" or c[:2] in ("11", "12", "31", "50")}
    assert without_city == direct, "only municipalities and counties led by the province have none"


@pytest.mark.parametrize(("code", "parent"), [("440605", "440600"), ("440600", "440000"), ("440000", None)])
def test_region_parent(code: str, parent: str | None) -> None:
    assert codes.region_parent(code) == parent


@pytest.mark.parametrize(("code", "prefix"), [("440000", "CN-44"), ("440600", "CN-4406"), ("440605", "CN-440605"), (None, "CN")])
def test_prefix_form_round_trips(code: str | None, prefix: str) -> None:
    assert codes.region_code(prefix) == code
    assert code is None or codes.region_prefix(code) == prefix


LISTED = [
    ("430124", "宁乡县", "2017-04", True, "ends in the month of its exact day"),
    ("430124", "宁乡县", "2017-05", False, "an exact day wins over the table that still listed it"),
    ("430182", "宁乡市", "2017-03", False, "not before its exact day"),
    ("430182", "宁乡市", "2017-04", True, "from the month of its exact day, months before the first table"),
    ("310103", "卢湾区", "1975-01", True, "older than the first table"),
    ("310103", "卢湾区", "2011-06", True, "a table holds until the next"),
    ("310103", "卢湾区", "2012-01", False, "gone with the next table"),
    ("440600", "佛山市", "2099-01", True, "current spells have no end"),
]


@pytest.mark.parametrize(("code", "name", "month", "listed", "why"), LISTED, ids=[r[-1] for r in LISTED])
def test_listed_in(code: str, name: str, month: str, listed: bool, why: str) -> None:
    (spell,) = [s for s in codes.region_spells_by_code()[code] if s.name == name]
    assert spell.is_listed_in(month) is listed


@pytest.mark.parametrize("month", ["1981-12", "1990-06", "2000-12", "2012-03", "2018-07", "2026-04"])
def test_no_code_has_two_names_at_a_time(month: str) -> None:
    seen: dict[str, str] = {}
    for spell in codes.region_spells():
        if spell.is_listed_in(month) and not (spell.valid_from or spell.valid_to):
            assert spell.code not in seen, (spell, seen[spell.code])
            seen[spell.code] = spell.name


def test_successors_are_codes_of_the_table() -> None:
    known = set(codes.region_spells_by_code())
    assert not [(s.code, s.name, c) for s in codes.region_spells() for c in s.successors if c not in known]
    assert not [s for s in codes.region_spells() if s.is_current and s.successors]


def test_spells_are_well_formed() -> None:
    for spell in codes.region_spells():
        assert len(spell.code) == 6 and spell.code.isdigit() and spell.name
        assert spell.level == ("province" if spell.code.endswith("0000") else "city" if spell.code.endswith("00") else "county")
        assert spell.first_month <= spell.last_month or not spell.first_month
        assert spell.valid_from is None or spell.valid_from > date(1980, 1, 1)


def test_industries() -> None:
    table = codes.industries()
    assert [len([i for i in table.values() if i.level == n]) for n in (1, 2)] == [20, 97]
    assert all(i.parent == ("" if i.level == 1 else i.code[0]) for i in table.values())
    assert sorted(int(c[1:]) for c in table if len(c) == 3) == list(range(1, 98))


def test_occupations() -> None:
    table = codes.occupations()
    assert all(len(c) == 7 and c.isdigit() for c in table)
    assert [c for c, o in table.items() if o.level == 1] == [f"{n}000000" for n in range(1, 9)]
    assert all(o.code.endswith("0000") for o in table.values() if o.level == 2)
    assert {o.marks for o in table.values()} <= {"", "L", "S", "L/S"}


def test_key_groups_name_their_basis() -> None:
    groups = codes.key_groups()
    assert {"graduates", "migrant_workers", "hard_to_employ", "veterans", "older"} <= set(groups)
    assert all(g.zh and g.en and g.basis for g in groups.values())
