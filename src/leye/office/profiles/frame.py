"""The table PEOPLE of the nightly matching: confirmed profiles where people have one, else what the registers hold about those who asked for work."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import polars as pl

from leye.lake import Lake
from leye.match.columns import PEOPLE
from leye.match.profile import FIELDS, Claim, profile_row
from leye.match.resumes.protected import without_protected
from leye.office.profiles.models import Profile
from leye.office.profiles.queries import claims_in_force
from leye.office.profiles.register import claims_of_register, registered


def profile_frame(lake: Lake, on: date, *, only: Collection[str] | None = None) -> pl.DataFrame:
    """One row a person by person_id, columns PEOPLE. Protected attributes never enter.

    A field counts when its owner lets the matching use it; others are null, as unknown. Whoever withdrew, deleted their profile or lets the matching
    use none of it has no row: a list made of nothing would be no suggestion.
    Without the city's tables only confirmed profiles are there. lake: whose `data` holds the city, such as `snapshot.lake` ·
    only: these people, everybody when None.
    """
    rows: dict[str, dict[str, Any]] = {}
    if (lake.data / "city" / "seekers.parquet").exists():
        asked = registered(lake)
        for row in (asked if only is None else asked.filter(pl.col("person_id").is_in(list(only)))).iter_rows(named=True):
            claims, text = claims_of_register(row, on)
            rows[row["person_id"]] = profile_row(claims, on, person_id=row["person_id"]) | {"text": text or None}
    profiles = Profile.objects.exclude(owner__subject="") if only is None else Profile.objects.filter(owner__subject__in=list(only))
    for profile in profiles.select_related("owner").order_by("owner__subject"):
        person = profile.owner.subject
        claims = usable(profile)
        if claims:
            row = profile_row(claims, on, person_id=person)
            rows[person] = row | {"text": without_protected(row["text"]) if row["text"] else None}
        else:
            rows.pop(person, None)
    ordered = [rows[p] for p in sorted(rows)]
    return pl.DataFrame([[r[c] for r in ordered] for c in PEOPLE], schema=PEOPLE, orient="col")


def evidence(lake: Lake, person_id: str, on: date) -> list[Claim]:
    """Claims behind a person's row, for reasons that cite them; those of fields that the matching may not use are left out."""
    profile = Profile.objects.filter(owner__subject=person_id).first()
    if profile is not None:
        return usable(profile)
    found = registered(lake).filter(pl.col("person_id") == person_id) if (lake.data / "city" / "seekers.parquet").exists() else None
    return claims_of_register(found.row(0, named=True), on)[0] if found is not None and found.height else []


def usable(profile: Profile) -> list[Claim]:
    """Claims in force that the matching may use; none of a profile that is withdrawn or has no version."""
    if not profile.is_active or not profile.number:
        return []
    kept_back = withheld(profile)
    return [c for c in claims_in_force(profile) if c.field not in kept_back]


def withheld(profile: Profile) -> frozenset[str]:
    """Fields that the matching may not use."""
    return frozenset(f for f in FIELDS if "match" not in profile.shared.get(f, []))
