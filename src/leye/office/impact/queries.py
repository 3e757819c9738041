"""Reviews as pages and API read them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from leye.impact.project_json import project_of_json
from leye.impact.promises import Count, Standing, standing
from leye.office.impact.models import ProjectReview, State
from leye.office.permissions import can, not_found, require


def reviews(user: Any) -> QuerySet[ProjectReview]:
    """All reviews, newest first; of an account of one district those of that district."""
    require(user, "impact.view")
    found = ProjectReview.objects.select_related("made_by", "signed_by", "withdrawn_by").prefetch_related("counts")
    return found.filter(Q(project__region=user.region)) if user.region else found


def review_called(user: Any, review_id: UUID | str) -> ProjectReview:
    """One of them. Raises NotFound, also for text that is no id."""
    try:
        found = reviews(user).filter(pk=UUID(str(review_id))).first()
    except ValueError:
        found = None
    if found is None:
        raise not_found()
    return found


def standing_of(review: ProjectReview) -> Standing:
    """Promised jobs against real ones."""
    return standing(project_of_json(review.project), [Count(c.on, c.created, c.displaced, c.retrained) for c in review.counts.all()])


def next_steps(user: Any, review: ProjectReview) -> list[str]:
    """What this person can do now: sign, follow, withdraw."""
    found = []
    if review.state == State.DRAFT and can(user, "impact.sign") and review.made_by_id != user.pk:
        found.append("sign")
    if review.state == State.SIGNED and can(user, "impact.edit"):
        found.append("follow")
    if review.state != State.WITHDRAWN and can(user, "impact.edit"):
        found.append("withdraw")
    return found
