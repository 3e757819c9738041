"""Which trades and groups of occupations the people of a cell work in, from shown counts only.

A small count is hidden by the cube. An index that used it would give it away, because exposures are known to four digits and counts are whole. So
everything here is a function of what is shown: shown parts count as they are, and the hidden remainder is spread like the shown parts of the
whole city. How much was spread is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

ALL = "all"
Cell = tuple[str, str, str, str]
"""region, industry section, major group, group of people; `all` where it is not split."""
Shown = Mapping[Cell, int]
"""Cells that may be shown, with their counts; what is hidden is absent."""
Trade = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Composition:
    """shares: (section, major group) to share, summing to 1 · spread: share of the people whose trade or group is hidden and was spread ·
    n: the cell's own count."""

    shares: Mapping[Trade, float]
    spread: float
    n: int


def composition(shown: Shown, cell: Cell) -> Composition | None:
    """Of a cell's people; None when the cell itself is hidden or empty, or nothing of it and of the city is known."""
    n = shown.get(cell, 0)
    if n <= 0:
        return None
    direct = _parts(shown, cell)
    counts: dict[Trade, float] = defaultdict(float, {k: float(v) for k, v in direct.items()})
    _spread(counts, _inside_sections(shown, cell, direct), n)
    city = _parts(shown, (ALL, cell[1], cell[2], ALL))
    _spread(counts, [(n - sum(counts.values()), {t: float(c) for t, c in city.items()})], n)
    return Composition(_normed(counts), max(n - sum(direct.values()), 0) / n, n) if counts else None


def _spread(counts: dict[Trade, float], portions: list[tuple[float, dict[Trade, float]]], n: int) -> None:
    """Add each portion of people in proportion; a portion of nobody, or like nobody, adds nothing."""
    for heads, like in portions:
        for trade, share in _normed(like).items() if heads > 0 else ():
            counts[trade] += min(heads, n) * share


def _parts(shown: Shown, cell: Cell) -> dict[Trade, int]:
    """Shown (section, major) parts of a cell."""
    region, industry, major, grp = cell
    found: dict[Trade, int] = {}
    for section in _values(shown, 1) if industry == ALL else (industry,):
        inside = {(section, m): shown.get((region, section, m, grp), 0) for m in (_values(shown, 2) if major == ALL else (major,))}
        found |= {trade: n for trade, n in inside.items() if n}
    return found


def _inside_sections(shown: Shown, cell: Cell, direct: Mapping[Trade, int]) -> list[tuple[float, dict[Trade, float]]]:
    """For each section shown of the cell: its people whose groups are hidden, and how the section is made up in the whole city."""
    region, industry, major, grp = cell
    if industry != ALL or major != ALL:
        return []
    found = []
    for section in _values(shown, 1):
        left = shown.get((region, section, ALL, grp), 0) - sum(c for t, c in direct.items() if t[0] == section)
        found.append((float(left), {t: float(c) for t, c in _parts(shown, (ALL, section, ALL, ALL)).items()}))
    return found


def _values(shown: Shown, axis: int) -> Iterator[str]:
    """Values of an axis that occur, without `all`, sorted."""
    yield from sorted({cell[axis] for cell in shown} - {ALL})


def _normed(counts: Mapping[Trade, float]) -> dict[Trade, float]:
    total = sum(counts.values())
    return {k: v / total for k, v in counts.items()} if total > 0 else {}
