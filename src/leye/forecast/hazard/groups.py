"""Groups by which calibration is audited; the hazard itself does not see them (age where the pack allows it)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from leye.forecast.arrays import Bools, Floats
from leye.forecast.hazard.facts import Facts
from leye.forecast.hazard.person_months import PersonMonths
from leye.forecast.hazard.scores import gap_of

GROUPINGS = ("sex", "age_band", "hukou", "disability", "region")
AGE_BANDS = ((25, "16-24"), (45, "25-44"), (55, "45-54"), (200, "55+"))
LEAST_SHOWN = 10
"""Groups of fewer people keep their name and lose their figures."""

GAPS = {
    "question": pl.String, "horizon": pl.Int64, "grouping": pl.String, "group": pl.String, "people": pl.Int64, "stated": pl.Float64,
    "happened": pl.Float64, "gap": pl.Float64, "low": pl.Float64, "high": pl.Float64, "is_shielded": pl.Boolean,
}  # fmt: skip


def groups_of(facts: Facts, rows: PersonMonths) -> dict[str, list[str | None]]:
    """Grouping -> label of each row, None where unknown."""
    people = facts.calendar.people[rows.person]
    years = facts.age(rows.person, rows.month)
    bands = [next(name for end, name in AGE_BANDS if y < end) if y >= 0 else None for y in years]
    grade = people["disability_grade"].to_list()
    return {
        "sex": people["sex"].to_list(),
        "age_band": bands,
        "hukou": people["hukou_type"].to_list(),
        "disability": [None if g is None else "yes" if g > 0 else "no" for g in grade],
        "region": people["region"].str.replace("CN-", "").to_list(),
    }


def group_gaps(question: str, horizon: int, p: Floats, y: Floats, groups: dict[str, list[str | None]]) -> pl.DataFrame:
    """Columns GAPS: one row a grouping and group, in order of names; figures null where there are fewer than LEAST_SHOWN people."""
    return pl.DataFrame(list(_rows(question, horizon, p, y, groups)), schema=GAPS, orient="row")


def _rows(question: str, horizon: int, p: Floats, y: Floats, groups: dict[str, list[str | None]]) -> Iterator[tuple[object, ...]]:
    for grouping in GROUPINGS:
        labels = np.array([label or "" for label in groups[grouping]])
        for name in sorted(set(labels.tolist()) - {""}):
            rows: Bools = labels == name
            g = gap_of(name, p, y, rows)
            if g.people < LEAST_SHOWN:
                yield question, horizon, grouping, name, None, None, None, None, None, None, True
            else:
                yield question, horizon, grouping, name, g.people, g.stated, g.happened, g.gap, g.low, g.high, False
