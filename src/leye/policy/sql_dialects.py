"""What differs between the databases that the marks run in; everything else of the SQL is the same text for all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from leye.kernel.errors import BadInput


@dataclass(frozen=True, slots=True)
class Dialect:
    """types: SQL type by the language's own (bool, int, date, enum, text) · divide: whole division of the BIGINTs `{a}` by `{b}`, towards zero.

    fence: ends a layer that the planner must not copy into every place that reads it.
    """

    name: str
    types: Mapping[str, str]
    divide: str
    fence: str = ""
    reads_files: bool = False

    def cast(self, text: str, kind: str) -> str:
        """A value in the type of a fact."""
        return f"CAST({text} AS {self.types[kind]})"

    def divided(self, a: str, b: str) -> str:
        """Whole division of two BIGINTs of which the second is positive and divides the first, or the first is not negative."""
        return self.divide.format(a=a, b=b)

    def relation(self, table: str) -> str:
        """The table to read: `name`, `schema.name`, or (DuckDB) a Parquet or CSV file. Raises BadInput (E_SQL_TABLE)."""
        if self.reads_files and re.search(r"\.(parquet|csv)\Z", table) and "\n" not in table:
            return literal(table)
        if re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*){0,2}", table):
            return table
        files = "，或 .parquet、.csv 文件" if self.reads_files else ""
        raise BadInput(
            f"“{table}”不是表名",
            en=f"{table!r} is no table",
            remedy_zh=f"写表名或“模式.表名”{files}",
            remedy_en="give a table or schema.table" + (", or a .parquet or .csv file" if self.reads_files else ""),
            code="E_SQL_TABLE",
        )


def literal(text: str) -> str:
    """Text between quotes. Ids of enums and regions hold none, file names may."""
    return "'" + text.replace("'", "''") + "'"


_ANSI = {"bool": "BOOLEAN", "int": "BIGINT", "date": "DATE"}
DUCKDB = Dialect("duckdb", _ANSI | {"enum": "VARCHAR", "text": "VARCHAR"}, "{a} // {b}", reads_files=True)
POSTGRES = Dialect("postgres", _ANSI | {"enum": "TEXT", "text": "TEXT"}, "{a} / {b}", fence="OFFSET 0")
"""PostgreSQL would pull the layers up and compute a derived fact again at every mention; OFFSET 0 is its fence."""
SPARK = Dialect("spark", _ANSI | {"enum": "STRING", "text": "STRING"}, "{a} div {b}")
DIALECTS = {d.name: d for d in (DUCKDB, POSTGRES, SPARK)}
