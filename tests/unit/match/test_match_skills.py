"""The skill table and what is found by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leye.match.fold import fold
from leye.match.skills import are_neighbours, find, groups, labelled, neighbours, normalise, skills

FOUND = [
    ("会C++和C#，不会C", ["C++编程", "C#编程"], "signs belong to the name, a bare C is none"),
    ("熟悉JavaScript", ["JavaScript"], "Java is not inside JavaScript"),
    ("精通Java8、Vue3", ["Java开发", "Vue框架"], "a version may follow"),
    ("ＰＬＣ编程，ｓｑｌ", ["PLC编程", "SQL查询"], "full width"),
    ("護理老人，會做飯，電工", ["老年人照护", "家常菜制作", "电工作业"], "traditional characters"),
    ("会PS修图", ["Photoshop", "摄影摄像"], "two letters in capitals"),
    ("ps：请带身份证", [], "two small letters are no skill"),
    ("手工焊、氩弧焊都行", ["电焊", "氩弧焊"], "the longest name wins"),
    ("提供岗前培训，缴纳社保，员工食堂，有电梯，定期体检", [], "benefits are no skills"),
    ("", [], "nothing in nothing"),
    ("C", [], "one character"),
]


@pytest.mark.parametrize(("text", "labels", "why"), FOUND, ids=[f[-1] for f in FOUND])
def test_found_in_text(text, labels, why):
    assert [f.skill.label for f in find(text)] == labels


def test_spans_point_at_the_original():
    text = "他會ＣＡＤ制图，又做飯"
    assert [text[f.start : f.end] for f in find(text)] == ["ＣＡＤ制图", "做飯"]


def test_a_name_stands_for_one_skill():
    names = [fold(n) for s in skills() for n in (s.label, *s.aliases)]
    assert len(names) == len(set(names))
    assert len(skills()) >= 500
    assert len({s.id for s in skills()}) == len(skills())
    assert all(len(n) >= 2 for n in names)


def test_every_skill_has_its_trade_and_english_name():
    assert {s.group for s in skills()} == set(groups())
    assert all(s.id.startswith(s.group + ".") and s.en.isascii() for s in skills())


def test_every_name_is_found_whole():
    """A name that another name hides, or that breaks the rule of words, would never be found."""
    lost = [
        (s.label, n) for s in skills() for n in (s.label, *s.aliases) if [(f.skill.label, f.start, f.end) for f in find(n)] != [(s.label, 0, len(n))]
    ]
    assert lost == []


def test_names_and_neighbours():
    assert normalise(" 氩弧 ") == "氩弧焊"
    assert normalise("念咒") is None
    assert are_neighbours("氩弧焊", "电焊")
    assert not are_neighbours("氩弧焊", "氩弧焊")
    assert not are_neighbours("氩弧焊", "收银")
    assert "氩弧焊" not in neighbours("氩弧焊")
    assert neighbours("念咒") == ()
    assert labelled("念咒") is None


@given(st.lists(st.sampled_from(["会", "Java", "script", "电焊", "，", "C++", "c", "證", "Ａ", "1", "\U00020000"]), max_size=20))
def test_spans_are_ordered_inside_and_name_their_skill(parts):
    text = "".join(parts)
    end = 0
    for hit in find(text):
        assert end <= hit.start < hit.end <= len(text)
        assert normalise(text[hit.start : hit.end]) == hit.skill.label
        end = hit.end


@given(st.text(max_size=200))
def test_folding_keeps_every_place(text):
    assert len(fold(text)) == len(text)
