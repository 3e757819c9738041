"""Which people a campaign places: a district's, a counsellor's own lists, or all who said what they want. Nothing of who they are is read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings

from leye.kernel.codes import region_code
from leye.office.campaigns import refusals
from leye.office.campaigns.asked import Asked
from leye.office.campaigns.models import Who
from leye.office.entitlements.lists import entries_of
from leye.office.matches.people import people_frame
from leye.office.permissions import require
from leye.office.privacy.reads import people_file
from leye.office.prospects.queries import help_list
from leye.office.published import published_snapshot

MOST_PEOPLE = 5_000
"""People of one campaign. # chosen by us: the answer comes while somebody waits; a larger one goes by district or by `leye match allocate`"""


def seekers_of(asked: Asked, user: Any, on: date) -> pl.DataFrame:
    """PEOPLE and `region`, by person_id. Raises CheckFailed (E_CAMPAIGN_EMPTY), BadInput (E_CAMPAIGN_SIZE), NotAllowed (somebody else's lists)."""
    people = people_frame(Path(settings.LEYE_DATA), on)
    if asked.region:
        people = people.filter(pl.col("region") == asked.region)
    if asked.who == Who.WISH:
        people = people.filter(pl.col("target_codes").list.len() > 0)
    elif asked.who in (Who.HELP, Who.TODAY):
        people = people.filter(pl.col("person_id").is_in(_listed(asked.who, user)))
    if not people.height:
        raise refusals.nobody_there()
    if people.height > MOST_PEOPLE:
        raise refusals.too_many(people.height, MOST_PEOPLE)
    return people


def districts(user: Any) -> list[str]:
    """Districts that a user may choose people of, six digits."""
    if user.region:
        return [user.region]
    file = people_file()
    if not file.exists():
        return []
    found = pl.scan_parquet(file).select(pl.col("region").drop_nulls().unique()).collect()["region"]
    return sorted({region_code(str(r)) for r in found})


def _listed(who: str, user: Any) -> list[str]:
    """Ids on a list of the counsellor's own."""
    if who == Who.HELP:
        return [p.person_id for p in help_list(user)]
    require(user, "today.view")
    snapshot = published_snapshot()
    if snapshot is None or not user.subject:
        return []
    return sorted({e.person_id for e in entries_of(snapshot, pl.col("counsellor_id") == user.subject)})
