"""Search among adverts: what was asked for filters first, then the rows left are scored exactly; an empty answer names the nearest instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from leye.match.columns import FORMS, PER_MONTH
from leye.match.places import Place, distance_km, district_place, travel_min
from leye.match.search.index import Floats, TextIndex, index_of
from leye.match.search.wish import Wish

DISTRICT_OF = "region"
"""Column with the six digits of the district, where the jobs table has one."""
SAME_CODE = 0.5
"""An advert of the coded occupation gets so much of the best text score on top. # chosen by us: a coder may err, the words decide between equals"""
NEAREST = 10
"""Adverts shown when nothing fits. # chosen by us: half a page of each kind"""
NEAREST_PLACE_KM = 1e9


@dataclass(frozen=True, slots=True)
class Asked:
    """All that limits a search. wish: the line · codes: occupations of its words, as a coder says, may be empty · place, pay_min_fen (a month), form:
    the three filters; they win over the line · origin: where the way to work begins; else the first place named."""

    wish: Wish
    codes: tuple[str, ...] = ()
    place: Place | None = None
    origin: Place | None = None
    pay_min_fen: int | None = None
    form: str = ""

    @property
    def places(self) -> tuple[Place, ...]:
        """Where: the filter, else what the line names."""
        return (self.place,) if self.place is not None else self.wish.places

    @property
    def origins(self) -> tuple[Place, ...]:
        """Where distances are counted from."""
        return (self.origin,) if self.origin is not None else self.places

    @property
    def bounds(self) -> tuple[Place, ...]:
        """Where the work must lie: a filter always; a place in the line unless it is the beginning of a way."""
        if self.place is not None:
            return (self.place,)
        return () if self.wish.commute_km is not None or self.wish.commute_min is not None else self.wish.places

    @property
    def pay_month_fen(self) -> float | None:
        """Least pay, fen a month."""
        return self.wish.pay_month_fen if self.pay_min_fen is None else float(self.pay_min_fen)

    @property
    def asked_form(self) -> str:
        """Form of work: the filter, else what the line says; empty: any."""
        return self.form if self.form in FORMS else (self.wish.form or "")


@dataclass(frozen=True, slots=True)
class Hit:
    """One advert. row: its number in the bank · score: text score, 0 without words · km: expected distance from the place asked for, None unknown ·
    minutes: travel time in the mode asked for · differs: in what it does not fit (place, pay, form, shift, commute)."""

    row: int
    score: float
    km: float | None = None
    minutes: float | None = None
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """hits: what fits, best first; when empty, by_skill (nearest in words) and by_distance (nearest in place) speak instead."""

    hits: tuple[Hit, ...]
    by_skill: tuple[Hit, ...] = ()
    by_distance: tuple[Hit, ...] = ()


