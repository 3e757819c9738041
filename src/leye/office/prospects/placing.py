"""How a level changes a list: it adds people and raises them, and can do nothing else.

A list is ordered by weight times a factor that grows with the level, so that more risk never means a lower place; nobody leaves a list, and no list
has room for so many only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from leye.office.prospects.models import Level

Row = TypeVar("Row")

FACTOR: Mapping[str, float] = {Level.ORDINARY: 1.0, Level.ATTENTION: 1.25, Level.PRIORITY: 1.5}
"""Chosen by us: a deadline of today counts double in the list, so no level outweighs an urgent date; at equal weight the level decides."""


def placed(rows: Iterable[Row], *, person: Callable[[Row], str], weight: Callable[[Row], float], levels: Mapping[str, str]) -> list[Row]:
    """All rows, heaviest first. weight: not negative · levels: person -> level, absent is ordinary. Raises KeyError on an unknown level."""
    return sorted(
        rows, key=lambda r: (-weight(r) * FACTOR[levels.get(person(r), Level.ORDINARY)], -FACTOR[levels.get(person(r), Level.ORDINARY)], person(r))
    )
