"""The alarm machine by hand: one series, scores written out, every row explained."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leye.watch.machine import Machine
from leye.watch.sums import REACH, RunningSum

NAN = float("nan")


def run(scores: list[float], *, thresholds: tuple[float, ...] = (4, 6, 8, 12), agree: bool | None = None) -> list[tuple[int, int, bool]]:
    """(period, level, counted) of every row; the misses equal the scores, the level follows fully (alpha 1), slack .5."""
    machine = Machine(np.array(thresholds, dtype=float)[:, None], np.ones(1), 0.5)
    rows = []
    for t, score in enumerate(scores):
        value = np.array([score])
        level, counted = machine.step(value, value, None if agree is None else np.array([agree]))
        if level[0]:
            rows.append((t, int(level[0]), bool(counted[0])))
    return rows


ANSWERS = [
    ([0.0] * 30, [], "nothing happens"),
    ([2.5, 2.5], [(1, 1, True)], "2 + 2 reaches blue at 4"),
    ([3.9, 0.0, 0.0], [], "one wild period alone is not enough"),
    ([2.5, NAN, 2.5], [(2, 1, True)], "a missing period neither adds nor takes away"),
    ([2.5] * 5, [(1, 1, True)], "yellow and orange wait for the next row"),
    ([2.5] * 8, [(1, 1, True), (5, 4, False)], "red at 12 is said at once, yellow and orange are not"),
    ([6.5, 6.5, 6.5], [(0, 2, True), (2, 4, False)], "red at 12 in the second period is told in the third: a row is at least two periods old"),
    ([2.5, 2.5] + [0.6] * 12, [(1, 1, True)], "too little new evidence: settled lower, the lamp goes out without a further row"),
    ([2.5, 2.5] + [1.2] * 12, [(1, 1, True), (7, 3, True), (13, 4, True)], "evidence goes on: a row each six periods"),
    ([2.5, 2.5, -6.0, -6.0, -6.0, 2.5, 2.5], [(1, 1, True), (6, 1, True)], "recovered, dark after two quiet periods, a new onset"),
    ([9.0], [(0, 3, True)], "a single leap may be orange at once"),
]


@pytest.mark.parametrize(("scores", "rows", "_why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_machine_answers(scores: list[float], rows: list[tuple[int, int, bool]], _why: str) -> None:
    assert run(scores) == rows


def test_orange_needs_a_second_channel_and_red_does_not() -> None:
    assert run([9.0], agree=True) == [(0, 3, True)]
    assert run([9.0], agree=False) == [(0, 2, True)]
    assert run([13.0], agree=False) == [(0, 4, True)]


def test_one_quiet_period_does_not_put_a_lamp_out() -> None:
    machine = Machine(np.array([4.0, 6, 8, 12])[:, None], np.ones(1), 0.5)
    lit = []
    for score in (2.5, 2.5, -6.0, -6.0, 0.0):
        machine.step(np.array([score]), np.array([score]))
        lit.append(bool(machine.lit[0]))
    assert lit == [False, True, True, False, False]


def test_many_series_at_once_equal_each_alone() -> None:
    dice = np.random.default_rng(1)
    scores = dice.normal(0.3, 1.2, (80, 6))
    scores[dice.random(scores.shape) < 0.1] = np.nan
    machine = Machine(np.array([3.0, 4, 6, 9])[:, None] * np.ones(6), np.ones(6), 0.5)
    together: list[list[tuple[int, int, bool]]] = [[] for _ in range(6)]
    for t, row in enumerate(scores):
        level, counted = machine.step(row, row)
        for i in np.flatnonzero(level):
            together[i].append((t, int(level[i]), bool(counted[i])))
    assert together == [run(list(scores[:, i]), thresholds=(3, 4, 6, 9)) for i in range(6)]
    assert sum(map(len, together)) > 10


def test_a_level_that_wanders_is_lit_for_its_largest_fall_of_the_last_five_periods() -> None:
    """Threshold 4, no slack: four falls of one cross; eight scattered ones with more than five periods between first and last do not add up."""
    machine = Machine(np.array([4.0, 6, 8, 12])[:, None], np.ones(1), 0.0, wanders=np.ones(1, dtype=bool))
    falls = [1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    rows, lit = [], []
    for t, fall in enumerate(falls):
        level, _ = machine.step(np.array([fall]), np.array([fall]))
        rows += [t] if level[0] else []
        lit.append(bool(machine.lit[0]))
    assert rows == [10] and lit[10:] == [True, True, True, False, False, False]


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=40))
def test_the_windowed_sum_is_the_fall_from_the_highest_of_the_last_periods(steps: list[float]) -> None:
    sums, path = RunningSum((1,), np.ones(1, dtype=bool)), [0.0]
    for step in steps:
        now = float(sums.add(np.array([step]))[0])
        path.append(path[-1] - step)
        assert now == pytest.approx(max(path[-1 - REACH :]) - path[-1], abs=1e-9)
