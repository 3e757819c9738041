"""What is already known of the account's own person that moves can use: the confirmed profile first, the city's register where it is silent.

Job, skills and schooling shape the options, as the algorithm's card says. Papers, home and pay only add words to what is shown: none of them is an
input of the algorithm, so none can move an option up or down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from leye.kernel.clock import beijing_day
from leye.kernel.codes import region_code
from leye.match.profile import profile_row
from leye.match.skills import normalise
from leye.match.transitions import Profile, find
from leye.office.clock import now
from leye.office.permissions import can
from leye.office.privacy.reads import file_row
from leye.office.profiles.queries import own_profile
from leye.office.profiles.register import seat_of


@dataclass(frozen=True, slots=True)
class Home:
    """Where courses are looked for from. lat, lon: degrees · region: six digits of the district whose seat it is, empty for the own place."""

    lat: float
    lon: float
    region: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """job: the present occupation, None where no profile of it exists · skills: label to level 1–5 · certificates: valid today · education: one of
    EDUCATION, or empty · home: None unknown · least_pay_fen: the least a month that the person wants, None where not said."""

    job: Profile | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    certificates: frozenset[str] = frozenset()
    education: str = ""
    home: Home | None = None
    least_pay_fen: int | None = None

    @property
    def words(self) -> str:
        """The skills as they are written into the form."""
        return "、".join(self.skills)


NOBODY = Own()


def own_of(user: Any) -> Own:
    """Of the account's own person; NOBODY for accounts that have no list of their own. A withdrawn profile is as none."""
    if not can(user, "moves.own"):
        return NOBODY
    shown, on = own_profile(user), beijing_day(now())
    row = profile_row(shown.claims if shown.is_active else [], on)
    held = file_row(user.subject, ("occupation", "region")) if user.subject else None
    job = row["current_code"] or (held and held["occupation"])
    return Own(
        find(str(job)) if job else None,
        {normalise(s) or s: level for s, level in zip(row["skills"] or (), row["skill_levels"] or (), strict=True)},
        _valid(row, on),
        row["education"] or "",
        _home(row, held),
        row["pay_min_fen"] if row["pay_period"] in {None, "month"} else None,
    )


def _valid(row: Mapping[str, Any], on: date) -> frozenset[str]:
    ends = zip(row["certificates"] or (), row["certificate_until"] or (), strict=True)
    return frozenset(name for name, until in ends if until is None or until >= on)


def _home(row: Mapping[str, Any], held: Mapping[str, Any] | None) -> Home | None:
    if row["lat"] is not None and row["lon"] is not None:
        return Home(row["lat"], row["lon"])
    region = region_code(held["region"]) if held and held.get("region") else ""
    seat = seat_of(region)
    return Home(*seat, region) if seat else None
