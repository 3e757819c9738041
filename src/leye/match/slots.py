"""What a parser reads out of an advert or a résumé: a value with the place in the text where it stands, how binding it is, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Strength = Literal["hard", "soft", "implied", "negated"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One reading.

    slot: name such as `education`, `pay`, `skills` · value: see the reference of formats; plain JSON · strength: hard (required), soft (preferred),
    implied (read out of a task: asks, never rejects), negated (expressly not required) · start, end: code points of the ORIGINAL text, end
    exclusive, start < end · source: id of the rule (`pay.range`), or `model`, or `correction` · confidence: of a model, 0–1; None for rules.
    """

    slot: str
    value: Any
    strength: Strength
    start: int
    end: int
    source: str
    confidence: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"an empty span: {self.slot} {self.start}–{self.end}")

    def as_json(self) -> dict[str, Any]:
        """As it stands in a line of `parse-jobs`."""
        told = {"slot": self.slot, "value": self.value, "strength": self.strength, "start": self.start, "end": self.end, "source": self.source}
        return told if self.confidence is None else told | {"confidence": round(self.confidence, 4)}
