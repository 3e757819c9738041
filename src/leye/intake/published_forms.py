"""Openly published panels in the form that their publishers give them: US employment, FRED-MD, and indices of job postings.

They serve development, tests and benchmarks. Bad cells are named with row and column and left out; the rest goes in.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from leye.intake.observing import OBSERVED
from leye.kernel.errors import BadInput, Place

QUARANTINE = ("file", "row", "column", "raw", "code", "reason", "suggestion")


@dataclass(frozen=True, slots=True)
class PublishedForm:
    """observations: as OBSERVED · quarantine: as QUARANTINE, one line a bad cell, rows counted from 1 with the header."""

    observations: pl.DataFrame
    quarantine: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict.fromkeys(QUARANTINE, pl.String) | {"row": pl.Int64}))


def read_form(form: str, file: Path) -> PublishedForm:
    """Read a file of a published form; see FORMS. Raises BadInput for an unknown form, a file that is not of it, or that cannot be read."""
    if form not in FORMS:
        raise BadInput(
            f"没有公开数据格式“{form}”", en=f"no published form {form!r}", remedy_zh=f"可选：{'、'.join(FORMS)}",
            remedy_en=f"one of: {', '.join(FORMS)}", code="E_FORM",
        )  # fmt: skip
    if not file.exists():
        raise BadInput(f"没有文件 {file}", en=f"no file {file}", remedy_zh="检查路径", remedy_en="check the path", code="E_FILE")
    return FORMS[form](file)


def us_employment(file: Path) -> PublishedForm:
    """`unique_id, ds, y`, monthly employees in thousands, not adjusted; the industry is the series' own id."""
    long = _columns(file, ("unique_id", "ds", "y"))
    return PublishedForm(_observed(
        long, indicator=pl.lit("employees"), region=pl.lit("US"), industry=pl.col("unique_id"), freq=pl.lit("M"), period_start=_day("ds"),
        value=pl.col("y"), unit=pl.lit("thousand"), source=pl.lit("bls-ces"),
    ))  # fmt: skip


