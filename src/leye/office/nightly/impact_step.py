"""What the AI-impact index needs of the night: which occupations make up each trade's groups, and how many adverts name an AI tool."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from leye.impact.ai_ads import ai_pattern
from leye.watch.cube import ALL, LEAST, Cube

MONTHS_OF_ADS = 12
MIX = {"industry": pl.String, "major": pl.String, "occupation": pl.String, "share": pl.Float64}
"""A row an occupation of at least LEAST insured people in a trade's group that the cube shows of the whole city. share: among those rows, two
decimals and no counts, so that nothing hidden follows."""
ADS = {"industry": pl.String, "ads": pl.Int64, "naming": pl.Int64}
"""A row a section, and `all`: adverts of the newest MONTHS_OF_ADS months, and those of them that name an AI tool."""


@dataclass(frozen=True, slots=True)
class Impact:
    """mix: MIX · ads: ADS, without rows where the folder has no adverts."""

    mix: pl.DataFrame
    ads: pl.DataFrame


def impact_step(data: Path, on: date, cube: Cube) -> Impact | None:
    """None when the folder has no insured people."""
    city = data / "city"
    if not all((city / f"{t}.parquet").exists() for t in ("people", "firms", "insurance_months")):
        return None
    return Impact(_mix(city, on, _shown(cube)), _ads(city, on))


def _shown(cube: Cube) -> pl.DataFrame:
    """Trade's groups of the whole city that may be shown."""
    whole = (pl.col("region") == ALL) & (pl.col("grp") == ALL) & (pl.col("occupation") != ALL)
    shown = cube.cells.filter(whole, pl.col("indicator") == "insured_now", ~pl.col("hidden"), pl.col("n") >= LEAST)
    return shown.select("industry", pl.col("occupation").alias("major"))


def _mix(city: Path, on: date, shown: pl.DataFrame) -> pl.DataFrame:
    firms = pl.scan_parquet(city / "firms.parquet").select("firm_id", pl.col("industry").str.slice(0, 1).alias("industry"))
    months = pl.scan_parquet(city / "insurance_months.parquet").filter(pl.col("month") <= on, pl.col("firm_id").is_not_null())
    newest = months.filter(pl.col("month") == pl.col("month").max()).select("person_id", "firm_id").unique("person_id", keep="first")
    people = pl.scan_parquet(city / "people.parquet").select("person_id", "occupation").drop_nulls()
    joined = newest.join(firms, on="firm_id").join(people, on="person_id").select("industry", "occupation").collect()
    both = pl.concat([joined, joined.with_columns(pl.lit(ALL).alias("industry"))])
    major = (pl.col("occupation").str.slice(0, 1) + "000000").alias("major")
    counted = both.with_columns(major).group_by("industry", "major", "occupation").len("n").filter(pl.col("n") >= LEAST)
    kept = counted.join(shown, on=["industry", "major"], how="semi")
    share = (pl.col("n") / pl.col("n").sum().over("industry", "major")).round(2).alias("share")
    return kept.with_columns(share).select(pl.col(c).cast(t) for c, t in MIX.items()).sort("industry", "major", "occupation")


def _ads(city: Path, on: date) -> pl.DataFrame:
    file = city / "jobs.parquet"
    if not file.exists():
        return pl.DataFrame(schema=ADS)
    since = pl.lit(on).dt.month_start().dt.offset_by(f"-{MONTHS_OF_ADS - 1}mo")
    jobs = pl.read_parquet(file, columns=["posted_on", "industry", "title", "text"]).filter(pl.col("posted_on") <= on, pl.col("posted_on") >= since)
    words = pl.concat_str(pl.col("title").fill_null(""), pl.col("text").fill_null(""), separator="\n")
    told = jobs.select(pl.col("industry").str.slice(0, 1), words.str.contains(ai_pattern()).alias("names")).drop_nulls()
    both = pl.concat([told, told.with_columns(pl.lit(ALL).alias("industry"))])
    counted = both.group_by("industry").agg(pl.len().alias("ads"), pl.col("names").sum().alias("naming"))
    return counted.select(pl.col(c).cast(t) for c, t in ADS.items()).sort("industry")
