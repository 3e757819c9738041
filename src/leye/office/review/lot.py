"""Which decisions people look at: by a lot that anybody can draw again from the decision's number."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID

SHARES = {"closed": 0.01, "dual": 0.25, "half_open": 0.5}
"""Share of single decisions that is reviewed, by state of the breaker. Chosen by us: on trial every second, in dual track every fourth, else one in a
hundred. In state open nothing is drawn: people decide everything."""

DUE = {"lot": timedelta(days=7), "dual": timedelta(days=2), "half_open": timedelta(days=1), "referred": timedelta(days=1)}
"""Until when a case should be judged, by why it is there. Chosen by us: a restart waits for its reviews, the daily lot does not."""

_SPAN = 1 << 64


def is_drawn(decision: UUID, state: str) -> bool:
    """Whether the lot falls on a decision: the first 64 bits of SHA-256 of its number, as a fraction, lie below the state's share.

    The number holds 74 random bits drawn by the gate, so that nobody who asks for a decision can choose whether it is reviewed. What is drawn in a
    calm state is drawn in every stricter one too.
    """
    share = SHARES.get(state, 0.0)
    return int.from_bytes(hashlib.sha256(decision.bytes).digest()[:8], "big") < share * _SPAN
