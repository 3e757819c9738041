"""The fixed PANEL form (`unique_id,ds,y`) and TAGS form (`unique_id,parent`), read strictly: every fault is named with file row and column.

An empty y is a missing value and passes; so does a period that is not there. CSV or Parquet, by the file's ending.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from leye.intake.panel_columns import numbers, periods
from leye.intake.panel_tags import add_titles, check_sums, check_tags
from leye.intake.panel_text import panel_error, read_columns


@dataclass(frozen=True, slots=True)
class PanelForm:
    """panel: `unique_id` text, `ds` date, `y` double or null, by id in order of appearance, then ds · tags: `unique_id, parent` (null at a root) and,
    when titles were given, `title_zh, title_en`; None when neither tags nor titles were given · notices: Chinese sentences about what was assumed."""

    panel: pl.DataFrame
    tags: pl.DataFrame | None
    notices: tuple[str, ...] = field(default=())


def load_panel(panel_file: Path, tags_file: Path | None = None, titles_file: Path | None = None) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """The panel and its tags; see `PanelForm`. Raises BadInput with file, row, column and remedy."""
    form = read_panel(panel_file, tags_file, titles_file)
    return form.panel, form.tags


def read_panel(panel_file: Path, tags_file: Path | None = None, titles_file: Path | None = None) -> PanelForm:
    """As `load_panel`, with the notices. Raises BadInput on: a missing column, an empty or repeated id and ds, a word for a number, no date,
    an id in TAGS that the panel has not, a circle in TAGS, a parent that is not the sum of its children."""
    notices: list[str] = []
    raw = read_columns(panel_file, ("unique_id", "ds", "y"))
    panel = pl.DataFrame(
        [raw["row"], _ids(raw, panel_file), periods(raw, panel_file, notices), numbers(raw, panel_file, notices)]
    )  # fmt: skip
    _no_repeats(panel, panel_file)
    order = panel.select(pl.col("unique_id").unique(maintain_order=True)).with_row_index("nth")
    panel = panel.join(order, on="unique_id").sort("nth", "ds").drop("nth")
    tags = None
    if tags_file is not None:
        tags = check_tags(read_columns(tags_file, ("unique_id", "parent")), panel, tags_file, notices)
        check_sums(panel, tags, panel_file)
    if titles_file is not None:
        tags = add_titles(tags, panel, titles_file)
    return PanelForm(panel.drop("row"), tags, tuple(notices))


def _ids(raw: pl.DataFrame, file: Path) -> pl.Series:
    ids = raw["unique_id"].str.strip_chars()
    empty = raw.filter((ids == "") | ids.is_null())["row"].to_list()
    if empty:
        raise panel_error("E_REQUIRED", file, "unique_id", empty, "unique_id 是空的", en="empty unique_id", remedy="给每一行写上序列名")
    return ids.alias("unique_id")


def _no_repeats(panel: pl.DataFrame, file: Path) -> None:
    repeated = panel.filter(pl.struct("unique_id", "ds").is_duplicated())
    if not repeated.is_empty():
        first = repeated.row(0, named=True)
        raise panel_error(
            "E_DUP_KEY", file, "ds", repeated["row"].to_list(), f"“{first['unique_id']}”在 {first['ds']} 有 {_times(repeated, first)} 行",
            en=f"repeated unique_id and ds: {first['unique_id']} {first['ds']}", remedy="同一序列同一期只能有一行，请删去多余的",
        )  # fmt: skip


def _times(repeated: pl.DataFrame, first: dict[str, object]) -> int:
    return repeated.filter((pl.col("unique_id") == first["unique_id"]) & (pl.col("ds") == first["ds"])).height
