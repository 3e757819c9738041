"""Loaded rows to the panel of the nightly run: leaf values, every sum above them, and the cells that each value is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from leye.intake import folder
from leye.intake.panel_keys import SeriesKey, key_frame
from leye.intake.spec import PanelRule, SourceSpec
from leye.intake.spec_file import read_spec
from leye.kernel.errors import BadInput

PANEL = {"unique_id": pl.String, "ds": pl.Date, "y": pl.Float64}
CELLS = {"unique_id": pl.String, "ds": pl.Date, "source": pl.String, "row_id": pl.String, "column": pl.String}
_DIMENSIONS = ("region", "industry", "occupation", "grp")


@dataclass(frozen=True, slots=True)
class LoadedSource:
    """The current rows of a source (as `loaded.parquet`) and its spec."""

    spec: SourceSpec
    rows: pl.DataFrame


def loaded_source(spec: Path | SourceSpec, out: Path) -> LoadedSource | None:
    """The source loaded into the folder `out`, or None before its first load."""
    source = spec if isinstance(spec, SourceSpec) else read_spec(spec)
    rows = folder.read_table(out, "loaded.parquet")
    return None if rows is None else LoadedSource(source, rows)


def build_panel(loads: Sequence[LoadedSource]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """(panel, panel_keys, panel_cells) of all sources with a `panel` block, ordered by series, then month.

    panel: `unique_id, ds, y`, every series over all months of its source; y is null where no row was loaded (quarantined, not
    delivered), and then in every sum above it too: a partial sum is never shown · panel_keys: see `panel_keys.key_frame` ·
    panel_cells: `unique_id, ds, source, row_id, column`, for sums the cells of all their parts.
    Raises BadInput when a source holds a sum among its parts.
    """
    panels, keys, cells = [pl.DataFrame(schema=PANEL)], [key_frame([], None)], [pl.DataFrame(schema=CELLS)]
    for load in loads:
        if load.spec.panel is not None and not load.rows.is_empty():
            panel, key, cell = _source_panel(load, load.spec.panel)
            panels.append(panel)
            keys.append(key)
            cells.append(cell)
    by = ["unique_id", "ds"]
    return pl.concat(panels).sort(by), pl.concat(keys).sort("unique_id"), pl.concat(cells).sort([*by, "row_id"])


def _source_panel(load: LoadedSource, rule: PanelRule) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    rows = _leaf_rows(load, rule)
    leaves = [SeriesKey(rule.indicator, *dims) for dims in rows.select(_DIMENSIONS).unique().sort(_DIMENSIONS).iter_rows()]
    ancestry = pl.DataFrame(_ancestry(leaves, load.spec, rule), schema={"leaf": pl.String, "unique_id": pl.String}, orient="row")
    months = pl.DataFrame({"ds": _months(rows["ds"])}, schema={"ds": pl.Date})
    grid = pl.DataFrame({"leaf": [k.unique_id for k in leaves]}, schema={"leaf": pl.String}).join(months, how="cross")
    values = grid.join(rows.group_by("leaf", "ds").agg(pl.col("y").sum()), on=["leaf", "ds"], how="left")
    summed = values.join(ancestry, on="leaf").group_by("unique_id", "ds").agg(pl.when(pl.col("y").null_count() == 0).then(pl.col("y").sum()))
    cells = rows.join(ancestry, on="leaf").select(
        "unique_id", "ds", pl.lit(load.spec.id).alias("source"), pl.col("_row_id").alias("row_id"), pl.lit(rule.value).alias("column")
    )
    keys = {k.unique_id: k for leaf in leaves for k in (leaf, *_above(leaf, load.spec, rule))}
    return summed.select(list(PANEL)), key_frame(list(keys.values()), load.spec), cells


def _leaf_rows(load: LoadedSource, rule: PanelRule) -> pl.DataFrame:
    """`leaf, ds, y, _row_id` and the dimensions of every loaded row that has a value."""
    spec = load.spec
    columns = {name: _dimension(getattr(rule, name), spec) for name in _DIMENSIONS}
    scale = 0.01 if spec.fields[rule.value].type == "money" else 1.0
    value = pl.col(spec.fields[rule.value].columns[0]).cast(pl.Float64) * scale
    ds = pl.col(f"{rule.ds}_start").dt.month_start()
    rows = load.rows.select("_row_id", ds=ds, y=value, **columns).drop_nulls()
    uid = pl.concat_str([pl.lit(rule.indicator), *(pl.col(n) for n in _DIMENSIONS)], separator="/")
    return rows.with_columns(leaf=uid)


def _dimension(setting: str, spec: SourceSpec) -> pl.Expr:
    if setting.startswith("="):
        return pl.lit(setting[1:])
    return pl.col(spec.fields[setting].columns[0])


def _above(leaf: SeriesKey, spec: SourceSpec, rule: PanelRule) -> list[SeriesKey]:
    """The sums that a leaf enters, nearest first; none for a rate."""
    above: list[SeriesKey] = []
    at = leaf.parent(spec.home or leaf.region) if rule.adds_up else None
    while at is not None:
        above.append(at)
        at = at.parent(spec.home or leaf.region)
    return above


def _ancestry(leaves: list[SeriesKey], spec: SourceSpec, rule: PanelRule) -> list[tuple[str, str]]:
    """(leaf, series that it enters), itself included."""
    pairs = [(leaf.unique_id, k.unique_id) for leaf in leaves for k in (leaf, *_above(leaf, spec, rule))]
    sums = {b for a, b in pairs if a != b}
    mixed = next((leaf.unique_id for leaf in leaves if leaf.unique_id in sums), None)
    if mixed:
        raise BadInput(
            f"来源 {spec.id} 里 {mixed} 既有合计又有分项，会重复计算",
            en=f"{spec.id}: {mixed} is loaded beside its own parts and would count twice",
            remedy_zh="请在说明的 total 里认出合计行",
            code="E_SUM_MISMATCH",
        )
    return pairs


def _months(ds: pl.Series) -> list[date]:
    first, last = ds.min(), ds.max()
    assert isinstance(first, date) and isinstance(last, date)
    return pl.date_range(first, last, interval="1mo", eager=True).to_list()
