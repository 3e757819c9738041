"""Papers: all from the card and the law pack, nothing made up, the mark of every clause shown."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import leye
from leye.packs import open_pack
from leye.trust.registry import MARKS, card_of, facts, identity_of, lint, read_card, sources_of
from leye.trust.registry.lined_yaml import read_lined
from leye.trust.registry.papers import KINDS, Paper, Rows, paper
from leye.trust.registry.reading import document_of
from tests_support.cards import card_text

PACKAGE = Path(leye.__file__).parent
ROOT = Path(__file__).parents[3]
CARDS = sorted(open_pack("algorithms").glob("*.yaml"))
DISPATCH = next(f for f in CARDS if f.stem == "platform.dispatch")


def text_of(made: Paper) -> str:
    parts = [made.title, made.subtitle]
    for section in made.sections:
        parts.append(section.title)
        for block in section.blocks:
            parts += [cell for row in (block.header, *block.rows) for cell in row] if isinstance(block, Rows) else [block.text]
    return "\n".join(parts)


@pytest.mark.parametrize("file", CARDS, ids=lambda f: f.stem)
def test_shipped_cards_pass_their_own_linter(file: Path) -> None:
    document = document_of(file)
    card = card_of(document)
    found = lint(card, document, sources_of(card, [PACKAGE]))
    assert [f for f in found if f.level == "error"] == []
    assert card.algo == file.stem


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("file", CARDS, ids=lambda f: f.stem)
def test_every_paper_of_every_card_is_whole(file: Path, kind: str) -> None:
    card = read_card(file)
    made = paper(kind, card, version=card.version, identity="ab" * 32)
    said = text_of(made)
    assert kind == "assessment" or "{" not in said, "only the reasons of the assessment hold figures to be filled in"
    assert "None" not in said and "Words(" not in said
    assert card.name.zh in said
    assert made.sha256() == paper(kind, card, version=card.version, identity="ab" * 32).sha256()
    assert made.sha256() != paper(kind, card, version="9", identity="ab" * 32).sha256()
    for section in made.sections:
        for block in section.blocks:
            if isinstance(block, Rows):
                assert all(len(row) == len(block.header) for row in block.rows), section.title


def test_the_filing_form_has_its_three_parts_and_all_fields_of_the_law_pack() -> None:
    card = read_card(DISPATCH)
    made = paper("filing", card, version="1", identity="ab" * 32)
    assert [s.title for s in made.sections][:3] == ["一、主体信息", "二、算法信息", "三、产品及功能信息"]
    said = text_of(made)
    for part, fields in facts()["algo_filing_parts"].more["parts"].items():
        assert part in said
        assert all(field in said for field in fields), fields
    assert all(duty in said for duty in facts()["algo_filing_parts"].more["duties"])


def test_what_nobody_told_is_left_open_and_listed() -> None:
    made = paper("filing", read_card(DISPATCH), version="1", identity="ab" * 32)
    assert {"电话", "邮箱", "地址", "开始服务日期"} <= set(made.missing)
    assert "统一社会信用代码" not in made.missing
    full = {
        "org": {"zh": "甲", "en": "A"},
        "org_id": "91440600MA00000X0Y",
        "department": "调度",
        "contact": "李",
        "phone": "1",
        "email": "a@b",
        "address": "路",
    }
    service = {"product": {"zh": "甲", "en": "a"}, "form": {"zh": "甲", "en": "a"}, "field": {"zh": "甲", "en": "a"}, "since": date(2025, 1, 2)}
    card = card_of(read_lined(card_text(owner=full, service=service), file="c", code="E_CARD"))
    assert paper("filing", card, version="1", identity="ab" * 32).missing == ()


def test_the_impact_assessment_answers_the_three_questions_and_says_when_nothing_personal_goes_in() -> None:
    person, series = read_card(DISPATCH), read_card(next(f for f in CARDS if f.stem == "watch.scan"))
    said = text_of(paper("pipia", person, version="1", identity="ab" * 32))
    assert all(question in said for question in facts()["pipia"].more["content"])
    assert "接单片区（zone）" in said
    assert "不处理个人信息" in text_of(paper("pipia", series, version="1", identity="ab" * 32))


def test_the_negotiation_sheet_has_the_five_subjects_or_says_that_there_is_nothing_to_negotiate() -> None:
    said = text_of(paper("negotiation", read_card(DISPATCH), version="1", identity="ab" * 32))
    for subject in ("派单", "收入与抽成", "工时与休息", "时间预估与路线", "考核与奖惩"):
        assert subject in said
    assert "没有需要协商" in text_of(paper("negotiation", read_card(CARDS[0]), version="1", identity="ab" * 32))


def test_law_is_quoted_with_how_it_is_known() -> None:
    found = facts()
    assert {f.mark for f in found.values()} <= set(MARKS)
    assert all(f.law.zh and f.law.en and f.text.zh and f.text.en for f in found.values())
    said = text_of(paper("notice", read_card(DISPATCH), version="1", identity="ab" * 32))
    assert "互联网信息服务算法推荐管理规定 第二十四条（见于转述，未核对原文）" in said


@pytest.mark.parametrize("file", CARDS, ids=lambda f: f.stem)
def test_the_model_card_says_what_the_register_says(file: Path) -> None:
    card = read_card(file)
    text = (ROOT / card.model_card).read_text(encoding="utf-8")
    row = (
        f"| `{card.algo}` | {card.version} | {', '.join(f'`{p.code}`' for p in card.purposes)} | {', '.join(f'`{f.name}`' for f in card.features)} |"
    )
    assert row in text
    for check in card.tests:
        where = check.where
        if "/" in where and "*" not in where:
            assert (ROOT / where).exists(), f"{where} is named as a test and not there"


READERS = {f"docs/models/{name}.md" for name in ("adverts", "occupations", "resumes")}
"""Cards of models that read texts and decide about nobody: a person confirms what was read, and what is decided with it has its own card."""


def test_every_model_card_belongs_to_a_registered_algorithm() -> None:
    named = {read_card(f).model_card for f in CARDS}
    assert not named & READERS
    assert named | READERS == {f"docs/models/{f.name}" for f in (ROOT / "docs" / "models").glob("*.md")}
    for doc in (ROOT / "docs" / "models").glob("*.md"):
        listed = set(re.findall(r"^\| `([a-z_.]+)` \|", doc.read_text(encoding="utf-8"), re.M))
        assert listed <= {f.stem for f in CARDS}


def test_identity_of_shipped_cards_differs() -> None:
    cards = [read_card(f) for f in CARDS]
    assert len({identity_of(c, sources_of(c, [PACKAGE])).version_hash for c in cards}) == len(cards)
