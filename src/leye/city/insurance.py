"""Social-insurance months of residents: one row a person and month, in the window that ends with the month of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from leye.city.careers import Careers
from leye.city.dice import Array
from leye.city.marginals import marginals
from leye.city.population import Residents

KINDS = ("employee", "flexible")


@dataclass(slots=True)
class InsuranceMonths:
    """Rows ordered by person and month. `month` counts from the first month of the window; `kind` indexes KINDS; money in fen."""

    person: Array
    month: Array
    firm: Array
    kind: Array
    base_fen: Array
    paid_fen: Array
    window: int


def month_number(days: Array) -> Array:
    """Months since 1970-01 of datetime64[D]; NaT gives a very negative number."""
    return np.asarray(days.astype("datetime64[M]").astype(np.int64))


def insured_base(wage_fen: Array) -> Array:
    """The wage within the floor and the cap of the place, fen."""
    rule = marginals()["insurance"]
    return np.asarray(wage_fen.clip(rule["base_min_fen"], rule["base_max_fen"]))


def present_span(careers: Careers) -> Array:
    """Month number of the first insured month of the present work; meaningful where is_insured or pays_alone."""
    return month_number(careers.since)


def before_span(careers: Careers, end: int) -> tuple[Array, Array]:
    """First and last insured month numbers of the job before; empty when last < first.

    It ends before the present work's first month, and before the month of the day (`end`): who left in it is no longer insured at its end.
    """
    last = np.minimum(month_number(careers.prev_to), end - 1)
    present = np.where(careers.is_insured | careers.pays_alone, present_span(careers) - 1, last)
    return month_number(careers.prev_from), np.minimum(last, present)


def pay_in(residents: Residents, careers: Careers, *, on: date) -> InsuranceMonths:
    """All rows of the window: the job before where it was insured, then the present job or the flexible worker's own payments."""
    window = int(marginals()["insurance_window"])
    end = int(month_number(np.array([on], dtype="datetime64[D]"))[0])
    begin = end - window + 1
    before_from, before_to = before_span(careers, end)
    blocks = [
        _block(np.flatnonzero(careers.prev_insured), before_from, before_to, careers.prev_firm, 0, begin, end),
        _block(np.flatnonzero(careers.is_insured), present_span(careers), np.full(residents.n, end), careers.firm, 0, begin, end),
        _block(np.flatnonzero(careers.pays_alone), present_span(careers), np.full(residents.n, end), np.full(residents.n, -1), 1, begin, end),
    ]
    person, month, firm, kind = (np.concatenate([b[i] for b in blocks]) for i in range(4))
    order = np.argsort(person.astype(np.int64) * window + month, kind="stable")
    person, month, firm, kind = person[order], month[order], firm[order], kind[order]
    base = _base(careers, person, month, window, firm)
    return InsuranceMonths(person, month, firm, kind, base, _paid(base, kind), window)


def _block(rows: Array, first: Array, last: Array, firm: Array, kind: int, begin: int, end: int) -> tuple[Array, Array, Array, Array]:
    low, high = np.maximum(first[rows], begin), np.minimum(last[rows], end)
    count = (high - low + 1).clip(0)
    person = np.repeat(rows, count)
    offset = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return (
        person.astype(np.int32),
        (np.repeat(low - begin, count) + offset).astype(np.int16),
        firm[person].astype(np.int32),
        np.full(person.size, kind, dtype=np.int8),
    )


def _base(careers: Careers, person: Array, month: Array, window: int, firm: Array) -> Array:
    """The wage of the time: four percent less for every year back, and nine tenths in the job before; whole yuan."""
    years_back = (window - 1 - month) // 12
    wage = careers.usual_wage_fen[person]
    earlier = (firm >= 0) & (firm != careers.firm[person])
    then = wage * 0.96**years_back * np.where(earlier, 0.9, 1.0)
    return insured_base(np.rint(then / 100).astype(np.int64) * 100)


def _paid(base: Array, kind: Array) -> Array:
    rule = marginals()["insurance"]
    bp = np.where(kind == 0, rule["personal_bp"] + rule["employer_bp"], rule["flexible_bp"])
    return np.asarray(base * bp // 10_000)


def employee_months(careers: Careers, *, on: date) -> tuple[Array, Array]:
    """(months with the present employer, all months ever) paid as an employee, both over whole lives and not only the window."""
    end = int(month_number(np.array([on], dtype="datetime64[D]"))[0])
    present = np.where(careers.is_insured, end - present_span(careers) + 1, 0)
    first, last = before_span(careers, end)
    before = np.where(careers.prev_insured, (last - first + 1).clip(0), 0)
    return present, present + before + np.where(careers.prev_insured, careers.older_months, 0)
