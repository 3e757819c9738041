"""Who is matched: confirmed profiles and registers as the columns of matching, with what people answered laid over what is unknown."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from leye.kernel.codes import region_code
from leye.kernel.decision import Subject
from leye.lake import open_lake
from leye.match.columns import EDUCATION, FORMS, LIMITS, NEEDS, PEOPLE, SHIFTS
from leye.office.decisions.subjects import subject_key
from leye.office.matches.models import Answer
from leye.office.privacy.keyring import keyring
from leye.office.profiles.frame import profile_frame

PURPOSE = "matches"
CHOICES: dict[str, tuple[str, ...]] = {
    "education": EDUCATION, "forms": FORMS, "shifts": SHIFTS, "limits": LIMITS, "needs": NEEDS, "relocate": ("yes", "no"),
    "relevant_years": ("0", "1", "3", "5", "10"), "commute_max_km": ("3", "5", "10", "20", "40"),
}  # fmt: skip
"""Questions that can be answered at the desk, with their closed lists: columns of the people table."""
LISTS = ("forms", "shifts", "limits", "needs")


def people_frame(data: Path, on: date, *, only: Collection[str] | None = None) -> pl.DataFrame:
    """PEOPLE columns and `region` (district, six digits), one row a seeker, in order of person_id. Nothing about who somebody is.

    only: these people, everybody who looks for work when None.
    """
    known = profile_frame(open_lake(data), on, only=only).join(_regions(data), on="person_id", how="left", maintain_order="left")
    return answered(_typed(known)).sort("person_id")


def _regions(data: Path) -> pl.DataFrame:
    file = data / "city" / "people.parquet"
    if not file.exists():
        return pl.DataFrame(schema={"person_id": pl.String, "region": pl.String})
    table = pl.scan_parquet(file).select("person_id", "region").collect()
    six = [region_code(str(r)) if r else None for r in table["region"]]
    return table.with_columns(region=pl.Series(six, dtype=pl.String))


def _typed(frame: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, dtype=t).alias(n) for n, t in PEOPLE.items() if n not in frame.columns]
    region = [] if "region" in frame.columns else [pl.lit(None, dtype=pl.String).alias("region")]
    return frame.with_columns(*missing, *region).select(*(pl.col(n).cast(t) for n, t in PEOPLE.items()), "region")


def answered(people: pl.DataFrame) -> pl.DataFrame:
    """Answers of the desk into cells that are unknown; what is known stays."""
    standing: dict[str, dict[str, Any]] = {}
    for row in Answer.objects.filter(undone_at=None).order_by("at", "id"):
        standing.setdefault(row.subject_key, {})[row.feature] = value_of(row)
    if not standing:
        return people
    keys = [subject_key(Subject("person", p)) for p in people["person_id"]]
    for feature in sorted({f for said in standing.values() for f in said} & set(CHOICES)):
        said = pl.Series([column_value(feature, standing.get(k, {}).get(feature)) for k in keys], dtype=PEOPLE[feature])
        people = people.with_columns(pl.coalesce(pl.col(feature), said).alias(feature))
    return people


def value_of(answer: Answer) -> str:
    """The value that was answered: one of CHOICES."""
    return str(json.loads(keyring(PURPOSE).decrypt(bytes(answer.sealed), answer.pk.bytes))["value"])


def column_value(feature: str, value: str | None) -> Any:
    """A choice as its column holds it."""
    if value is None:
        return None
    if feature == "relocate":
        return value == "yes"
    if feature in ("relevant_years", "commute_max_km"):
        return float(value)
    return [value] if feature in LISTS else value
