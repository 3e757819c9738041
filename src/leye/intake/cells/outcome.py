"""What parsing one cell can end in: a value, several possible values, nothing stated, or something that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

Value: TypeAlias = dict[str, Any]
"""A parsed value: the keys of each kind are listed in docs/reference/intake-cells.md."""


@dataclass(frozen=True, slots=True)
class Ok:
    """A value. `code` is None or a warning `W_…`; `notes` say in Chinese what was assumed or left aside."""

    value: Value
    code: str | None = None
    notes: tuple[str, ...] = ()
    status: str = field(default="ok", init=False)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several readings, none of them chosen: the cell goes to quarantine with its candidates."""

    code: str
    candidates: tuple[Value, ...] = ()
    notes: tuple[str, ...] = ()
    status: str = field(default="ambiguous", init=False)


@dataclass(frozen=True, slots=True)
class Missing:
    """The cell says that there is no value (`M_…`); zero is never missing."""

    code: str
    notes: tuple[str, ...] = ()
    status: str = field(default="missing", init=False)


@dataclass(frozen=True, slots=True)
class Bad:
    """The cell cannot be read (`E_…`). `suggestion` is the nearest known thing, for a person to decide; it is never used as a value."""

    code: str
    notes: tuple[str, ...] = ()
    suggestion: str | None = None
    status: str = field(default="bad", init=False)


Outcome: TypeAlias = Ok | Ambiguous | Missing | Bad


def as_dict(outcome: Outcome) -> dict[str, Any]:
    """The JSON form of the command line, without `raw`: `status, value, candidates, code, notes`."""
    notes = list(outcome.notes)
    if isinstance(outcome, Bad) and outcome.suggestion:
        notes.append(f"最接近的是：{outcome.suggestion}")
    return {
        "status": outcome.status,
        "value": dict(outcome.value) if isinstance(outcome, Ok) else None,
        "candidates": [dict(c) for c in outcome.candidates] if isinstance(outcome, Ambiguous) else [],
        "code": outcome.code,
        "notes": notes,
    }
