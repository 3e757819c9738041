"""How far AI could take part in an occupation's tasks (受影响程度): a range over three published sources, never one number, and never job loss.

>>> accountants = exposure_of("2060300")
>>> accountants.confidence, sorted(accountants.by_source)
('high', ['aioe', 'gpts', 'ilo'])
>>> accountants.low <= accountants.mid <= accountants.high
True
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from statistics import median

import polars as pl

from leye.impact import errors
from leye.impact.crosswalk import Confidence, link_for
from leye.impact.sources import sources
from leye.kernel.codes import occupations
from leye.packs import open_pack

FRAME = {
    "code": pl.String, "low": pl.Float64, "mid": pl.Float64, "high": pl.Float64, "ilo": pl.Float64, "gpts": pl.Float64, "aioe": pl.Float64,
    "confidence": pl.String, "basis": pl.String,
}  # fmt: skip
Span = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Exposure:
    """low, mid, high: 0–1, mid the median of the sources; of an occupation low and high are the lowest and highest source, of a group also the
    spread inside it. None where nothing is known, which is not 0 · by_source: source id to percentile among the source's occupations ·
    confidence: of the mapping, `high`, `medium`, `low` (by its group), `none` · basis: code of the row that speaks, "" without one."""

    code: str
    low: float | None
    mid: float | None
    high: float | None
    by_source: Mapping[str, float]
    confidence: Confidence
    basis: str


def exposure_of(code: str, *, on: date | None = None) -> Exposure:
    """Exposure of an occupation or group (7 digits, hyphens allowed). on: with the vintages published by that day; None: the newest.

    Raises NotFound (E_OCCUPATION_UNKNOWN) for a code that the classification does not have.
    """
    plain = code.replace("-", "").strip()
    if plain not in occupations():
        raise errors.unknown_occupation(code)
    link = link_for(plain)
    row = _table().get(link.code) if link else None
    if link is None or row is None:
        return Exposure(plain, None, None, None, {}, "none", "")
    scores, within = row
    by_source = {s.id: scores[v] for s in sources() if (v := s.vintage(on)) in scores}
    if not by_source:
        return Exposure(plain, None, None, None, {}, "none", "")
    told = [*by_source.values(), *(within or ())]
    sure: Confidence = link.confidence if link.code == plain or link.kind == "group" else "low"
    return Exposure(plain, min(told), median(by_source.values()), max(told), by_source, sure, link.code)


def exposure_frame(*, on: date | None = None) -> pl.DataFrame:
    """Every occupation (细类) of the classification: columns FRAME, by code; null where nothing is known."""
    found = [exposure_of(o.code, on=on) for o in occupations().values() if o.level == 4]
    rows = [(e.code, e.low, e.mid, e.high, *(e.by_source.get(s) for s in ("ilo", "gpts", "aioe")), e.confidence, e.basis) for e in found]
    return pl.DataFrame(rows, schema=FRAME, orient="row").sort("code")


@cache
def _table() -> dict[str, tuple[Mapping[str, float], Span]]:
    """Code to its scores by vintage, and of a group the spread inside it."""
    with open_pack("impact/exposure.csv").open(encoding="utf-8", newline="") as file:
        return {r["code"]: _read(r) for r in csv.DictReader(file)}


def _read(row: dict[str, str]) -> tuple[Mapping[str, float], Span]:
    scores = {v: float(row[v]) for s in sources() for v in s.vintages if row[v]}
    within = (float(row["within_low"]), float(row["within_high"])) if row["within_low"] else None
    return scores, within
