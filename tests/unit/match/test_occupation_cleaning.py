"""Clean titles and folds of near-equal titles: worked answers, and what must hold for any text."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leye.match.occupations.cleaning import LONGEST, clean_title, simplified
from leye.match.occupations.folds import folds, near_groups, split_key

ANSWERS = [
    ("<b>急聘</b>Ｊａｖａ開發工程師（杭州）15-20K", "java开发工程师", "tags, full width, traditional, brackets, pay"),
    ("好味餐饮招聘厨师", "厨师", "the employer stands before 招聘"),
    ("招聘专员", "招聘专员", "recruiting is a job itself"),
    ("<script>alert(1)</script>", "", "a script is no title"),
    ("&lt;script&gt;alert(1)&lt;/script&gt;焊工", "焊工", "an escaped script neither"),
    ("（兼职）", "兼职", "brackets that hold all there is are kept"),
    ("佛山市顺德区焊工", "焊工", "places are taken off"),
    ("会计&nbsp;出纳", "会计 出纳", "entities are read"),
    ("", "", "nothing"),
    ("！！！123", "", "no word"),
    ("C++开发工程师", "c++开发工程师", "signs of a language survive"),
    ("高端月子中心急聘1W起", "高端月子中心", "pay after the call is not the job"),
]


@pytest.mark.parametrize(("title", "clean", "why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_clean_titles(title: str, clean: str, why: str) -> None:
    assert clean_title(title) == clean


@given(st.text(max_size=60))
def test_any_text_gives_letters_and_single_blanks(text: str) -> None:
    clean = clean_title(text)
    assert clean == clean.strip() and "  " not in clean and "<" not in clean and len(clean) <= LONGEST


@given(st.text(alphabet="焊工會計廚師駕駛員電氣工程師", max_size=12))
def test_traditional_and_full_width_titles_are_the_same_title(text: str) -> None:
    assert clean_title(text) == clean_title(simplified(text))


def test_a_pasted_advert_is_cut_and_quick() -> None:
    assert len(clean_title("焊工" * 1_000_000)) <= LONGEST


def test_near_equal_titles_share_a_fold_whatever_their_order() -> None:
    titles = ["销售顾问", "销售顾问（杭州）", "【急聘】销售顾问", "顾问销售", "焊工", "电焊工"]
    groups = near_groups(titles)
    assert len({*groups[:4]}) == 1, "brackets fall away, and the same characters in another order are near"
    assert groups[4] != groups[0]
    mixed = list(range(len(titles)))
    random.Random(3).shuffle(mixed)
    held = folds([titles[i] for i in mixed])
    assert [held[mixed.index(i)] for i in range(len(titles))] == folds(titles)


def test_groups_agree_with_a_slow_reference() -> None:
    titles = ["项目经理", "项目经理助理", "高级项目经理", "经理项目", "司机", "货车司机", "货运司机", "大货车司机", "会计", "出纳会计"]
    keys = [split_key(t) for t in titles]

    def near(a: str, b: str) -> bool:
        x, y = ({k[i : i + 2] for i in range(len(k) - 1)} for k in (a, b))
        return set(a) == set(b) or len(x & y) >= 0.7 * len(x | y)

    group = list(range(len(keys)))
    for i in range(len(keys)):
        for j in range(len(keys)):
            if near(keys[i], keys[j]):
                a, b = group[i], group[j]
                group = [min(a, b) if g in (a, b) else g for g in group]
    fast = near_groups(titles)
    assert all((group[i] == group[j]) == (fast[i] == fast[j]) for i in range(len(keys)) for j in range(len(keys)))
