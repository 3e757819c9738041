"""Whether learned chances treat groups of people worse: four-fifths on who is shown as strong, and whether a score tells who somebody is.

Groups come from a table of their own (or from columns of PEOPLE that the door does not let in) and are read here only, after the fit.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leye.kernel.errors import BadInput, Place
from leye.match.ranking.casts import cast_column

Floats = NDArray[np.float64]
AUDITED = ("sex", "ethnicity", "hukou", "marital", "age_band")
"""Columns of a table of groups; `birth` (a day) is read as `age_band`."""
AGE_BANDS = ((35, "under_35"), (45, "35_44"), (200, "45_and_over"))
"""Upper ends. # chosen by us: 35 is the border of the adverts that the law forbids, 45 that of 就业困难人员 for women in many cities"""
FEWEST_PEOPLE = 30
"""Smaller groups are not judged. # chosen by us: their rate is known to ± 15 points at best"""
STRONG = 0.2
"""Share of showings that count as strong. # chosen by us: an employer looks at one in five first"""


def groups_of(table: pl.DataFrame, on: date, file: str = "groups") -> dict[str, dict[str, str]]:
    """Audited column -> person_id -> group, for the columns that are there; unknown is no group. Raises BadInput (E_LEARN_GROUPS)."""
    if "person_id" not in table.columns:
        raise BadInput(
            "分组表没有 person_id 列", en="the table of groups has no column person_id", places=(Place(file, column="person_id"),),
            code="E_LEARN_GROUPS", remedy_zh=f"每行一个 person_id，再加 {'、'.join(AUDITED)} 中的列",
            remedy_en=f"a person_id a row, and any of {', '.join(AUDITED)}",
        )  # fmt: skip
    made = table.with_columns(pl.col("person_id").cast(pl.String))
    if "birth" in made.columns and "age_band" not in made.columns:
        born = cast_column(made["birth"], pl.Date(), file).to_list()
        made = made.with_columns(pl.Series("age_band", [None if b is None else _band(b, on) for b in born], dtype=pl.String))
    return {
        c: {p: str(g) for p, g in made.select("person_id", pl.col(c).cast(pl.String)).iter_rows() if g not in (None, "")}
        for c in AUDITED
        if c in made.columns and made[c].null_count() < len(made)
    }


def four_fifths(people: list[str], score: Floats, group: dict[str, str]) -> float | None:
    """Lowest over highest rate at which a group's showings are among the STRONG ones; None when fewer than two groups are big enough."""
    edge = float(np.quantile(score, 1.0 - STRONG))
    rates = [float((score[rows] >= edge).mean()) for rows in _rows(people, group).values()]
    return None if len(rates) < 2 else min(rates) / max(rates) if max(rates) > 0 else 1.0


def told_by(people: list[str], score: Floats, group: dict[str, str]) -> float | None:
    """How well a person's mean score tells the group: the largest |AUC - 0.5| of a group against the rest, 0 for not at all, 0.5 for wholly."""
    big = _rows(people, group)
    if len(big) < 2:
        return None
    names = np.array([group.get(p, "") for p in people])
    of = np.array(people)
    known = sorted({p for p, g in zip(people, names.tolist(), strict=True) if g in big})
    mean = np.array([float(score[of == p].mean()) for p in known])
    label = np.array([group[p] for p in known])
    return max(abs(_auc(mean, label == name) - 0.5) for name in big)


def _rows(people: list[str], group: dict[str, str]) -> dict[str, NDArray[np.int64]]:
    """Group to its showings, for groups of FEWEST_PEOPLE people or more."""
    rows: dict[str, list[int]] = {}
    heads: dict[str, set[str]] = {}
    for k, person in enumerate(people):
        if person in group:
            rows.setdefault(group[person], []).append(k)
            heads.setdefault(group[person], set()).add(person)
    return {g: np.array(rows[g], dtype=np.int64) for g in sorted(rows) if len(heads[g]) >= FEWEST_PEOPLE}


def _auc(score: Floats, is_in: NDArray[np.bool_]) -> float:
    """Chance that one inside scores above one outside, ties half (Mann-Whitney)."""
    inside, outside = np.sort(score[is_in]), score[~is_in]
    if not len(inside) or not len(outside):
        return 0.5
    above = len(inside) - (np.searchsorted(inside, outside, side="left") + np.searchsorted(inside, outside, side="right")) / 2
    return float(above.mean()) / len(inside)


def age_band(years: int) -> str:
    """Band of an age in whole years."""
    return next((name for end, name in AGE_BANDS if years < end), AGE_BANDS[-1][1])


def _band(born: date, on: date) -> str:
    return age_band(on.year - born.year - ((on.month, on.day) < (born.month, born.day)))
