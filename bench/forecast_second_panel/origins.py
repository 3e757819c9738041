"""Origins and the choice of series of the benchmark, fixed and committed before its first run.

REPORT is what the README's table shows. DEVELOPMENT is the only set that any choice was made on; no test window of the one overlaps a
test window of the other.
"""

from __future__ import annotations

from datetime import date

HORIZON = 12
FIRST = date(1959, 1, 1)
LAST = date(2012, 12, 1)
"""Series count when every month from FIRST to LAST is there and positive: 107 of 126, adjusted for the season, no hierarchy."""

REPORT = (
    date(1985, 6, 1),
    date(1990, 9, 1),
    date(1994, 3, 1),
    date(1998, 12, 1),
    date(2001, 6, 1),
    date(2004, 9, 1),
    date(2007, 6, 1),
    date(2010, 3, 1),
)

DEVELOPMENT = (
    date(1983, 3, 1),
    date(1987, 9, 1),
    date(1992, 6, 1),
    date(1996, 3, 1),
    date(2000, 3, 1),
    date(2002, 12, 1),
    date(2006, 3, 1),
    date(2009, 3, 1),
)

EARLY = (
    date(1969, 9, 1),
    date(1971, 9, 1),
    date(1973, 6, 1),
    date(1974, 12, 1),
    date(1976, 9, 1),
    date(1978, 3, 1),
    date(1979, 9, 1),
    date(1981, 6, 1),
)
"""More development origins, for the intervals: four recessions begin here, and DEVELOPMENT has one. Fixed and committed before their first use."""

TURNS = frozenset(
    {
        *(date(1990, 9, 1), date(2001, 6, 1), date(2007, 6, 1), date(2000, 3, 1), date(2009, 3, 1)),
        *(date(1969, 9, 1), date(1973, 6, 1), date(1974, 12, 1), date(1979, 9, 1), date(1981, 6, 1)),
    }
)
"""Origins whose twelve months hold a peak or a trough of the US business cycle (NBER: 1969-12/1970-11, 1973-11/1975-03,
1980-01/1980-07, 1981-07/1982-11, 1990-07/1991-03, 2001-03/2001-11, 2007-12/2009-06)."""
