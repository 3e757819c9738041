"""FRED-MD as it would have been known at a day: final figures, cut by each series' publication lag. Revisions are not in it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import numpy as np
import polars as pl


def month_after(day: date, months: int) -> date:
    """The first day of a month so many months later."""
    total = day.year * 12 + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


@dataclass(frozen=True)
class Known:
    """months: first days · indicators: (n, T) · quarters: first days · targets: (m, Q) quarterly means, all final."""

    fixed: ModuleType
    months: list[date]
    indicators: np.ndarray
    quarters: list[date]
    targets: np.ndarray

    def as_of(self, quarter: date, weeks: int) -> tuple[np.ndarray, np.ndarray]:
        """(indicators, targets) to the end of a quarter with NaN for what was not out so many weeks before its release (0: the day before)."""
        at = self.release(quarter) - timedelta(days=max(7 * weeks, 1))
        out = np.array([[month_after(m, 1) + timedelta(days=lag) <= at for m in self.months] for lag in self.fixed.LAGS.values()])
        told = np.array([self.release(q) <= at for q in self.quarters])
        last = self.quarters.index(quarter) + 1
        return np.where(out, self.indicators, np.nan)[:, : 3 * last], np.where(told, self.targets, np.nan)[:, :last]

    def release(self, quarter: date) -> date:
        """The day on which a quarter's targets come out."""
        return month_after(quarter, 3) + timedelta(days=self.fixed.RELEASE_DAYS)

    def truth(self, quarter: date) -> np.ndarray:
        """(m,) the targets of a quarter."""
        return self.targets[:, self.quarters.index(quarter)]


def read(file: Path, fixed: ModuleType) -> Known:
    """The file's second line holds transformation codes; it is not used."""
    raw = pl.read_csv(gzip.decompress(file.read_bytes()), infer_schema_length=0)[1:]
    months = [date(int(y), int(m), 1) for m, _, y in (text.split("/") for text in raw["sasdate"].to_list())]
    since = months.index(fixed.FIRST)
    series = {c: raw[c].cast(pl.Float64).to_numpy()[since:] for c in (*fixed.LAGS, *fixed.TARGETS)}
    targets = np.stack([series[c].reshape(-1, 3).mean(axis=1) for c in fixed.TARGETS])
    return Known(fixed, months[since:], np.stack([series[c] for c in fixed.LAGS]), months[since::3], targets)


def logs(x: np.ndarray) -> np.ndarray:
    """(n, T) logarithms of the rows that are positive throughout, the others as they are."""
    return np.stack([np.log(row) if np.nanmin(row) > 0 else row for row in x])
