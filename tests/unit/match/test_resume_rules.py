"""Closed readings of résumés: answers worked by hand, with the reason of each."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leye.kernel.errors import BadInput
from leye.match.fold import half_width
from leye.match.profile import EVIDENCE, FIELDS, Claim, evidence_of, profile_row
from leye.match.profile_reading import claims_of
from leye.match.resumes.lexicon import KINDS, spots, words
from leye.match.resumes.papers import day_of, masked
from leye.match.resumes.parse import parse_closed
from leye.match.resumes.protected import without_protected
from leye.match.resumes.sentences import LONGEST, sentences
from leye.match.resumes.tags import Span, to_spans, to_tags

READ = [
    ("大专学历", "education_level", ["junior_college"], "level"),
    ("博士生导师，硕士研究生", "education_level", ["master"], "a supervisor of doctors is no doctor"),
    ("高中数学老师", "education_level", [], "what somebody teaches is not their schooling"),
    ("初中文化", "education_level", ["junior_high"], "culture means schooling"),
    ("职业高中毕业", "education_level", ["secondary_vocational"], "a vocational senior high is vocational"),
    ("有5年电工经验", "years", [{"min": 5}], "digits"),
    ("做过月嫂十二年", "years", [{"min": 12}], "Chinese numerals"),
    ("工作年限：3.5年", "years", [{"min": 3.5}], "halves"),
    ("2015年参加工作", "years", [], "a date is no span of years"),
    ("三年前开始做保安", "years", [{"min": 3}], "since"),
    ("C1驾照", "licence", ["C1"], "class before"),
    ("准驾车型：B2", "licence", ["B2"], "class after"),
    ("C1证书", "licence", [], "a certificate called C1 is no licence"),
    ("高级工", "skill_grade", [3], "grade"),
    ("高级工程师", "skill_grade", [], "an engineer is no worker of that grade"),
    ("期望薪资6000-8000元/月", "pay", [{"min_fen": 600_000, "max_fen": 800_000, "period": "month"}], "range"),
    ("期望月薪8-10K", "pay", [{"min_fen": 800_000, "max_fen": 1_000_000, "period": "month"}], "one unit for both"),
    ("期望年薪１５万", "pay", [{"min_fen": 15_000_000, "period": "year"}], "full width, by the year"),
    ("工资0元", "pay", [], "nothing is no wish"),
    ("要求999999万", "pay", [], "no such wage"),
    ("日薪200元", "pay", [{"min_fen": 20_000, "period": "day"}], "by the day"),
    ("待遇面议", "pay", [{"negotiable": True}], "open"),
    ("期望地点：佛山、广州", "city", ["440600", "440100"], "two places, two slots"),
    ("想在南海区找活", "city", ["440600"], "a county gives its prefecture"),
    ("佛山市美的公司", "city", [], "a firm's place is no wish"),
    ("求职意向：会计、出纳\n学历：大专", "target_title", ["会计", "出纳"], "titles after a heading, to the end of the line"),
    ("应聘岗位:佛山 会计 5000元", "target_title", ["会计"], "a place and a figure are no titles"),
    ("我应聘过会计", "target_title", [], "without a heading nothing is wished"),
    ("不上夜班", "shift", ["night"], "told as refused"),
    ("能接受倒班", "shift", ["rotating"], "willing"),
    ("兼职", "employment_form", ["part_time"], "form"),
    ("英语六级，会粤语", "language", ["英语", "粤语"], "languages"),
    ("低压电工证，有效期至2026年2月", "certificate_until", [{"certificate": "电工证", "until": "2026-02-28"}], "a month ends on its last day"),
    (
        "电工证，焊工证2027-05-01到期",
        "certificate_until",
        [{"certificate": "焊工证", "until": "2027-05-01"}],
        "an end belongs to the paper before it",
    ),
    ("", "skills", [], "nothing"),
]


@pytest.mark.parametrize(("text", "slot", "values", "why"), READ, ids=[r[-1] for r in READ])
def test_read(text, slot, values, why):
    assert [s.value for s in parse_closed(text) if s.slot == slot] == values


def test_a_refused_shift_is_negated():
    assert [(s.value, s.strength) for s in parse_closed("不上夜班，希望白班") if s.slot == "shift"] == [("night", "negated"), ("day", "soft")]


@given(st.text(alphabet="会做电工证C1驾照8年薪万元期望佛山、，。不上夜班大专学历0123456789-.kＫ有效期至月日\n", max_size=60))
def test_every_reading_lies_in_the_text(text):
    for slot in parse_closed(text):
        assert 0 <= slot.start < slot.end <= len(text)
        assert slot.strength in {"hard", "soft", "negated"}
    claims_of(parse_closed(text))  # what is read can always be claimed


@given(st.text(max_size=80))
def test_any_text_is_answered(text):
    parse_closed(text)
    assert len(without_protected(text)) == len(masked(text)) == len(text)


def test_contacts_are_struck_out_in_place():
    assert masked("电话138 1234 5678，信a.b@c.com。") == "电话" + "*" * 13 + "，信" + "*" * 9 + "。"
    assert masked("编号123456789012345678") == "编号123456789012345678", "a longer number is no phone"


def test_words_about_who_somebody_is_are_struck_out():
    for text in ("45岁", "女，", "已婚已育", "汉族，", "本地户口", "有孩子", "1980年5月出生", "哺乳期"):
        said = without_protected("，" + text + "会电工")
        assert "会电工" in said and "*" in said, text
    assert without_protected("做过女装销售，2015年至今") == "做过女装销售，2015年至今"


def test_days():
    assert day_of("2024年2月") == date(2024, 2, 29)
    assert day_of("2026-12") == date(2026, 12, 31)
    assert day_of("2026年13月") is None


@given(st.lists(st.tuples(st.sampled_from(["NAME", "ORG"]), st.integers(1, 4), st.integers(0, 2)), max_size=8))
def test_tags_and_spans_are_inverse(parts):
    spans, at = [], 0
    for label, size, gap in parts:
        spans.append(Span(label, at + gap, at + gap + size))
        at += gap + size
    assert to_spans(to_tags(at + 1, spans)) == spans


def test_broken_tags_lose_no_reading():
    assert to_spans(["I-ORG", "E-ORG", "B-ORG", "O", "I-ORG", "B-NAME"]) == [
        Span("ORG", 0, 2), Span("ORG", 2, 3), Span("ORG", 4, 5), Span("NAME", 5, 6),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="over another"):
        to_tags(4, [Span("ORG", 0, 2), Span("NAME", 1, 3)])


@given(st.text(alphabet="张三。；\n ，abc", max_size=2_000))
def test_sentences_hold_every_character(text):
    spans = sentences(text)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(0 < b - a <= 2 * LONGEST for a, b in spans) and spans == sorted(spans)


def test_word_lists():
    assert all(len(words(kind)) >= 30 for kind in KINDS)
    assert spots("毕业于佛山市", "region") == [(3, 6)]


ON = date(2025, 8, 31)


def test_profile_row_by_evidence_and_day():
    claims = [
        Claim("skills", "电焊"), Claim("skills", "电焊", "certificate", since=date(2024, 1, 1), level=4), Claim("skills", "收银", "project"),
        Claim("certificates", "焊工证", until=date(2025, 8, 30)), Claim("certificates", "电工证", until=date(2026, 1, 1)),
        Claim("certificates", "电工证"),
        Claim("education", "bachelor"), Claim("education", "junior_high", "register"), Claim("trainings", "旧班", "training", until=date(2024, 1, 1)),
    ]  # fmt: skip
    row = profile_row(claims, ON, person_id="P00000001")
    assert (row["skills"], row["skill_levels"]) == (["收银", "电焊"], [3, 4])
    assert (row["certificates"], row["certificate_until"]) == (["焊工证", "电工证"], [date(2025, 8, 30), None]), "the gate judges the end"
    assert row["education"] == "junior_high", "a register is better attested than a word"
    assert row["trainings"] is None and row["pay_min_fen"] is None
    assert evidence_of(claims, "skills", "电焊").evidence == "certificate"
    assert profile_row(reversed(claims), ON, person_id="P00000001") == row
    assert profile_row([c for c in claims if c.field not in {"skills", "certificates"}], ON)["skill_levels"] is None
    assert set(FIELDS).isdisjoint({"name", "sex", "birth", "ethnicity", "hukou", "skill_levels"})
    assert EVIDENCE[0] == "certificate" and EVIDENCE[-1] == "self"


@pytest.mark.parametrize(
    ("field", "value"),
    [("sex", "F"), ("skills", ""), ("skills", "\ud800"), ("skills", "长" * 101), ("education", "x"), ("pay_min_fen", 0),
     ("pay_min_fen", 99_999_900_000), ("total_years", float("nan")), ("relocate", 1), ("skills", ["a"]), ("shifts", "noon"),
     ("available_from", "2025-01-01")],
)  # fmt: skip
def test_what_cannot_be_claimed(field, value):
    with pytest.raises(BadInput) as refused:
        Claim(field, value)
    assert refused.value.code == "E_PROFILE_VALUE"


@pytest.mark.parametrize(
    ("held", "asked"), [("会计证", "有会计证书"), ("C1驾照", "需持C1驾照"), ("驾驶证C1", "持C1驾驶证"), ("初级会计职称", "持有初级会计证")]
)
def test_a_paper_held_is_the_paper_asked_for(held, asked):
    from leye.match.adverts.columns import job_columns
    from leye.match.adverts.parsing import parse_advert

    row = profile_row([Claim("certificates", held)], date(2025, 8, 31))
    assert job_columns("", asked, parse_advert(asked))["certificates_required"] == row["certificates"]


def test_a_certificate_holds_through_its_last_day():
    paper = Claim("certificates", "健康证", until=ON)
    assert paper.is_valid(ON) and not paper.is_valid(date(2025, 9, 1))


def test_claims_of_a_resume():
    text = "大专学历，后读本科。有8年经验，3年经验。驾驶证C1，不上夜班。月薪6000元。"
    told = {(c.field, c.value) for c in claims_of(parse_closed(text))}
    assert {("education", "bachelor"), ("total_years", 8), ("certificates", "驾驶证C1"), ("shifts", "day"), ("pay_min_fen", 600_000)} <= told
    assert all(half_width(text)[c.start : c.end] for c in claims_of(parse_closed(text)))
