"""Ranked lists: the best posts of every person, or the best people for every post, each row with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from leye.kernel.errors import BadInput
from leye.match.columns import MATCHES
from leye.match.ranking.board import Board, make_board
from leye.match.ranking.codes_in_force import in_force
from leye.match.ranking.exposure import fair_lists
from leye.match.ranking.profile import Advert, Profile
from leye.match.ranking.reasons import Courses, as_text, explain_pair
from leye.match.ranking.scan import Found, Scan
from leye.match.ranking.seeker import Tables
from leye.match.ranking.tables import read_jobs, read_people
from leye.match.ranking.told_skills import told_skills
from leye.match.ranking.weights import UNITS, weights
from leye.match.ranking.words import skill_name

Told = Callable[[int, int], None]
"""Called with people done and people in all."""
TOGETHER = 2_000
"""People taken up at once; the memory of their rows and reasons stays below some hundred megabytes."""
POOL = 5
"""With fair exposure a list is chosen from so many times its length. # chosen by us: a post further down is no honest suggestion"""


def rank(
    people: pl.DataFrame, jobs: pl.DataFrame, *, on: date, top: int = 20, exact: bool = False, fair_exposure: bool = False,
    courses: Courses | None = None, told: Told | None = None,
) -> pl.DataFrame:  # fmt: skip
    """MATCHES: min(top, feasible) rows for every person, by person_id and rank; ties of the score by job_id.

    people, jobs: columns of `match.columns`, absent ones unknown, others ignored · on: the day of the question · exact: score every pair that
    passes the gate (the result is the same) · fair_exposure: see `exposure` · courses: skill to course, for the remedies.
    Raises BadInput (E_RANK_ID, E_RANK_VALUE, E_RANK_ALIGNED, E_RANK_TOP).
    """
    parts = rank_parts(people, jobs, on=on, top=top, exact=exact, fair_exposure=fair_exposure, courses=courses, told=told)
    return pl.concat(list(parts))


def rank_parts(
    people: pl.DataFrame, jobs: pl.DataFrame, *, on: date, top: int = 20, exact: bool = False, fair_exposure: bool = False,
    courses: Courses | None = None, told: Told | None = None,
) -> Iterator[pl.DataFrame]:  # fmt: skip
    """The same in parts of TOGETHER people, in order, for lists that are longer than the memory: reasons take about 4 kB a row.

    At least one part, which may be empty. Raises, before the first part, as `rank` does.
    """
    _check_top(top)
    persons = _persons(people, on)
    scan = _scan(in_force(read_jobs(jobs), on), persons, on)
    pool = top * POOL if fair_exposure else top
    found = _found(scan, persons, pool, exact, told)
    if fair_exposure:
        every = list(found)
        found = iter(fair_lists(every, scan.board.jobs["headcount"].to_numpy(), top))
    yield pl.DataFrame(schema=MATCHES)
    for k, part in _chunks(found, len(persons)):
        yield _matches(scan.board, persons[k : k + TOGETHER], part, courses)


def pairs(people: pl.DataFrame, jobs: pl.DataFrame, *, on: date, top: int = 20) -> pl.DataFrame:
    """The rows of `rank` without reasons: `person_id, job_id, rank, score, p_person, p_employer`, for allocation, which reads chances only.

    Writing the reasons costs more than all else together.
    """
    _check_top(top)
    persons = _persons(people, on)
    scan = _scan(in_force(read_jobs(jobs), on), persons, on)
    ids, w, rows = scan.board.jobs["job_id"].to_list(), weights(), []
    for person, found in zip(persons, _found(scan, persons, top, False, None), strict=True):
        for place, (row, p, e, score) in enumerate(zip(found.rows, found.person, found.employer, found.score, strict=True), 1):
            both = (w.person.probability(int(p)), w.employer.probability(int(e)))
            rows.append((person.row["person_id"], ids[int(row)], place, float(score), *both))
    return pl.DataFrame(rows, schema={n: t for n, t in MATCHES.items() if n != "reasons"}, orient="row")


