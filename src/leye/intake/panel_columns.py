"""The columns ds and y of a panel: plain spellings at once, the rest, each distinct text once, through the cell parsers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from leye.intake.cells.dispatch import cell_parser
from leye.intake.cells.outcome import Bad, Missing, Ok
from leye.intake.panel_text import panel_error
from leye.intake.reasons import explain

_STEPS = {"day", "week", "ten_days", "month", "quarter", "half", "year", "point"}


def numbers(raw: pl.DataFrame, file: Path, notices: list[str]) -> pl.Series:
    """y as double; empty cells and NaN are null, NaN with a notice. Raises BadInput (E_NUMBER_…) on words and infinities."""
    column = raw["y"]
    if column.dtype != pl.String:
        values = _stored_numbers(column, raw, file)
    else:
        texts = column.fill_null("").str.strip_chars()
        values = texts.cast(pl.Float64, strict=False)
        odd = raw.select("row").with_columns(text=texts).filter((texts != "") & values.is_null())
        if not odd.is_empty():
            known = _parsed_numbers(odd, file)
            values = values.fill_null(texts.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.Float64))
    infinite = raw.filter(values.is_infinite())["row"].to_list()
    if infinite:
        raise panel_error("E_NUMBER_SYNTAX", file, "y", infinite, "y 是无穷大", en="y is infinite", remedy="留空表示缺失，或填上数值")
    nan = int(values.is_nan().sum())
    if nan:
        notices.append(f"{file.name} 的 y 列有 {nan} 个 NaN，按缺失处理；留空也表示缺失")
    return values.fill_nan(None).alias("y")


def _stored_numbers(column: pl.Series, raw: pl.DataFrame, file: Path) -> pl.Series:
    if not (column.dtype.is_numeric() or column.dtype == pl.Null):
        rows = raw["row"].head(1).to_list()
        raise panel_error("E_NUMBER_SYNTAX", file, "y", rows, f"y 列的类型是 {column.dtype}", en="y is not numeric", remedy="请存成数值列")
    return column.cast(pl.Float64)


def _parsed_numbers(odd: pl.DataFrame, file: Path) -> dict[str, float | None]:
    known: dict[str, float | None] = {}
    parse = cell_parser("number")
    for text in odd["text"].unique().to_list():
        answer = parse(text)
        if isinstance(answer, Ok) and answer.value["unit"] in (None, "person", "person_time", "household", "firm", "post", "item", "yuan", "ratio"):
            known[text] = float(answer.value["value"])
        elif isinstance(answer, Missing):
            known[text] = None
        else:
            code = "E_NUMBER_TEXT" if isinstance(answer, Ok) else answer.code
            rows = odd.filter(pl.col("text") == text)["row"].to_list()
            zh = f"“{text}”读不成数字（{explain(code).reason}）"
            raise panel_error(code, file, "y", rows, zh, en=f"{text!r} is no number", remedy="填一个数字；留空表示缺失")
    return known


def periods(raw: pl.DataFrame, file: Path, notices: list[str]) -> pl.Series:
    """ds as the first day of its period: 2024-01-01, 2024-01, 2024Q1, 二〇二四年三月 … Raises BadInput (E_PERIOD_…, E_REQUIRED)."""
    column = raw["ds"]
    if column.dtype in (pl.Date, pl.Datetime):
        days = column.cast(pl.Date)
        empty = raw.filter(days.is_null())["row"].to_list()
    else:
        texts = column.cast(pl.String).fill_null("").str.strip_chars()
        days = texts.str.to_date("%Y-%m-%d", strict=False)
        empty = raw.filter(texts == "")["row"].to_list()
        odd = raw.select("row").with_columns(text=texts).filter((texts != "") & days.is_null())
        if not empty and not odd.is_empty():
            known = _parsed_periods(odd, file)
            days = days.fill_null(texts.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.Date))
    if empty:
        raise panel_error("E_REQUIRED", file, "ds", empty, "ds 是空的", en="empty ds", remedy="给每一行写上期间，例如 2024-01-01")
    return days.alias("ds")


def _parsed_periods(odd: pl.DataFrame, file: Path) -> dict[str, date]:
    known: dict[str, date] = {}
    parse = cell_parser("period")
    for text in odd["text"].unique().to_list():
        answer = parse(text)
        if isinstance(answer, Ok) and answer.value["kind"] in _STEPS:
            known[text] = date.fromisoformat(str(answer.value["start"]))
            continue
        code = "E_PERIOD_KIND" if isinstance(answer, Ok) else answer.code if isinstance(answer, Bad) or answer.code[0] == "E" else "E_REQUIRED"
        rows = odd.filter(pl.col("text") == text)["row"].to_list()
        raise panel_error(
            code, file, "ds", rows, f"“{text}”读不成日期（{explain(code).reason}）", en=f"{text!r} is no date", remedy="写成 2024-01-01 这样"
        )
    return known