class JobBank:
    """Open adverts with their index. jobs: JOBS columns, one row an advert; more columns ride along. Rows are put in order of job_id."""

    def __init__(self, jobs: pl.DataFrame) -> None:
        self.jobs = jobs.sort("job_id")
        self.index: TextIndex = index_of(_texts(self.jobs, "title"), _texts(self.jobs, "text"))
        self._places = [_place_of(r) for r in self.jobs.select(_there(self.jobs, "lat", "lon", DISTRICT_OF, "city")).iter_rows(named=True)]
        self._pay = monthly(self.jobs)

    def row_of(self, job_id: str) -> int | None:
        """Number of an advert; None when it is not (or no longer) open."""
        place = self.jobs["job_id"].search_sorted(job_id)
        return place if place < self.jobs.height and self.jobs["job_id"][place] == job_id else None

    def look(self, asked: Asked) -> Found:
        """Everything that fits, best first: by text score, then newest, then job_id; unknown facts never exclude."""
        differs, km, minutes = self._differences(asked)
        score = self._scores(asked)
        fits = np.array([not d for d in differs], dtype=bool) & ((score > 0) | (not asked.wish.words))
        if fits.any():
            rows = self._ordered(np.flatnonzero(fits), score)
            return Found(tuple(Hit(int(r), float(score[r]), km[r], minutes[r]) for r in rows))
        hits = [Hit(r, float(score[r]), km[r], minutes[r], differs[r]) for r in range(self.jobs.height)]
        named = [hits[r] for r in self._ordered(np.flatnonzero(score > 0), score)][:NEAREST]
        near = sorted(hits, key=lambda h: (len(h.differs), NEAREST_PLACE_KM if h.km is None else h.km, -h.score, h.row))[:NEAREST]
        return Found((), tuple(named), tuple(near))

    def _scores(self, asked: Asked) -> Floats:
        score = self.index.scores(asked.wish.words)
        if asked.wish.words and len(asked.wish.words) == 1:  # one sign has no bigram
            titles = self.jobs["title"].fill_null("").str.contains(asked.wish.words, literal=True)
            score = score + titles.cast(pl.Float64).to_numpy()
        if asked.codes and "occupation_code" in self.jobs.columns:
            same = self.jobs["occupation_code"].is_in(list(asked.codes)).fill_null(False).cast(pl.Float64).to_numpy()
            score = score + same * SAME_CODE * max(float(score.max(initial=0.0)), 1.0)
        return score

    def _differences(self, asked: Asked) -> tuple[list[tuple[str, ...]], list[float | None], list[float | None]]:
        differs: list[list[str]] = [[] for _ in range(self.jobs.height)]
        km, minutes = self._distances(asked.origins, asked.wish.commute_mode or "bus")
        bounds, to_bounds = asked.bounds, km if asked.bounds == asked.origins else self._distances(asked.bounds, "bus")[0]
        for row, place in enumerate(self._places):
            if _is_too_far(km[row], minutes[row], asked.wish):
                differs[row].append("commute")
            if bounds and place is not None and not any(_lies_in(place, p, to_bounds[row]) for p in bounds):
                differs[row].append("place")
        if (least := asked.pay_month_fen) is not None:
            for short in np.flatnonzero(self._pay < least).tolist():
                differs[short].append("pay")
        for name, wanted in (("form", asked.asked_form), ("shift", asked.wish.shift or "")):
            if wanted and name in self.jobs.columns:
                said = (self.jobs[name] != wanted) & self.jobs[name].is_not_null()
                for other in np.flatnonzero(said.fill_null(False).to_numpy()).tolist():
                    differs[other].append(name)
        return [tuple(d) for d in differs], km, minutes

    def _distances(self, places: Sequence[Place], mode: str) -> tuple[list[float | None], list[float | None]]:
        known: dict[Place | None, float | None] = {None: None}
        for place in set(self._places) - {None}:
            known[place] = min((distance_km(place, p) for p in places), default=None) if place is not None else None
        km = [known[p] for p in self._places]
        return km, [None if k is None else travel_min(k, mode) for k in km]

    def _ordered(self, rows: Any, score: Floats) -> list[int]:
        posted = self.jobs["posted_on"].cast(pl.Int32).fill_null(0).to_numpy() if "posted_on" in self.jobs.columns else np.zeros(self.jobs.height)
        return sorted((int(r) for r in rows), key=lambda r: (-round(float(score[r]), 9), -int(posted[r]), r))


def monthly(jobs: pl.DataFrame) -> Floats:
    """(n,) most that an advert pays in fen a month by the periods of PER_MONTH; its least where it names no most; NaN: not known."""
    if not {"pay_min_fen", "pay_max_fen"} <= set(jobs.columns):
        return np.full(jobs.height, np.nan)
    period = pl.col("pay_period") if "pay_period" in jobs.columns else pl.lit("month")
    factor = period.fill_null("month").replace_strict(PER_MONTH, default=None, return_dtype=pl.Float64)
    found: Floats = jobs.select(pl.coalesce("pay_max_fen", "pay_min_fen") * factor).to_series().cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return found


def without_words(asked: Asked) -> Asked:
    """The same search by its filters alone."""
    return replace(asked, wish=replace(asked.wish, words=""), codes=())


def _is_too_far(km: float | None, minutes: float | None, wish: Wish) -> bool:
    too_long = wish.commute_min is not None and minutes is not None and minutes > wish.commute_min
    return too_long or (wish.commute_km is not None and km is not None and km > wish.commute_km)


def _lies_in(place: Place, asked: Place, km: float | None) -> bool:
    """A district or city by its code; a town takes its own, and what of its district has no finer place."""
    if asked.level == "city":
        return place.code[:4] == asked.code[:4]
    if asked.level == "town" and place.level in ("town", "point"):
        return place.name == asked.name or (km is not None and km <= asked.radius_km)
    return place.code == asked.code


def _place_of(row: dict[str, Any]) -> Place | None:
    district = district_place(str(row[DISTRICT_OF])) if row.get(DISTRICT_OF) else None
    if row.get("lat") is not None and row.get("lon") is not None:
        code = str(row.get(DISTRICT_OF) or row.get("city") or "")
        if district is None or (round(district.lat, 4), round(district.lon, 4)) != (round(row["lat"], 4), round(row["lon"], 4)):
            return Place("", code, "point", row["lat"], row["lon"], 0.0)
    return district or (district_place(str(row["city"])) if row.get("city") else None)


def _texts(jobs: pl.DataFrame, column: str) -> list[str]:
    return jobs[column].fill_null("").to_list() if column in jobs.columns else [""] * jobs.height


def _there(jobs: pl.DataFrame, *names: str) -> list[str]:
    return [n for n in names if n in jobs.columns]
