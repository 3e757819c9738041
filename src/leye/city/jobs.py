"""The jobs table: the ads of the last twelve months with firm, days, wage and a text put together from pieces."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from leye.city.adtext import Offer, ad_texts
from leye.city.dice import Array, stream
from leye.city.firms import Firms, divisions
from leye.city.frames import days, ids, regions, words
from leye.city.marginals import by_section, job_families, marginals, sections
from leye.city.openings import MONTHS_OF_ADS, Openings
from leye.city.pieces import pieces
from leye.city.plants import DISCRIMINATING_SHARE, Plant
from leye.city.series import Calendar


def jobs_frame(openings: Openings, firms: Firms, names: pl.Series, calendar: Calendar, *, seed: int, on: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(jobs ordered by day, ads with forbidden wording). Heads by month, district and section add up to the indicator of postings."""
    rng = stream(seed, "jobs")
    posted, row = _days(rng, openings, calendar, on)
    district, section, family = openings.district[row], openings.section[row], openings.family[row]
    firm = _firms(rng, firms, district, section)
    low, high = _wages(rng, section, family)
    closed = posted + np.floor(5 + rng.gamma(2.0, 14.0, row.size)).astype("timedelta64[D]")
    barred, ground, phrase = _forbidden(rng, row.size)
    text = ad_texts(rng, Offer(family, names.gather(firm), openings.heads[row], district, low, high, phrase))
    negotiable = text["negotiable"].to_numpy()
    job_id = ids("job", np.arange(row.size))
    own = np.array(sections())[firms.section[firm]] == np.array(sections())[section]
    jobs = pl.DataFrame(
        {
            "job_id": job_id,
            "firm_id": ids("firm", firm),
            "posted_on": days(posted),
            "closed_on": days(np.where(closed <= np.datetime64(on, "D"), closed, np.datetime64("NaT", "D"))),
            "title": text["title"],
            "text": text["text"],
            "occupation": words([f.code for f in job_families()], family),
            "industry": words(divisions(), np.where(own, firms.division[firm], _first_divisions()[section])),
            "region": regions(district),
            "wage_min_fen": _known(low, ~negotiable),
            "wage_max_fen": _known(high, ~negotiable),
            "headcount": openings.heads[row],
        }
    )
    barred_ads = pl.DataFrame({"job_id": job_id.gather(barred), "ground": ground, "phrase": phrase.gather(barred)})
    return jobs, barred_ads


def _days(rng: np.random.Generator, openings: Openings, calendar: Calendar, on: date) -> tuple[Array, Array]:
    """(day posted, number of the ad in openings), in order of days; in the last month none after the day."""
    row = np.flatnonzero(openings.month >= calendar.size - MONTHS_OF_ADS)
    first = np.array([m.first for m in calendar.months], dtype="datetime64[D]")[openings.month[row]]
    length = np.array([m.period.days for m in calendar.months[:-1]] + [on.day])[openings.month[row]]
    posted = first + np.floor(rng.random(row.size) * length).astype("timedelta64[D]")
    order = np.argsort(posted, kind="stable")
    return posted[order], row[order]


def _firms(rng: np.random.Generator, firms: Firms, district: Array, section: Array) -> Array:
    """An employer of the district and section, the larger the likelier; any of the section, then any at all, where there is none."""
    chosen = np.zeros(district.size, dtype=np.int64)
    for cell in np.unique(district * 100 + section):
        rows = np.flatnonzero(district * 100 + section == cell)
        there = _candidates(firms, cell // 100, cell % 100)
        weight = np.cumsum(np.sqrt(firms.employees[there]))
        chosen[rows] = there[np.searchsorted(weight, rng.random(rows.size) * weight[-1] * 0.999999, side="right")]
    return chosen


def _candidates(firms: Firms, district: int, section: int) -> Array:
    in_section = firms.section == section
    for fits in (in_section & (firms.district == district), in_section):
        if fits.any():
            return np.flatnonzero(fits)
    return np.arange(firms.n)


def _wages(rng: np.random.Generator, section: Array, family: Array) -> tuple[Array, Array]:
    """Monthly wage in fen, lower and upper end, whole hundreds of yuan; never under the minimum wage."""
    yuan = np.array([f.wage_yuan for f in job_families()])[family] * (0.5 + 0.5 * by_section("wage")[section])
    middle = yuan * np.exp(rng.normal(0.0, 0.16, family.size))
    least = marginals()["local"]["min_wage_fen"] // 100
    low = np.maximum(np.rint(middle * (0.74 + 0.2 * rng.random(family.size)) / 100) * 100, np.ceil(least / 100) * 100)
    high = np.maximum(np.rint(middle * (1.08 + 0.4 * rng.random(family.size)) / 100) * 100, low + 500)
    return (low * 100).astype(np.int64), (high * 100).astype(np.int64)


def _forbidden(rng: np.random.Generator, n: int) -> tuple[Array, list[str], pl.Series]:
    """(ads with forbidden wording, their grounds, a phrase for every ad, empty for most)."""
    barred = np.sort(rng.permutation(n)[: round(n * DISCRIMINATING_SHARE)])
    listed = pieces("ads")["discriminating"]
    which = rng.integers(0, len(listed), barred.size)
    code = np.full(n, len(listed))
    code[barred] = which
    return barred, [listed[k][0] for k in which], words([row[1] for row in listed] + [""], code)


def _known(values: Array, known: Array) -> pl.Series:
    return pl.Series(values).set(pl.Series(~known), None)


def _first_divisions() -> Array:
    counts = np.array([len(row["divisions"]) for row in marginals()["industries"].values()])
    return np.asarray(np.cumsum(counts) - counts)


def job_plants(calendar: Calendar, on: date) -> list[Plant]:
    """Ads that ask for a sex, an age, a marriage or a hukou."""
    first = calendar.months[-MONTHS_OF_ADS].first
    return [Plant("forbidden_ads", "bias", "jobs", {"listed_in": "truth/discriminatory_ads.parquet"}, first, on, DISCRIMINATING_SHARE, "share of ads",
                  "ads with wording that the Employment Promotion Law forbids")]  # fmt: skip
