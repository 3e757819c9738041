"""The real panels of the benchmark and how their years are split. The splits were fixed before anything was tuned on the development years.

Development years may be looked at while a setting is chosen; report years are scored with what was chosen, and their tables are the README.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

SHARED = Path(os.environ.get("LEYE_SHARED", Path(__file__).parents[3] / "shared")) / "data" / "forecast"
FRED = SHARED / "fred_md" / "fred_md_to_2012.csv.gz"
US = SHARED / "us_employment" / "panel.parquet"
US_ALL = SHARED / "us_employment" / "all_series.parquet"
INDUSTRIES = (
    "PAYEMS", "USGOOD", "CES1021000001", "USCONS", "MANEMP", "DMANEMP", "NDMANEMP", "SRVPRD", "USTPU", "USWTRADE", "USTRADE", "USFIRE", "USGOVT",
)  # fmt: skip
FRED_PARENTS = {
    "PAYEMS": None, "USGOOD": "PAYEMS", "SRVPRD": "PAYEMS", "CES1021000001": "USGOOD", "USCONS": "USGOOD", "MANEMP": "USGOOD",
    "DMANEMP": "MANEMP", "NDMANEMP": "MANEMP", "USTPU": "SRVPRD", "USWTRADE": "USTPU", "USTRADE": "USTPU", "USFIRE": "SRVPRD", "USGOVT": "SRVPRD",
}  # fmt: skip
CLAIMS, POSTINGS = "CLAIMSx", "HWI"


@dataclass(frozen=True)
class Split:
    """Data of [first, last), thresholds before `cut`, alarms judged from `cut` on."""

    name: str
    first: date
    cut: date
    last: date


ADJUSTED = {
    "development": Split("development", date(1959, 1, 1), date(1980, 1, 1), date(2000, 1, 1)),
    "development, late": Split("development, late", date(1959, 1, 1), date(1990, 1, 1), date(2000, 1, 1)),
    "report": Split("report", date(1959, 1, 1), date(2000, 1, 1), date(2013, 1, 1)),
}
UNADJUSTED = {
    "development": Split("development", date(1960, 1, 1), date(1970, 1, 1), date(1990, 1, 1)),
    "report": Split("report", date(1990, 1, 1), date(2000, 1, 1), date(2019, 10, 1)),
}


def adjusted(split: Split) -> tuple[pl.DataFrame, dict[str, str | None]]:
    """13 employment series, claims and the help-wanted index of FRED-MD (`unique_id, ds, y`), and the parents of the employment series."""
    with gzip.open(FRED, "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))[1:]
    long = [(c, _day(r["sasdate"]), float(r[c])) for c in (*INDUSTRIES, CLAIMS, POSTINGS) for r in rows if r["sasdate"] and r[c]]
    frame = pl.DataFrame(long, schema={"unique_id": pl.String, "ds": pl.Date, "y": pl.Float64}, orient="row")
    return _years(frame, split), dict(FRED_PARENTS)


def unadjusted(split: Split) -> tuple[pl.DataFrame, dict[str, str | None]]:
    """Report years: the exact hierarchy of 107 series. Development years: those of its series that are known from before them."""
    parents = pl.read_csv(US.parent / "tags.csv")
    frame = pl.read_parquet(US if split.name == "report" else US_ALL).with_columns(pl.col("ds").cast(pl.Date)).filter(pl.col("y").is_not_null())
    if split.name != "report":
        old = frame.group_by("unique_id").agg(pl.col("ds").min()).filter(pl.col("ds") < split.first)
        frame = frame.filter(pl.col("unique_id").is_in(old["unique_id"].implode()), pl.col("unique_id").is_in(parents["unique_id"].implode()))
    there = set(frame["unique_id"])
    return _years(frame, split), {k: v for k, v in parents.iter_rows() if k in there}


def sha256(path: Path) -> str:
    """Of a data file, as printed under the tables."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _years(frame: pl.DataFrame, split: Split) -> pl.DataFrame:
    return frame.filter(pl.col("ds") >= split.first, pl.col("ds") < split.last).select("unique_id", "ds", "y")


def _day(text: str) -> date:
    month, day, year = (int(part) for part in text.split("/"))
    return date(year, month, day)
