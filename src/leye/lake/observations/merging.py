"""The panel as it was known: of every series and period the row of the newest vintage, out of sorted parts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

import numpy as np
import polars as pl

from leye.lake.observations.folder import Part, StoreFolder, instant

_SERIES_SHIFT = 32


def latest_rows(folder: StoreFolder, parts: Sequence[Part], ts: datetime, wanted: pl.Series | None) -> pl.DataFrame:
    """`series, period_start, vintage_ts, value, quality`, one row a series and period, sorted by both: the newest vintage not after `ts`.

    Parts that begin after `ts` are not opened. wanted: numbers of the series to keep, None for all.
    """
    known = sorted((p for p in parts if instant(p.first) <= ts), key=lambda p: (instant(p.first), p.file))
    if not known:
        return rows_of(folder, (), wanted).collect()
    ordered = all(instant(a.last) <= instant(b.first) for a, b in pairwise(known))
    frames = [_part(folder, p, ts, wanted) for p in known]
    rows = pl.concat(frames)
    places = _places(rows)
    order = np.argsort(places, kind="stable") if ordered else np.lexsort((rows["vintage_ts"].to_physical().to_numpy(), places))
    sorted_places = places[order]
    is_last = np.append(sorted_places[1:] != sorted_places[:-1], True) if len(order) else np.zeros(0, dtype=bool)
    latest: pl.DataFrame = rows[order[is_last]]
    return latest


def rows_of(folder: StoreFolder, parts: Sequence[Part], wanted: pl.Series | None) -> pl.LazyFrame:
    """All rows of some parts, of the wanted series, in no order that counts."""
    from leye.lake.observations.form import INSTANT

    empty = {"series": pl.Int32(), "period_start": pl.Date(), "vintage_ts": INSTANT, "value": pl.Float64(), "quality": pl.Categorical()}
    found = pl.concat([pl.LazyFrame(schema=empty), *(folder.read(p.file) for p in parts)])
    return found if wanted is None else found.filter(pl.col("series").is_in(wanted.implode()))


def _part(folder: StoreFolder, part: Part, ts: datetime, wanted: pl.Series | None) -> pl.DataFrame:
    rows = rows_of(folder, (part,), wanted)
    return (rows if instant(part.last) <= ts else rows.filter(pl.col("vintage_ts") <= ts)).collect()


def _places(rows: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """One whole number a row that orders by series, then period (days before 1970 too: the offset keeps them positive)."""
    series = rows["series"].cast(pl.Int64).to_numpy()
    days = rows["period_start"].to_physical().cast(pl.Int64).to_numpy() + (1 << 31)
    places: np.ndarray[tuple[int], np.dtype[np.int64]] = (series << _SERIES_SHIFT) + days
    return places
