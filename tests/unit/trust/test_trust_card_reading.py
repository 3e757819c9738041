"""Cards as files: every mistake at its line, nothing hostile gets in."""

from __future__ import annotations

from pathlib import Path

import pytest

from leye.kernel.errors import BadInput
from leye.trust.registry import card_of, document_of, read_card
from leye.trust.registry.lined_yaml import read_lined
from tests_support.cards import card_dict, card_text


def refused(text: str) -> BadInput:
    with pytest.raises(BadInput) as caught:
        card_of(read_lined(text, file="card.yaml", code="E_CARD"))
    assert caught.value.code == "E_CARD"
    return caught.value


MISTAKES = [
    ({"algo": "Watch Scan"}, "algo", "a name of small letters with a dot"),
    ({"version": 1.0}, "version", "a number is not a text: 1.0 and 1.00 would be one version"),
    ({"kind": "magic"}, "kind", "one of the five types"),
    ({"retention_years": 2}, "retention_years", "three years at least"),
    ({"retention_years": True}, "retention_years", "true is no number"),
    ({"features": "zone"}, "features", "a list"),
    ({"surprise": 1}, "surprise", "an unknown key is a misspelt one"),
    ({"code": {"held_by": "product", "paths": ["../secret/*"]}}, "code.paths", "no path leaves the folder"),
    ({"code": {"held_by": "product", "paths": []}}, "code.paths", "no path at all"),
    ({"config": {"A": [1]}}, "config.A", "a setting is one value"),
    (
        {"service": {"product": {"zh": "甲", "en": "a"}, "form": {"zh": "甲", "en": "a"}, "field": {"zh": "甲", "en": "a"}, "since": "soon"}},
        "service.since",
        "a date",
    ),
    ({"name": {"zh": "甲"}}, "name", "both languages"),
]


@pytest.mark.parametrize(("change", "field", "why"), MISTAKES, ids=[m[-1] for m in MISTAKES])
def test_mistakes_are_named_with_their_field_and_line(change: dict[str, object], field: str, why: str) -> None:
    text = card_text(**change)
    places = refused(text).places
    assert [p.column for p in places] == [field]
    key = field.split(".")[0]
    assert places[0].row >= next(i for i, line in enumerate(text.splitlines(), 1) if line.startswith(key + ":"))


def test_all_mistakes_come_at_once() -> None:
    assert len(refused(card_text(kind="x", risk="y", retention_years=0)).places) == 3


def test_names_stand_once() -> None:
    features = card_dict()["features"]
    assert refused(card_text(features=[*features, features[0]])).places[0].column == "features.3"


HOSTILE = [
    ("a: &x [1]\nb: *x\n", "aliases unfold to gigabytes"),
    ("a: 1\na: 2\n", "a key twice"),
    ("a: [1\n", "no YAML"),
    ("!!python/object/apply:os.system ['true']\n", "no object is made"),
    ("[" * 5000 + "]" * 5000, "nested too deep"),
    ("- 1\n- 2\n", "no mapping"),
    ("", "empty"),
    ("x: " + "长" * 100_000, "too long"),
]


@pytest.mark.parametrize(("text", "why"), HOSTILE, ids=[h[-1] for h in HOSTILE])
def test_hostile_files_are_bad_input(text: str, why: str) -> None:
    refused(text)


def test_a_file_that_is_no_utf8(tmp_path: Path) -> None:
    file = tmp_path / "card.yaml"
    file.write_bytes("algo: 演示".encode("gb18030"))
    with pytest.raises(BadInput):
        document_of(file)


def test_a_mark_at_the_beginning_is_no_mistake(tmp_path: Path) -> None:
    file = tmp_path / "card.yaml"
    file.write_text(card_text(), encoding="utf-8-sig")
    assert read_card(file).algo == "test.ranker"
