"""The index of the published run: read from shown cells, computed once a run and a set of assumptions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from leye.impact.adoption import Adoption, Assumed, shipped_adoption
from leye.impact.composition import ALL, Cell, Composition, Shown, composition
from leye.impact.index import Change, Index, Month, change_between, index_of
from leye.impact.profile import Profile, profile
from leye.office.impact.models import AdoptionRow
from leye.office.published import Snapshot
from leye.watch.cube import AXES

MONTHS_BACK = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A cell with its index; None for a cell that is hidden or of which no source speaks."""

    cell: Cell
    is_hidden: bool
    index: Index | None


class City:
    """Everything asked of one run under one set of assumptions."""

    def __init__(self, snapshot: Snapshot, adoption: Adoption) -> None:
        self.snapshot, self.adoption = snapshot, adoption
        self._of: dict[Cell, Index | None] = {}

    @cached_property
    def month(self) -> date | None:
        """Month of the counts by occupation; None when the run has none."""
        return self._cells["month"].max() if self._cells.height else None  # type: ignore[return-value]

    @cached_property
    def shown(self) -> Shown:
        """Cells of today's insured that may be shown."""
        rows = self._cells.filter(~pl.col("hidden")) if self._cells.height else self._cells
        return {tuple(r[a] for a in AXES): r["n"] for r in rows.to_dicts()}  # type: ignore[misc]

    @cached_property
    def hidden(self) -> frozenset[Cell]:
        """Cells that exist and may not be shown."""
        rows = self._cells.filter(pl.col("hidden")) if self._cells.height else self._cells
        return frozenset(tuple(r[a] for a in AXES) for r in rows.to_dicts())  # type: ignore[misc]

    def of(self, cell: Cell) -> Row:
        """One cell."""
        if cell not in self._of:
            made_of = composition(self.shown, cell)
            self._of[cell] = index_of(made_of, self.profile(self._day), self.adoption, self._day) if made_of else None
        return Row(cell, cell in self.hidden, self._of[cell])

    def along(self, axis: str, within: Mapping[str, str]) -> list[Row]:
        """The cells that split one axis inside a held cell; the highest middle first, hidden ones last."""
        at = AXES.index(axis)
        held = [within.get(a, ALL) for a in AXES]
        cells = [c for c in (*self.shown, *self.hidden) if c[at] != ALL and all(c[i] == held[i] for i in range(len(AXES)) if i != at)]
        return sorted((self.of(c) for c in cells), key=lambda r: (r.index is None, -(r.index.index.mid if r.index else 0), r.cell))

    def change(self, region: str = ALL, months: int = MONTHS_BACK) -> tuple[date, date, Change] | None:
        """From `months` before the newest month of the insured to it; None where the counts do not reach back."""
        counts = self._history(region)
        newest = max((m for m, _s in counts), default=None)
        before = newest and newest.replace(year=newest.year - months // 12)
        if newest is None or before is None or not any(m == before for m, _s in counts):
            return None
        one, two = (self._month(counts, m) for m in (before, newest))
        found = change_between(one, two, self._inside(region), self.adoption)
        return (before, newest, found) if found else None

    def profile(self, on: date) -> Profile:
        """Exposure by trade and group with the vintages of a day."""
        kept: dict[date, Profile] = self.__dict__.setdefault("_profiles", {})
        if on not in kept:
            kept[on] = profile(self._mix, on)
        return kept[on]

    @property
    def _day(self) -> date:
        return date.fromisoformat(self.snapshot.run.on)

    @cached_property
    def _cells(self) -> pl.DataFrame:
        cube = self.snapshot.frame("cube")
        return cube.filter(pl.col("indicator") == "insured_now").sort(AXES) if cube.width else cube

    @cached_property
    def _mix(self) -> dict[tuple[str, str], dict[str, float]]:
        found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        for r in self.snapshot.rows("impact_mix"):
            found[r["industry"], r["major"]][r["occupation"]] = r["share"]
        return dict(found)

    def _history(self, region: str) -> dict[tuple[date, str], int]:
        """Month and section (`all` too) to the shown count of insured."""
        where = (pl.col("indicator") == "insured") & (pl.col("region") == region) & ~pl.col("hidden")
        return {(r["month"], r["industry"]): r["n"] for r in self.snapshot.select("cube_counts", where)}

    def _month(self, counts: Mapping[tuple[date, str], int], month: date) -> Month:
        heads = {s: n for (m, s), n in counts.items() if m == month and s != ALL}
        return Month(month, heads, counts.get((month, ALL), sum(heads.values())), self.profile(month))

    def _inside(self, region: str) -> dict[str, dict[str, float]]:
        """Section to the shares of its major groups today, of the region where shown, else of the city."""
        found = {}
        for section in sorted({c[1] for c in self.shown} - {ALL}):
            made_of = self._composed((region, section, ALL, ALL)) or self._composed((ALL, section, ALL, ALL))
            if made_of is not None:
                found[section] = {major: share for (_s, major), share in made_of.shares.items()}
        return found

    def _composed(self, cell: Cell) -> Composition | None:
        return composition(self.shown, cell)


def city_of(snapshot: Snapshot) -> City:
    """The run under the assumptions in force, computed once while neither changes."""
    rows = list(AdoptionRow.objects.values_list("id", flat=True))
    kept: dict[str, Any] = snapshot.__dict__.setdefault("_impact", {})
    if kept.get("rows") != rows:
        kept.update(rows=rows, city=City(snapshot, adoption_now()))
    city: City = kept["city"]
    return city


def adoption_now() -> Adoption:
    """The shipped assumptions with those of the analysts."""
    rows = AdoptionRow.objects.all()
    return shipped_adoption().replaced((r.section, r.on, Assumed(r.low, r.mid, r.high)) for r in rows)


def insured_in(snapshot: Snapshot, region: str, section: str) -> int | None:
    """Shown count of the insured of a section in a region (a city code: the whole); None when hidden or unknown."""
    place = ALL if region.endswith("00") else region
    where = (pl.col("indicator") == "insured") & (pl.col("region") == place) & (pl.col("industry") == section) & ~pl.col("hidden")
    found = snapshot.select("cube", where)
    return int(found[0]["n"]) if found else None
