"""Which state may follow which, for an alert at the desk."""

from __future__ import annotations

from leye.office.alerts.models import State

STEPS: dict[str, tuple[str, ...]] = {
    State.OPEN: (State.ASSIGNED, State.FALSE_ALARM),
    State.ASSIGNED: (State.ASSIGNED, State.OPEN, State.ACTING, State.FALSE_ALARM),
    State.ACTING: (State.CLOSED, State.FALSE_ALARM),
    State.CLOSED: (),
    State.FALSE_ALARM: (),
}


def may_step(state: str, to: str) -> bool:
    """Whether an alert in `state` may go to `to`; closed is closed."""
    return to in STEPS[state]
