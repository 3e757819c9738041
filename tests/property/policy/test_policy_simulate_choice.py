"""Which of several competing benefits counts: the columns against plain loops, for groups that overlap, with orders and ties."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.policy.pack import Exclusion
from leye.policy.simulate.choosing import Contest, contests, settled

NAMES = ("a", "b", "c", "d", "e")
VALUES = st.sampled_from((0, 0, 100, 200, 300))


@st.composite
def overlapping(draw: st.DrawFn) -> list[Any]:
    """Policies with one to three groups, some in order of priority."""
    rules = {}
    for g in range(draw(st.integers(1, 3))):
        order = tuple(draw(st.permutations(NAMES))[: draw(st.integers(1, 4))]) if draw(st.booleans()) else ()
        rules[f"g{g}"] = Exclusion(f"g{g}", "same_month", "priority" if order else draw(st.sampled_from(("max_benefit", "choose"))), order)
    members = {n: draw(st.lists(st.sampled_from(sorted(rules)), max_size=2, unique=True)) for n in NAMES}
    return [SimpleNamespace(policy=SimpleNamespace(id=n), who=True, exclusive=tuple(rules[g] for g in members[n])) for n in NAMES]


def slow(policies: list[Any], granted: dict[str, bool], value: dict[str, int]) -> set[str]:
    """In rounds, as the module says."""
    groups = {p.policy.id: {e.group: e for e in p.exclusive} for p in policies}
    left, won = {n for n in granted if granted[n]}, set[str]()

    def first(one: str, other: str, by_order: bool) -> bool:
        shared = [groups[one][g] for g in groups[one] if g in groups[other]]
        by_value = (value[one], other) > (value[other], one) if value[one] != value[other] else one < other
        answers = []
        for rule in shared:
            place = [rule.order.index(n) if n in rule.order else 99 for n in (one, other)]
            answers.append(place[0] < place[1] if by_order and rule.rule == "priority" and place[0] != place[1] else by_value)
        return all(answers)

    for by_order in (True, False):
        while True:
            rivals = {n: {o for o in left if o != n and set(groups[n]) & set(groups[o])} for n in left}
            wins = {n for n in left if all(first(n, o, by_order) for o in rivals[n])}
            if not wins:
                break
            won |= wins
            left -= wins | {o for n in wins for o in rivals[n]}
    return won


@settings(max_examples=150, deadline=None)
@given(overlapping(), st.lists(st.tuples(*[st.tuples(st.booleans(), VALUES) for _ in NAMES]), min_size=1, max_size=6))
def test_rounds_equal_plain_loops(policies: list[Any], people: list[Any]) -> None:
    table = pl.DataFrame(
        {f"g_{n}": [p[i][0] for p in people] for i, n in enumerate(NAMES)} | {n: [p[i][1] for p in people] for i, n in enumerate(NAMES)}
    )
    frame = table.lazy()
    found = contests(policies)
    granted = {n: pl.col(f"g_{n}") for n in NAMES}
    value = {n: pl.when(granted[n]).then(pl.col(n)).otherwise(0) for n in NAMES}
    for contest in found:
        frame = settled(frame, contest, granted, value, "0")
    result = frame.collect()
    competing = {m for c in found for m in c.members}
    for row in result.to_dicts():
        yes = {n: row[f"g_{n}"] for n in NAMES}
        wins = slow(policies, yes, {n: row[n] if yes[n] else 0 for n in NAMES})
        assert {n for n in competing if row[f"_won0.{n}"]} == wins & competing


def test_who_lost_elsewhere_pushes_nobody_out() -> None:
    """b is the best of both groups: a and c give way. Without b, a and c both count, for they share no group."""
    one, two = Exclusion("one", "once", "max_benefit"), Exclusion("two", "once", "max_benefit")
    contest = Contest(("a", "b", "c"), ((one, frozenset("ab")), (two, frozenset("bc"))))
    table = pl.DataFrame({"a": [100, 300, 100], "b": [200, 200, 0], "c": [50, 100, 50], "yes_b": [True, True, False]})
    granted = {"a": pl.lit(True), "b": pl.col("yes_b"), "c": pl.lit(True)}
    found = settled(table.lazy(), contest, granted, {n: pl.col(n) for n in "abc"}, "0").select(f"_won0.{n}" for n in "abc").collect()
    assert found.rows() == [(False, True, False), (True, False, True), (True, False, True)]
