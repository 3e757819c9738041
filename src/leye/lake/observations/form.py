"""The form of an observation: its columns, the words it may use, and the faults that are named with their row."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from leye.kernel.errors import BadInput, Place

KEY = ("indicator", "region", "industry", "occupation", "grp", "freq", "sa_flag", "source")
"""What makes a series. Two sources, two frequencies, adjusted and unadjusted are series of their own and are never joined."""

INSTANT = pl.Datetime("us", "UTC")
OBSERVATION: dict[str, pl.DataType] = {
    "indicator": pl.String(), "region": pl.String(), "industry": pl.String(), "occupation": pl.String(), "grp": pl.String(), "freq": pl.String(),
    "period_start": pl.Date(), "value": pl.Float64(), "unit": pl.String(), "sa_flag": pl.String(), "vintage_ts": INSTANT, "source": pl.String(),
    "quality": pl.String(),
}  # fmt: skip
"""Columns in their order. `value` is null where a publication took a figure back; everything else is always there."""

DEFAULTS = {"industry": "all", "occupation": "all", "grp": "all", "sa_flag": "nsa", "quality": "final"}
FREQUENCIES = ("D", "W", "M", "Q", "Y")
"""Day, week (from Monday), month, quarter, year."""
ADJUSTMENTS = ("nsa", "sa")
QUALITIES = ("final", "preliminary", "estimated", "made")
"""`made`: figures of a synthetic city or a test, never an official statistic."""
PART_OF_KEY = r"^[^/\s][^/]*$"
"""A part of a key may not hold the slash that joins keys, nor begin with a blank."""


def key_text(parts: tuple[str, ...]) -> str:
    """The key as one text, for addresses and commands.

    >>> key_text(("claims", "440600", "all", "all", "all", "M", "nsa", "hr_claims"))
    'claims/440600/all/all/all/M/nsa/hr_claims'
    """
    return "/".join(parts)


def read_key(text: str) -> tuple[str, ...]:
    """The parts of a key. Raises BadInput (E_KEY) unless there are eight."""
    parts = tuple(text.split("/"))
    if len(parts) != len(KEY) or not all(parts):
        raise BadInput(
            f"“{text}”不是指标序列的编号", en=f"{text!r} is no key of a series", code="E_KEY",
            remedy_zh=f"编号有八段，用 / 隔开：{'/'.join(KEY)}", remedy_en=f"a key has eight parts joined by /: {'/'.join(KEY)}",
        )  # fmt: skip
    return parts


def checked(frame: pl.DataFrame, *, name: str = "") -> pl.DataFrame:
    """The frame in the form of OBSERVATION, absent columns of DEFAULTS filled in. Raises BadInput naming rows from 1 and the column.

    Refused: a missing column, an empty cell, a value that is no number, an unknown frequency or word, a date that does not begin its period.
    """
    lacking = [c for c in OBSERVATION if c not in frame.columns and c not in DEFAULTS]
    if lacking:
        raise BadInput(
            f"观测表缺少列：{'、'.join(lacking)}", en=f"observations lack columns: {', '.join(lacking)}", code="E_COLUMN_MISSING",
            remedy_zh="列名见 docs/reference/indicators.md", remedy_en="see docs/reference/indicators.md", places=(Place(name or None),),
        )  # fmt: skip
    full = frame.with_columns(pl.lit(v).alias(c) for c, v in DEFAULTS.items() if c not in frame.columns)
    typed = full.select(_cast(full, column, name) for column in OBSERVATION)
    for column in OBSERVATION:
        if column != "value":
            _refuse(typed, pl.col(column).is_null() | (pl.lit(False) if OBSERVATION[column] != pl.String else pl.col(column) == ""), column, name,
                    "E_REQUIRED", "是空的", "is empty", "补上这一格", "fill the cell")  # fmt: skip
    _refuse(typed, pl.col("value").is_infinite(), "value", name, "E_NUMBER", "不是有限的数", "is no finite number", "写成数字", "write a number")
    for column, words in (("freq", FREQUENCIES), ("sa_flag", ADJUSTMENTS), ("quality", QUALITIES)):
        _refuse(typed, ~pl.col(column).is_in(words), column, name, "E_WORD", "不认识", "is unknown", f"可选：{'、'.join(words)}",
                f"one of: {', '.join(words)}")  # fmt: skip
    for column in KEY:
        _refuse(typed, ~pl.col(column).str.contains(PART_OF_KEY), column, name, "E_KEY", "含有斜线或以空白开头", "holds a slash or a leading blank",
                "换一个代码", "choose another code")  # fmt: skip
    _refuse(typed, pl.col("period_start") != first_day(), "period_start", name, "E_PERIOD_START", "不是这一期的第一天", "does not begin its period",
            "月度写每月 1 日，季度写季首日，周写星期一", "months begin on the 1st, quarters on their first day, weeks on Monday")  # fmt: skip
    return typed


def first_day(period: str = "period_start", freq: str = "freq") -> pl.Expr:
    """The first day of the period that a day lies in, by the frequency."""
    day, step = pl.col(period), pl.col(freq)
    starts = {"W": "1w", "M": "1mo", "Q": "1q", "Y": "1y"}
    chosen = day
    for letter, every in starts.items():
        chosen = pl.when(step == letter).then(day.dt.truncate(every)).otherwise(chosen)
    return chosen


def _cast(frame: pl.DataFrame, column: str, name: str) -> pl.Series:
    values, kind = frame[column], OBSERVATION[column]
    if values.dtype == kind:
        return values.fill_nan(None) if column == "value" else values
    try:
        if column == "vintage_ts" and values.dtype == pl.String:
            return values.str.to_datetime(time_zone="UTC", time_unit="us", strict=True).alias(column)
        if column == "vintage_ts" and isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone is None:
            raise _untyped(column, name)  # an instant without a zone is not an instant
        if column == "period_start" and values.dtype == pl.String:
            return values.str.to_date("%Y-%m-%d", strict=True).alias(column)
        cast = values.dt.convert_time_zone("UTC").cast(kind) if column == "vintage_ts" else values.cast(kind, strict=True)
    except pl.exceptions.PolarsError as error:
        raise _untyped(column, name) from error
    return cast.fill_nan(None) if column == "value" else cast


def _untyped(column: str, name: str) -> BadInput:
    return BadInput(
        f"“{column}”列的格式读不懂", en=f"column {column!r} cannot be read", code="E_COLUMN_TYPE", places=(Place(name or None, column=column),),
        remedy_zh="日期写 2025-08-01，时刻写 2025-08-31T20:00:00+08:00，数值只写数字",
        remedy_en="dates 2025-08-01, instants 2025-08-31T20:00:00+08:00, values as bare numbers",
    )  # fmt: skip


def _refuse(frame: pl.DataFrame, bad: pl.Expr, column: str, name: str, code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> None:
    found = frame.select(bad.fill_null(False).alias("bad"))["bad"].arg_true()
    if len(found):
        first = frame[column][int(found[0])]
        raise refusal(frame, found, column, name, code, f"“{column}”{zh}：{first}", f"{column!r} {en}: {first}", remedy_zh, remedy_en)


def refusal(
    frame: pl.DataFrame, rows: pl.Series, column: str, name: str, code: str, zh: str, en: str, remedy_zh: str, remedy_en: str,
    kind: Callable[..., BadInput] = BadInput,
) -> BadInput:  # fmt: skip
    """An error that names the rows (from 1, the header not counted) and the column."""
    places = tuple(Place(name or None, row=int(r) + 1, column=column) for r in rows[:50])
    return kind(zh, en=en, remedy_zh=remedy_zh, remedy_en=remedy_en, places=places, code=code)
