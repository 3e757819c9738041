"""The two tables as they were on the day of showing: versions by `as_of`, the newest that is not later than the showing."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from leye.match.learning.events import BEIJING
from leye.match.ranking.casts import cast_column
from leye.match.ranking.tables import read_jobs, read_people

AS_OF = "as_of"
"""Day from which a row of PEOPLE or JOBS says how things stood; a table without it is one state that is taken to have always stood."""
Row = dict[str, Any]


class Versions:
    """Rows of one table by id and day."""

    def __init__(self, table: pl.DataFrame, key: str, file: str) -> None:
        """table: PEOPLE or JOBS, with or without `as_of`. Raises BadInput as `tables.read_people` does; an id may stand once a day."""
        self.is_dated = AS_OF in table.columns
        days = cast_column(table[AS_OF], pl.Date(), file).to_list() if self.is_dated else [date.min] * len(table)
        own = table[key].cast(pl.String) if key in table.columns else None
        # the door refuses an id that stands twice; a version is a row of its own there
        marked = (
            table if own is None or not self.is_dated else table.with_columns((own + "@" + pl.col(AS_OF).cast(pl.String).fill_null("")).alias(key))
        )
        read = (read_people if key == "person_id" else read_jobs)(marked, file)
        self._by_id: dict[str, list[tuple[date, Row]]] = {}
        for name, day, row in zip([] if own is None else own.to_list(), days, read.iter_rows(named=True), strict=True):
            self._by_id.setdefault(name, []).append((day or date.min, row | {key: name}))
        for rows in self._by_id.values():
            rows.sort(key=lambda r: r[0])

    def on(self, name: str, day: date) -> tuple[int, Row] | None:
        """The place of the version among those of the id, and the row; None when nothing was known of it on that day."""
        rows = self._by_id.get(name, ())
        place = sum(since <= day for since, _ in rows) - 1
        return (place, rows[place][1]) if place >= 0 else None


def shown_days(events: pl.DataFrame) -> list[date]:
    """Days of showing in Beijing."""
    return [t.astimezone(BEIJING).date() for t in events["shown_at"].to_list()]
