"""All open posts as arrays, ordered by place and occupation, so that one person's scan touches only rows that may matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from leye.match.ranking import points
from leye.match.ranking.board_skills import SkillBoard, skill_board
from leye.match.ranking.coded import Coded, coded, coded_lists
from leye.match.ranking.gate import schooling
from leye.match.ranking.profile import monthly_fen, unit_vector
from leye.match.ranking.weights import weights
from leye.match.ranking.words import plain

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Blocks:
    """Stretches of rows with one city, one answer about remote work and one major group. Arrays are (blocks,)."""

    first: np.ndarray[Any, Any]
    last: np.ndarray[Any, Any]
    city: list[str | None]
    remote: list[bool | None]
    major: np.ndarray[Any, Any]  # first digit of the occupation, 0 unknown


@dataclass(frozen=True)
class Board:
    """Open posts of a day. Arrays are (n,) in the order of `jobs`; NaN is unknown.

    by: coded columns · bound: (n,) 0 or 1 for each named condition that binds · static: contributions to p_person that depend on nobody.
    """

    jobs: pl.DataFrame
    on: date
    blocks: Blocks
    by: dict[str, Coded]
    occupation: Coded
    offer: Floats
    most_fen: Floats
    places: tuple[Floats, Floats, Floats]
    shuttle: np.ndarray[Any, np.dtype[np.bool_]]
    static: np.ndarray[Any, np.dtype[np.int32]]
    order: np.ndarray[Any, np.dtype[np.int64]]
    skills: SkillBoard


def make_board(jobs: pl.DataFrame, on: date, vocabulary: frozenset[str] = frozenset()) -> Board:
    """Posts that are not known to be closed, from a table as `tables.read_jobs` gives it. vocabulary: skills (as `words.skill_name`) of the people
    to come, looked for in the texts; a skill left out of it is read from the lists alone."""
    major = pl.col("occupation_code").str.slice(0, 1).fill_null("0")
    open_ = jobs.filter(pl.col("closes_on").is_null() | (pl.col("closes_on") >= on)).sort("city", "remote", major, "occupation_code", "job_id")
    rows = {c: open_[c].to_list() for c in open_.columns if c not in ("title", "text")}
    place = [None if far else unit_vector(a, b) for a, b, far in zip(rows["lat"], rows["lon"], rows["remote"], strict=True)]
    axes = np.array([p or (np.nan,) * 3 for p in place], dtype=np.float64).reshape(-1, 3)
    least, most = ([monthly_fen(f, p) for f, p in zip(rows[c], rows["pay_period"], strict=True)] for c in ("pay_min_fen", "pay_max_fen"))
    offers = coded(zip(least, most, strict=True))
    return Board(
        jobs=open_, on=on, blocks=_blocks(open_), by=_columns(rows),
        occupation=coded(zip(rows["occupation_code"], (tuple(sorted(set(a or ()))) for a in rows["accept_codes"]), strict=True)),
        offer=_floats(points.offer_log(*v) for v in offers.values)[offers.codes], most_fen=_floats(most),
        places=(axes[:, 0].copy(), axes[:, 1].copy(), axes[:, 2].copy()), shuttle=np.array([bool(x) for x in rows["shuttle"]], dtype=bool),
        static=_static(rows, on), order=np.argsort(np.argsort(open_["job_id"].to_numpy().astype(str), kind="stable"), kind="stable"),
        skills=skill_board(open_, vocabulary),
    )  # fmt: skip


def _floats(values: Any) -> Floats:
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def _columns(rows: dict[str, list[Any]]) -> dict[str, Coded]:
    """Every column whose contribution is looked up by value; those that may bind carry whether they do."""
    hard = [frozenset(h or ()) for h in rows["hard"]]

    def binding(column: str, name: str) -> Coded:
        return coded((v, name in h) for v, h in zip(rows[column], hard, strict=True))

    def binding_lists(name: str) -> Coded:
        lists = coded_lists(rows[name], lambda v: tuple(dict.fromkeys(plain(x) for x in v)))
        return coded((lists.values[c], name in h) for c, h in zip(lists.codes.tolist(), hard, strict=True))

    words = {c: coded_lists(rows[c], lambda v: tuple(sorted(set(v)))) for c in ("environment", "benefits")}
    lists = {
        c: coded_lists(rows[c], lambda v: tuple(dict.fromkeys(plain(x) for x in v))) for c in ("trainings_accepted", "majors", "equipment_required")
    }
    steps = [schooling(x) for x in rows["education_min"]]
    return words | lists | {
        "form": coded(rows["form"]), "shift": binding("shift", "shift"),
        "education": coded((s, "education_min" in h) for s, h in zip(steps, hard, strict=True)), 
        "skill_grade": binding("skill_grade_min", "skill_grade_min"),
        "relevant_years": binding("relevant_years_min", "relevant_years_min"), "total_years": coded(rows["total_years_min"]),
        "digital": coded(rows["digital_required"]), "industry": coded(rows["industry"]), "start_by": coded(rows["start_by"]),
        "languages": binding_lists("languages_required"), "certificates": binding_lists("certificates_required"),
    }  # fmt: skip


def _static(rows: dict[str, list[Any]], on: date) -> np.ndarray[Any, np.dtype[np.int32]]:
    w = weights().person.by
    made = coded(zip(rows["posted_on"], rows["employer_record"], strict=True))
    return made.table(lambda v: points.freshness(w, None if v[0] is None else (on - v[0]).days) + points.employer_record(w, v[1]))[made.codes]


def _blocks(jobs: pl.DataFrame) -> Blocks:
    keys = jobs.select("city", "remote", pl.col("occupation_code").str.slice(0, 1).fill_null("0").alias("major"))
    lengths = keys.with_columns(pl.struct("city", "remote", "major").rle_id().alias("block")).group_by("block", maintain_order=True).agg(
        pl.len(), pl.first("city", "remote", "major")
    )  # fmt: skip
    sizes = lengths["len"].cast(pl.Int64).to_numpy()
    last = np.cumsum(sizes)
    majors = lengths["major"].str.to_integer().to_numpy() if len(lengths) else np.zeros(0, dtype=np.int64)
    return Blocks(last - sizes, last, lengths["city"].to_list(), lengths["remote"].to_list(), majors)
