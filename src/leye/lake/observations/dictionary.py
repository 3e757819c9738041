"""Series as small numbers: a part holds `(series, period_start, vintage_ts, value, quality)`, the dictionary says what each number stands for.

Joining, sorting and merging on one integer instead of eight texts is what makes `as_of` cheap (bench/observations).
"""

from __future__ import annotations

import polars as pl

from leye.kernel.errors import BadInput
from leye.lake.observations.folder import Manifest, StoreFolder
from leye.lake.observations.form import KEY, refusal

SERIES = {"series": pl.Int32(), **dict.fromkeys((*KEY, "unit"), pl.String())}


def known_series(folder: StoreFolder, manifest: Manifest) -> pl.DataFrame:
    """All series: as SERIES, in the order in which they first came."""
    if not manifest.series:
        return pl.DataFrame(schema=SERIES)
    return pl.concat([folder.read(name) for name in manifest.series]).collect()


def numbered(frame: pl.DataFrame, known: pl.DataFrame, *, name: str = "") -> tuple[pl.DataFrame, pl.DataFrame]:
    """(rows as `series, period_start, vintage_ts, value, quality`, new series as SERIES).

    Raises BadInput (E_UNIT_CHANGED) when a series comes in another unit: that is a break, and a break begins a series of its own.
    """
    met = frame.select(*KEY, "unit").unique().sort(*KEY, "unit")
    _refuse_units(frame, met, known, name)
    fresh = met.join(known, on=KEY, how="anti").select(*KEY, "unit")
    fresh = fresh.select(pl.int_range(known.height, known.height + fresh.height, dtype=pl.Int32).alias("series"), *KEY, "unit")
    numbers = pl.concat([known, fresh]).select("series", *KEY)
    rows = frame.join(numbers, on=KEY, how="left", maintain_order="left")
    return rows.select("series", "period_start", "vintage_ts", "value", pl.col("quality").cast(pl.Categorical)), fresh


def _refuse_units(frame: pl.DataFrame, met: pl.DataFrame, known: pl.DataFrame, name: str) -> None:
    units = pl.concat([known.select(*KEY, "unit"), met]).unique().group_by(KEY).agg(pl.col("unit").sort())
    broken = units.filter(pl.col("unit").list.len() > 1)
    if broken.is_empty():
        return
    rows = frame.with_row_index("nth").join(broken.select(KEY), on=KEY, how="semi")["nth"]
    said = "、".join(broken["unit"][0])
    raise refusal(
        frame, rows, "unit", name, "E_UNIT_CHANGED", f"同一序列有两种单位：{said}", f"one series comes in two units: {said}",
        "换算成原来的单位；如果口径变了，另起一个指标代码", "convert to the unit it had; if the definition changed, begin a new indicator code",
        BadInput,
    )  # fmt: skip
