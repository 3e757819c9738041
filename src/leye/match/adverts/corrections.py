"""Corrections of the pack: wordings that a rule is known to read wrong, and what stands instead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast

import yaml

from leye.match.slots import Slot, Strength
from leye.packs import open_pack


@dataclass(frozen=True, slots=True)
class Correction:
    """In `wording`, `slot` reads `value` with `strength`; both None: it reads nothing there."""

    wording: str
    slot: str
    value: Any
    strength: Strength | None


@cache
def corrections() -> tuple[Correction, ...]:
    """Every line of the pack, in its order."""
    told = yaml.safe_load(open_pack("adverts/corrections.yaml").read_text(encoding="utf-8"))["corrections"]
    return tuple(Correction(c["wording"], c["slot"], c.get("value"), cast("Strength | None", c.get("strength"))) for c in told)


def corrected(found: list[Slot], text: str) -> list[Slot]:
    """The readings with every correction whose wording stands in `text`; spans of both are those of the plain text."""
    for line in corrections():
        at = text.find(line.wording)
        while at >= 0:
            found = [kept for slot in found if (kept := _one(slot, line, at)) is not None]
            at = text.find(line.wording, at + 1)
    return found


def _one(slot: Slot, line: Correction, at: int) -> Slot | None:
    if slot.slot != line.slot or slot.end <= at or slot.start >= at + len(line.wording):
        return slot
    if line.value is None:
        return None
    return replace(slot, value=line.value, strength=line.strength or slot.strength, source="correction")
