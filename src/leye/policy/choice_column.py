"""The column `choice` of a table of marks: the few people with two yes's of one exclusion group, by the same rule as for one person."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from leye.policy.bind import Bound
from leye.policy.choice import choices
from leye.policy.scalar import Answer


def with_choice(marks: pl.DataFrame, bound: Bound) -> pl.DataFrame:
    """Marks of one class of places (`person_id, policy, verdict, amount_fen, months`) with `choice`; null where nothing competes."""
    policies = {p.policy.id: p for p in bound.policies}
    grouped = [name for name, p in policies.items() if p.exclusive]
    yes = marks.filter((pl.col("verdict") == "yes") & pl.col("policy").is_in(grouped)).select("person_id", "policy", "amount_fen", "months")
    several = yes.filter(pl.len().over("person_id") > 1).sort("person_id", "policy")
    found: list[tuple[str, str, str]] = []
    for person, rows in _by_person(several):
        answers = [Answer(policies[policy], True, amount, months, ()) for policy, amount, months in rows]
        found.extend((person, policy, choice) for policy, choice in choices(answers).items())
    table = pl.DataFrame(found, schema={"person_id": pl.String, "policy": pl.String, "choice": pl.String}, orient="row")
    return marks.join(table, on=["person_id", "policy"], how="left", maintain_order="left")


def _by_person(rows: pl.DataFrame) -> Iterator[tuple[str, list[tuple[str, int | None, int | None]]]]:
    person = ""
    mine: list[tuple[str, int | None, int | None]] = []
    for name, policy, amount, months in rows.iter_rows():
        if name != person and mine:
            yield person, mine
            mine = []
        person = name
        mine.append((policy, amount, months))
    if mine:
        yield person, mine
