"""The vocabulary of an algorithmic outcome: whom it is about, what was decided, why, from which inputs, by what.

Every room that decides something about a person or a firm hands a `Decision` to the gate of the office; nothing else may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from leye.kernel.reason import Reason

InputValue: TypeAlias = str | int | float | bool | list["InputValue"] | dict[str, "InputValue"] | None
"""What an input may be: JSON."""

SUBJECT_KINDS = ("person", "firm", "series")
"""Whom an outcome may be about; a series is a cell of the labour market, its outcome concerns nobody in particular."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom it is about. `id` is the city's id (P00000012, F00000003) or a series' unique_id, never an identity number."""

    kind: str
    id: str

    def __post_init__(self) -> None:
        if self.kind not in SUBJECT_KINDS or not self.id:
            raise ValueError(f"a subject is one of {SUBJECT_KINDS} with an id, got {self.kind!r} {self.id!r}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided: a code such as `offered`, perhaps with the score behind it and an amount in fen."""

    value: str
    score: float | None = None
    amount_fen: int | None = None

    def __post_init__(self) -> None:
        if not self.value:
            raise ValueError("an outcome needs its value")


@dataclass(frozen=True, slots=True)
class Decision:
    """One outcome on its way to the gate.

    algo, version: as registered · purpose: one of the card's purpose codes · reasons: at least one, each with a basis and a code of the card
    · features: names of what the algorithm looked at · inputs: what it saw, by name (may hold more than the features; all are committed to)
    · at: an instant with a zone · candidates: how many alternatives were considered · policy_basis: clause or rule behind it
    · region: six digits, or empty · protected: sex, age band and the like for audits, kept apart · follows: id of the decision that this one corrects
    · review: id of the human review that this outcome comes from.
    """

    algo: str
    version: str
    subject: Subject
    purpose: str
    outcome: Outcome
    reasons: tuple[Reason, ...]
    features: tuple[str, ...]
    inputs: Mapping[str, InputValue]
    at: datetime
    candidates: int | None = None
    policy_basis: str = ""
    region: str = ""
    protected: Mapping[str, str] = field(default_factory=dict)
    follows: str = ""
    review: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("an instant needs a zone")
