"""Sentences from pieces, and the pay that an ad names against the wage of its row."""

import re
from datetime import date

import numpy as np
import polars as pl
import pytest

from leye.city.adtext import pay_phrases
from leye.city.build import build_city
from leye.city.dice import stream
from leye.city.marginals import job_families
from leye.city.pieces import choose, fill, flatten, some_of

FILLED = [
    ("{a}招{b}人", "甲招3人", "two slots"),
    ("没有空位", "没有空位", "no slot"),
    ("{b}", "3", "only a slot"),
    ("尾{a}", "尾甲", "slot at the end"),
    ("{a}{a}{b}", "甲甲3", "a slot twice, side by side"),
]


@pytest.mark.parametrize(("option", "text", "why"), FILLED, ids=[f[-1] for f in FILLED])
def test_fill_answers(option, text, why):
    assert fill([option, "别的{a}"], np.array([0, 1]), {"a": pl.Series(["甲", "乙"]), "b": pl.Series(["3", "4"])}).to_list() == [text, "别的乙"]


def test_some_of_takes_different_pieces_of_the_own_list():
    flat, first, many = flatten([["a", "b", "c"], ["x", "y", "z", "w"]])
    which = np.tile([0, 1], 200)
    seps = pl.Series(["+"] * 400)
    rows = some_of(stream(1, "w"), flat, first[which], many[which], np.where(which == 0, 3, 2), seps).to_list()
    for k, row in enumerate(rows):
        parts = row.split("+")
        assert len(parts) == len(set(parts)) == (3 if k % 2 == 0 else 2)
        assert set(parts) <= set("abc" if k % 2 == 0 else "xyzw")
    assert len(set(rows)) > 6


def test_choose_uses_every_option():
    assert set(choose(stream(2, "c"), 300, ["甲", "乙", "丙"]).to_list()) == {"甲", "乙", "丙"}


def test_pay_says_the_wage_of_the_row():
    n = 4000
    rng = stream(9, "pay")
    family = rng.integers(0, len(job_families()), n)
    low, high = np.full(n, 620_000), np.full(n, 910_000)
    phrases, negotiable = pay_phrases(rng, family, low, high)
    seen = set()
    for text, is_open in zip(phrases, negotiable, strict=True):
        form = re.sub(r"\d+(\.\d)?", "0", text)
        seen.add(form)
        if is_open:
            assert text == "面议"
        elif form.startswith("0-0K"):
            assert text.startswith("6.2-9.1K")
        elif form.startswith("日结"):
            assert text == "日结285元，熟手420元"  # 6200 / 21.75 = 285.06, 9100 / 21.75 = 418.4, both to the next five
        elif form.startswith("时薪"):
            assert text == "时薪36元，月均6200元以上"  # 6200 / 174 = 35.6
        elif form.startswith("年薪"):
            assert text == "年薪7.4-10.9万"
        else:
            assert "6200" in text
            assert "9100" in text
    assert len(seen) == 11


def test_texts_hold_no_open_slot_and_no_empty_part():
    tables = build_city(2_000, seed=6, on=date(2025, 8, 31)).tables
    for table, column in (("jobs", "text"), ("jobs", "title"), ("seekers", "text"), ("posts", "text"), ("people", "name"), ("people", "address")):
        texts = tables[table][column]
        assert texts.null_count() == 0
        assert not texts.str.contains(r"[{}]|None|nan|，，|。。").any(), column
    assert tables["jobs"]["text"].str.len_chars().min() > 60
    assert tables["people"]["name"].str.len_chars().is_between(2, 4).all()
