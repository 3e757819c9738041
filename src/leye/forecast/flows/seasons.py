"""What the calendar does to flows: month of the year, where the Spring Festival falls in it, and a slow trend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from leye.forecast.arrays import Floats
from leye.kernel.codes import spring_festivals
from leye.kernel.period import Month

WINDOWS = ((-35, -16), (-15, -1), (0, 9), (10, 24), (25, 44))
"""Days from the lunar new year, both inclusive: early leave, the last fortnight (春运 begins 15 days before and lasts 40), the holiday, the first
and the late return. # chosen by us around the forty days of 春运; not the days that the demo city was made with"""


def festival_shares(months: Sequence[date]) -> Floats:
    """(months, len(WINDOWS)) share of each month's days that lie in each window around any new year.

    >>> festival_shares([date(2025, 1, 1)])[0].round(2).tolist()
    [0.39, 0.48, 0.1, 0.0, 0.0]
    """
    new_years = list(spring_festivals().values())
    rows = []
    for first in months:
        days = Month.of(first).period.days
        gaps = [(first + timedelta(days=k) - y).days for k in range(days) for y in new_years if abs((first - y).days) < 120]
        rows.append([sum(low <= g <= high for g in gaps) / days for low, high in WINDOWS])
    return np.array(rows).reshape(len(months), len(WINDOWS))


def season_columns(months: Sequence[date], *, origin: date) -> Floats:
    """(months, 12 + windows) one column a month of the year but January, the festival shares, and years since the origin (held at one ahead)."""
    year = np.array([(m.year - origin.year) + (m.month - origin.month) / 12 for m in months])
    month = np.array([m.month for m in months])
    dummies = (month[:, None] == np.arange(2, 13)[None, :]).astype(np.float64)
    return np.concatenate([dummies, festival_shares(months), np.minimum(year, 1.0)[:, None]], axis=1)
