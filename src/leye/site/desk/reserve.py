"""The policy reserve as pages read it: plans once a process."""

from __future__ import annotations

from functools import lru_cache

from leye.kernel.errors import NotFound
from leye.watch import Plan


@lru_cache(maxsize=1)
def reserve() -> tuple[Plan, ...]:
    """Every plan shipped, in the reserve's order."""
    from leye.watch import plans

    return tuple(plans())


def plan_of(plan_id: str) -> Plan:
    """A plan by its id. Raises NotFound."""
    for plan in reserve():
        if plan.id == plan_id:
            return plan
    raise NotFound(f"没有预案“{plan_id}”", en=f"no plan {plan_id!r}", remedy_zh="请从预案列表里选", remedy_en="pick one from the list of plans")
