"""The published measures of exposure: who made them, what they measure, and since when each vintage is known (`packs/impact/sources.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import yaml

from leye.packs import open_pack


@dataclass(frozen=True, slots=True)
class Source:
    """id: `ilo`, `gpts` or `aioe` · measures_zh, measures_en: what is scored, in our words · cite: the publication · file, sha256: the raw file
    from which the shipped figures were derived · vintages: column of `exposure.csv` to the month from which it counts, oldest first."""

    id: str
    zh: str
    en: str
    measures_zh: str
    measures_en: str
    cite: str
    file: str
    sha256: str
    vintages: Mapping[str, date]

    def vintage(self, on: date | None) -> str:
        """The column that stands for this source on a day: the newest published by then, before the first one the first; None: the newest."""
        known = [column for column, since in self.vintages.items() if on is None or since <= on]
        return known[-1] if known else next(iter(self.vintages))


@cache
def sources() -> tuple[Source, ...]:
    """The sources in the order in which they are shown."""
    return tuple(Source(**row) for row in yaml.safe_load(open_pack("impact/sources.yaml").read_text(encoding="utf-8")))


@cache
def vintage_columns() -> tuple[str, ...]:
    """Every vintage of every source: the score columns of `exposure.csv`."""
    return tuple(column for source in sources() for column in source.vintages)
