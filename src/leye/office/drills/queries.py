"""Replays and rehearsals as pages read them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from leye.office.drills.models import Drill, Replay
from leye.office.permissions import not_found, require


def replays(user: Any) -> QuerySet[Replay]:
    """All kept replays, newest first; none for an account of one district."""
    require(user, "replays.view")
    found = Replay.objects.select_related("made_by")
    return found.none() if user.region else found


def replay_called(user: Any, replay_id: UUID) -> Replay:
    """One of them. Raises NotFound."""
    found = replays(user).filter(pk=replay_id).first()
    if found is None:
        raise not_found()
    return found


def drills_of(replay: Replay) -> dict[str, Drill]:
    """Its rehearsals by series, with their steps."""
    return {d.unique_id: d for d in replay.drills.prefetch_related("steps__done_by").select_related("opened_by")}
