"""Counts of persons by group, to be published with noise: the question, its cells, the exact answer that never leaves the process.

A question has one canonical form: the same groups and filters in another order are the same question, and are not paid for twice. Each id stands
in one cell at most, so that adding or removing a person who has up to `most_rows` ids changes the counts by that many in all (L1 sensitivity). Cells
come from the fixed values of the groups, not from the data: an empty cell is published like any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import prod

import polars as pl

from leye.kernel.errors import BadInput
from leye.trust.privacy.datasets import UNKNOWN, Dataset, Group
from leye.trust.privacy.noise import Noisy, with_noise
from leye.trust.record import canonical_json

LEAST_EPSILON_MICRO = 10_000
"""Millionths of an epsilon of one release at least; chosen by us: at 0.01 a cell is off by hundreds of persons."""

MOST_GROUPS = 3  # chosen by us: four columns make more cells than people can read
MOST_FILTERS = 3
MOST_CELLS = 600
"""Cells of one release; chosen by us: more of them are mostly noise."""


@dataclass(frozen=True, slots=True)
class Query:
    """Persons by the groups `by`, among those that fit `where`; in canonical order. Made by `asked`, which checks it."""

    dataset: str
    by: tuple[str, ...]
    where: tuple[tuple[str, str], ...]

    @classmethod
    def asked(cls, known: Dataset, by: Sequence[str], where: Mapping[str, str]) -> Query:
        """The canonical question; without groups it counts all. Raises BadInput (E_RELEASE) on what is not for release, or too many cells."""
        unknown = [name for name in (*by, *where) if name not in known.groups]
        if unknown:
            raise _wrong(f"不能按“{'、'.join(unknown[:5])}”发布", f"not for release: {', '.join(unknown[:5])}", known)
        if len(by) > MOST_GROUPS or len(where) > MOST_FILTERS or len({*by, *where}) < len(by) + len(where):
            raise _wrong(
                f"分组最多 {MOST_GROUPS} 列，筛选最多 {MOST_FILTERS} 列，不能重复",
                f"up to {MOST_GROUPS} groups and {MOST_FILTERS} filters, none twice",
                known,
            )
        odd = [f"{name}={value}" for name, value in where.items() if value not in known.groups[name].cells]
        if odd:
            raise _wrong(f"筛选里没有这个取值：{'、'.join(odd)}", f"no such value: {', '.join(odd)}", known)
        if (cells := prod(len(known.groups[name].cells) for name in by)) > MOST_CELLS:
            raise _wrong(f"这样分有 {cells} 格，最多 {MOST_CELLS} 格", f"{cells} cells, at most {MOST_CELLS}", known)
        return cls(known.code, tuple(sorted(by, key=list(known.groups).index)), tuple(sorted(where.items())))

    def text(self) -> str:
        """Canonical JSON."""
        return canonical_json({"dataset": self.dataset, "by": list(self.by), "where": dict(self.where)}).decode()

    def key(self) -> str:
        """SHA-256 of the text, in hex."""
        return hashlib.sha256(self.text().encode()).hexdigest()


def cells_of(known: Dataset, query: Query) -> list[tuple[str, ...]]:
    """Values of the groups, cell by cell, in the order of the counts; one cell without values when there are no groups."""
    return list(product(*(known.groups[name].cells for name in query.by)))


def exact_counts(table: pl.LazyFrame, known: Dataset, query: Query, *, on: date) -> list[int]:
    """Persons of each of `cells_of`, those without persons with 0. Not to be shown to anybody.

    table: the first row of each `person_id` counts, further ones and those of nobody do not · on: day by which ages are counted.
    """
    names = table.collect_schema().names()
    wanted = dict.fromkeys([*query.by, *(name for name, _ in query.where)])
    first = table.filter(pl.col("person_id").is_not_null()).unique("person_id", keep="first", maintain_order=True)
    coded = first.select("person_id", *(_coded(known.groups[name], names, on).alias(name) for name in wanted))
    for name, value in query.where:
        coded = coded.filter(pl.col(name) == value)
    if not query.by:
        return [int(coded.select(pl.len()).collect().item())]
    found = coded.group_by(list(query.by)).len().collect()
    counts = {tuple(row[:-1]): int(row[-1]) for row in found.iter_rows()}
    return [counts.get(cell, 0) for cell in cells_of(known, query)]


def noisy_counts(exact: Sequence[int], *, epsilon_micro: int, most_rows: int) -> Noisy:
    """The counts with noise. Raises NoNoise (E_EXTRA) without the extra `privacy`."""
    return with_noise(exact, epsilon_micro=epsilon_micro, sensitivity=most_rows)


def _coded(group: Group, names: Sequence[str], on: date) -> pl.Expr:
    """The group's value of each row, as text."""
    if group.column not in names:
        return pl.lit(UNKNOWN)
    found = pl.col(group.column)
    if group.ages:
        return _age_band(found, group, on)
    text = found.cast(pl.String)
    return pl.when(text.is_in(list(group.values))).then(text).otherwise(pl.lit(UNKNOWN))


def _age_band(birth: pl.Expr, group: Group, on: date) -> pl.Expr:
    """Band of full years on the day; a birthday on the day counts. A birth after the day, or an age below all bands, is unknown."""
    before = (birth.dt.month().cast(pl.Int32) * 100 + birth.dt.day()) > on.month * 100 + on.day
    age = on.year - birth.dt.year() - before.cast(pl.Int32)
    band = pl.lit(UNKNOWN)
    for low, name in zip(group.ages, group.values, strict=True):
        band = pl.when(age >= low).then(pl.lit(name)).otherwise(band)
    return pl.when(birth.is_null() | (birth > on)).then(pl.lit(UNKNOWN)).otherwise(band)


def _wrong(zh: str, en: str, known: Dataset) -> BadInput:
    names = list(known.groups)
    return BadInput(zh, en=en, remedy_zh=f"可用的列：{'、'.join(names)}", remedy_en=f"columns: {', '.join(names)}", code="E_RELEASE")
