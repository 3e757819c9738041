"""Origins of the benchmark, fixed and committed before the model was tuned.

REPORT is what the README's table shows; calm and shock years are mixed on purpose. DEVELOPMENT is disjoint from it and is the only set
that any choice (shrinkage, clipping, weights, interval decay) was made on. Twelve months after each origin lie inside the data (to 2019-09).
"""

from __future__ import annotations

from datetime import date

HORIZON = 12

REPORT = (
    date(2003, 6, 1),
    date(2004, 12, 1),
    date(2006, 3, 1),
    date(2007, 9, 1),
    date(2008, 9, 1),
    date(2009, 6, 1),
    date(2010, 12, 1),
    date(2012, 6, 1),
    date(2014, 3, 1),
    date(2015, 9, 1),
    date(2016, 12, 1),
    date(2018, 9, 1),
)

DEVELOPMENT = (
    date(2002, 3, 1),
    date(2003, 12, 1),
    date(2005, 7, 1),
    date(2006, 11, 1),
    date(2008, 3, 1),
    date(2009, 1, 1),
    date(2010, 4, 1),
    date(2011, 8, 1),
    date(2013, 5, 1),
    date(2014, 11, 1),
    date(2016, 4, 1),
    date(2017, 10, 1),
)

TURNS = frozenset({date(2007, 9, 1), date(2008, 9, 1), date(2009, 6, 1), date(2008, 3, 1), date(2009, 1, 1), date(2010, 4, 1)})
"""Origins whose twelve months hold a turning point of total employment (peak 2008-01, trough 2010-02, smoothed) or the fall between."""
