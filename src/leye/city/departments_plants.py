"""Planting errors in a department's lines: which line, what is written instead, and what intake should answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from leye.city.departments_leaves import Leaf
from leye.city.departments_sheet import Cell, Fault, Line

_EARLY, _LATE = 12, 14  # chosen by us: a year at the start and the 14 months around the planted shock stay whole, so that warnings can be checked


@dataclass(frozen=True, slots=True)
class Plant:
    """Write `spoil(figure)` into the value of one line. `loses` says whether the row is quarantined."""

    kind: str
    code: str
    spoil: Callable[[Cell], Cell]
    loses: bool = True


def choose(leaves: Sequence[Leaf], many: int, rng: np.random.Generator, *, spared_industry: str = "H") -> list[int]:
    """Positions of `many` leaves to spoil: positive, outside the spared months and the shocked industry, each month once."""
    months = sorted({leaf.ds for leaf in leaves})
    allowed = set(months[_EARLY : max(len(months) - _LATE, _EARLY + 1)])
    fit = [i for i, leaf in enumerate(leaves) if leaf.ds in allowed and leaf.y > 0 and leaf.industry != spared_industry]
    chosen: dict[object, int] = {}
    for i in rng.permutation(len(fit)):
        chosen.setdefault(leaves[fit[i]].ds, fit[i])
        if len(chosen) == many:
            break
    return list(chosen.values())


def spoil(lines: list[Line], at: Sequence[int], plants: Sequence[Plant], *, value: int, field: str) -> set[int]:
    """Plant into the lines; returns the positions of lines that intake will not load."""
    lost: set[int] = set()
    for i, plant in zip(at, plants, strict=False):
        lines[i].cells[value] = plant.spoil(lines[i].cells[value])
        lines[i].faults.append(Fault(field, plant.kind, plant.code))
        if plant.loses:
            lost.add(i)
    return lost


def total_lines(
    leaves: Sequence[Leaf], lost: set[int], *, write: Callable[[Leaf, float], list[Cell]], field: str, off_in: int | None = None, off_by: float = 0.0
) -> list[Line]:
    """A total line a month, the sum that the office has computed from its own figures; in the month numbered `off_in` it is wrong by `off_by`.

    A total also differs where a part is lost to quarantine: both are told to the truth, as intake reports both.
    """
    totals: list[Line] = []
    for number, month in enumerate(sorted({leaf.ds for leaf in leaves})):
        parts = [(i, leaf) for i, leaf in enumerate(leaves) if leaf.ds == month]
        stated = math.fsum(leaf.y for _, leaf in parts) + (off_by if number == off_in else 0.0)
        loadable = math.fsum(leaf.y for i, leaf in parts if i not in lost)
        line = Line(write(parts[0][1], stated))
        if stated != loadable:
            kind = "total_wrong" if number == off_in else "total_without_part"
            line.faults.append(Fault(field, kind, "E_SUM_MISMATCH"))
        totals.append(line)
    return totals
