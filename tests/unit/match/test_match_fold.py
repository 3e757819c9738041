"""One table of traditional characters behind every reader of the matching room."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from leye.kernel.codes import region_spells
from leye.match.adverts import parse_advert
from leye.match.adverts.original import make_plain
from leye.match.fold import fold, half_width, simplified, traditional
from leye.match.occupations.cleaning import clean_title
from leye.match.ranking.words import plain as comparable
from leye.match.resumes.lexicon import words
from leye.match.search.grams import plain as searchable

PACKS = Path(__file__).parents[3] / "src" / "leye" / "packs"
FOLDS = [half_width, fold, simplified, clean_title, comparable, searchable, lambda text: make_plain(text).text]


@pytest.mark.parametrize("folded", FOLDS)
def test_every_reader_folds_the_same_words(folded) -> None:
    assert folded("護理員後勤乾洗銲工會計帳務") == "护理员后勤干洗焊工会计账务"


def test_folding_twice_changes_nothing_more() -> None:
    table = traditional()
    assert not set(table) & set(table.values())
    assert all(before != after for before, after in table.items())


def test_no_two_divisions_fall_together() -> None:
    """乾县 is 干县 once folded; that stays readable only while no other division bears the name."""
    names = {s.name for s in region_spells()}
    assert len({simplified(n) for n in names}) == len(names)
    assert "干县" in words("region")


def test_the_county_that_keeps_a_traditional_character_is_found() -> None:
    slots = {s.slot: s.value for s in parse_advert("工作地点：咸阳乾县，招聘厨师")}
    assert slots["district"] == "610424"


def test_there_is_one_such_table() -> None:
    tables = [f for f in PACKS.rglob("*.csv") if re.match(r"traditional,simplified", f.read_text("utf-8", errors="replace"))]
    assert [f.relative_to(PACKS).as_posix() for f in tables] == ["codes/traditional.csv"]
