"""The whole table of marks of one city and day: persons, hires and firms, with terms, worth and chance."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import polars as pl

from leye.policy.marks import Marker
from leye.policy.pack import PackSet
from leye.policy.polars_engine import PREFIX
from leye.policy.push.chance import with_chance
from leye.policy.push.deadlines import with_deadline
from leye.policy.push.prints import mark_prints
from leye.policy.push.terms import terms
from leye.policy.push.worth import expected_expr

COLUMNS = (
    "person_id", "firm_id", "region", "about", "policy", "verdict", "amount_fen", "months", "missing", "choice", "unit", "expected_fen", "chance",
    "deadline", "rule",
)  # fmt: skip


@dataclass(frozen=True)
class MarkedCity:
    """marks: COLUMNS, by subject and policy · prints: `person_id, print`."""

    marks: pl.DataFrame
    prints: pl.DataFrame


def mark_city(people: pl.DataFrame, firms: pl.DataFrame | None, packs: PackSet, on: date, *, leave_out: Collection[str] = ()) -> MarkedCity:
    """Marks of residents (policies about persons and hires) and of firms (policies about firms, once a firm).

    people: residents with `person_id, region` and facts, `firm_id` where employed · firms: rows of `firm_rows`, None without any
    · leave_out: policies that are not marked.
    """
    wanted = [p for p in packs.policies.values() if p.id not in leave_out]
    of_people = _marked(people, packs, on, [p.id for p in wanted if p.about != "firm"])
    if firms is None or not firms.height:
        return of_people
    keyed = firms.with_columns(pl.col("person_id").alias("firm_id"))
    of_firms = _marked(keyed, packs, on, [p.id for p in wanted if p.about == "firm"])
    marks, prints = pl.concat([of_people.marks, of_firms.marks]), pl.concat([of_people.prints, of_firms.prints])
    return MarkedCity(marks, prints)


def _marked(rows: pl.DataFrame, packs: PackSet, on: date, only: list[str]) -> MarkedCity:
    marker = Marker(packs, on, only=only)
    typed = marker.typed(rows)
    homes = rows.select("person_id", "region", _firm(rows)).with_columns(typed[PREFIX].alias("prefix"))
    marks = marker.mark(typed, extra=("months", "choice")).join(homes, on="person_id", how="left", maintain_order="left")
    marks = marks.join(terms(marker.places), on=["prefix", "policy"], how="left", maintain_order="left")
    marks = with_deadline(marks, rows).with_columns(expected_expr().alias("expected_fen"))
    marks = with_chance(marks, typed, marker).sort("person_id", "policy")
    return MarkedCity(marks.select(COLUMNS), mark_prints(marks, typed.drop(PREFIX)))


def _firm(rows: pl.DataFrame) -> pl.Expr:
    return pl.col("firm_id") if "firm_id" in rows.columns else pl.lit(None, dtype=pl.String).alias("firm_id")
