"""DuckDB: the default for SQL; scans and writing are shared with polars so that both engines leave the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl

from leye.kernel.errors import BadInput
from leye.lake.polars_engine import PolarsEngine


class DuckDBEngine(PolarsEngine):
    """Engine with DuckDB's SQL over the snapshot's files; it sees no other file and no network."""

    name = "duckdb"

    def sql(self, query: str, tables: Mapping[str, Path]) -> pl.DataFrame:
        """Answer of one SELECT. Every query gets a connection of its own: views live as long as the question."""
        with duckdb.connect(":memory:") as connection:
            for name, file in tables.items():
                connection.from_parquet(str(file)).create_view(name)
            connection.execute(f"SET allowed_paths = {[str(f) for f in tables.values()]}")
            connection.execute("SET enable_external_access = false; SET lock_configuration = true")
            try:
                statements = connection.extract_statements(query)
                if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                    raise BadInput("这里只能读：请写一条 SELECT", en="read only: write one SELECT", code="E_SQL")
                answer: pl.DataFrame = pl.from_arrow(connection.sql(query).to_arrow_table())  # type: ignore[assignment]
                return answer
            except duckdb.Error as error:
                raise BadInput(f"查询没有跑成：{error}", en=f"the query failed: {error}", remedy_zh="请检查表名、列名和写法", code="E_SQL") from error
