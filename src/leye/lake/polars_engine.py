"""Polars: lazy scans, its SQL dialect for simple questions, and the Parquet writer that both engines share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from leye.kernel.errors import BadInput


class PolarsEngine:
    """Engine over polars alone."""

    name = "polars"

    def scan(self, file: Path) -> pl.LazyFrame:
        """A table, not read yet."""
        return pl.scan_parquet(file)

    def sql(self, query: str, tables: Mapping[str, Path]) -> pl.DataFrame:
        """Answer of one SELECT; the context knows the named tables only."""
        context = pl.SQLContext(frames={name: pl.scan_parquet(file) for name, file in tables.items()})
        try:
            return context.execute(query, eager=True)
        except (pl.exceptions.PolarsError, ValueError) as error:
            raise BadInput(f"查询没有跑成：{error}", en=f"the query failed: {error}", remedy_zh="请检查表名、列名和写法", code="E_SQL") from error

    def write(self, frame: pl.DataFrame, file: Path) -> None:
        """Zstandard Parquet with statistics; one row group per 512 Ki rows keeps scans parallel and bytes stable."""
        frame.write_parquet(file, compression="zstd", statistics=True, row_group_size=1 << 19)
