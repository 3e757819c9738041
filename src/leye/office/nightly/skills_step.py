"""Demand for skills and occupations of the night: what the ads ask for, its history by occupation, its forecast, and whether a change can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from leye import forecast
from leye.forecast.demand import LEAST_ADS, POOLED, intensity, outlook, pooled, shift, skill_panel
from leye.match.radar import FORECAST, radar
from leye.office.nightly.model_steps import HORIZON
from leye.office.nightly.panel_step import Panels
from leye.packs import open_pack

OCCUPATIONS = "postings_occ"
"""The indicator that has posts by occupation."""
MONTHS_OF_ADS = 12
"""Newest months of ads that say what an occupation asks for. # chosen by us: a year, so that no season is missing"""
DEMAND = {
    "kind": pl.String, "id": pl.String, "ads": pl.Int64, "last": pl.Float64, "before": pl.Float64, "ds": pl.Date, "year_ago": pl.Float64,
    "mean": pl.Float64, "lo-80": pl.Float64, "hi-80": pl.Float64, "verdict": pl.String, "early": pl.Float64, "late": pl.Float64, "shift": pl.String,
}  # fmt: skip
"""A row a skill or an occupation. `ads` of the year that ask for it · `last, before` posts of the newest twelve months and the twelve before ·
`ds, mean, lo-80, hi-80` the last month ahead, `year_ago` the same month a year before it · `verdict` of that comparison · `early, late, shift` the
share of ads within occupations in both halves of the year, and its verdict (skills only)."""


@dataclass(frozen=True, slots=True)
class Skill:
    """One row of the pack `monitoring/skills.yaml`."""

    id: str
    zh: str
    en: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """demand: as DEMAND · panel, ahead: `skill, ds, y` and its forecast, posts a month · radar: ads a month that name each skill, three months
    ahead."""

    demand: pl.DataFrame
    panel: pl.DataFrame
    ahead: pl.DataFrame
    radar: pl.DataFrame


@cache
def skills() -> dict[str, Skill]:
    """The skills in the order of the pack."""
    rows: list[dict[str, Any]] = yaml.safe_load(open_pack("monitoring/skills.yaml").read_text(encoding="utf-8"))
    return {r["id"]: Skill(r["id"], r["zh"], r["en"], tuple(r["words"])) for r in rows}


def skills_step(data: Path, on: date, panels: Panels, ahead: pl.DataFrame) -> Demand | None:
    """None when the folder has no ads or no posts by occupation. ahead: the night's forecast, which has the occupations in it."""
    file = data / "city" / "jobs.parquet"
    posts = _posts(panels)
    if not file.exists() or posts.is_empty():
        return None
    ads = read_ads(pl.read_parquet(file, columns=["posted_on", "occupation", "headcount", "title", "text"]), on)
    if ads.is_empty():
        return None
    counted = pooled(ads)
    panel = skill_panel(posts.select("occupation", "ds", "y"), intensity(counted))
    said = forecast.run(panel, horizon=HORIZON).forecast if panel["y"].drop_nulls().len() else pl.DataFrame()
    parts = [_of_occupations(panels, posts, ahead, ads)]
    if said.width:
        found = outlook(panel, said).rename({"unique_id": "id"}).join(shift(counted).rename({"skill": "id", "verdict": "shift"}), on="id", how="left")
        parts.append(_complete("skill", found))
    return Demand(
        pl.concat(parts).sort("kind", "id"),
        panel.rename({"unique_id": "skill"}),
        said.rename({"unique_id": "skill"}) if said.width else said,
        radar_of(counted, on),
    )


def read_ads(jobs: pl.DataFrame, on: date) -> pl.DataFrame:
    """`month, occupation (middle group), heads, skills`, the ads of the newest MONTHS_OF_ADS months up to a day."""
    month = pl.col("posted_on").dt.month_start()
    since = pl.lit(on).dt.month_start().dt.offset_by(f"-{MONTHS_OF_ADS - 1}mo")
    words = pl.concat_str(pl.col("title").fill_null(""), pl.col("text").fill_null(""), separator="\n")
    asks = [pl.when(words.str.contains("|".join(s.words))).then(pl.lit(s.id)) for s in skills().values()]
    return (
        jobs.filter(pl.col("posted_on") <= on, month >= since)
        .with_columns(pl.concat_list(asks).list.drop_nulls().alias("skills"))
        .select(month.alias("month"), middle_of("occupation"), pl.col("headcount").fill_null(1).alias("heads"), "skills")
        .drop_nulls("occupation")
    )


def radar_of(ads: pl.DataFrame, on: date) -> pl.DataFrame:
    """The skill radar of the ads, from whole months alone: a month that is not over yet would look like a fall. Empty without two whole months."""
    whole = ads if (on + timedelta(days=1)).day == 1 else ads.filter(pl.col("month") < on.replace(day=1))
    counts = whole.explode("skills").drop_nulls("skills").group_by(pl.col("skills").alias("skill"), pl.col("month").alias("ds")).len("n")
    if counts["ds"].n_unique() < 2:
        return pl.DataFrame(schema=FORECAST)
    return radar(counts.with_columns(pl.col("n").cast(pl.Float64)))


def middle_of(column: str) -> pl.Expr:
    """The middle group of an occupation code: three digits and noughts."""
    return (pl.col(column).str.slice(0, 3) + "0000").alias(column)


def _posts(panels: Panels) -> pl.DataFrame:
    """`unique_id, occupation, ds, y` of the middle groups: the leaves of the indicator."""
    parents = panels.keys["parent"].drop_nulls().unique().to_list()
    keys = panels.keys.filter(pl.col("indicator") == OCCUPATIONS, ~pl.col("unique_id").is_in(parents), pl.col("occupation").is_not_null())
    return (
        panels.panel.join(keys.select("unique_id", "occupation"), on="unique_id").select("unique_id", "occupation", "ds", "y").sort("unique_id", "ds")
    )


def _of_occupations(panels: Panels, posts: pl.DataFrame, ahead: pl.DataFrame, ads: pl.DataFrame) -> pl.DataFrame:
    """Occupations with LEAST_ADS posts in the year; their forecast is the night's own."""
    found = outlook(posts.select("unique_id", "ds", "y"), ahead.filter(pl.col("unique_id").is_in(posts["unique_id"].unique().to_list())))
    found = found.filter(pl.col("last").is_null() | (pl.col("last") >= LEAST_ADS))
    named = found.join(panels.keys.select("unique_id", pl.col("occupation").alias("id")), on="unique_id").drop("unique_id")
    return _complete("occupation", named.join(ads.group_by(pl.col("occupation").alias("id")).len("ads"), on="id", how="left"))


def _complete(kind: str, rows: pl.DataFrame) -> pl.DataFrame:
    held = rows.with_columns(pl.lit(kind).alias("kind"), *(pl.lit(None).alias(c) for c in DEMAND if c not in {"kind", *rows.columns}))
    return held.select(pl.col(c).cast(t) for c, t in DEMAND.items())


__all__ = ["DEMAND", "POOLED", "Demand", "Skill", "read_ads", "skills", "skills_step"]
