"""No bound of the fast scan is ever below what it bounds, and no short cut changes a list: random worlds, ties, unknown columns, empty lists."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from leye.match.ranking import read_jobs, read_people, scan
from leye.match.ranking.board import make_board
from leye.match.ranking.lists import pairs
from leye.match.ranking.postings import Window
from leye.match.ranking.profile import Profile
from leye.match.ranking.reach import Reach, at_most, lacking
from leye.match.ranking.scan import Found, Scan
from leye.match.ranking.scan_skills import SkillScan
from leye.match.ranking.seeker import FAIL, Tables
from leye.match.ranking.told_skills import told_skills
from leye.match.ranking.weights import LIMIT, weights
from leye.match.ranking.words import skill_name
from tests_support.ranking_world import ON, world

SKILLS = ["skills_required", "skills_preferred", "skill_level_min", "project_skills"]
EVERYWHERE = {"relocate": True, "forms": None, "limits": None, "pay_min_fen": None}


def _changed(table: pl.DataFrame, **values: Any) -> pl.DataFrame:
    return table.with_columns(pl.lit(v, dtype=table.schema[c]).alias(c) for c, v in values.items())


def _worlds() -> list[Any]:
    worlds = []
    for seed, gaps, what in ((21, 0.0, "no gaps"), (22, 0.15, "some gaps"), (23, 0.7, "mostly gaps")):
        worlds.append(pytest.param(*world(6, 120, seed=seed, gaps=gaps), id=what))
    people, jobs = world(6, 90, seed=24, gaps=0.1)
    copies = pl.concat([jobs.with_columns(pl.col("job_id") + f"-{k}") for k in range(3)])
    unknown = jobs.with_columns(
        pl.lit(None, dtype=jobs.schema[c]).alias(c) for c in (*SKILLS, "lat", "lon", "pay_min_fen", "occupation_code", "city")
    )
    empty = people.with_columns(pl.lit([], dtype=people.schema[c]).alias(c) for c in ("skills", "project_skills", "target_codes", "needs"))
    return [
        *worlds,
        pytest.param(_changed(people, **EVERYWHERE), jobs, id="everybody moves"),
        pytest.param(people, copies, id="three of every post"),
        pytest.param(people, unknown, id="unknown columns"),
        pytest.param(empty.with_columns(skill_levels=pl.lit([], dtype=people.schema["skill_levels"])), jobs, id="empty lists"),
    ]


def _scan(people: pl.DataFrame, jobs: pl.DataFrame) -> tuple[Scan, list[Profile], list[frozenset[str]]]:
    persons = [Profile(row, ON) for row in read_people(people).iter_rows(named=True)]
    board = make_board(read_jobs(jobs), ON, frozenset(skill_name(w) for p in persons for w in p.row["skills"] or ()))
    return Scan(board, Tables(board)), persons, told_skills(persons, board.skills.ids)


def _same(one: Found, other: Found) -> bool:
    return all(np.array_equal(getattr(one, n), getattr(other, n)) for n in ("rows", "person", "employer", "score"))


@pytest.mark.parametrize(("people", "jobs"), _worlds())
def test_every_short_cut_gives_the_exact_list(people: pl.DataFrame, jobs: pl.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    made, persons, told = _scan(people, jobs)
    for person, words in zip(persons, told, strict=True):
        for top in (1, 7):
            wanted = made.best(person, words, top, exact=True)
            for in_one in (10**9, 0):
                for name, small in (("AT_ONCE", 16), ("FIRST", 3), ("GROWTH", 2), ("IN_ONE", in_one)):
                    monkeypatch.setattr(scan, name, small)
                assert _same(made.best(person, words, top), wanted)


@pytest.mark.parametrize(("people", "jobs"), _worlds())
def test_no_bound_is_below_a_score(people: pl.DataFrame, jobs: pl.DataFrame) -> None:
    made, persons, told = _scan(people, jobs)
    board = made.board
    for person, words in zip(persons, told, strict=True):
        seeker, skills = made.tables.seeker(person), SkillScan.of(board.skills, person, words)
        scores = made.one(person, words, np.arange(len(board.jobs)))
        if not len(scores.rows):
            continue
        blocks = np.flatnonzero(seeker.place > FAIL // 2)
        window, reach = Window.of(board.blocks.first[blocks], board.blocks.last[blocks]), Reach.of(board, seeker, skills)
        shown = skills.shown(window)[window.places(scores.rows)]
        block, cell, occupation = board.blocks.of_row[scores.rows], board.cells.of_row[scores.rows], board.occupation.codes[scores.rows]
        e = reach.block_employer[block] + seeker.work[occupation]
        for pay in (reach.pay[board.band[scores.rows]], reach.cell_pay(board.cells, cell)):
            p = reach.block_person[block] + seeker.wish[occupation] + pay
            assert (p >= scores.person).all() and (e + shown >= scores.employer).all()
            assert (at_most(p, e + shown) >= scores.score).all()
            assert all((lacking(p, e, float(s)) <= shown)[k] for k, s in enumerate(scores.score))


def test_window_counts_the_rows_of_its_stretches() -> None:
    window = Window.of(np.array([2, 5, 9]), np.array([5, 6, 12]))
    assert window.first.tolist() == [2, 9] and window.size == 7, "neighbours are one stretch"
    assert window.rows(np.arange(7)).tolist() == [2, 3, 4, 5, 9, 10, 11]
    assert window.places(np.array([11, 2, 9])).tolist() == [6, 0, 4]
    assert Window.of(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)).size == 0


def test_lacking_never_shuts_out_a_score_that_equals_the_floor() -> None:
    w, dice = weights(), np.random.default_rng(5)
    p, e = (dice.integers(-90_000, 90_000, 400).astype(np.int32) for _ in range(2))
    scores = w.person.p[p + LIMIT] * w.employer.p[e + LIMIT]
    assert all(lacking(p[k : k + 1], e[k : k + 1], float(scores[k]))[0] <= 0 for k in range(len(p)))
    assert lacking(p, e, 1.1).min() > LIMIT, "no score exceeds one"


def test_rows_and_columns_in_any_order_give_the_same_pairs() -> None:
    people, jobs = world(5, 80, seed=31, gaps=0.2)
    mixed = jobs.sample(fraction=1.0, shuffle=True, seed=3).select(reversed(jobs.columns))
    assert pairs(people.reverse(), mixed, on=ON, top=5).equals(pairs(people, jobs, on=ON, top=5))


def test_no_post_at_all_is_an_empty_list() -> None:
    people, jobs = world(2, 3, seed=32, gaps=0.1)
    assert pairs(people, jobs.clear(), on=ON, top=5).is_empty()
