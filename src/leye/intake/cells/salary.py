"""Pay cells."""

from __future__ import annotations

from leye.intake.cells.outcome import Bad, Outcome


def parse_salary(raw: str) -> Outcome:
    """Pay."""
    return Bad("E_NUMBER_SYNTAX")
