"""Months across the columns: every column whose header fits becomes a table of its own, its header the text of one field, its cells of another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from leye.intake.read import Sheet
from leye.intake.spec import SourceSpec, UnpivotRule
from leye.kernel.errors import BadInput, Place

MARK = "@wide"
"""Prefix of a wide column in a frame that is not split yet; no field may begin like this."""


@dataclass(frozen=True, slots=True)
class WideColumn:
    """A column of the sheet that holds one period (or place, or group) of a field: its position, and its header without the join of header rows."""

    index: int
    header: str

    @property
    def name(self) -> str:
        """Its name in the frame that is not split yet."""
        return f"{MARK}{self.index}"


def wide_columns(names: Sequence[str], spec: SourceSpec, *, place: Place) -> list[WideColumn]:
    """The columns that `read.unpivot.match` fits, in order; empty without such a rule. Raises BadInput (E_COLUMN_MISSING) when none fits."""
    rule = spec.read.unpivot
    if rule is None:
        return []
    plain = [re.sub(r"\s+", "", name).replace(spec.read.join, "") for name in names]
    found = [WideColumn(i, text) for i, text in enumerate(plain) if text and rule.match.search(text)]
    if not found:
        raise BadInput(
            f"没有一列的表头符合“{rule.match.pattern}”，这个文件没有装入",
            en=f"no header fits {rule.match.pattern!r}; the file is refused",
            remedy_zh="核对表头，或改说明里的 read.unpivot.match",
            remedy_en="check the header, or read.unpivot.match in the spec",
            places=(Place(place.file, place.sheet, place.row, rule.value),),
            code="E_COLUMN_MISSING",
        )
    return found


def split(frame: pl.DataFrame, column: WideColumn, rule: UnpivotRule, *, header_row: int) -> pl.DataFrame:
    """The rows of one wide column as a long table: `rule.header` holds the header's text, which stands in `header_row`, and `rule.value` the cell."""
    header, at = pl.lit(column.header), pl.lit(header_row, dtype=pl.Int64)
    long = frame.with_columns(header.alias(rule.header), at.alias(f"{rule.header}@row"), pl.col(column.name).alias(rule.value))
    filled = f"{column.name}@row"
    if filled in frame.columns:
        long = long.with_columns(pl.col(filled).alias(f"{rule.value}@row"))
    return long.drop([c for c in frame.columns if c.startswith(MARK)])


def is_blank(frame: pl.DataFrame, column: WideColumn) -> bool:
    """Whether nothing at all stands under the header: a month that has not come yet is no row."""
    return bool((frame[column.name].str.strip_chars() == "").all())


def header_row_of(sheet: Sheet, spec: SourceSpec) -> int:
    """The last row of the header, counted from 1; 1 in JSON, where the header is made of the keys."""
    return 1 if sheet.header_is_keys else spec.read.header_row + spec.read.header_rows - 1
