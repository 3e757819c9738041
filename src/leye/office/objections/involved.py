"""Who had a part in a decision and therefore does not judge an objection to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q

from leye.office.decisions.models import Decision
from leye.office.decisions.queries import subject_of_user
from leye.office.decisions.subjects import subject_key
from leye.office.objections.models import Objection, State
from leye.office.review.models import ReviewCase

LONGEST_CHAIN = 100  # corrections of corrections; a guard against a damaged table, not a limit that people meet


def involved_accounts(objection: Objection) -> set[int]:
    """Accounts that reviewed or decided this decision, or one that it corrects, however far back.

    A reviewer whose case waits has seen the inputs and formed a view: they are involved as well. So is whoever upheld an earlier objection to it.
    """
    chain = _chain(objection.decision)
    reviewers = ReviewCase.objects.filter(decision_id__in=chain, reviewer__isnull=False).values_list("reviewer_id", flat=True)
    decided = Objection.objects.filter(Q(decision_id__in=chain) | Q(decided_as_id__in=chain), state__in=[State.UPHELD, State.CORRECTED])
    handlers = decided.exclude(pk=objection.pk).filter(handler__isnull=False).values_list("handler_id", flat=True)
    return {*reviewers, *handlers}


def is_involved(user: Any, objection: Objection) -> bool:
    """Whether the account had a part in the decision, or stands for the person whom it is about."""
    subject = subject_of_user(user)
    is_about = subject is not None and subject_key(subject) == objection.decision.subject_key
    return is_about or user.pk == objection.raised_by_id or user.pk in involved_accounts(objection)


def _chain(decision: Decision) -> list[UUID]:
    """The decision and those that it corrects."""
    chain: list[UUID] = [decision.pk]
    before = decision.follows_id
    while before is not None and before not in chain and len(chain) < LONGEST_CHAIN:
        chain.append(before)
        before = Decision.objects.filter(pk=before).values_list("follows_id", flat=True).first()
    return chain
