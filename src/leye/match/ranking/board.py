"""All open posts as arrays, ordered by place and occupation, so that one person's scan touches only rows that may matter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from leye.match.columns import PER_MONTH
from leye.match.ranking import points
from leye.match.ranking.blocks import Blocks, Cells, make_blocks, make_cells
from leye.match.ranking.board_skills import SkillBoard, skill_board
from leye.match.ranking.coded import Coded, coded_rows
from leye.match.ranking.gate import schooling
from leye.match.ranking.profile import unit_vector
from leye.match.ranking.weights import weights
from leye.match.ranking.words import plain

Floats = np.ndarray[Any, np.dtype[np.float64]]
BANDS = 255
"""Bands of the monthly offer, of about equal size, 0 for unknown. # chosen by us: one byte a row; a bound is then off by half a percent of rows"""


@dataclass(frozen=True)
class Board:
    """Open posts of a day. Arrays are (n,) in the order of `jobs`; NaN is unknown.

    by: coded columns, with whether they bind where the gate names them · offer: binary logarithm of the monthly offer · band: its band ·
    band_top: (bands,) the highest offer of each · static: contributions to p_person that depend on nobody · order: place by job_id.
    """

    jobs: pl.DataFrame
    on: date
    blocks: Blocks
    cells: Cells
    by: dict[str, Coded]
    occupation: Coded
    offer: Floats
    band: np.ndarray[Any, np.dtype[np.uint8]]
    band_top: Floats
    most_fen: Floats
    places: tuple[Floats, Floats, Floats]
    shuttle: np.ndarray[Any, np.dtype[np.bool_]]
    static: np.ndarray[Any, np.dtype[np.int32]]
    order: np.ndarray[Any, np.dtype[np.int32]]
    skills: SkillBoard


def make_board(jobs: pl.DataFrame, on: date, vocabulary: frozenset[str] = frozenset()) -> Board:
    """Posts that are not known to be closed, from a table as `tables.read_jobs` gives it. vocabulary: skills (as `words.skill_name`) of the people
    to come, looked for in the texts; a skill left out of it is read from the lists alone.

    Column by column: a million posts as Python objects all at once take more memory than everything else together."""
    asks = pl.col("skills_required").list.len().fill_null(0) > 0
    accepted = pl.col("accept_codes").list.unique().list.sort().list.join("|")
    open_ = jobs.filter(pl.col("closes_on").is_null() | (pl.col("closes_on") >= on))
    open_ = open_.sort("remote", asks, "city", "occupation_code", accepted, "job_id")
    occupation = coded_rows(open_.select("occupation_code", "accept_codes"), lambda code, more: (code, tuple(sorted(set(more or ())))))
    offer, most_fen = _offers(open_)
    band, tops = _bands(offer)
    places, shuttle = _places(open_), open_["shuttle"].fill_null(False).to_numpy()
    blocks = make_blocks(open_.select("remote", asks.alias("asks"), "city"), places, shuttle)
    return Board(
        jobs=open_, on=on, blocks=blocks, cells=make_cells(blocks, occupation.codes, band), by=_columns(open_), occupation=occupation,
        offer=offer, band=band, band_top=tops, most_fen=most_fen, places=places, shuttle=shuttle, static=_static(open_, on),
        order=open_["job_id"].rank("ordinal").to_numpy().astype(np.int32), skills=skill_board(open_, vocabulary),
    )  # fmt: skip


def _columns(jobs: pl.DataFrame) -> dict[str, Coded]:
    """Every column whose contribution is looked up by value; those that may bind carry whether they do."""

    def of(column: str, make: Any = lambda v: v) -> Coded:
        return coded_rows(jobs.select(column), make)

    def binding(column: str, make: Any = lambda v: v) -> Coded:
        binds = pl.col("hard").list.contains(column).fill_null(False).alias("binds")
        return coded_rows(jobs.select(column, binds), lambda v, b: (make(v), b))

    return {
        "environment": of("environment", _words_of), "benefits": of("benefits", _words_of), "trainings_accepted": of("trainings_accepted", _plain),
        "majors": of("majors", _plain), "equipment_required": of("equipment_required", _plain), "form": of("form"), "shift": binding("shift"),
        "education": binding("education_min", schooling), "skill_grade": binding("skill_grade_min"),
        "relevant_years": binding("relevant_years_min"), "total_years": of("total_years_min"), "digital": of("digital_required"),
        "industry": of("industry"), "start_by": of("start_by"),
        "languages": binding("languages_required", _plain), "certificates": binding("certificates_required", _plain),
    }  # fmt: skip


def _words_of(words: list[str] | None) -> tuple[str, ...] | None:
    return None if words is None else tuple(sorted(set(words)))


def _plain(words: list[str] | None) -> tuple[str, ...] | None:
    return None if words is None else tuple(dict.fromkeys(plain(w) for w in words))


def _offers(jobs: pl.DataFrame) -> tuple[Floats, Floats]:
    """`points.offer_log` of every row, and the most that it pays in monthly fen."""
    per_month = pl.col("pay_period").replace_strict(PER_MONTH, default=None, return_dtype=pl.Float64)
    monthly = jobs.select((pl.col(c).cast(pl.Float64) * per_month).alias(c) for c in ("pay_min_fen", "pay_max_fen"))
    made = coded_rows(monthly, points.offer_log)
    return _floats(made.values)[made.codes], monthly["pay_max_fen"].fill_null(math.nan).to_numpy()


def _floats(values: Any) -> Floats:
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def _bands(offer: Floats) -> tuple[np.ndarray[Any, np.dtype[np.uint8]], Floats]:
    """Band of every row, and the highest offer of each band; the unknown is band 0."""
    known = np.sort(offer[~np.isnan(offer)])
    ends = np.unique(known[np.linspace(0, len(known) - 1, BANDS + 1).astype(np.int64)[1:]]) if len(known) else known
    band = np.where(np.isnan(offer), 0, np.searchsorted(ends, offer, side="left") + 1).astype(np.uint8)
    return band, np.concatenate([[np.nan], ends])


def _places(jobs: pl.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Axes of `unit_vector` of every row; remote work has no place. By the functions of the explanation: numpy's cosine is another."""
    rows = zip(*(jobs[c] for c in ("lat", "lon", "remote")), strict=True)
    unknown = (math.nan,) * 3
    flat = (x for lat, lon, far in rows for x in ((None if far else unit_vector(lat, lon)) or unknown))
    axes = np.fromiter(flat, dtype=np.float64, count=3 * len(jobs)).reshape(-1, 3)
    return axes[:, 0].copy(), axes[:, 1].copy(), axes[:, 2].copy()


def _static(jobs: pl.DataFrame, on: date) -> np.ndarray[Any, np.dtype[np.int32]]:
    w = weights().person.by
    posted = coded_rows(jobs.select("posted_on"), lambda day: points.freshness(w, None if day is None else (on - day).days))
    record = coded_rows(jobs.select("employer_record"), lambda r: points.employer_record(w, r))
    made: np.ndarray[Any, np.dtype[np.int32]] = posted.table(int)[posted.codes] + record.table(int)[record.codes]
    return made
