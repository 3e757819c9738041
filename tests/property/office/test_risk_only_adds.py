"""More risk takes nothing from anybody: not a place on a list, not a turn, not a service, not a mark."""

from __future__ import annotations

import ast
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from leye.office.prospects.models import RANK, Level
from leye.office.prospects.placing import FACTOR, placed
from leye.policy import shipped

SRC = Path(__file__).parents[3] / "src" / "leye"
MAY_READ = {
    "office/entitlements/lists.py": "the daily list: raises people",
    "office/nightly/risk_step.py": "computes",
    "office/nightly/telling.py": "seals",
    "office/nightly/registers.py": "reads the registers",
    "cli/forecast_risk.py": "computes, without a database",
    "site/desk/people.py": "shows",
    "site/desk/prospects.py": "shows",
    "site/me/prospects.py": "shows",
    "site/analyst/risk_quality.py": "shows",
    "site/risk_words.py": "words",
    "api/prospects.py": "shows",
    "office/campaigns/seekers.py": "whom a job fair invites: one more offer",
}

people = st.lists(st.tuples(st.integers(0, 10**9), st.sampled_from(list(Level))), min_size=1, max_size=8)


def order(rows: list[tuple[int, str]]) -> list[int]:
    """Persons in the order of the list."""
    levels = {str(k): str(level) for k, (_, level) in enumerate(rows)}
    found = placed(range(len(rows)), person=str, weight=lambda k: float(rows[k][0]), levels=levels)
    return found


@given(people, st.data())
def test_a_higher_level_never_lowers_a_place_and_nobody_leaves(rows, data):
    who = data.draw(st.integers(0, len(rows) - 1))
    weight, level = rows[who]
    higher = data.draw(st.sampled_from([one for one in Level if RANK[one] >= RANK[level]]))
    raised = [*rows[:who], (weight, higher), *rows[who + 1 :]]
    before, after = order(rows), order(raised)
    assert after.index(who) <= before.index(who)
    assert sorted(after) == sorted(before) == list(range(len(rows))), "the same people stand on the list"


@given(people, st.data())
def test_the_others_keep_their_order(rows, data):
    who = data.draw(st.integers(0, len(rows) - 1))
    raised = [*rows[:who], (rows[who][0], Level.PRIORITY), *rows[who + 1 :]]
    assert [k for k in order(rows) if k != who] == [k for k in order(raised) if k != who]


def test_factors_grow_with_the_level_and_none_takes_away():
    factors = [FACTOR[level] for level in Level]
    assert factors == sorted(factors)
    assert min(factors) == 1


def test_nothing_but_lists_and_pages_reads_the_profile():
    """Marks, programmes, promotion, claims, matches: whoever imports the profile, or names its table, stands in the list above."""
    readers = set()
    for file in SRC.rglob("*.py"):
        place = str(file.relative_to(SRC))
        if place.startswith(("office/prospects/", "forecast/hazard/")):
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        names |= {f"{node.module}.{alias.name}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        if any(n.startswith(("leye.office.prospects", "leye.forecast.hazard")) for n in names):
            readers.add(place)
    assert readers <= MAY_READ.keys(), "a new reader of the profile: can it take anything away?"


def test_no_rule_of_a_policy_reads_a_level():
    facts = set(shipped().facts.facts)
    assert not facts & {"risk", "risk_level", "unemployment_risk", "job_loss", "no_job", "p_12"}, "a level would become a condition of an entitlement"
