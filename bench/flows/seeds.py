"""Cities and origins of the flow benchmark, fixed and committed before the model was tuned.

DEVELOPMENT cities are the only ones that any choice was made on. Each origin leaves three months after it; together the origins cover every
month of the year, the months around the Spring Festival (December to February origins) among them.
"""

from __future__ import annotations

from datetime import date

PEOPLE = 20_000
ON = date(2025, 8, 31)
DEVELOPMENT = (1, 2, 3)
REPORT = (11, 12, 13, 14, 15)
HORIZON = 3
ORIGINS = tuple(date(y, m, 1) for y, m in ((2023, 9), (2023, 12), (2024, 3), (2024, 6), (2024, 9), (2024, 12), (2025, 3), (2025, 5)))
