"""One line of a rule laid out flat."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class NoteWords:
    """A note in the language of the page, and its source as the pack has it (always Chinese)."""

    text: str
    source: str
    english: bool

    def __str__(self) -> str:
        if not self.source:
            return self.text
        return f"{self.text} ({self.source})" if self.english else f"{self.text}（{self.source}）"


@dataclass(slots=True)
class PlanNode:
    """One line. condition: its place in the list of conditions, -1 for a group · parts: places of a group's parts in the plan · rows: the JSON form
    by verdict, as far as it is the same for everybody (`lines`)."""

    kind: str
    level: int
    text: str
    basis: str
    note: NoteWords | None
    condition: int
    parts: tuple[int, ...]
    k: int = 0
    rows: dict[bool | None, dict[str, Any]] = field(default_factory=dict)
