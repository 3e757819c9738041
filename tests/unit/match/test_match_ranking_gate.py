"""Answer table of the hard conditions, worked by hand from the contract."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from leye.match.columns import JOBS, PEOPLE
from leye.match.ranking import conditions
from leye.match.ranking.profile import Advert, Profile

ON = date(2025, 8, 31)
ANSWERS: list[tuple[str, dict[str, Any], dict[str, Any], str, str]] = [
    ("closes_on", {}, {"closes_on": date(2025, 8, 31)}, "pass", "open on its last day"),
    ("closes_on", {}, {"closes_on": date(2025, 8, 30)}, "fail", "closed yesterday"),
    ("closes_on", {}, {}, "unknown", "no closing date is asked about"),
    ("city", {"cities": ["440100"]}, {"city": "440100"}, "pass", "a city that is wanted"),
    ("city", {"cities": ["440100"], "relocate": False}, {"city": "440300", "remote": False}, "fail", "all three known to be false"),
    ("city", {"cities": ["440100"], "relocate": False}, {"city": "440300", "remote": True}, "pass", "remote work"),
    ("city", {"cities": ["440100"], "relocate": True}, {"city": "440300", "remote": False}, "pass", "ready to move"),
    ("city", {"cities": ["440100"]}, {"city": "440300", "remote": False}, "unknown", "whether the person moves is not known"),
    ("city", {"cities": ["440100"], "relocate": False}, {"city": "440300"}, "unknown", "whether it can be remote is not known"),
    ("city", {"cities": [], "relocate": False}, {"city": "440300", "remote": False}, "fail", "an empty list is known to be none"),
    ("city", {"cities": ["440300", "440100"], "relocate": False}, {"city": "440100", "remote": False}, "pass", "the second of two cities"),
    ("pay_min_fen", {"pay_min_fen": 600_000, "pay_period": "month"}, {"pay_max_fen": 27_586, "pay_period": "day"}, "fail",
     "275.86 a day is 5,999.96 a month"),
    ("pay_min_fen", {"pay_min_fen": 600_000, "pay_period": "month"}, {"pay_max_fen": 27_587, "pay_period": "day"}, "pass",
     "275.87 a day is 6,000.17"),
    ("pay_min_fen", {"pay_min_fen": 2_500, "pay_period": "hour"}, {"pay_max_fen": 435_000, "pay_period": "month"}, "pass",
     "25 an hour is 4,350 a month"),
    ("pay_min_fen", {"pay_min_fen": 600_000, "pay_period": "month"}, {"pay_max_fen": 7_200_000, "pay_period": "year"}, "pass", "72,000 a year"),
    ("pay_min_fen", {"pay_min_fen": 600_000, "pay_period": "month"}, {"pay_max_fen": 0, "pay_period": "month"}, "fail", "nothing is a known sum"),
    ("pay_min_fen", {"pay_min_fen": 600_000, "pay_period": "month"}, {"pay_max_fen": 800_000}, "unknown", "a sum without its period"),
    ("form", {"forms": ["full_time"]}, {"form": "gig"}, "fail", "another form"),
    ("form", {"forms": []}, {"form": "gig"}, "fail", "no form is accepted"),
    ("form", {}, {"form": "gig"}, "unknown", "the person is asked"),
    ("limits", {"limits": ["heights"]}, {"environment": ["dust_noise", "heights"]}, "fail", "a word in both"),
    ("limits", {"limits": ["heights"]}, {"environment": []}, "pass", "known to be none"),
    ("limits", {"limits": []}, {}, "pass", "no limits, whatever is there"),
    ("limits", {"limits": ["heights"]}, {}, "unknown", "the surroundings are asked about"),
    ("shift", {"shifts": ["day"]}, {"shift": "night", "hard": ["shift"]}, "fail", "binding shift"),
    ("education_min", {"education": "senior_high"}, {"education_min": "secondary_vocational", "hard": ["education_min"]}, "fail", "one step below"),
    ("education_min", {}, {"education_min": "none", "hard": ["education_min"]}, "pass", "none is asked of anybody"),
    ("relevant_years_min", {"relevant_years": 2.5}, {"relevant_years_min": 3.0, "hard": ["relevant_years_min"]}, "fail", "half a year short"),
    ("relevant_years_min", {}, {"relevant_years_min": 3.0, "hard": ["relevant_years_min"]}, "unknown", "years are asked about"),
    ("skill_grade_min", {"skill_grade": 3}, {"skill_grade_min": 3, "hard": ["skill_grade_min"]}, "pass", "the grade itself"),
    ("languages_required", {"languages": ["英语"]}, {"languages_required": ["英语", "日语"], "hard": ["languages_required"]}, "fail", "all of them"),
    ("certificates_required", {"certificates": ["电工证"], "certificate_until": [date(2025, 8, 30)]},
     {"certificates_required": ["电工证"], "hard": ["certificates_required"]}, "fail", "ran out yesterday"),
    ("certificates_required", {"certificates": ["电工证"], "certificate_until": [None]},
     {"certificates_required": ["电工证"], "hard": ["certificates_required"]}, "pass", "no end"),
    ("certificates_required", {"certificates": ["电工证"]},
     {"certificates_required": ["电工证"], "hard": ["certificates_required"]}, "unknown", "held, its end unknown"),
    ("certificates_required", {"certificates": []}, {"certificates_required": ["电工证"], "hard": ["certificates_required"]}, "fail", "none held"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "person", "job", "verdict", "why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_answers(name: str, person: dict[str, Any], job: dict[str, Any], verdict: str, why: str) -> None:
    found = conditions(Profile(dict.fromkeys(PEOPLE) | person, ON), Advert(dict.fromkeys(JOBS) | job))
    (one,) = [c for c in found if c.name == name]
    assert one.verdict == verdict
    assert (one.asks is not None) == (verdict == "unknown")


def test_a_condition_binds_only_when_the_advert_names_it() -> None:
    job = dict.fromkeys(JOBS) | {"shift": "night", "education_min": "doctor"}
    names = [c.name for c in conditions(Profile(dict.fromkeys(PEOPLE) | {"shifts": ["day"], "education": "primary"}, ON), Advert(job))]
    assert names == ["closes_on", "city", "pay_min_fen", "form", "limits"]
