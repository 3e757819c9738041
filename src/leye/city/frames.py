"""Arrays into tables: ids, regions, and the small tables of the city (households, grids, firms, insurance months, unemployment)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from leye.city.careers import REASONS, Careers
from leye.city.dice import Array
from leye.city.firms import Firms, divisions
from leye.city.insurance import KINDS as INSURANCE_KINDS
from leye.city.insurance import InsuranceMonths
from leye.city.marginals import districts
from leye.city.population import Households, Residents
from leye.kernel.ids import CITY_LETTERS


def ids(kind: str, numbers: Array) -> pl.Series:
    """Ids of the city's tables (letter and eight digits); null for negative numbers."""
    plain = pl.Series(numbers, dtype=pl.Int64)
    text = CITY_LETTERS[kind] + plain.clip(0).cast(pl.String).str.zfill(8)
    return text.set(plain < 0, None) if (plain < 0).any() else text


def words(vocabulary: Sequence[str], codes: Array) -> pl.Series:
    """Text by number; null for negative numbers."""
    place = pl.Series(codes, dtype=pl.Int64)
    return pl.Series(list(vocabulary), dtype=pl.String).gather(place.set(place < 0, None) if (place < 0).any() else place)


def days(values: Array) -> pl.Series:
    """Dates; NaT becomes null."""
    return pl.Series(values.astype("datetime64[D]")).cast(pl.Date)


def regions(district: Array) -> pl.Series:
    """Six-digit codes."""
    return words(districts(), district)


def households_frame(homes: Households, dibao: Array) -> pl.DataFrame:
    """One row a household."""
    return pl.DataFrame(
        {
            "household_id": ids("household", np.arange(homes.size.size)),
            "grid_id": ids("grid", homes.grid),
            "region": regions(homes.district),
            "members": homes.size,
            "dibao": dibao,
        }
    )


def grids_frame(homes: Households) -> pl.DataFrame:
    """One row a neighbourhood grid; its counsellor is the 网格员."""
    count = np.bincount(homes.grid, minlength=homes.grid_district.size)
    number = np.arange(count.size)
    counsellor = "C" + pl.Series(number).cast(pl.String).str.zfill(8)
    return pl.DataFrame({"grid_id": ids("grid", number), "region": regions(homes.grid_district), "counsellor_id": counsellor, "households": count})


def firms_frame(firms: Firms, facts: dict[str, pl.Series], names: pl.Series, org_ids: pl.Series) -> pl.DataFrame:
    """One row a firm, the firm facts of the sheet included."""
    return pl.DataFrame(
        {
            "firm_id": ids("firm", np.arange(firms.n)),
            "name": names,
            "org_id": org_ids,
            "region": regions(firms.district),
            "industry": words(divisions(), firms.division),
            "founded_on": days(firms.founded),
            "staff": firms.staff,
            "employees": firms.employees,
            **facts,
        }
    )


def insurance_frame(months: InsuranceMonths, person_ids: pl.Series, calendar_months: Sequence[object]) -> pl.DataFrame:
    """One row a person and month; money in fen. Ordered by person, then month."""
    return pl.DataFrame(
        {
            "person_id": person_ids.gather(months.person),
            "month": pl.Series(list(calendar_months), dtype=pl.Date).gather(months.month),
            "firm_id": ids("firm", months.firm),
            "kind": words(INSURANCE_KINDS, months.kind),
            "base_fen": months.base_fen,
            "paid_fen": months.paid_fen,
        }
    )


def unemployment_frame(residents: Residents, careers: Careers, groups: pl.Series, person_ids: pl.Series) -> pl.DataFrame:
    """One row a spell of registration, ordered by person; `ended_on` is null while it lasts, otherwise the first day in the new job.

    `grp` is the one key group that the person is counted under in the indicator `registered`.
    """
    rows = np.flatnonzero(~np.isnat(careers.spell_from))
    return pl.DataFrame(
        {
            "person_id": person_ids.gather(rows),
            "registered_on": days(careers.spell_from[rows]),
            "ended_on": days(careers.spell_to[rows]),
            "reason": words(REASONS, careers.left_reason[rows]),
            "region": regions(residents.district[rows]),
            "grp": groups.gather(rows),
        }
    )
