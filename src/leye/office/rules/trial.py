"""A draft tried on the city's residents and firms: how many would be entitled, how many are still unknown, and what it would cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from leye.policy import PackSet
from leye.policy.marks import mark_table
from leye.policy.push import firm_rows

SMALLEST = 10  # as in every published count: below it a rule written for one person would read that person's facts


@dataclass(frozen=True, slots=True)
class Trial:
    """Counts of one day; None where a count is above zero and below SMALLEST. amount_fen: of the yes answers, for one payment each, None when unknown
    for all or hidden. asked: (fact, how many unknown answers wait for it), most first.
    """

    on: date
    people: int
    yes: int | None
    unknown: int | None
    amount_fen: int | None
    unpriced: int | None
    asked: tuple[tuple[str, int], ...]

    @property
    def is_small(self) -> bool:
        """Whether a count is hidden."""
        return self.yes is None or self.unknown is None


def try_on_city(packs: PackSet, policy: str, data: Path, on: date) -> Trial | None:
    """The draft on the residents of the data folder; None without any. packs: with the draft among them."""
    file = data / "city" / "people.parquet"
    if not file.exists():
        return None
    one = replace(packs, policies={policy: packs.policies[policy]})
    rows = _rows(pl.read_parquet(file), data / "city" / "firms.parquet", packs, is_firm=packs.policies[policy].about == "firm")
    return _trial(mark_table(rows, one, on), rows.height, on)


def _rows(people: pl.DataFrame, firms: Path, packs: PackSet, *, is_firm: bool) -> pl.DataFrame:
    """Residents for policies about persons and hires, one row a firm for those about firms."""
    if not is_firm:
        return people
    return firm_rows(pl.read_parquet(firms), people, packs.facts) if firms.exists() else people.clear()


def _trial(marks: pl.DataFrame, people: int, on: date) -> Trial:
    yes, unknown = marks.filter(pl.col("verdict") == "yes"), marks.filter(pl.col("verdict") == "unknown")
    shown = _shown(yes.height)
    unpriced = int(yes["amount_fen"].null_count())
    total = yes["amount_fen"].sum() if shown and unpriced < yes.height else None
    waiting = unknown.select(pl.col("missing").explode()).drop_nulls().to_series().value_counts(sort=True)
    asked = [(str(name), int(n)) for name, n in waiting.iter_rows() if n >= SMALLEST]
    return Trial(on, people, shown, _shown(unknown.height), None if total is None else int(total), _shown(unpriced), tuple(asked[:5]))


def _shown(count: int) -> int | None:
    return count if count == 0 or count >= SMALLEST else None
