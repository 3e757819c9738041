"""One line of a rule laid out flat."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class PlanNode:
    """One line. condition: its place in the list of conditions, -1 for a group · parts: places of a group's parts in the plan · rows: what was
    said of it before, by what stands for the values (`lines`)."""

    kind: str
    level: int
    text: str
    basis: str
    note: str
    condition: int
    parts: tuple[int, ...]
    k: int = 0
    rows: dict[object, dict[str, Any]] = field(default_factory=dict)
