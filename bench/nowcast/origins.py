"""What is nowcast, from what, and when: fixed before any tuning. Tuning looks at DEVELOPMENT quarters alone, README.md tells of REPORT."""

from __future__ import annotations

from datetime import date

FIRST = date(1965, 1, 1)
TARGETS = ("PAYEMS", "UNRATE", "HWIURATIO", "CE16OV")
"""Known as quarterly averages only: payroll employment (the nearest to 城镇新增就业), the jobless rate, vacancies for one unemployed (求人倍率),
persons at work. Nothing that is a part of one of them, or counts the same people, is among the indicators."""
RELEASE_DAYS = 30
"""Days from a quarter's end to the targets' release."""
LAGS = {
    "S&P 500": 1, "FEDFUNDS": 1, "TB3MS": 1, "GS10": 1, "BAA": 1, "OILPRICEx": 1, "UMCSENTx": 1, "CLAIMSx": 7, "AWHMAN": 7, "AWOTMAN": 7,
    "CES0600000008": 7, "RETAILx": 14, "INDPRO": 16, "CUMFNS": 16, "IPMANSICS": 16, "CPIAUCSL": 17, "HOUST": 18, "M2REAL": 18, "BUSLOANS": 12,
    "RPI": 30, "DPCERA3M086SBEA": 30, "AMDMNOx": 34, "CMRMTSPLx": 45, "BUSINVx": 45,
}  # fmt: skip
"""Monthly indicators and the days from a month's end to their release, as the agencies' calendars of the time had them, to the nearest few days."""
WEEKS = (16, 12, 8, 4, 2, 0)
"""Weeks before the release of the quarter at which it is nowcast; 0 is the day before."""


def quarters(first: int, last: int) -> tuple[date, ...]:
    """First days of the quarters of these years."""
    return tuple(date(year, month, 1) for year in range(first, last + 1) for month in (1, 4, 7, 10))


DEVELOPMENT = quarters(1985, 1994)
REPORT = quarters(1996, 2012)[:-1]
"""The last quarter of 2012 would need figures of 2013, which the file does not hold."""
TURNS = (*quarters(2001, 2001), *quarters(2008, 2009))
