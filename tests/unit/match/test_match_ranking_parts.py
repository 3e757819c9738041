"""Answer tables of the parts: protected words, forms of skills, units, distance, views shared out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from leye.match.ranking import points
from leye.match.ranking.exposure import exposure, fair_lists
from leye.match.ranking.scan import Found
from leye.match.ranking.weights import LIMIT, UNITS, weights
from leye.match.ranking.words import GAP, fenced, forms, found_at, private_forms, searchable, skill_name

SAME = [
    ("我叫李娜，会会计", "我叫张伟，会会计", "a name said outright"),
    ("姓名：李雪梅 会会计", "姓名：张伟 会会计", "a name in a form"),
    ("女，35岁，会会计", "男，五十二岁，会会计", "sex and age"),
    ("已婚已育，会会计", "未婚，会会计", "marriage"),
    ("农村户口，会会计", "外地户籍，会会计", "household registration"),
    ("汉族，会会计", "维吾尔族，会会计", "ethnicity"),
    ("1990年3月出生，会会计", "2001年12月出生，会会计", "birth"),
    ("身体健康状况：良好，会会计", "身体健康状况：慢性病，会会计", "health"),
]


@pytest.mark.parametrize(("one", "other", "why"), SAME, ids=[s[-1] for s in SAME])
def test_protected_statements_leave_no_trace(one: str, other: str, why: str) -> None:
    def kept(text: str) -> list[str]:
        return [part.strip(",，") for part in searchable(text).split(GAP) if part.strip(",，")]

    assert kept(one)[-1] == kept(other)[-1] == "会会计"
    assert not any(word in searchable(one) for word in ("李", "女", "35", "婚", "农村", "汉", "1990"))


def test_a_latin_skill_is_a_whole_word_and_a_synonym_is_its_skill() -> None:
    assert not any(f in fenced("精通JavaScript") for f in forms("java"))
    assert any(f in fenced("精通Java") for f in forms("java"))
    assert skill_name("氩弧") == skill_name("氩弧焊") and any(f in searchable("会氩弧") for f in private_forms(skill_name("氩弧焊")))


def test_places_in_the_text_count_code_points_of_the_original() -> None:
    assert found_at("ＥＸＣＥＬ", "熟练使用Excel") == (4, 9)
    assert found_at("电焊", "没有") is None


DISTANCES = [((0, 0), (0, 0), 0.0), ((23.13, 113.26), (22.54, 114.06), 104.9), ((39.90, 116.40), (31.23, 121.47), 1067.0)]


@pytest.mark.parametrize(("a", "b", "km"), DISTANCES)
def test_distance_is_the_great_circle(a: tuple[float, float], b: tuple[float, float], km: float) -> None:
    from leye.match.ranking.profile import unit_vector

    one, other = unit_vector(*a), unit_vector(*b)
    assert one is not None and other is not None
    chord = points.chord_between(one, other)
    assert points.distance_km(chord) == pytest.approx(2 * points.EARTH_KM * math.asin(chord / 2), abs=1e-3)
    assert points.distance_km(chord) == pytest.approx(km, rel=0.003)


def test_pay_answers() -> None:
    w = weights().person.by
    wish, double = points.log_of(600_000.0), points.log_of(1_200_000.0)
    assert points.pay(w, wish, wish, None) == 0
    assert points.pay(w, double, wish, None) == w["pay"]["least"] == 1.9 * UNITS
    assert points.pay(w, points.log_of(99_999_900.0), wish, None) == w["pay"]["least"], "an absurd sum counts as one doubling"
    assert points.pay(w, None, wish, wish) == 0
    assert points.pay(w, points.log_of(300_000.0), None, None) == w["pay"]["no_wish"]


def test_probabilities_never_fall() -> None:
    for side in (weights().person, weights().employer):
        assert len(side.p) == 2 * LIMIT + 1 and bool((np.diff(side.p) >= 0).all()) and 0 < side.p[0] < side.p[-1] < 1


def _list(*rows: int) -> Found:
    n = len(rows)
    return Found(np.array(rows), np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.int32), np.linspace(0.9, 0.5, n))


def test_fair_lists_are_full_and_reach_the_floor() -> None:
    pools = [_list(0, 1, 2, 3) for _ in range(8)]
    made = fair_lists(pools, np.ones(4), 2)
    views = np.bincount(np.concatenate([f.rows for f in made]), minlength=4)
    assert [len(f.rows) for f in made] == [2] * 8
    assert views.min() >= 2, "the floor is half of the even share of 4"
    before = exposure([_list(0, 1) for _ in range(8)], 4)
    after = exposure(made, 4)
    assert before["unseen"] == 0.5 and after["unseen"] == 0.0 and after["gini"] < before["gini"]
