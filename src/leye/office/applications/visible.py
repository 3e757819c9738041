"""What a firm may read of a candidate: sentences about a field stand only while its owner shows that field to employers.

The list's order rests on all that matching may use; what is withheld here is told to nobody, not even as met or missed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

FIELDS_OF: dict[str, tuple[str, ...]] = {
    "occupation_distance": ("target_codes", "current_code"), "skill_levels": ("skills",), "certificate_until": ("certificates",),
    "location": ("lat", "lon"), "commute": ("lat", "lon", "commute_max_km"), "cities": ("cities", "relocate"),
    "pay": ("pay_min_fen",), "form": ("forms",), "shift": ("shifts",), "digital": ("digital_level", "equipment"), "record": ("record_score",),
}  # fmt: skip
"""Feature of a reason to the fields of the profile that its sentence can tell of, all of which have to be shown; others are their own field."""


def may_tell(feature: str, shown: Collection[str]) -> bool:
    """Whether a firm may read a sentence about a feature. shown: fields that the person shows to employers. Unknown features are told to nobody."""
    return all(field in shown for field in FIELDS_OF.get(feature, (feature,)))


def told_to_employer(reasons: Mapping[str, Any], shown: Collection[str]) -> dict[str, Any]:
    """The explanation of one pair with every sentence, condition and question left out that speaks of a field which is not shown to employers."""
    sides = {side: {**reasons[side], "items": _kept(reasons[side]["items"], shown)} for side in ("person", "employer")}
    return {**reasons, **sides, "hard": _kept(reasons["hard"], shown), "missing": _kept(reasons["missing"], shown)}


def _kept(rows: Collection[Mapping[str, Any]], shown: Collection[str]) -> list[Mapping[str, Any]]:
    return [row for row in rows if may_tell(row["feature"], shown)]
