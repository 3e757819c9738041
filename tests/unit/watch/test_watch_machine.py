"""The alarm machine by hand: one series, scores written out, every row explained."""

from __future__ import annotations

import numpy as np
import pytest

from leye.watch.machine import Machine

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
    ([2.5] * 5, [(1, 1, True), (3, 3, False)], "a rise is told two periods later at the earliest, and only to orange or red"),
    ([2.5] * 8, [(1, 1, True), (3, 3, False), (5, 4, False)], "orange at 8, red at 12, no row for yellow"),
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
