"""The curated word lists hang together with the code tables."""

from __future__ import annotations

import pytest

from leye.intake import Ok, parse
from leye.intake.cells.code_names import key, pairs
from leye.intake.cells.region_names import short_forms, stem
from leye.intake.cells.region_table import RegionTable, letters
from leye.kernel.codes import current_regions, industries, occupations, region_spells


def test_every_industry_alias_names_a_known_code_and_contradicts_no_official_name() -> None:
    official = {key(i.name): i.code for i in industries().values()}
    for alias, code in pairs("industry_aliases.csv"):
        assert code in industries(), alias
        known = official.get(key(alias))
        assert known is None or known[0] == code[0], (alias, code, known)


def test_aliases_do_not_contradict_one_another() -> None:
    seen: dict[str, str] = {}
    for alias, code in pairs("industry_aliases.csv"):
        assert seen.setdefault(key(alias), code) == code, alias


def test_words_above_the_classification_are_no_aliases() -> None:
    wide = {row[0] for row in pairs("industry_wide.csv")}
    assert not wide & {alias for alias, _ in pairs("industry_aliases.csv")}
    assert all(not isinstance(parse("industry", word), Ok) for word in wide)


def test_every_official_name_and_code_is_read_as_itself() -> None:
    for code, industry in industries().items():
        assert parse("industry", code) == parse("industry", code.lower())
        outcome = parse("industry", industry.name)
        assert isinstance(outcome, Ok) and outcome.value["name"] == industry.name
    names = [o.name for o in occupations().values()]
    for code, occupation in occupations().items():
        outcome = parse("occupation", code)
        assert isinstance(outcome, Ok) and outcome.value["code"] == code
        if names.count(occupation.name) == 1:
            outcome = parse("occupation", occupation.name)
            assert isinstance(outcome, Ok) and outcome.value["code"] == code


def test_letters_name_every_province_and_nothing_else() -> None:
    provinces = {code for code, spell in current_regions().items() if spell.level == "province"}
    assert set(letters().values()) == provinces


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("黔东南苗族侗族自治州", ("黔东南", "黔东南州")),
        ("广西壮族自治区", ("广西",)),
        ("浦东新区", ("浦东",)),
        ("景宁畲族自治县", ("景宁", "景宁县")),
        ("鄂温克族自治旗", ("鄂温克", "鄂温克旗")),
        ("海淀区", ("海淀",)),
        ("城区", ()),
        ("沙县", ()),
    ],
)
def test_short_forms(name: str, forms: tuple[str, ...]) -> None:
    assert short_forms(name) == forms


def test_stems_keep_two_characters() -> None:
    assert all(len(stem(s.name)) >= 2 for s in region_spells())


def test_today_every_current_division_is_found_by_its_path_or_left_open() -> None:
    current = current_regions()
    for code, spell in current.items():
        if spell.level == "province":
            continue
        outcome = parse("region", current[code[:2] + "0000"].name + spell.name)
        assert outcome.status in ("ok", "ambiguous")
        assert not isinstance(outcome, Ok) or outcome.value["code"] == code


@pytest.mark.parametrize("month", ["1985-12", "1999-06", "2009-12", "2016-12"])
def test_codes_are_read_as_they_were(month: str) -> None:
    table = RegionTable(month, month)
    for spell in region_spells()[::7]:
        if table.lists(spell):
            outcome = parse("region", spell.code, period=month)
            assert isinstance(outcome, Ok)
            assert (outcome.value["code"], outcome.value["name"]) == (spell.code, spell.name)


def test_every_gone_division_has_an_answer_or_is_refused() -> None:
    table = RegionTable.of(None)
    for spell in region_spells():
        found = table.find(spell)
        if spell.is_current:
            assert found is not None and found.spells == (spell,)
        elif found is not None:
            assert found.by_successor and all(s.is_current for s in found.spells)
