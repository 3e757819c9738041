"""Polars: lazy scans, its SQL dialect for simple questions, and the Parquet writer that both engines share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from leye.kernel.errors import BadInput

_SPOKEN = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)  # text literals and comments mean nothing to the checks below
_READS_FILES = re.compile(r"\b(?:read|scan)_\w+[\"`]?\s*\(", re.IGNORECASE)
_SCANNED = re.compile(r"SCAN \[([^\],]*)")


class PolarsEngine:
    """Engine over polars alone."""

    name = "polars"

    def scan(self, file: Path) -> pl.LazyFrame:
        """A table, not read yet."""
        return pl.scan_parquet(file, glob=False)

    def sql(self, query: str, tables: Mapping[str, Path]) -> pl.DataFrame:
        """Answer of one SELECT over the named tables; table functions that read files are refused before polars sees them."""
        refuse_outside(query)
        context = pl.SQLContext(frames={name: self.scan(file) for name, file in tables.items()})
        try:
            plan = context.execute(query, eager=False)
            _refuse_strangers(plan, tables)
            return plan.collect()
        except (pl.exceptions.PolarsError, ValueError, TypeError) as error:
            raise BadInput(f"查询没有跑成：{error}", en=f"the query failed: {error}", remedy_zh="请检查表名、列名和写法", code="E_SQL") from error

    def write(self, frame: pl.DataFrame, file: Path) -> None:
        """Zstandard Parquet with statistics; one row group per 512 Ki rows keeps scans parallel and bytes stable."""
        frame.write_parquet(file, compression="zstd", statistics=True, row_group_size=1 << 19)


def refuse_outside(query: str) -> None:
    """Raise BadInput unless the text is one SELECT (or WITH … SELECT) that names no function reading files. Polars has no setting for it."""
    bare = _SPOKEN.sub(" ", query).strip().rstrip(";").lstrip("( \n\t")
    if not re.match(r"(select|with|from)\b", bare, re.IGNORECASE) or ";" in bare:
        raise BadInput("这里只能读：请写一条 SELECT", en="read only: write one SELECT", code="E_SQL")
    if _READS_FILES.search(bare):
        raise _outside()


def _refuse_strangers(plan: pl.LazyFrame, tables: Mapping[str, Path]) -> None:
    """Second lock: no file in the plan that is not one of the tables, whatever a later polars may call its functions."""
    known = {str(file) for file in tables.values()}
    if any(name.strip() not in known for name in _SCANNED.findall(plan.explain(optimized=False))):
        raise _outside()


def _outside() -> BadInput:
    return BadInput("查询只能用快照里的表，不能读文件", en="a query reads tables of the snapshot, no files", remedy_zh="直接写表名", code="E_SQL")
