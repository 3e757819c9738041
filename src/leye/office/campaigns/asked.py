"""What somebody asks a campaign for: which posts with how many places, which people, when; read from a form or from JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from leye.kernel.codes import current_regions
from leye.office.campaigns import refusals
from leye.office.campaigns.models import Kind, Who
from leye.office.permissions import not_found

MOST_POSTS = 300
"""Posts of one campaign. # chosen by us: a large hall; the form stays below a megabyte"""
MOST_PLACES = 500
"""Places of one post. # chosen by us"""
PREFIX = "places."


@dataclass(frozen=True, slots=True)
class Asked:
    """places: job_id -> places · region: district of the people, six digits, empty for the whole place."""

    name: str
    on: date
    kind: str
    who: str
    region: str
    places: Mapping[str, int]


def of_form(form: Mapping[str, str], user: Any, today: date) -> Asked:
    """Fields `name`, `on`, `kind`, `who`, `region` and `places.<job_id>`, an empty one being a post not chosen. Raises BadInput (E_CAMPAIGN_FIELD),
    NotFound (another district)."""
    try:
        on = date.fromisoformat(form.get("on", ""))
    except ValueError as error:
        raise refusals.bad_field("日期读不懂", "the day cannot be read", "写成 2025-09-20", "write 2025-09-20") from error
    places = {k.removeprefix(PREFIX): places_of(v) for k, v in form.items() if k.startswith(PREFIX) and v.strip()}
    return checked(Asked(form.get("name", ""), on, form.get("kind", ""), form.get("who", ""), form.get("region", ""), places), user, today)


def checked(asked: Asked, user: Any, today: date) -> Asked:
    """The same with the district of an account that has one. Raises BadInput (E_CAMPAIGN_FIELD), NotFound (another district)."""
    name = asked.name.strip()[:60]
    if len(name) < 2:
        raise refusals.bad_field("没有写名称", "the name is missing", "写一个看得懂的名称", "give it a name that people understand")
    if asked.on < today:
        raise refusals.bad_field("日期已经过去", "the day has passed", f"写 {today} 或以后", f"{today} or later")
    if asked.kind not in Kind.values or asked.who not in Who.values:
        raise refusals.bad_field("没有选活动类型或人员范围", "kind or people are not chosen", "各选一个", "choose one of each")
    if not 0 < len(asked.places) <= MOST_POSTS or any(not 0 < n <= MOST_PLACES for n in asked.places.values()):
        said = f"选 1 到 {MOST_POSTS} 个岗位，每个 1 到 {MOST_PLACES} 个名额"
        raise refusals.bad_field(
            "没有选岗位，或名额不对", "no posts, or a wrong number of places", said, f"1 to {MOST_POSTS} posts, 1 to {MOST_PLACES} places each"
        )
    return Asked(name, asked.on, asked.kind, asked.who, _region(asked, user), dict(sorted(asked.places.items())))


def places_of(text: str) -> int:
    """A number of places as typed. Raises BadInput (E_CAMPAIGN_FIELD)."""
    typed = text.strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) < 6):
        raise refusals.bad_field(f"名额“{typed[:20]}”不是整数", f"{typed[:20]!r} is no whole number", "写成 1、2、3…", "write 1, 2, 3 …")
    return int(typed)


def _region(asked: Asked, user: Any) -> str:
    region = asked.region if asked.who == Who.DISTRICT else ""
    if asked.who == Who.DISTRICT and (region not in current_regions() or region.endswith("00")):
        if not user.region or region:
            raise refusals.bad_field("没有选区县", "no district is chosen", "选一个区县", "choose one")
        region = user.region
    if user.region and region not in ("", user.region):
        raise not_found()
    return str(region or user.region)
