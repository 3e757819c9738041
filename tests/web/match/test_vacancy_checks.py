"""Live checks of an advert: what is unlawful, what is not, pay against the minimum, duplicates, the band of others."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leye.kernel.errors import BadInput, Conflict
from leye.office.applications.actions import apply, move
from leye.office.vacancies.actions import publish, save
from leye.office.vacancies.bands import wage_band
from leye.office.vacancies.fields import draft_of
from leye.office.vacancies.findings import findings_of, minimum_wage
from leye.office.vacancies.near import nearness
from leye.office.vacancies.reading import Reading
from leye.office.vacancies.unlawful import unlawful_in
from match_town import FIRM, NOW, SEEKER, TYPED, ads

WORDS = [
    ("限男性，能吃苦", ["sex"], "only men"),
    ("女士优先", ["sex"], "women first"),
    ("男女不限", [], "said in order not to ask"),
    ("主营女装、男鞋销售", [], "what is sold"),
    ("招女装导购", [], "what is sold, after a verb of hiring"),
    ("要求已婚已育", ["marriage"], "married with children"),
    ("两年内不怀孕", ["marriage"], "no pregnancy"),
    ("婚育不限", [], "asks nothing"),
    ("限本地户口", ["hukou"], "local registration"),
    ("不要外地人", ["hukou"], "no outsiders"),
    ("限汉族", ["ethnicity"], "one ethnicity"),
    ("无乙肝", ["health"], "a carrier of hepatitis"),
    ("有健康证", [], "a lawful certificate"),
    ("18-35岁", ["age"], "an upper age"),
    ("45岁以下", ["age"], "an upper age"),
    ("年满18周岁", [], "the lawful lower age"),
    ("95后优先", ["age"], "the young"),
    ("入职须交押金300元", ["fees"], "a deposit"),
    ("不收押金", [], "no deposit"),
    ("照顾老人和婴儿的阿姨", [], "whom one serves"),
    ("有男女宿舍", [], "rooms for all"),
]


@pytest.mark.parametrize(("text", "kinds", "why"), WORDS, ids=[w[2] + ": " + w[0] for w in WORDS])
def test_words(text: str, kinds: list[str], why: str) -> None:
    assert [h.ground for h in unlawful_in(text)] == kinds


def test_a_slot_of_the_parser_is_flagged_once_with_its_span() -> None:
    text = "保安，限男性"
    slot = {"slot": "gender_demand", "value": "male", "strength": "soft", "start": 3, "end": 6}
    assert [(h.start, h.end, h.words) for h in unlawful_in(text, [slot])] == [(3, 6, "限男性")]
    assert unlawful_in("保安", [slot | {"strength": "negated"}]) == []


@given(st.text(alphabet="限男女岁户口族不要已婚0123456789-，。", max_size=40))
def test_spans_lie_in_the_text_and_never_overlap(text: str) -> None:
    hits = unlawful_in(text)
    assert all(text[h.start : h.end] == h.words and h.words for h in hits)
    assert all(a.end <= b.start for a, b in pairwise(hits))


@given(st.text(max_size=30), st.text(max_size=30))
def test_nearness_is_symmetric_and_one_of_itself(one: str, other: str) -> None:
    assert nearness(one, other) == nearness(other, one) and nearness(one, one) == 1.0 and 0 <= nearness(one, other) <= 1


def reading(**columns: Any) -> Reading:
    return Reading((), columns, "440604", ())


PAY = [
    ({"pay_min_fen": 200_000, "pay_max_fen": 300_000, "pay_period": "month"}, True, "2,000 a month is under 2,080"),
    ({"pay_min_fen": 208_000, "pay_max_fen": 300_000, "pay_period": "month"}, False, "the minimum itself"),
    ({"pay_min_fen": 9_000, "pay_max_fen": None, "pay_period": "day"}, True, "90 a day is 1,957.50 a month"),
    ({"pay_min_fen": 10_000, "pay_max_fen": None, "pay_period": "day"}, False, "100 a day is 2,175 a month"),
    ({"pay_min_fen": 0, "pay_max_fen": 0, "pay_period": "month"}, True, "nothing"),
    ({"pay_min_fen": 99_999_900, "pay_max_fen": None, "pay_period": "month"}, True, "999999 is a slip"),
    ({}, False, "unread pay is asked for, not refused"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("columns", "stops", "why"), PAY, ids=[p[2] for p in PAY])
def test_pay_against_the_minimum_of_the_place(columns: dict[str, Any], stops: bool, why: str) -> None:
    found = findings_of(draft_of(TYPED), reading(**columns), FIRM, None, NOW)
    assert any(f.stops and f.kind == "pay" for f in found) == stops


@pytest.mark.django_db
def test_the_minimum_wage_has_its_source() -> None:
    found = minimum_wage("440604")
    assert found is not None and found[0] == 208_000 and "粤府函〔2025〕23号" in found[1]
    assert minimum_wage("") is None


@pytest.mark.django_db
def test_an_unlawful_advert_stays_a_draft_and_an_open_one_cannot_become_one(posted: Any, employer: Any) -> None:
    bad = TYPED | {"title": "出纳", "description": TYPED["description"] + "限女性，已婚已育。"}
    draft = save(bad, acting_user=employer, at=NOW)
    with pytest.raises(Conflict) as caught:
        publish(draft.pk, acting_user=employer, at=NOW)
    assert caught.value.code == "E_VACANCY_FINDINGS" and "限女性" in caught.value.zh
    with pytest.raises(Conflict):
        save(TYPED | {"description": TYPED["description"] + "限女性。"}, acting_user=employer, at=NOW, vacancy_id=posted.pk)


@pytest.mark.django_db
def test_the_same_advert_twice_is_refused_and_anothers_is_shown(posted: Any, employer: Any, rival: Any) -> None:
    twice = save(TYPED, acting_user=employer, at=NOW)
    with pytest.raises(Conflict) as caught:
        publish(twice.pk, acting_user=employer, at=NOW)
    assert "几乎一样" in caught.value.zh
    copied = save(TYPED | {"place": "示例市南海区桂城"}, acting_user=rival, at=NOW)
    assert publish(copied.pk, acting_user=rival, at=NOW).state == "open", "shown, not stopped"


@pytest.mark.django_db
def test_a_refusal_may_not_name_what_must_not_count(posted: Any, employer: Any, seeker: Any) -> None:
    sent = apply(SEEKER, str(posted.pk), acting_user=seeker, at=NOW)
    for words in ("这个岗位只招男的，抱歉", "您年龄偏大了一些", "怕您马上生孩子"):
        with pytest.raises(BadInput) as caught:
            move(sent.pk, "refuse", acting_user=employer, at=NOW, reason="skills", words=words)
        assert caught.value.code == "E_APPLICATION_UNLAWFUL"


@pytest.mark.django_db
def test_the_band_has_quartiles_n_and_days_and_climbs_where_ads_are_few(town: Path) -> None:
    ads(town, [(f"J0000000{n}", "会计", 400_000 + n * 100_000, 400_000 + n * 100_000, None) for n in range(1, 6)])
    band = wage_band("2060301", "440604", date(2025, 9, 1))
    assert band is not None and (band.low_fen, band.median_fen, band.high_fen, band.n, band.level_en) == (600_000, 700_000, 800_000, 5, "occupation")
    above = wage_band("2060399", "440604", date(2025, 9, 1))
    assert above is not None and above.level_en == "minor group"
    assert wage_band("2060301", "440604", date(2027, 9, 1)) is None and wage_band("6010101", "440604", date(2025, 9, 1)) is None
