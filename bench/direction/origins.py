"""Origins of the FRED-MD half of the direction benchmark, fixed and committed before any choice was made on them.

The employment half takes its origins from `bench/forecast_us_employment/origins.py`. Report origins stand 13 months apart, so that every
calendar month and calm and shock years alike take part; development origins lie six to seven months between them and are the only ones
that anything was tuned on. Three months after each lie inside the data (to 2012-12).
"""

from __future__ import annotations

from datetime import date

HORIZON = 3


def _every_13_months(first: date, last: date) -> tuple[date, ...]:
    found, month = [], first.year * 12 + first.month - 1
    while month <= last.year * 12 + last.month - 1:
        found.append(date(month // 12, month % 12 + 1, 1))
        month += 13
    return tuple(found)


REPORT = _every_13_months(date(1990, 1, 1), date(2012, 9, 1))
DEVELOPMENT = _every_13_months(date(1990, 7, 1), date(2012, 9, 1))
