"""Whatever the history: no level changes twice within its stay, nothing known later matters, and a slow obvious machine agrees."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from leye.policy.dynamic import DynamicRule, Observed, Step, simulate
from leye.policy.dynamic.rule import Indicator
from leye.policy.pack import Source

VALUES = st.one_of(st.none(), st.integers(0, 10).map(float))


@st.composite
def rules(draw: st.DrawFn) -> DynamicRule:
    first = draw(st.integers(3, 6))
    steps = (Step(first, first - draw(st.integers(1, 2)), 10), Step(first + 2, first + 2 - draw(st.integers(1, 2)), 20))
    return DynamicRule(
        "r", "r", "p", "", "fen", (Source("d"),), date(2020, 1, 1), date(2029, 12, 31), Indicator("s"), "up",
        draw(st.integers(0, 2)), draw(st.integers(1, 3)), draw(st.integers(1, 4)), 0, steps, draw(st.integers(5, 30)), None,
    )  # fmt: skip


def seen(values: list[float | None]) -> Observed:
    ds = pl.date_range(date(2020, 1, 1), date(2026, 12, 1), interval="1mo", eager=True)[: len(values)]
    return Observed(ds, np.array([np.nan if v is None else v for v in values]), np.zeros(len(values)))


def slow(rule: DynamicRule, values: list[float | None]) -> list[int]:
    """The rule as one would do it by hand, period by period."""
    now, since, levels = 0, rule.dwell, []
    for t in range(len(values)):
        known = [values[t - rule.lag - k] if t - rule.lag - k >= 0 else None for k in range(rule.confirm)]
        complete = all(v is not None for v in known)
        if since >= rule.dwell and complete:
            up = min(sum(v >= s.enter for s in rule.steps) for v in known if v is not None)
            down = max(sum(v >= s.leave for s in rule.steps) for v in known if v is not None)
            wanted = up if up > now else min(now, down)
            if wanted != now:
                now, since = wanted, 0
        since += 1
        levels.append(now)
    return levels


@given(rules(), st.lists(VALUES, min_size=1, max_size=60))
def test_the_machine_does_what_a_hand_would_do(rule: DynamicRule, values: list[float | None]) -> None:
    assert simulate(rule, seen(values)).level.tolist() == slow(rule, values)


@given(rules(), st.lists(VALUES, min_size=2, max_size=60))
def test_levels_stay_and_values_keep_the_cap(rule: DynamicRule, values: list[float | None]) -> None:
    path = simulate(rule, seen(values))
    changes = np.flatnonzero(np.diff(path.level)) + 1
    assert all(b - a >= rule.dwell for a, b in pairwise(changes))
    assert path.value.max() <= rule.cap and path.value.min() >= min(rule.base, rule.cap)
    assert len(path.switches) == len(changes) + (path.level[0] != 0)


@given(rules(), st.lists(VALUES, min_size=3, max_size=40), st.data())
def test_the_future_changes_nothing(rule: DynamicRule, values: list[float | None], data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(values) - 1))
    other = values[:at] + data.draw(st.lists(VALUES, min_size=len(values) - at, max_size=len(values) - at))
    first, second = simulate(rule, seen(values)).level, simulate(rule, seen(other)).level
    assert first[: at + rule.lag].tolist() == second[: at + rule.lag].tolist()