def fred_md(file: Path) -> PublishedForm:
    """A FRED-MD file: months `m/d/yyyy` down the side, a row of transformation codes under the header, one column a series (`.csv`, `.csv.gz`).

    The codes are kept in the indicator's unit (`tcode-5`), so that a change of the recommended transformation is a change of definition.
    """
    lines = _text(file).splitlines()
    header, codes = lines[0].split(","), lines[1].split(",") if len(lines) > 1 else []
    if header[0] != "sasdate" or not codes or not codes[0].startswith("Transform"):
        raise _other_form(file, "sasdate", "Transform:")
    rows: list[tuple[str, date, float | None, str]] = []
    bad: list[tuple[str, int, str, str, str, str, str]] = []
    for number, line in enumerate(lines[2:], start=3):
        cells = line.split(",")
        day = _american_day(cells[0])
        if not line.strip(" ,"):
            continue
        if day is None:
            bad.append(
                (file.name, number, "sasdate", cells[0], "E_PERIOD_INVALID", "不是 月/日/年 的日期 no m/d/yyyy date", "写成 1/1/1959 write 1/1/1959")
            )
            continue
        for name, code, cell in zip(header[1:], codes[1:], cells[1:], strict=False):
            value = _number(cell)
            if value is None and cell.strip():
                bad.append((file.name, number, name, cell, "E_NUMBER", "不是数字 no number", "写数字，缺数留空 write a number, or leave it empty"))
            elif value is not None:
                rows.append((name, day, value, f"tcode-{float(code):.0f}"))
    schema = {"series": pl.String, "day": pl.Date, "y": pl.Float64, "code": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    observations = _observed(
        frame, indicator=pl.col("series"), region=pl.lit("US"), freq=pl.lit("M"), period_start=pl.col("day"), value=pl.col("y"),
        unit=pl.col("code"), source=pl.lit("fred-md"), sa_flag=pl.lit("sa"),
    )  # fmt: skip
    quarantine = pl.DataFrame(bad, schema=dict.fromkeys(QUARANTINE, pl.String) | {"row": pl.Int64}, orient="row")
    return PublishedForm(observations, quarantine)


def postings_index(file: Path) -> PublishedForm:
    """A daily index of job postings (1 February 2020 = 100) by state, region or sector, or a country's total, adjusted and not."""
    frame = _columns(file, ("date",))
    names = set(frame.columns)
    shared = {
        "indicator": pl.lit("postings_index"),
        "freq": pl.lit("D"),
        "period_start": _day("date"),
        "unit": pl.lit("index"),
        "source": pl.lit("indeed"),
    }
    if "indeed_job_postings_index_SA" in names:
        return PublishedForm(pl.concat([_total(frame, flag, shared) for flag in ("SA", "NSA")]))
    value = next((c for c in ("indeed_job_postings_index", "pct_chng_feb_1") if c in names), None)
    place = next((c for c in ("state", "region") if c in names), None)
    if value is None or (place is None and "display_name" not in names):
        raise _other_form(file, "date", "indeed_job_postings_index")
    if value == "pct_chng_feb_1":  # the release of 2021 counted from another base: a definition of its own, never spliced
        shared |= {"indicator": pl.lit("postings_change"), "unit": pl.lit("percent")}
    if place is not None:
        prefix = "US-" if place == "state" else "GB-"
        code = pl.lit(prefix) + pl.col(place).cast(pl.String).str.to_uppercase().str.replace_all("[/ ]+", "_")
        return PublishedForm(_observed(frame, **shared, region=code, value=pl.col(value)))
    kind = pl.col("variable").cast(pl.String).str.replace(" postings", "")
    sector = pl.col("display_name").cast(pl.String).str.replace_all("/", "_")
    return PublishedForm(_observed(
        frame, **shared, region=pl.col("jobcountry").cast(pl.String), industry=sector,
        grp=pl.when(kind == "total").then(pl.lit("all")).otherwise(kind),
        value=pl.col(value),
    ))  # fmt: skip


FORMS: dict[str, Callable[[Path], PublishedForm]] = {"us_employment": us_employment, "fred_md": fred_md, "postings_index": postings_index}


def _total(frame: pl.DataFrame, flag: str, shared: dict[str, pl.Expr]) -> pl.DataFrame:
    kind = pl.col("variable").cast(pl.String).str.replace(" postings", "")
    return _observed(
        frame, **shared, region=pl.col("jobcountry").cast(pl.String), grp=pl.when(kind == "total").then(pl.lit("all")).otherwise(kind),
        value=pl.col(f"indeed_job_postings_index_{flag}"), sa_flag=pl.lit(flag.lower()),
    )  # fmt: skip


def _observed(frame: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    """The columns of OBSERVED, those not given at their plain value."""
    plain = {"industry": "all", "occupation": "all", "grp": "all", "sa_flag": "nsa", "quality": "final"}
    given = {**{c: pl.lit(v) for c, v in plain.items()}, **columns}
    made = frame.select(**{c: given[c] for c in OBSERVED})
    return made.with_columns(pl.col("value").cast(pl.Float64))


def _columns(file: Path, needed: tuple[str, ...]) -> pl.DataFrame:
    frame = pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_csv(file, try_parse_dates=True)
    if not set(needed) <= set(frame.columns):
        raise _other_form(file, *needed)
    return frame


def _day(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Date)


def _text(file: Path) -> str:
    raw = file.read_bytes()
    try:
        return (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{file.name} 读不出来", en=f"{file.name} cannot be read", remedy_zh="请重新下载", remedy_en="fetch it again",
            places=(Place(file.name),), code="E_ENC",
        ) from error  # fmt: skip


def _american_day(cell: str) -> date | None:
    parts = cell.strip().split("/")
    try:
        month, day, year = (int(p) for p in parts)
        return date(year, month, day)
    except ValueError:
        return None


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if value == value and abs(value) != float("inf") else None


def _other_form(file: Path, *columns: str) -> BadInput:
    return BadInput(
        f"{file.name} 不是这种格式：没有 {'、'.join(columns)}", en=f"{file.name} is not of this form: no {', '.join(columns)}",
        remedy_zh="看文件是不是选错了", remedy_en="look whether this is the right file", places=(Place(file.name),), code="E_COLUMN_MISSING",
    )  # fmt: skip