def rank_for_jobs(people: pl.DataFrame, jobs: pl.DataFrame, *, on: date, top: int = 20, courses: Courses | None = None) -> pl.DataFrame:
    """MATCHES the other way round: the best people for every open post by the same scores, by job_id and rank; ties by person_id."""
    _check_top(top)
    persons = _persons(people, on)
    scan = _scan(in_force(read_jobs(jobs), on), persons, on)
    n = len(scan.board.jobs)
    best: list[list[tuple[float, int, int, int]]] = [[] for _ in range(n)]
    texts = told_skills(persons, scan.board.skills.ids)
    for k, person in enumerate(persons):
        found = scan.one(person, texts[k], np.arange(n))
        for row, p, e, score in zip(found.rows.tolist(), found.person.tolist(), found.employer.tolist(), found.score.tolist(), strict=True):
            best[row].append((-score, k, p, e))
        if k % 500 == 499:
            best = [sorted(b)[:top] for b in best]
    parts = []
    for row in scan.board.jobs.with_row_index("row").sort("job_id")["row"].to_list():
        chosen = sorted(best[row])[:top]
        one = [Found(np.array([row]), np.array([p]), np.array([e]), np.array([-s])) for s, _, p, e in chosen]
        if one:
            made = _matches(scan.board, [persons[k] for _, k, _, _ in chosen], one, courses)
            parts.append(made.with_columns(pl.Series("rank", range(1, len(made) + 1), dtype=pl.Int64)))
    return pl.concat([pl.DataFrame(schema=MATCHES), *parts])


def _check_top(top: int) -> None:
    if top < 1:
        raise BadInput(
            f"--top 不能是 {top}",
            en=f"top cannot be {top}",
            remedy_zh="写 1 以上的整数，如 20",
            remedy_en="a whole number from 1 on",
            code="E_RANK_TOP",
        )


def _persons(people: pl.DataFrame, on: date) -> list[Profile]:
    """Profiles in the order of their ids, codes as they stand on the day."""
    return [Profile(row, on) for row in in_force(read_people(people), on).sort("person_id").iter_rows(named=True)]


def _scan(jobs: pl.DataFrame, persons: list[Profile], on: date) -> Scan:
    vocabulary = frozenset(skill_name(word) for p in persons for word in p.row["skills"] or ())
    board = make_board(jobs, on, vocabulary)
    return Scan(board, Tables(board))


def _found(scan: Scan, persons: list[Profile], top: int, exact: bool, told: Told | None) -> Iterator[Found]:
    for start in range(0, len(persons), TOGETHER):
        part = persons[start : start + TOGETHER]
        for k, (person, skills) in enumerate(zip(part, told_skills(part, scan.board.skills.ids), strict=True)):
            yield scan.best(person, skills, top, exact=exact)
            if told is not None and k % 50 == 49:
                told(start + k + 1, len(persons))


def _chunks(found: Iterator[Found], n: int) -> Iterator[tuple[int, list[Found]]]:
    for start in range(0, n, TOGETHER):
        yield start, [next(found) for _ in range(min(TOGETHER, n - start))]


def _matches(board: Board, persons: list[Profile], found: list[Found], courses: Courses | None) -> pl.DataFrame:
    """Rows of the output for some people and their lists."""
    needed = np.unique(np.concatenate([f.rows for f in found])) if found else np.zeros(0, dtype=np.int64)
    adverts = dict(zip(needed.tolist(), map(Advert, board.jobs[needed].iter_rows(named=True)), strict=True))
    w, rows = weights(), []
    for person, list_ in zip(persons, found, strict=True):
        for place, (row, p, e, score) in enumerate(zip(list_.rows, list_.person, list_.employer, list_.score, strict=True), 1):
            job = adverts[int(row)]
            reasons = explain_pair(person, job, courses)
            _agree(reasons, int(p), int(e), person, job)
            both = (w.person.probability(int(p)), w.employer.probability(int(e)))
            rows.append((person.row["person_id"], job.row["job_id"], place, float(score), *both, as_text(reasons)))
    return pl.DataFrame(rows, schema=MATCHES, orient="row")


def _agree(reasons: dict[str, Any], p: int, e: int, person: Profile, job: Advert) -> None:
    """The explanation is computed by other code than the scan; a list whose reasons are not those of its score never leaves."""
    told = (round(reasons["person"]["logit"] * UNITS), round(reasons["employer"]["logit"] * UNITS))
    if told != (p, e):
        raise AssertionError(f"explanation and score differ for {person.row['person_id']} and {job.row['job_id']}: {told} and {(p, e)}")
