"""Posts that firms ask for, month by month, as single ads: the indicators of postings and the table of jobs are both sums of these."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.city.dice import Array, apportion, split_exactly, stream
from leye.city.marginals import by_section, districts, family_weights, job_families, marginals, sections
from leye.city.plants import POSTINGS_FALL, SHOCK_MONTHS_BEFORE, SHOCK_SECTION
from leye.city.series import Calendar, Shape, paths

MONTHS_OF_ADS = 12
HEADS_PER_AD = 4
"""Posts per ad on average; chosen by us."""


@dataclass(frozen=True, slots=True)
class Openings:
    """One entry an ad of the whole stretch: month number, district, section, occupation family, posts asked for."""

    month: Array
    district: Array
    section: Array
    family: Array
    heads: Array


def posting_shape(section: str) -> Shape:
    """Season and trend of a section's demand for labour; factories and kitchens live by the Spring Festival."""
    trend = {"I": 0.05, "C": 0.01, "K": -0.05, "J": -0.02, "G": 0.04, "Q": 0.03, "M": 0.03, "E": -0.03}.get(section, 0.015)
    festival = {"C": (0.9, 0.25), "E": (0.9, 0.22), "H": (0.45, 0.25), "O": (0.5, 0.2), "G": (0.5, 0.15), "F": (0.45, 0.15)}.get(section, (0.35, 0.1))
    peak = {"H": 5, "F": 11, "G": 11, "P": 7, "R": 7}.get(section, 4)
    return Shape(trend, 0.05, peak, festival[0], festival[1], cycle=1.5, noise=0.03, keeps=0.4)


def open_posts(people: int, calendar: Calendar, cycle: Array, *, seed: int) -> Openings:
    """Draw all ads of the stretch. The last twelve months hold exactly the city's number of ads where cells are not too thin."""
    rng = stream(seed, "openings")
    ads = round(people * marginals()["ads_per_resident"])
    posts = _posts(rng, ads * HEADS_PER_AD, calendar, cycle)
    by_month = posts.transpose(2, 0, 1)
    earlier, year = by_month[:-MONTHS_OF_ADS].ravel(), by_month[-MONTHS_OF_ADS:].ravel()
    earlier_ads = round(ads * int(earlier.sum()) / max(int(year.sum()), 1))
    totals = by_month.ravel()
    parts = np.concatenate([_at_least_one(earlier_ads, earlier), _at_least_one(ads, year)])
    month, district, section = (np.repeat(axis.ravel(), parts) for axis in np.indices((calendar.size, *posts.shape[:2])))
    heads = split_exactly(rng, totals[totals > 0], parts[totals > 0])
    return Openings(month, district, section, _occupations(rng, month, section), heads)


def _at_least_one(ads: int, posts: Array) -> Array:
    """Ads of each cell: one where there are posts, the rest in proportion to the posts left; more than asked for where cells outnumber ads."""
    filled = posts > 0
    spare = (posts - 1).clip(0)
    return np.minimum(filled + apportion(max(0, ads - int(filled.sum())), spare), posts)


def _posts(rng: np.random.Generator, year_posts: int, calendar: Calendar, cycle: Array) -> Array:
    """(districts, sections, months) posts; the section's shape, a little of each district's own noise, and the shock."""
    share = np.outer(list(marginals()["districts"].values()), by_section("ads"))
    shapes = [posting_shape(s) for s in sections()]
    common = paths(rng, calendar, shapes, cycle)
    own = paths(rng, calendar, [Shape(0, 0, 1, 0, 0, 0, noise=0.025, keeps=0.3)] * share.size, cycle).reshape(*share.shape, calendar.size)
    level = np.exp(common[None] + own)
    level *= share[:, :, None] * year_posts / level[:, :, -MONTHS_OF_ADS:].sum(axis=2, keepdims=True)
    level[:, sections().index(SHOCK_SECTION), -1 - SHOCK_MONTHS_BEFORE :] *= 1 + POSTINGS_FALL
    return np.asarray(np.rint(level).astype(np.int64))


def _occupations(rng: np.random.Generator, month: Array, section: Array) -> Array:
    """Family of each ad: within a month and section the shares are held by systematic draws, so that series of occupations are calm."""
    family = np.zeros(month.size, dtype=np.int64)
    for s in range(len(sections())):
        rows = np.flatnonzero(section == s)
        rows = rows[np.lexsort((rng.random(rows.size), month[rows]))]
        size = np.bincount(month[rows], minlength=int(month.max()) + 1)
        rank = np.arange(rows.size) - (np.cumsum(size) - size)[month[rows]]
        place = (rank + rng.random(size.size)[month[rows]]) / np.maximum(size[month[rows]], 1)
        family[rows] = np.searchsorted(np.cumsum(family_weights()[s]), place * 0.999999, side="right")
    return family.clip(0, len(job_families()) - 1)


def region_of(district: Array) -> Array:
    """Six-digit codes of district numbers."""
    return np.array(districts())[district]
