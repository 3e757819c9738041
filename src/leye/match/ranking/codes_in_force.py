"""Occupation codes of both tables as they stand on the day of the question: an old code is read as its successor, an unknown one is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from leye.kernel.errors import NotFound
from leye.match.occupations.table import FIRST, Table, table_of

CODES = ("target_codes", "current_code", "occupation_code", "accept_codes")
"""Columns of PEOPLE and JOBS that hold occupation codes of seven digits."""
_SHOWN = 5  # codes named in a line of a notice, the rest counted


@dataclass(frozen=True, slots=True)
class CodesRead:
    """What became of the codes of some tables. renewed: old code to the code in force · unknown: codes that the table lacks."""

    renewed: dict[str, str]
    unknown: tuple[str, ...]

    def lines(self) -> list[str]:
        """Notices for a terminal, Chinese and English, none when every code is in force."""
        told = []
        if self.renewed:
            pairs = [f"{old}→{new}" for old, new in self.renewed.items()]
            told.append(f"{len(pairs)} 个旧职业代码按现行代码读：{_some(pairs)} / old occupation codes read as the ones in force")
        if self.unknown:
            named = _some(self.unknown)
            zh = f"职业表里没有这 {len(self.unknown)} 个代码，按原样比较：{named}"
            told.append(f"{zh} / codes that the occupation table lacks, compared as they are")
        return told


def codes_read(tables: Iterable[pl.DataFrame], on: date) -> CodesRead:
    """Every code of the tables (typed by `tables.read_people`, `read_jobs`), looked up in the occupation table of the month of `on`."""
    table = _table(on)
    renewed: dict[str, str] = {}
    unknown: list[str] = []
    for code in sorted(set().union(*(_codes(t) for t in tables))):
        try:
            found, _old = table.resolve(code)
        except NotFound:
            unknown.append(code)
            continue
        if found.code != code:
            renewed[code] = found.code
    return CodesRead(renewed, tuple(unknown))


def in_force(table: pl.DataFrame, on: date) -> pl.DataFrame:
    """The table with every old code replaced by the one in force on the day; a list that then holds a code twice holds it once."""
    renewed = codes_read([table], on).renewed
    if not renewed:
        return table
    held = [c for c in CODES if c in table.columns]
    lists = [pl.col(c).list.eval(pl.element().replace(renewed)).list.unique(maintain_order=True) for c in held if table.schema[c] == pl.List]
    return table.with_columns(*lists, *(pl.col(c).replace(renewed) for c in held if table.schema[c] != pl.List))


def _table(on: date) -> Table:
    """The table of the month; before the first that we have nothing is known to be old, so the first one answers."""
    return table_of(max(f"{on:%Y-%m}", FIRST))


def _codes(table: pl.DataFrame) -> set[str]:
    held = [c for c in CODES if c in table.columns]
    flat = [(table[c].explode(empty_as_null=True) if table.schema[c] == pl.List else table[c]).drop_nulls().unique() for c in held]
    return {code for values in flat for code in values}


def _some(codes: Iterable[str]) -> str:
    told = list(codes)
    return "、".join(told[:_SHOWN]) + (f" 等 {len(told)} 个" if len(told) > _SHOWN else "")
