"""The linter: what stops a card, where it says so, and what does not stop it."""

from __future__ import annotations

from typing import Any

import pytest

from leye.kernel.errors import CheckFailed
from leye.trust.registry import Source, card_of, lint, refuse_errors
from leye.trust.registry.findings import NOTES, TEXTS
from leye.trust.registry.lined_yaml import read_lined
from leye.trust.registry.minimum import group_of, groups
from leye.trust.registry.names_used import names_used
from tests_support.cards import CODE, card_dict, card_text, code, feature


def findings(sources: list[Source] | None = None, **changes: Any) -> list[Any]:
    document = read_lined(card_text(**changes), file="card.yaml", code="E_CARD")
    return lint(card_of(document), document, code() if sources is None else sources)


def codes(sources: list[Source] | None = None, **changes: Any) -> list[str]:
    return [f.code for f in findings(sources, **changes)]


def with_feature(**row: Any) -> list[dict[str, Any]]:
    return [*card_dict()["features"], feature(**row)]


def test_a_sound_card_has_no_findings() -> None:
    assert findings() == []


BANNED = [
    "gait",
    "gait_cycle",
    "voiceprint",
    "mic_audio",
    "keystrokes",
    "typing-rhythm",
    "stepCount",
    "stepcount",
    "RiderStepCount",
    "myvoiceprint",
    "rider_step_count",
    "步态",
    "声纹特征",
    "骑手步数",
    "off_duty_location",
]


@pytest.mark.parametrize("name", BANNED)
def test_banned_features_stop_registration_under_every_spelling(name: str) -> None:
    used = code(CODE + f"\nseen = {name!r}\n")
    found = findings(used, features=with_feature(name=name))
    assert "E_CARD_BANNED" in [f.code for f in found]
    with pytest.raises(CheckFailed) as refused:
        refuse_errors("test.ranker", found)
    assert refused.value.code == "E_CARD_LINT"


def test_a_harmless_name_with_a_banned_word_in_its_label_is_banned_too() -> None:
    assert "E_CARD_BANNED" in codes(code(CODE + "\nsignal_7 = 1\n"), features=with_feature(name="signal_7", zh="骑手声纹相似度"))


@pytest.mark.parametrize("name", ["step", "steps_left", "contact_zone", "irish_zone", "page", "interface_id", "trace_id", "percentage"])
def test_ordinary_names_are_not_taken_for_banned_or_protected_ones(name: str) -> None:
    assert group_of(name) is None


@pytest.mark.parametrize("name", ["sex", "age_band", "hukou", "性别", "ethnic-group", "marital_status"])
def test_protected_attributes_need_a_clause(name: str) -> None:
    used = code(CODE + f"\nseen = {name!r}\n")
    assert "E_CARD_PROTECTED" in codes(used, features=with_feature(name=name))
    assert "E_CARD_PROTECTED" not in codes(used, features=with_feature(name=name, required_by="就业促进法 第 52 条"))


def test_a_feature_that_only_a_comment_or_docstring_names_is_unused() -> None:
    spoken = '"""weather"""\n# weather\ndef f():\n    """weather"""\n    return 1  # weather\n'
    assert codes(code(CODE + spoken), features=with_feature(name="weather")) == ["E_CARD_UNUSED"]
    for use in ("x.weather", 'row["weather"]', "f(weather=1)", "def g(weather): ...", "weather = 1"):
        assert codes(code(CODE + f"\n{use}\n"), features=with_feature(name="weather")) == [], use


@pytest.mark.parametrize(
    "why", [{"zh": "需要", "en": "needed"}, {"zh": "业务需要", "en": "business need"}, None], ids=["too short", "says nothing", "absent"]
)
def test_a_feature_needs_a_justification_that_says_something(why: Any) -> None:
    row = feature("BORDER", why=why)
    row = {k: v for k, v in row.items() if v is not None}
    assert codes(features=[*card_dict()["features"], row]) == ["E_CARD_WHY"]


def test_banned_and_undeclared_protected_names_in_the_code_are_found_at_their_line() -> None:
    spying = code(CODE + "\n\ndef watch(rider):\n    return rider.gait + rider.sex\n")
    found = {f.code: f for f in findings(spying)}
    assert set(found) == {"E_CARD_CODE_BANNED", "E_CARD_CODE_PROTECTED"}
    assert (found["E_CARD_CODE_BANNED"].place.file, found["E_CARD_CODE_BANNED"].place.row) == ("rank.py", CODE.count("\n") + 4)


def test_a_statement_may_name_what_it_rules_out_and_is_told_apart_from_a_program() -> None:
    said = [Source("rules.md", "用 zone distance_m idle_s；不用 gait、性别 sex。BORDER")]
    found = findings(said, code={"held_by": "operator", "paths": ["*.md"]})
    assert [(f.code, f.level) for f in found] == [("E_CARD_STATEMENT", "note")]


def test_settings_must_be_those_that_run() -> None:
    found = findings(config={"BORDER": 3})
    assert [f.code for f in found] == ["E_CARD_SETTING"]
    assert "rank.py:2" in found[0].zh


@pytest.mark.parametrize("part", ["purposes", "features", "reasons", "outcomes", "data", "risks", "limits", "tests"])
def test_no_part_may_be_empty(part: str) -> None:
    found = findings(**{part: []})
    assert [(f.code, f.place.column) for f in found] == [("E_CARD_EMPTY", part)]


def test_places_are_the_cards_lines() -> None:
    text = card_text(features=with_feature(name="gait"))
    document = read_lined(text, file="card.yaml", code="E_CARD")
    bad = next(f for f in lint(card_of(document), document, code(CODE + "\ngait = 1\n")) if f.code == "E_CARD_BANNED")
    assert text.splitlines()[bad.place.row - 1].strip(" -") == "name: gait"


def test_the_two_languages_fill_in_the_same_figures() -> None:
    assert codes(reasons=[{"code": "near", "zh": "近 {distance_m} 米", "en": "near {metres} m"}]) == ["E_CARD_REASON"]


def test_owner_without_contact_or_with_a_false_code() -> None:
    owner = card_dict()["owner"]
    statement = {"held_by": "operator", "paths": ["*.md"]}
    said = [Source("rules.md", "zone distance_m idle_s BORDER")]
    assert codes(owner={**owner, "org_id": "91440600MA00000X06"}) == ["E_CARD_ORG"]
    assert codes(said, code=statement, owner={**owner, "contact": ""}) == ["E_CARD_CONTACT", "E_CARD_STATEMENT"]


def test_no_code_at_all_stops() -> None:
    assert codes([]) == ["E_CARD_NO_CODE"]


def test_every_finding_speaks_both_languages_and_says_what_to_do() -> None:
    assert set(TEXTS) >= NOTES
    for code_, texts in TEXTS.items():
        assert all(texts) and code_.startswith("E_CARD_"), code_


def test_the_pack_of_names_is_sound() -> None:
    found = groups()
    assert len({g.id for g in found}) == len(found)
    assert all(g.names and g.words.zh and g.words.en for g in found)
    assert all(g.why.zh and g.why.en for g in found if g.is_banned)


def test_names_in_a_broken_program_are_read_word_by_word() -> None:
    assert {"def", "gait"} <= set(names_used([Source("x.py", "def (gait")]))
