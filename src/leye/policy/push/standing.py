"""What the office knows beyond the registers when marks are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from leye.policy.push.overlay import Paid, Stated

HELD_SCHEMA: dict[str, Any] = {"person_id": pl.String, "policy": pl.String, "why": pl.String}


@dataclass(frozen=True)
class Standing:
    """stated: answers of people · paid: payments newer than the registers · held: (person or firm, policy, why) that need no call
    · questions: fact -> what to ask · barred: ids of firms that get no subsidies."""

    stated: tuple[Stated, ...] = ()
    paid: tuple[Paid, ...] = ()
    held: tuple[tuple[str, str, str], ...] = ()
    questions: Mapping[str, str] = field(default_factory=dict)
    barred: frozenset[str] = frozenset()

    def held_frame(self) -> pl.DataFrame:
        """`person_id, policy, why`."""
        return pl.DataFrame(sorted(set(self.held)), schema=HELD_SCHEMA, orient="row")
