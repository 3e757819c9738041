"""Figures of the key groups: heads, unemployment, income, the posts in their occupations, the measures open to them. Sums only, never a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from leye.office.nightly.heads import group_rules
from leye.packs import open_pack

LEAST = 10
"""Count under which a figure is not shown; as everywhere."""
OCCUPATION_SHARE = 0.01
"""A middle group of occupations is one of a group's own when this share of its members with an occupation have it. # chosen by us"""
INVOLUNTARY = ("contract_end", "dismissed", "firm_closed", "agreed_employer_proposed", "forced_resignation", "other_involuntary")
FIGURES = {"grp": pl.String, "figure": pl.String, "policy": pl.String, "n": pl.Int64, "value_fen": pl.Int64}
LABOUR = ("employed", "unemployed", "flexible", "self_employed")


@dataclass(frozen=True, slots=True)
class KeyGroupPage:
    """One group of the pack `monitoring/key_groups.yaml`."""

    id: str
    zh: str
    en: str
    meaning_zh: str
    meaning_en: str
    source: str
    series: str = ""
    note_zh: str = ""
    note_en: str = ""
    occupations: tuple[str, ...] = ()


@cache
def key_group_pages() -> dict[str, KeyGroupPage]:
    """The groups in the order of the pack."""
    rows: list[dict[str, Any]] = yaml.safe_load(open_pack("monitoring/key_groups.yaml").read_text(encoding="utf-8"))
    return {r["id"]: KeyGroupPage(**{k: tuple(v) if isinstance(v, list) else v for k, v in r.items()}) for r in rows}


def membership(on: date) -> Mapping[str, pl.Expr]:
    """Group -> who belongs to it; people may belong to several."""
    rules = dict(group_rules(on))
    middle = pl.col("occupation").str.slice(0, 3)
    rules["displaced"] = (
        pl.col("employment_status").is_in(["unemployed", "flexible"])
        & pl.col("left_job_reason").is_in(INVOLUNTARY)
        & middle.is_in(key_group_pages()["displaced"].occupations)
    )
    return {g: rules[g].fill_null(False) for g in key_group_pages()}


def groups_step(data: Path, on: date, marks: pl.DataFrame | None = None) -> pl.DataFrame | None:
    """FIGURES: `heads`, `labour`, `unemployed`, `registered`, `income` (median monthly wage of those with one; n is how many), `posts` (heads
    asked for by ads open on the day in the group's occupations), `entitled` per policy (marks with verdict yes). None without residents.

    marks: `person_id, policy, verdict`. An unknown fact counts nobody in.
    """
    file = data / "city" / "people.parquet"
    if not file.exists():
        return None
    people = pl.read_parquet(file)
    rows: list[tuple[str, str, str | None, int, int | None]] = []
    ads = _open_ads(data / "city" / "jobs.parquet", on)
    for grp, rule in membership(on).items():
        own = people.filter(rule)
        labour = own.filter(pl.col("employment_status").is_in(LABOUR))
        wage = own["monthly_wage_fen"].drop_nulls()
        paid = wage.filter(wage > 0)
        median = paid.median()
        rows += [
            (grp, "heads", None, own.height, None),
            (grp, "labour", None, labour.height, None),
            (grp, "unemployed", None, int((labour["employment_status"] == "unemployed").sum()), None),
            (grp, "registered", None, int(own["registered_unemployed"].fill_null(False).sum()), None),
            (grp, "income", None, paid.len(), int(median) if isinstance(median, int | float) else None),
        ]
        if ads is not None:
            rows.append((grp, "posts", None, _posts(own, ads), None))
        if marks is not None:
            entitled = marks.filter(pl.col("verdict") == "yes").join(own.select("person_id"), on="person_id", how="semi")
            rows += [(grp, "entitled", policy, n, None) for policy, n in entitled.group_by("policy").len().sort("policy").iter_rows()]
    return pl.DataFrame(rows, schema=FIGURES, orient="row")


def _open_ads(file: Path, on: date) -> pl.DataFrame | None:
    if not file.exists():
        return None
    ads = pl.read_parquet(file, columns=["posted_on", "closed_on", "occupation", "headcount"])
    return ads.filter(pl.col("posted_on") <= on, pl.col("closed_on").is_null() | (pl.col("closed_on") >= on))


def _posts(own: pl.DataFrame, ads: pl.DataFrame) -> int:
    middle = own.select(pl.col("occupation").str.slice(0, 3).alias("m")).drop_nulls()
    usual = middle.group_by("m").len().filter(pl.col("len") >= OCCUPATION_SHARE * middle.height)["m"].to_list()
    return int(ads.filter(pl.col("occupation").str.slice(0, 3).is_in(usual))["headcount"].sum())
