"""The list of a campaign: who may be entitled by the published marks, with their grid; nobody who has it, is applying, or does not want it."""

from __future__ import annotations

import hashlib
from datetime import date

import polars as pl

from leye.office.privacy.reads import people_file
from leye.office.promotion.refusals import no_marks
from leye.office.published import Snapshot, published_snapshot

MOST_MISSING = 1
"""Unknown facts that a person on the list may have; chosen by us: with one question the counter can tell at once."""
BANDS = ((35, "16-34"), (50, "35-49"))
"""Upper ends of the age bands of the channel plan; older people are `50+`."""
COLUMNS = ("person_id", "grid_id", "sex", "age_band")


def audience(policy: str, on: date) -> tuple[pl.DataFrame, str]:
    """(`person_id, grid_id, sex, age_band` ordered by person, run id). Raises CheckFailed (E_CAMPAIGN_MARKS) before the first night."""
    snapshot = published_snapshot()
    if snapshot is None or not snapshot.frame("marks").width or not people_file().exists():
        raise no_marks()
    marks = snapshot.frame("marks").filter(pl.col("policy") == policy)
    may = marks.filter((pl.col("verdict") == "yes") | ((pl.col("verdict") == "unknown") & (pl.col("missing").list.len() <= MOST_MISSING)))
    wanted = may.select("person_id").join(_held(snapshot, policy), on="person_id", how="anti").unique()
    age = on.year - pl.col("birth").dt.year() - (pl.lit(on).dt.ordinal_day() < pl.col("birth").dt.ordinal_day()).cast(pl.Int32)
    band = pl.lit("50+")
    for end, word in reversed(BANDS):
        band = pl.when(age < end).then(pl.lit(word)).otherwise(band)
    people = pl.scan_parquet(people_file()).select(
        "person_id", "grid_id", pl.col("sex").fill_null(""), pl.when(pl.col("birth").is_null()).then(pl.lit("")).otherwise(band).alias("age_band")
    )
    found = people.filter(pl.col("grid_id").is_not_null()).join(wanted.lazy(), on="person_id", how="semi").sort("person_id").collect()
    return found.select(COLUMNS), snapshot.run_id


def _held(snapshot: Snapshot, policy: str) -> pl.DataFrame:
    """Who is not told again: they have it, are applying, or said no."""
    held = snapshot.frame("mark_held")
    return held.filter(pl.col("policy") == policy).select("person_id") if held.width else pl.DataFrame(schema={"person_id": pl.String})


def digest_of(people: pl.DataFrame) -> str:
    """Of who is on the list and where; stands in the log, so that the lottery can be drawn again."""
    text = "\n".join(f"{person}\t{grid}" for person, grid in people.select("person_id", "grid_id").iter_rows())
    return hashlib.sha256(text.encode()).hexdigest()
