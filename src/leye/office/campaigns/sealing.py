"""Outcomes of a signed campaign through the gate: one leaf for everyone who was considered, placed or not, district by district."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from leye.kernel.decision import InputValue, Outcome
from leye.kernel.ids import run_of
from leye.office.campaigns.models import Campaign
from leye.office.decisions.batch import BatchRun, PersonMarks, decide_batch
from leye.office.decisions.subjects import subject_of
from leye.office.privacy.reads import file_rows, region_of
from leye.office.programmes.groups import audit_groups
from leye.office.registry.cards import features_of, running_version
from leye.trust.subtree import Mark

ALGO, PURPOSE = "match.allocate", "campaign_places"
PLACED, NOT_PLACED = "placed", "not_placed"


def run_id_of(campaign: Campaign) -> str:
    """How the leaves of a campaign are found."""
    return run_of("campaign", campaign.pk)


def seal_outcomes(campaign: Campaign, outcomes: Mapping[str, Any], *, at: datetime) -> int:
    """Seal the picked mode inside the caller's transaction; returns how many people. Raises GateRefused: an open breaker holds the whole campaign."""
    version, on = running_version(ALGO), campaign.body["on"]
    by_region: dict[str, list[str]] = {}
    for person, region in regions_of(outcomes["seekers"]).items():
        by_region.setdefault(region, []).append(person)
    features, people = features_of(ALGO, version), 0
    for region, ids in sorted(by_region.items()):
        run = BatchRun(ALGO, version, PURPOSE, features, run_id_of(campaign), at, region)
        people += decide_batch(run, people_marks(campaign, outcomes, ids, on)).people
    return people


def people_marks(campaign: Campaign, outcomes: Mapping[str, Any], ids: list[str], on: str) -> Iterator[PersonMarks]:
    """One mark a person: the post, or that none was given, with what was seen of them. on: day of the figures."""
    from datetime import date

    groups = audit_groups(ids, date.fromisoformat(on))
    placed, fits = outcomes["placed"][campaign.mode], outcomes["fits"]
    places = {p["job_id"]: p["places"] for p in campaign.posts}
    for person in ids:
        found = placed.get(person)
        seen: dict[str, InputValue] = {
            "campaign": campaign.name, "campaign_id": str(campaign.pk), "content": campaign.content_sha256, "on": on, "mode": campaign.mode,
            "fitting_posts": fits.get(person, 0),
        }  # fmt: skip
        if found:
            seen |= {"p_person": found[1], "p_employer": found[2], "places": places[found[0]]}
        yield PersonMarks(subject_of(person), (mark_of(found, fits.get(person, 0)),), seen, groups.get(person, {}))


def mark_of(found: list[Any] | None, fits: int) -> Mark:
    """found: `[job_id, p_person, p_employer, place among own posts]`, None for who has no place."""
    if found is None:
        return Mark(NOT_PLACED, Outcome(NOT_PLACED), ("places_taken" if fits else "no_post_fits",))
    job_id, p_person, p_employer, nth = found
    return Mark(job_id, Outcome(PLACED, round(p_person * p_employer, 6)), ("first_choice" if nth == 1 else "later_choice",))


def regions_of(ids: list[str]) -> dict[str, str]:
    """Person -> district, empty where it is not known; everybody asked for is there."""
    known = file_rows(ids, ("region",))
    return {p: region_of(known[p]) if p in known else "" for p in ids}
