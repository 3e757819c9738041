"""The rules of the employment-impact review, each with a project that just does and one that just does not wake it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from leye.impact.project import Line, Project
from leye.impact.promises import Count, standing
from leye.impact.review import assess
from leye.kernel.errors import BadInput, NotFound

BRICKLAYER, TYPIST = "6290101", "3010205"
CALM = Project(
    region="440605", section="C", starts=date(2025, 9, 1), created=(Line(BRICKLAYER, 30),), displaced=(Line(TYPIST, 10),), retrained=5,
    created_by=date(2025, 12, 1), displaced_from=date(2025, 10, 1), displaced_to=date(2026, 9, 30), staff=300, evidence="contract",
)  # fmt: skip


def rules_of(project: Project, insured: int | None = 1000) -> dict[str, str]:
    return {f.rule: f.severity for f in assess(project, insured=insured).findings}


def test_a_calm_project_is_light():
    found = assess(CALM, insured=1000)
    assert (found.grade, found.findings, found.net_low, found.net_high) == ("light", (), 24 - 5, 30 - 5)
    assert found.exposure_created[1] < found.exposure_displaced[1]


CASES = [
    ({"displaced": (Line(TYPIST, 40),), "retrained": 20}, {"layoff": "serious"}, "twenty laid off"),
    ({"displaced": (Line(TYPIST, 38),), "retrained": 19}, {}, "nineteen are not twenty"),
    ({"staff": 50}, {"layoff": "serious"}, "five of fifty are a tenth"),
    ({"staff": 51}, {}, "five of fifty-one are less"),
    ({"created": (Line(BRICKLAYER, 6),)}, {"net": "attention"}, "four certain jobs for five lost"),
    ({"created": (Line(BRICKLAYER, 4),)}, {"net": "serious"}, "fewer even at best"),
    ({"retrained": 4}, {"retraining": "attention"}, "less than half retrained"),
    (
        {"displaced": (Line(TYPIST, 19),), "retrained": 10, "displaced_to": date(2025, 10, 15)},
        {"pace": "attention"},
        "nineteen of a thousand in a month",
    ),
    ({"created_by": date(2026, 3, 31)}, {"gap": "attention"}, "181 days without"),
    ({"created_by": date(2026, 3, 30)}, {}, "180 days are allowed"),
    ({"created": (Line(TYPIST, 30),)}, {"exposed": "attention"}, "the new jobs are exposed themselves"),
    ({"evidence": "none"}, {"net": "attention", "backing": "attention"}, "nothing backs them"),
    ({"evidence": "plan"}, {"backing": "note"}, "a plan backs half"),
    ({"evidence": "paid"}, {}, "on the payroll"),
]


@pytest.mark.parametrize(("change", "woken", "why"), CASES, ids=[c[-1] for c in CASES])
def test_rule_answers(change, woken, why):
    assert rules_of(replace(CALM, **change)) == woken


def test_too_fast_is_serious_and_an_unknown_trade_is_said():
    fast = replace(CALM, displaced=(Line(TYPIST, 19),), retrained=10, displaced_to=date(2025, 10, 15))
    assert rules_of(fast, insured=500)["pace"] == "serious"
    assert rules_of(CALM, insured=None) == {"pace_unknown": "note"}


def test_grades_follow_the_worst():
    assert assess(replace(CALM, retrained=4), insured=1000).grade == "conditions"
    assert assess(replace(CALM, staff=50), insured=1000).grade == "serious"


def test_only_created_jobs_need_no_days_of_displacement():
    found = replace(CALM, displaced=(), retrained=0, displaced_from=None, displaced_to=None)
    assert assess(found, insured=None).grade == "light"
    assert found.displaced_a_month == 0


BAD = [
    ({"created": (), "displaced": ()}, "nothing at all"), ({"retrained": 11}, "more retrained than displaced"), ({"section": "Z"}, "no such section"),
    ({"evidence": "word"}, "no such evidence"), ({"displaced_to": date(2025, 9, 1)}, "ends before it begins"), ({"created_by": None}, "no day"),
    ({"staff": 9}, "more displaced than employed"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "why"), BAD, ids=[b[-1] for b in BAD])
def test_a_form_that_cannot_be_assessed_is_refused(change, why):
    with pytest.raises(BadInput, match="E_PROJECT"):
        replace(CALM, **change)


def test_lines_are_checked():
    with pytest.raises(NotFound, match="E_OCCUPATION_UNKNOWN"):
        Line("1234567", 3)
    with pytest.raises(BadInput, match="E_PROJECT"):
        Line(TYPIST, 0)


STANDINGS = [
    ([], ("early", 0, 0, None, 0), "nobody looked yet"),
    ([Count(date(2025, 11, 30), 3, 0, 0)], ("early", 0, 3, None, 0), "nothing due the day before"),
    ([Count(date(2025, 12, 1), 30, 10, 5)], ("kept", 30, 30, 1.0, 0), "all on the day"),
    ([Count(date(2026, 6, 1), 15, 10, 5), Count(date(2025, 12, 1), 30, 10, 5)], ("short", 30, 15, 0.5, 0), "the newest counts"),
    ([Count(date(2026, 6, 1), 14, 12, 5)], ("broken", 30, 14, 14 / 30, 2), "less than half, and two more gone"),
]


@pytest.mark.parametrize(("counts", "told", "why"), STANDINGS, ids=[s[-1] for s in STANDINGS])
def test_promises_against_real_jobs(counts, told, why):
    found = standing(CALM, counts)
    assert (found.word, found.due, found.real, found.kept, found.extra_displaced) == told
