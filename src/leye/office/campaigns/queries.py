"""Reading campaigns: those a user may see, what can be done with one, posts to choose from, and the invitations of one's own grids."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import polars as pl
from django.db.models import Count, QuerySet
from django.db.models import Q as Where

from leye.office.campaigns.envelopes import person_of
from leye.office.campaigns.models import Campaign, Invitation, State, Step
from leye.office.entitlements.lists import own_grids
from leye.office.permissions import can, not_found, require
from leye.office.privacy.reads import file_rows, read_list
from leye.office.searches.bank import bank_now

SHOWN_POSTS = 40
"""Posts that a search shows beside those chosen. # chosen by us: what somebody scrolls through"""


@dataclass(frozen=True)
class Asking:
    """An invitation with whom it is for. name: None where the register has none."""

    invitation: Invitation
    person_id: str
    name: str | None


def campaigns(user: Any) -> QuerySet[Campaign]:
    """Those of the user's district and of the whole place, newest first."""
    require(user, "campaigns.view")
    found = Campaign.objects.select_related("made_by", "chosen_by", "signed_by", "withdrawn_by").defer("sealed")
    return found.filter(region__in=("", user.region)) if user.region else found


def campaign_called(user: Any, campaign_id: UUID) -> Campaign:
    """One of them. Raises NotFound."""
    found = campaigns(user).filter(pk=campaign_id).first()
    if found is None:
        raise not_found()
    return found


def next_steps(user: Any, campaign: Campaign) -> set[str]:
    """What this user can do now: pick, unpick, sign, invite, withdraw."""
    found: set[str] = set()
    if can(user, "campaigns.edit"):
        found |= {State.DRAFT: {"pick"}, State.CHOSEN: {"pick", "unpick"}}.get(State(campaign.state), set())
        found |= {"withdraw"} if campaign.state != State.WITHDRAWN else set()
    if campaign.state == State.CHOSEN and can(user, "campaigns.sign") and user.pk not in (campaign.made_by_id, campaign.chosen_by_id):
        found.add("sign")
    if campaign.state == State.SIGNED and can(user, "campaigns.invite"):
        found.add("invite")
    return found


def progress_of(campaign: Campaign) -> dict[str, int]:
    """How many invitations stand where, by step, and by post how many are sent."""
    counted = campaign.invitations.aggregate(**{s: Count("pk", filter=Where(state=s)) for s in Step.values})
    return {step: int(n) for step, n in counted.items()}


def invitations_of(user: Any, campaign: Campaign, at: datetime) -> list[Asking]:
    """Those of people in the counsellor's own grids, to be asked first; each person's read is recorded once a day."""
    require(user, "campaigns.invite")
    grids = set(own_grids(user))
    rows = {person_of(i): i for i in _of_district(user, campaign)}
    own = [p for p, r in file_rows(list(rows), ("grid_id",)).items() if r["grid_id"] in grids]
    names = read_list(own, "daily_list", user, at)
    order = {step: n for n, step in enumerate(Step.values)}
    found = [Asking(rows[p], p, names.get(p, {}).get("name")) for p in own if p in names]
    return sorted(found, key=lambda a: (order[a.invitation.state], a.invitation.title, a.person_id))


def _of_district(user: Any, campaign: Campaign) -> QuerySet[Invitation]:
    found = campaign.invitations.select_related("application")
    return found.filter(region=user.region) if user.region else found


def posts_to_choose(words: str, place: str, chosen: Collection[str]) -> pl.DataFrame:
    """Open posts: those chosen, then at most SHOWN_POSTS whose title or firm holds the words, newest first. place: district, six digits, or empty."""
    jobs = bank_now().jobs.jobs
    is_chosen = pl.col("job_id").is_in(list(chosen))
    wanted = jobs.filter(~is_chosen)
    if place:
        wanted = wanted.filter(pl.col("region") == place)
    for word in words.split():
        wanted = wanted.filter(pl.col("title").str.contains(word, literal=True) | pl.col("firm_name").fill_null("").str.contains(word, literal=True))
    newest = wanted.sort(["posted_on", "job_id"], descending=[True, False], nulls_last=True).head(SHOWN_POSTS)
    return pl.concat([jobs.filter(is_chosen).sort("job_id"), newest])
