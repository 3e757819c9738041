"""Facts of persons, firms and months that both questions read, looked up for rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from leye.forecast.arrays import Floats, Ints
from leye.forecast.hazard.calendar import Calendar, with_same_firm
from leye.forecast.hazard.market import SECTIONS, Market
from leye.forecast.hazard.register import month_of

AGE_FROM = (25, 45, 55)
"""Bands of the law's help groups: youth below 25, older jobseekers from 45, and near the old retirement ages from 55."""

LEAVING_OVER = 3
UNBORN = -(10**6)


class Facts:
    """Lookups over a calendar; everything is as of the row's own month."""

    def __init__(self, calendar: Calendar, market: Market) -> None:
        self.calendar, self.market = calendar, market
        section = calendar.firms["industry"].str.slice(0, 1)
        self.firm_section = _codes(section, SECTIONS)
        self.firm_district = _codes(calendar.firms["region"].str.replace("CN-", ""), market.districts)
        self.home_district = _codes(calendar.people["region"].str.replace("CN-", ""), market.districts)
        self.born = _months(calendar.people, "birth", UNBORN)
        self.graduated = _months(calendar.people, "graduated_on", -UNBORN)
        self.certified = _months(calendar.people, "cert_on", -UNBORN)

    @cached_property
    def median_base(self) -> Floats:
        """(T,) median contribution base of employees."""
        c = self.calendar
        found = [np.median(c.base_fen[:, t][c.base_fen[:, t] > 0]) if (c.base_fen[:, t] > 0).any() else np.nan for t in range(c.months)]
        return np.asarray(found, dtype=np.float64)

    @cached_property
    def tenure(self) -> Ints:
        """(n, T) months in a row with this month's firm."""
        return with_same_firm(self.calendar)

    @cached_property
    def staff(self) -> Ints:
        """(firms, T) insured employees."""
        c = self.calendar
        return np.column_stack([np.bincount(c.firm[:, t][c.firm[:, t] >= 0], minlength=c.firms.height) for t in range(c.months)])

    @cached_property
    def last_work(self) -> Ints:
        """(n, T) newest month up to this one with work as an employee; -1 none."""
        months = np.where(self.calendar.employee, np.arange(self.calendar.months)[None, :], -1)
        return np.asarray(np.maximum.accumulate(months, axis=1), dtype=np.int64)

    def age(self, person: Ints, month: Ints) -> Ints:
        """(n,) whole years, by calendar months; -1 where the birthday is unknown."""
        years = (month + self.calendar.first - self.born[person]) // 12
        return np.asarray(np.where(self.born[person] == UNBORN, -1, years))

    def age_bands(self, person: Ints, month: Ints) -> Floats:
        """(n, 3) under 25, 45 and over, 55 and over; all 0 between and where unknown.

        Whoever is 55 is also 45: the few near retirement share what is learned of all the older, and differ from them only as far as their own
        months show. With bands apart the penalty would pull them towards the young.
        """
        years = self.age(person, month)
        young, older, oldest = AGE_FROM
        return np.column_stack([(years >= 0) & (years < young), years >= older, years >= oldest]).astype(np.float64)

    def skill(self, person: Ints, month: Ints) -> Floats:
        """(n, 2) a diploma, a certificate, dated in that month or before."""
        now = month + self.calendar.first
        return np.column_stack([self.graduated[person] <= now, self.certified[person] <= now]).astype(np.float64)

    def firm_state(self, firm: Ints, month: Ints) -> Floats:
        """(n, 2) log of insured staff, share of it lost over three months (0 to 1, others' leaving included)."""
        now = self.staff[firm, month].astype(np.float64)
        before = self.staff[firm, np.maximum(month - LEAVING_OVER, 0)]
        shrunk = np.where(before >= 5, np.clip(1 - now / np.maximum(before, 1), 0, 1), 0.0)  # chosen by us: below five, one person is 20 %
        return np.column_stack([np.log(np.maximum(now, 1)), shrunk])


@dataclass(frozen=True, slots=True)
class Place:
    """District and section numbers of rows, -1 where unknown."""

    district: Ints
    section: Ints


def _codes(values: pl.Series, vocabulary: tuple[str, ...] | str) -> Ints:
    """(n,) place of each value in the vocabulary, -1 where it is not there."""
    places = {word: i for i, word in enumerate(vocabulary)}
    return np.array([places.get(v, -1) if v is not None else -1 for v in values], dtype=np.int64)


def _months(people: pl.DataFrame, column: str, unknown: int) -> Ints:
    return people.select(month_of(column).cast(pl.Int64).fill_null(unknown))[column].to_numpy()
