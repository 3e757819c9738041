"""Adverts that came from elsewhere: the city's table of ads, read into the columns of matching."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from leye.match.columns import JOBS
from leye.office.vacancies.parsing import parse
from leye.office.vacancies.places import city_of
from leye.office.vacancies.signals import fraud_codes
from leye.office.vacancies.unlawful import unlawful_in

COLUMNS: dict[str, pl.DataType] = {
    **JOBS,
    "firm_id": pl.String(),
    "firm_name": pl.String(),
    "region": pl.String(),
    "source": pl.String(),
    "flags": pl.List(pl.String()),
}
"""Columns of every open job: those of matching; then firm_id, firm_name, region (district, six digits), source (`bank`: posted here, `feed`: the
city's ads), flags (codes of fraud signals; a search leaves flagged jobs out)."""
DECEIVES = frozenset({"fees"})
"""Findings that say somebody is about to be cheated; other unlawful words are the employer's to mend, and the job is real."""
NEVER_CLOSED_DAYS = 60
"""Days after which an ad without a closing day counts as gone. # chosen by us: twice the time that a vacancy here stays open"""


def feed_jobs(data: Path, on: date) -> pl.DataFrame:
    """Ads of the city's table that stand open on a day, as COLUMNS, in order of job_id. Empty without a table."""
    file = data / "city" / "jobs.parquet"
    if not file.exists():
        return pl.DataFrame(schema=COLUMNS)
    stat = file.stat()
    return _feed(file, (stat.st_mtime_ns, stat.st_size), on)


@lru_cache(maxsize=4)
def _feed(file: Path, stamp: tuple[int, int], on: date) -> pl.DataFrame:
    since = on - timedelta(days=NEVER_CLOSED_DAYS)
    is_open = (pl.col("closed_on").is_null() & (pl.col("posted_on") > since)) | (pl.col("closed_on") >= on)
    ads = pl.scan_parquet(file).filter(pl.col("posted_on") <= on, is_open).sort("job_id").collect()
    firms = _names(file.with_name("firms.parquet"))
    return pl.DataFrame([_row(ad, firms) for ad in ads.iter_rows(named=True)], schema=COLUMNS, orient="row")


def feed_row(ad: dict[str, Any], firm_name: str = "") -> dict[str, Any]:
    """One ad of the table as a row of COLUMNS. What the department typed (occupation, place, headcount) goes before what is read in the text; pay
    goes by the text, which says its period, else by the table's monthly figures."""
    text = str(ad["text"] or "")
    _slots, read = parse(str(ad["title"] or ""), text)
    row = dict.fromkeys(COLUMNS) | {name: value for name, value in read.items() if name in JOBS}
    if row["pay_min_fen"] is None and row["pay_max_fen"] is None:
        row |= {"pay_min_fen": ad["wage_min_fen"], "pay_max_fen": ad["wage_max_fen"], "pay_period": "month" if ad["wage_min_fen"] else None}
    region = str(ad["region"] or "")
    return row | {
        "job_id": ad["job_id"],
        "title": ad["title"],
        "text": text,
        "headcount": ad["headcount"] or row["headcount"],
        "occupation_code": ad["occupation"] or row["occupation_code"],
        "industry": (ad["industry"] or "")[:1] or None,
        "city": city_of(region) if region else row["city"],
        "posted_on": ad["posted_on"],
        "closes_on": ad["closed_on"] or ad["posted_on"] + timedelta(days=NEVER_CLOSED_DAYS),
        "firm_id": ad["firm_id"],
        "firm_name": firm_name,
        "region": region or None,
        "source": "feed",
        "flags": sorted({*fraud_codes(text), *(h.ground for h in unlawful_in(text) if h.ground in DECEIVES)}),
    }


def _row(ad: dict[str, Any], firms: dict[str, str]) -> tuple[Any, ...]:
    row = feed_row(ad, firms.get(ad["firm_id"], ""))
    return tuple(row[name] for name in COLUMNS)


def _names(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    return dict(pl.scan_parquet(file).select("firm_id", "name").collect().iter_rows())
