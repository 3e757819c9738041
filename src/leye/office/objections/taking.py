"""Who may take an objection in hand: anybody who has no part in it while nobody has it; an analyst also out of hands that let its time run out."""

from __future__ import annotations

from typing import Any

from leye.office.accounts.roles import Role
from leye.office.objections.models import Objection, State


def is_free(user: Any, objection: Objection) -> bool:
    """Whether it can be taken now. Out of a colleague's hands only by an analyst, once it was escalated or when the colleague has left.

    Without this a handler who falls ill would let the thirty days of everybody on their list run out.
    """
    if objection.state == State.RAISED:
        return True
    if not objection.is_open or user.role != Role.ANALYST or objection.handler_id == user.pk:
        return False
    has_left = objection.handler is not None and not objection.handler.is_active
    return has_left or objection.escalated_at is not None
