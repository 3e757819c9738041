"""Second step: the series that the rest works on, from loaded department rows or from a PANEL file of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from leye.intake import read_panel
from leye.intake.panel import build_panel, loaded_source
from leye.kernel.errors import BadInput

KEYS = {
    "unique_id": pl.String, "parent": pl.String, "indicator": pl.String, "region": pl.String, "industry": pl.String, "occupation": pl.String,
    "grp": pl.String, "unit": pl.String, "calm_direction": pl.String, "title_zh": pl.String, "title_en": pl.String,
}  # fmt: skip
CELLS = {"unique_id": pl.String, "ds": pl.Date, "source": pl.String, "row_id": pl.String, "column": pl.String}


@dataclass(frozen=True, slots=True)
class Panels:
    """panel: `unique_id, ds, y` · keys: as KEYS · cells: as CELLS, empty for a PANEL file · notices: Chinese sentences about what was assumed."""

    panel: pl.DataFrame
    keys: pl.DataFrame
    cells: pl.DataFrame
    notices: tuple[str, ...] = ()

    @property
    def tags(self) -> pl.DataFrame:
        """`unique_id, parent`, as the forecast wants it."""
        return self.keys.select("unique_id", "parent")

    @property
    def last(self) -> date:
        """Newest period."""
        newest = self.panel["ds"].max()
        assert isinstance(newest, date)
        return newest


def panels_of_file(panel: Path, tags: Path | None, titles: Path | None) -> Panels:
    """A PANEL of one's own, strictly read; its keys hold what is known: parents and titles. Raises BadInput with places."""
    form = read_panel(panel, tags, titles)
    ids = form.panel.select(pl.col("unique_id").unique(maintain_order=True))
    known = form.tags if form.tags is not None else ids
    keys = ids.join(known, on="unique_id", how="left", maintain_order="left")
    return Panels(form.panel.select("unique_id", "ds", "y"), _complete(keys), pl.DataFrame(schema=CELLS), form.notices)


def panels_of_city(data: Path) -> Panels:
    """The city's own indicators, for folders without department files (`leye demo --no-inbox`). Raises BadInput when there are none either."""
    folder = data / "city"
    if not (folder / "indicators.parquet").exists():
        raise BadInput(
            f"{data.name} 里既没有部门文件，也没有城市指标",
            en=f"neither department files nor indicators in {data.name}",
            remedy_zh=f"把部门文件放进 inbox/<来源>/，或先运行 leye demo --out {data.name}",
            remedy_en=f"put files into inbox/<source>/, or run leye demo --out {data.name}",
            code="E_NO_INPUT",
        )
    panel = pl.read_parquet(folder / "indicators.parquet").select("unique_id", "ds", "y").sort("unique_id", "ds")
    return Panels(
        panel, _complete(pl.read_parquet(folder / "indicator_keys.parquet")), pl.DataFrame(schema=CELLS), ("没有部门文件，直接用城市指标表",)
    )


def up_to(panels: Panels, on: date) -> Panels:
    """The same without periods after a day. Raises BadInput when nothing is left."""
    panel = panels.panel.filter(pl.col("ds") <= on)
    if panel.is_empty():
        raise BadInput(
            f"{on} 之前没有数据", en=f"no data up to {on}", remedy_zh="换一个晚一些的 --on", remedy_en="choose a later --on", code="E_NO_INPUT"
        )
    return Panels(panel, panels.keys, panels.cells.filter(pl.col("ds") <= on), panels.notices)


def _complete(keys: pl.DataFrame) -> pl.DataFrame:
    """All columns of KEYS; what is unknown is null, a fall is bad unless said otherwise, a title is never empty."""
    found = keys.with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in KEYS.items() if name not in keys.columns)
    return found.select(
        pl.coalesce(pl.col(name).cast(kind), pl.lit("down")).alias(name)
        if name == "calm_direction"
        else pl.coalesce(pl.col(name).cast(kind), pl.col("unique_id")).alias(name)
        if name in {"title_zh", "title_en", "indicator"}
        else pl.col(name).cast(kind)
        for name, kind in KEYS.items()
    )


def panels_of_loads(data: Path, specs: Mapping[str, Path]) -> Panels | None:
    """Series from the loaded rows of every source whose spec has a `panel` block; None when no such source was loaded."""
    loads = [loaded_source(spec, data / "loads" / source) for source, spec in specs.items()]
    panel, keys, cells = build_panel([load for load in loads if load is not None])
    return None if panel.is_empty() else Panels(panel, _complete(keys), cells.select(*CELLS))
