"""Every rule of the pack by its own worked cases, every correction by its wording, and spans on the text as it was given."""

from __future__ import annotations

import pytest

from leye.kernel.errors import BadInput
from leye.match.adverts import parse_advert
from leye.match.adverts.corrections import corrections
from leye.match.adverts.numerals import number
from leye.match.adverts.original import make_plain
from leye.match.adverts.rules import _rule, rules

RULES = [rule for group in rules().values() for rule in group]


@pytest.mark.parametrize("rule", RULES, ids=[r.id for r in RULES])
def test_a_rule_reads_its_own_cases(rule) -> None:
    for text, wanted in rule.cases.items():
        family = rule.id.partition(".")[0]
        read = [[s.value, s.strength] for s in parse_advert(text) if s.slot == rule.slot and (rule.slot != "benefit" or s.source.startswith(family))]
        assert sorted(map(repr, read)) == sorted(map(repr, wanted)), f"{rule.id}: {text}"


def test_rules_have_ids_of_their_own_and_there_are_hundreds_of_cases() -> None:
    assert len({r.id for r in RULES}) == len(RULES)
    assert sum(len(r.cases) for r in RULES) >= 300


@pytest.mark.parametrize("line", corrections(), ids=[c.wording for c in corrections()])
def test_a_correction_holds_in_its_wording(line) -> None:
    read = [(s.value, s.strength) for s in parse_advert(line.wording) if s.slot == line.slot]
    assert read == ([] if line.value is None else [(line.value, line.strength)])


NUMBERS = [
    ("3,500", 3500, "commas"),
    ("三千五", 3500, "a last digit counts one place lower"),
    ("三千零五", 3005, "a zero keeps the place"),
    ("一万二", 12000, "myriad"),
    ("十八", 18, "ten alone is one ten"),
    ("两百五", 250, "colloquial"),
    ("贰拾", 20, "formal"),
    ("半", 0.5, "half"),
    ("一半", 1.5, "one and a half, of 一年半"),
    ("三四", None, "two digits in a row are no number"),
    ("好", None, "no numeral"),
]


@pytest.mark.parametrize(("text", "wanted", "why"), NUMBERS, ids=[n[-1] for n in NUMBERS])
def test_numbers_of_ads(text, wanted, why) -> None:
    assert number(text) == wanted


SPANS = [
    ("薪資<b>５</b>Ｋ-８K", "pay", "５</b>Ｋ-８K", "markup inside a number"),
    ("<p>學歷：本科以上</p>", "education", "本科以上", "traditional in a paragraph"),
    ("要求&nbsp;３年以上經驗", "years", "３年以上經驗", "an entity before"),
    ("持\u200bC1駕照", "licence", "持\u200bC1駕照", "a hidden character inside"),
    ("长白班&amp;双休", "shift", "长白班", "an entity after"),
]


@pytest.mark.parametrize(("text", "slot", "said", "why"), SPANS, ids=[s[-1] for s in SPANS])
def test_spans_lie_on_the_original(text, slot, said, why) -> None:
    found = next(s for s in parse_advert(text) if s.slot == slot)
    assert text[found.start : found.end] == said


def test_scripts_and_comments_are_not_read() -> None:
    assert parse_advert("<script>var x='本科以上 月薪5000元'</script><!-- 3年以上经验 --><style>a{}</style>") == []
    assert [s.value for s in parse_advert("年龄<35岁") if s.slot == "age_demand"] == [{"max": 35}], "a sign is no tag"


@pytest.mark.parametrize("text", ["", "   \n", "<br/>", "\u200b"])
def test_an_empty_text_gives_an_empty_list(text) -> None:
    assert parse_advert(text) == []


def test_unbelievable_pay_is_flagged_and_not_read() -> None:
    for text in ("月薪999999元", "月薪0元", "月薪0-0元"):
        slots = parse_advert(text)
        assert not [s for s in slots if s.slot == "pay"], text
        assert [s.strength for s in slots if s.slot == "pay_doubtful"] == ["soft"], text


def test_two_cities_are_two_slots_and_the_seat_is_none() -> None:
    read = [s.value for s in parse_advert("总部位于上海，工作地点：苏州、杭州西湖区；北京某某科技有限公司成都分公司") if s.slot == "city"]
    assert read == ["320500", "330100", "510100"]
    none = ("北京大学毕业优先", "会做长沙臭豆腐", "上海户籍优先", "面试地点：南京", "出差深圳", "北京路店", "销往广州")
    assert [t for t in none if any(s.slot == "city" for s in parse_advert(t))] == []


def test_the_flags_of_the_auditor_are_never_hard() -> None:
    text = "必须男性，必须18岁以上30岁以下，必须未婚，必须本地户籍，限汉族，身高必须170cm以上"
    flags = [s for s in parse_advert(text) if s.slot.endswith("_demand")]
    assert {s.slot for s in flags} == {"gender_demand", "age_demand", "protected_demand"}
    assert {s.strength for s in flags} == {"soft"}


def test_plain_text_keeps_its_length_unless_there_is_markup() -> None:
    text = "ＪＡＶＡ工程師（廈門）２０２６"
    assert make_plain(text).places is None
    assert make_plain(text).text == "JAVA工程师(厦门)2026"


def test_a_broken_rule_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match=r"pay\.odd") as refused:
        _rule({"id": "pay.odd", "slot": "pay", "find": "("}, {}, "pay.yaml")
    assert refused.value.code == "E_ADVERT_RULES"
    with pytest.raises(BadInput, match="nothing"):
        _rule({"id": "pay.odd", "slot": "pay", "find": "x", "nothing": 1}, {}, "pay.yaml")
