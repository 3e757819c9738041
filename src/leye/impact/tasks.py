"""Examples of tasks in our own words: which parts of an occupation's work AI takes part in sooner, which later (`packs/impact/tasks.csv`)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from leye.impact.crosswalk import link_for
from leye.packs import open_pack


@dataclass(frozen=True, slots=True)
class Examples:
    """more: done with AI sooner · less: stays with people longer. Illustrations, from which no figure is computed."""

    more_zh: str
    less_zh: str
    more_en: str
    less_en: str


def examples_of(code: str) -> Examples | None:
    """Of the family of work to which the occupation's first ISCO class belongs, the most detailed known; None without any."""
    link = link_for(code)
    first = link.isco08[0] if link else ""
    return next((_table()[first[:n]] for n in range(len(first), 0, -1) if first[:n] in _table()), None)


@cache
def _table() -> dict[str, Examples]:
    with open_pack("impact/tasks.csv").open(encoding="utf-8", newline="") as file:
        return {r.pop("isco"): Examples(**r) for r in csv.DictReader(file)}
