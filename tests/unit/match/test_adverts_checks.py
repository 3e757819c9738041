"""Wording, signs of fraud, minimum wage, contacts and near copies, by hand and against slow obvious versions."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leye.match.adverts import parse_advert
from leye.match.adverts.checks import below_minimum_wage, fraud_rules, fraud_score, fraud_signals
from leye.match.adverts.duplicates import near_copies, share, shingles, vacancy_key
from leye.match.adverts.masking import contacts, masked
from leye.match.adverts.wording import flags_of_wording, wording_rules


@pytest.mark.parametrize("rule", wording_rules(), ids=[r.id for r in wording_rules()])
def test_wording_rules_by_their_own_cases(rule) -> None:
    for text in rule.cases:
        assert [f.rule.ground for f in flags_of_wording(text)] == [rule.ground], text
    for text in rule.fine:
        assert flags_of_wording(text) == [], text


@pytest.mark.parametrize("rule", fraud_rules(), ids=[r.id for r in fraud_rules()])
def test_fraud_signs_by_their_own_cases(rule) -> None:
    for text in rule.cases:
        assert rule.id in [s.id for s in fraud_signals(text, [])], text
    for text in rule.fine:
        assert rule.id not in [s.id for s in fraud_signals(text, [])], text


def test_flags_stand_on_the_original_and_name_law_and_rewrite() -> None:
    text = "<p>限　男性</p>，<b>已婚已育優先</b>；服務孕婦"
    flags = flags_of_wording(text)
    assert [text[f.start : f.end] == f.said for f in flags] == [True] * len(flags)
    assert any(f.rule.ground == "marriage" for f in flags)
    assert all(f.rule.laws and f.rule.rewrite_zh and f.rule.rewrite_en for f in flags)


def test_high_daily_pay_without_any_demand_is_a_sign_and_scores_grow() -> None:
    text = "日结800，不限学历，月入过万不是梦，入职需交押金300元"
    signs = fraud_signals(text, parse_advert(text))
    assert {"fraud.high_daily_pay", "fraud.easy_money", "fraud.deposit"} <= {s.id for s in signs}
    assert fraud_score([]) == 0
    assert fraud_score(signs[:1]) < fraud_score(signs) < 1
    assert fraud_score(signs[:1]) == pytest.approx(signs[0].weight)
    with_demand = "日薪800元，须持一级建造师证书"
    assert fraud_signals(with_demand, parse_advert(with_demand)) == []


MINIMA = [
    ("月薪2000元", 1, "month below"),
    ("月薪2000-5000元", 0, "the upper end reaches it"),
    ("时薪15元/小时", 1, "hour below"),
    ("80元/天", 1, "80 × 21.75 is 1740"),
    ("200元/天", 0, "a day that reaches it"),
    ("2000元起", 0, "open above"),
    ("计件工资", 0, "piece pay says nothing"),
    ("薪资面议", 0, "nothing said"),
]


@pytest.mark.parametrize(("text", "found", "why"), MINIMA, ids=[m[-1] for m in MINIMA])
def test_pay_below_the_minimum(text, found, why) -> None:
    assert len(below_minimum_wage(parse_advert(text), minimum_month_fen=230_000, minimum_hour_fen=2_200)) == found


def test_a_minimum_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        below_minimum_wage([], minimum_month_fen=0, minimum_hour_fen=1)


CONTACTS = [
    ("电话13800001234", ["phone"], "mobile"),
    ("138-0000-1234", ["phone"], "with dashes"),
    ("0757-83334444", ["phone"], "land line"),
    ("微信：abc_12345", ["account"], "chat account"),
    ("简历发hr@example.com", ["email"], "address"),
    ("联系王女士", ["name"], "a name with a title"),
    ("联系人：张三丰，电话13800001234", ["name", "phone"], "full name"),
    ("440106199003071234", ["id_number"], "id number"),
    ("月薪12000-15000元，高级技师", [], "pay and a title"),
    ("13薪，2026年", [], "months and a year"),
]


@pytest.mark.parametrize(("text", "kinds", "why"), CONTACTS, ids=[c[-1] for c in CONTACTS])
def test_contacts(text, kinds, why) -> None:
    assert [c.kind for c in contacts(text)] == kinds


@given(st.text(alphabet="联系人王张三女士13800电话:，。@a.com微信Vx_<>&nbp;", max_size=60))
def test_masking_twice_is_masking_once_and_no_phone_stays(text) -> None:
    once = masked(text)
    assert masked(once) == once
    assert not [c for c in contacts(once) if c.kind == "phone"]


BASE = "本公司诚聘电焊工若干名，要求持焊工证，会氩弧焊和二保焊，吃苦耐劳服从管理，包吃包住，有意者请在平台投递简历联系"


def test_the_same_ad_with_another_pay_is_one_vacancy_and_other_shops_are_apart() -> None:
    ads = {
        "a": ("甲厂", "440600", BASE + "月薪8000元"),
        "b": ("甲厂", "440600", BASE + "月薪9000元！！"),
        "c": ("甲厂", "440100", BASE + "月薪8000元"),
        "d": ("乙厂", "440600", BASE + "月薪8000元"),
        "e": ("甲厂", "440600", "招会计一名，熟悉用友，双休"),
    }
    assert near_copies(ads) == {"b": "a"}
    assert vacancy_key("甲厂", "440600", ads["a"][2]) == vacancy_key(" 甲厂", "440600", ads["b"][2])
    assert vacancy_key("甲厂", "440600", ads["a"][2]) != vacancy_key("乙厂", "440600", ads["a"][2])


def test_near_copies_agree_with_comparing_every_pair() -> None:
    dice = random.Random(7)
    texts = {}
    for k in range(60):
        letters = list(
            BASE if k % 3 else "招聘会计出纳文员，熟悉金蝶用友软件，双休五险一金，朝九晚五，欢迎应届毕业生，面试请带简历和证书原件到人事部"
        )
        for _ in range(dice.randrange(0, 9)):
            letters[dice.randrange(len(letters))] = dice.choice("岗位职责任职要求福利待遇")
        texts[f"{k:02d}"] = "".join(letters)
    leaders: list[str] = []
    slow = {}
    for ad_id in sorted(texts):
        near = [one for one in leaders if share(shingles(texts[ad_id]), shingles(texts[one])) >= 0.8]
        if near:
            slow[ad_id] = near[0]
        else:
            leaders.append(ad_id)
    assert near_copies({k: ("", "", v) for k, v in texts.items()}) == slow


def test_ten_thousand_copies_are_one_vacancy() -> None:
    found = near_copies({f"{k:05d}": ("甲", "乙", BASE) for k in range(10_000)})
    assert len(found) == 9_999
    assert set(found.values()) == {"00000"}
