"""The closed table of steps: from which state to which, and which side may take it."""

from __future__ import annotations

from dataclasses import dataclass

from leye.office.applications.models import State

PERSON, FIRM = "person", "firm"


@dataclass(frozen=True, slots=True)
class Move:
    """side: whose step it is; the person's also their counsellor's, with consent · says: words that are wanted (`""` none, `may`, `must`)."""

    sources: tuple[State, ...]
    to: State
    side: str
    says: str = "may"
    can_undo: bool = True


_LOOKED_AT = (State.PROCESSING, State.POSTPONED, State.INTERVIEW)
MOVES: dict[str, Move] = {
    "take": Move((State.NEW,), State.PROCESSING, FIRM, ""),
    "postpone": Move((State.NEW, State.PROCESSING, State.INTERVIEW), State.POSTPONED, FIRM),
    "interview": Move((State.NEW, State.PROCESSING, State.POSTPONED), State.INTERVIEW, FIRM, "must"),
    "offer": Move((State.NEW, *_LOOKED_AT), State.OFFER, FIRM, "must"),
    "refuse": Move((State.NEW, *_LOOKED_AT, State.OFFER), State.REFUSED, FIRM, "must"),
    "uninvite": Move((State.INVITED,), State.CANCELLED, FIRM),
    "welcome": Move((State.INVITED,), State.PROCESSING, PERSON, can_undo=False),
    "decline": Move((State.INVITED, State.OFFER), State.CANCELLED, PERSON),
    "accept": Move((State.OFFER,), State.ACCEPTED, PERSON, "", can_undo=False),
    "cancel": Move((State.NEW, *_LOOKED_AT), State.CANCELLED, PERSON),
    "fall_through": Move((State.ACCEPTED,), State.CANCELLED, FIRM, "must", can_undo=False),
    "not_coming": Move((State.ACCEPTED,), State.CANCELLED, PERSON, can_undo=False),
}
"""verb -> move. Hiring is the person's last word, never the firm's alone; `obsolete` is the clock's and stands in no form."""


def moves_from(state: str, side: str) -> list[str]:
    """Verbs that a side may take from a state, in the order of the table."""
    return [verb for verb, move in MOVES.items() if state in move.sources and move.side == side]
