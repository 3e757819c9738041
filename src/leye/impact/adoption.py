"""How far AI is in use by industry: a dated assumption with low, middle and high, which an analyst may replace row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import yaml

from leye.kernel.errors import BadInput
from leye.packs import open_pack

SCENARIOS = ("low", "mid", "high")


@dataclass(frozen=True, slots=True)
class Assumed:
    """Shares 0–1, low ≤ mid ≤ high. Raises BadInput (E_ADOPTION)."""

    low: float
    mid: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.mid <= self.high <= 1:
            raise BadInput(
                f"采用率要 0 ≤ 低 ≤ 中 ≤ 高 ≤ 1，写的是 {self.low}、{self.mid}、{self.high}",
                en=f"adoption wants 0 ≤ low ≤ mid ≤ high ≤ 1, got {self.low}, {self.mid}, {self.high}",
                remedy_zh="改成从小到大的三个比例，例如 0.04、0.08、0.2",
                remedy_en="give three shares from small to large, such as 0.04, 0.08, 0.2",
                code="E_ADOPTION",
            )

    def of(self, scenario: str) -> float:
        """One of SCENARIOS."""
        return float(getattr(self, scenario))


@dataclass(frozen=True, slots=True)
class Adoption:
    """rows: section letter to its dated assumptions, oldest first."""

    rows: Mapping[str, tuple[tuple[date, Assumed], ...]]

    def at(self, section: str, on: date) -> Assumed | None:
        """On a straight line between two dated rows, level before the first and after the last; None for a section without rows."""
        known = self.rows.get(section)
        if not known:
            return None
        if on <= known[0][0]:
            return known[0][1]
        for (start, one), (end, two) in pairwise(known):
            if on <= end:
                part = (on - start).days / (end - start).days
                return Assumed(*(a + (b - a) * part for a, b in zip(_three(one), _three(two), strict=True)))
        return known[-1][1]

    def replaced(self, rows: Iterable[tuple[str, date, Assumed]]) -> Adoption:
        """With rows of an analyst, each in place of the one of the same section and day."""
        merged = {section: dict(known) for section, known in self.rows.items()}
        for section, on, assumed in rows:
            merged.setdefault(section, {})[on] = assumed
        return Adoption({section: tuple(sorted(known.items(), key=lambda kv: kv[0])) for section, known in merged.items()})


@cache
def shipped_adoption() -> Adoption:
    """The assumptions of `packs/impact/adoption.yaml`."""
    pack = adoption_pack()
    low, high = float(pack["low_factor"]), float(pack["high_factor"])
    return Adoption({
        section: tuple((on, Assumed(round(mid * low, 4), mid, min(1.0, round(mid * high, 4)))) for on, mid in sorted(days.items()))
        for section, days in pack["rows"].items()
    })  # fmt: skip


@cache
def adoption_pack() -> Mapping[str, Any]:
    """The pack as written: `status`, `source_zh`, `source_en`, factors and rows."""
    pack: Mapping[str, Any] = yaml.safe_load(open_pack("impact/adoption.yaml").read_text(encoding="utf-8"))
    return pack


def _three(assumed: Assumed) -> tuple[float, float, float]:
    return assumed.low, assumed.mid, assumed.high
