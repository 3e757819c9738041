"""The verdict over learned weights: every gate with its figure and limit. One that fails, or could not be measured, keeps the hand weights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Gate:
    """name · figure: None when it could not be measured · limit · at: which side of the limit is wanted · zh, en: what is measured."""

    name: str
    figure: float | None
    limit: float
    at: Literal["least", "most"]
    zh: str
    en: str

    @property
    def holds(self) -> bool:
        """Whether the figure is known and on the wanted side."""
        if self.figure is None or math.isnan(self.figure):
            return False
        return self.figure >= self.limit if self.at == "least" else self.figure <= self.limit

    def as_dict(self) -> dict[str, Any]:
        """For the file and for machines."""
        figure = None if self.figure is None or not math.isfinite(self.figure) else round(self.figure, 4)
        return {"gate": self.name, "figure": figure, f"at_{self.at}": self.limit, "holds": self.holds, "zh": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True)
class Verdict:
    """All gates of one learning."""

    gates: tuple[Gate, ...]

    @property
    def holds(self) -> bool:
        """Whether learned weights may replace the hand weights."""
        return all(g.holds for g in self.gates)

    def as_dict(self) -> dict[str, Any]:
        """For the file and for machines."""
        return {"holds": self.holds, "gates": [g.as_dict() for g in self.gates]}
