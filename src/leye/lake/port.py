"""The one small port that an engine has to offer, and the choice between engines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from leye.kernel.errors import BadInput

if TYPE_CHECKING:
    import polars as pl

    from leye.lake.snapshots import Lake


class Engine(Protocol):
    """What a lake asks of an engine. Tables come as Parquet files by name; answers are polars frames."""

    name: str

    def scan(self, file: Path) -> pl.LazyFrame:
        """A table, not read yet."""
        ...

    def sql(self, query: str, tables: Mapping[str, Path]) -> pl.DataFrame:
        """Answer of one SELECT over the named tables. Raises BadInput on SQL that does not run or writes."""
        ...

    def write(self, frame: pl.DataFrame, file: Path) -> None:
        """Write a new Parquet file; equal frames give equal bytes."""
        ...


ENGINES = ("duckdb", "polars")


def open_lake(data: Path, *, engine: str = "duckdb") -> Lake:
    """The lake of a data folder (`snapshots/`, `published.json`). Raises BadInput on an unknown engine."""
    from leye.lake.snapshots import Lake

    if engine == "duckdb":
        from leye.lake.duckdb_engine import DuckDBEngine

        return Lake(data, DuckDBEngine())
    if engine == "polars":
        from leye.lake.polars_engine import PolarsEngine

        return Lake(data, PolarsEngine())
    raise BadInput(f"没有引擎“{engine}”", en=f"no engine {engine!r}", remedy_zh=f"可选：{'、'.join(ENGINES)}")
