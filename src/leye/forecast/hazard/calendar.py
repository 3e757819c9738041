"""Everybody's months as dense arrays: insured, with which firm, on which base, registered as unemployed at the month's end."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from leye.forecast.arrays import Bools, Ints
from leye.forecast.hazard.register import Register, month_of
from leye.kernel.errors import BadInput

LEAST_MONTHS = 18
"""Chosen by us: half a year seen before the first row, half a year to learn from, half a year to see what came of it."""

Small = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Calendar:
    """n people by T months, the last one the month of the day.

    first: number of the first month · employee, flexible: (n, T) insured as such · firm: (n, T) row of the firms table, -1 none · base_fen: (n, T), 0
    none · jobless: (n, T) registered at the month's end · people: n rows, ordered by id · spells: person row, start and end month (T where
    open), reason.
    key: (n,) a hash of the person's id, so that folds and draws hang on nobody else.
    """

    first: int
    people: pl.DataFrame
    key: Ints
    firms: pl.DataFrame
    employee: Bools
    flexible: Bools
    firm: Small
    base_fen: Small
    jobless: Bools
    spells: pl.DataFrame

    @property
    def months(self) -> int:
        """T."""
        return int(self.employee.shape[1])

    @property
    def insured(self) -> Bools:
        """(n, T) as an employee or on one's own."""
        return np.asarray(self.employee | self.flexible)


def calendar_of(register: Register, last: int) -> Calendar:
    """The months that the insurance table covers, up to number `last`. Raises BadInput (E_RISK_SHORT) when they are too few to learn from."""
    rows = register.insurance.with_columns(month_of("month").alias("_m")).filter(pl.col("_m") <= last)
    first = int(rows["_m"].min()) if rows.height else last  # type: ignore[arg-type]
    width = last - first + 1
    if width < LEAST_MONTHS:
        raise _too_short(width)
    spells = register.unemployment.with_columns(month_of("registered_on").alias("_from"), month_of("ended_on").alias("_to"))
    ids = pl.concat([rows["person_id"], spells["person_id"]]).unique()
    people = register.people.filter(pl.col("person_id").is_in(ids.implode())).sort("person_id")
    place = people.select("person_id", pl.int_range(pl.len(), dtype=pl.Int64).alias("_row"))
    firms = register.firms.with_columns(pl.int_range(pl.len(), dtype=pl.Int32).alias("_firm"))
    rows = rows.join(place, on="person_id", how="inner", maintain_order="left").join(
        firms.select("firm_id", "_firm"), on="firm_id", how="left", maintain_order="left"
    )
    spells = spells.join(place, on="person_id", how="inner", maintain_order="left")
    return _filled(rows, spells, people, firms, first, width)


def _filled(rows: pl.DataFrame, spells: pl.DataFrame, people: pl.DataFrame, firms: pl.DataFrame, first: int, width: int) -> Calendar:
    shape = (people.height, width)
    at = rows["_row"].to_numpy() * width + (rows["_m"].to_numpy() - first)
    is_employee = (rows["kind"] == "employee").fill_null(False).to_numpy()
    employee, flexible = _flags(at[is_employee], shape), _flags(at[~is_employee], shape)
    firm, base = np.full(shape, -1, np.int32), np.zeros(shape, np.int32)
    firm.ravel()[at[is_employee]] = rows["_firm"].fill_null(-1).to_numpy()[is_employee]
    base.ravel()[at[is_employee]] = rows["base_fen"].fill_null(0).clip(0, 2**31 - 1).to_numpy()[is_employee]
    begin = (spells["_from"].cast(pl.Int64) - first).to_numpy()
    end = (spells["_to"].cast(pl.Int64) - first).fill_null(width).to_numpy()
    row = spells["_row"].to_numpy()
    low, high = begin.clip(0), end.clip(0, width)
    count = (high - low).clip(0)
    step = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    jobless = _flags(np.repeat(row, count) * width + np.repeat(low, count) + step, shape)
    kept = pl.DataFrame({"row": row, "begin": begin, "end": end, "reason": spells["reason"], "is_open": spells["_to"].is_null()})
    key = np.array([zlib.crc32(name.encode()) for name in people["person_id"]], dtype=np.int64)
    return Calendar(first, people, key, firms, employee, flexible, firm, base, jobless, kept)


def _flags(at: npt.NDArray[Any], shape: tuple[int, int]) -> Bools:
    found = np.zeros(shape[0] * shape[1], dtype=np.bool_)
    found[at] = True
    return found.reshape(shape)


def run_lengths(flags: Bools) -> Ints:
    """(n, T) -> how many months in a row, up to and including this one, the flag holds; 0 where it does not."""
    length = np.zeros(flags.shape, dtype=np.int64)
    before = np.zeros(flags.shape[0], dtype=np.int64)
    for t in range(flags.shape[1]):
        before = np.where(flags[:, t], before + 1, 0)
        length[:, t] = before
    return length


def with_same_firm(calendar: Calendar) -> Ints:
    """(n, T) months in a row with the firm of this month, as far as the table reaches back; 0 when not at work there."""
    length = np.zeros(calendar.employee.shape, dtype=np.int64)
    for t in range(calendar.months):
        stays = calendar.employee[:, t] & calendar.employee[:, t - 1] & (calendar.firm[:, t] == calendar.firm[:, t - 1]) if t else None
        length[:, t] = np.where(calendar.employee[:, t], 1 + (np.where(stays, length[:, t - 1], 0) if stays is not None else 0), 0)
    return length


def _too_short(width: int) -> BadInput:
    return BadInput(
        f"参保记录只有 {width} 个月，至少要 {LEAST_MONTHS} 个月才能看出风险",
        en=f"{width} months of insurance records; at least {LEAST_MONTHS} are needed",
        remedy_zh="装载更早月份的参保记录",
        remedy_en="load earlier months",
        code="E_RISK_SHORT",
    )
