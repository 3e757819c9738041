"""What pages and the API ask of the indicator store of the data folder. Reading only; the store is written by the nightly and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings

from leye.kernel.errors import BadInput
from leye.lake.observations import KEY, ObservationStore, key_text, open_store, read_key
from leye.office.permissions import not_found
from leye.office.published import Snapshot

CITY = "city"
"""Source of the series that the nightly builds from department files."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One series of the store: its key, what it is called, and the line `revising.SUMMARY` about it."""

    key: tuple[str, ...]
    title_zh: str
    title_en: str
    line: dict[str, Any]

    @property
    def text(self) -> str:
        """The key as one text."""
        return key_text(self.key)

    @property
    def unit(self) -> str:
        """Unit of its figures."""
        return str(self.line["unit"])

    def title(self, language: str) -> str:
        """Its name in the page's language."""
        return self.title_en if language == "en" else self.title_zh


def indicators(snapshot: Snapshot | None) -> list[Indicator]:
    """All series of the store, by key; empty before anything was loaded."""
    return [_named(row, snapshot) for row in _lines(settings.LEYE_DATA, _stamp(settings.LEYE_DATA))]


def indicator_called(text: str, snapshot: Snapshot | None) -> Indicator:
    """The series of a key. Raises NotFound, also for what is no key."""
    found = next((i for i in indicators(snapshot) if i.text == text), None)
    if found is None:
        raise not_found()
    return found


def revisions(key: tuple[str, ...]) -> pl.DataFrame:
    """REVISIONS of a series, newest period first."""
    return store().revisions(key).sort("period_start", descending=True)


def as_of(ts: datetime, *, key: tuple[str, ...]) -> pl.DataFrame:
    """One series as it was known at an instant."""
    return store().as_of(ts, key=key)


def key_of(text: str) -> tuple[str, ...]:
    """The parts of a key in an address. Raises NotFound for what is none."""
    try:
        return read_key(text)
    except BadInput as error:
        raise not_found() from error


def state_name() -> str:
    """Changes with every append: what a drawing of the store is filed under."""
    return f"observations-{_stamp(settings.LEYE_DATA)}"


def store() -> ObservationStore:
    """The store of the data folder."""
    return open_store(settings.LEYE_DATA)


def _stamp(data: Path) -> int:
    """When the store last changed, in nanoseconds; 0 before its first append."""
    manifest = data / "observations" / "manifest.json"
    return manifest.stat().st_mtime_ns if manifest.exists() else 0


@lru_cache(maxsize=4)
def _lines(data: Path, stamp: int) -> list[dict[str, Any]]:
    return open_store(data).list_series().to_dicts() if stamp else []


def _named(row: dict[str, Any], snapshot: Snapshot | None) -> Indicator:
    key = tuple(str(row[c]) for c in KEY)
    series = snapshot.series.get("/".join(key[:5])) if snapshot is not None and key[-1] == CITY else None
    if series is not None:
        return Indicator(key, series.title_zh, series.title_en, row)
    plain = " · ".join(part for part in key[:5] if part != "all")
    adjusted = ("，季节调整", ", adjusted") if row["sa_flag"] == "sa" else ("", "")
    return Indicator(key, plain + adjusted[0], plain + adjusted[1], row)
