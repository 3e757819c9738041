"""From marks to people: what is pushed to whom, in which order, with which question; what contradicts itself; what changed since last time.

Tables in, tables out; `leye.office.entitlements` writes them down and shows them. The form of every table is in docs/reference/entitlements.md.
"""

from leye.policy.push.contradictions import contradictions
from leye.policy.push.counts import mark_counts
from leye.policy.push.firms import firm_rows
from leye.policy.push.handling import Handling, Handlings, read_handling, rules_of_handling
from leye.policy.push.listing import push_list
from leye.policy.push.overlay import overlaid
from leye.policy.push.since import with_days
from leye.policy.push.worth import expected_fen, urgency

__all__ = [
    "Handling",
    "Handlings",
    "contradictions",
    "expected_fen",
    "firm_rows",
    "mark_counts",
    "overlaid",
    "push_list",
    "read_handling",
    "rules_of_handling",
    "urgency",
    "with_days",
]
