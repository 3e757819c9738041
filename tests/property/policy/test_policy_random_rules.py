"""Rules that nobody wrote: random trees over random people, the same in every engine, to the fen and to the missing fact."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leye.policy import PackSet, shipped
from tests_support.policy_engines import differences, duckdb_marks, polars_marks, postgres_marks, scalar_marks
from tests_support.policy_people import random_people
from tests_support.policy_trees import REGIONS, RandomRules, rules

ON = date(2025, 2, 28)
ROWS = 150
CHECKED = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 2**32 - 1)
FACTS = shipped().facts


def people(packs: PackSet, seed: int) -> pl.DataFrame:
    return random_people(packs, ON, ROWS, seed=seed, nulls=0.3, steered=0, regions=REGIONS)


@CHECKED
@given(rules(FACTS), SEEDS)
def test_random_rules_in_the_table_engine(drawn: RandomRules, seed: int) -> None:
    table = people(drawn.packs, seed)
    assert differences(polars_marks(table, drawn.packs, ON), scalar_marks(table, drawn.packs, ON)) == []


@CHECKED
@given(rules(FACTS), SEEDS)
def test_random_rules_in_duckdb(drawn: RandomRules, seed: int) -> None:
    table = people(drawn.packs, seed)
    assert differences(duckdb_marks(table, drawn.packs, ON), scalar_marks(table, drawn.packs, ON)) == []


@pytest.mark.postgres
@settings(CHECKED, max_examples=25)
@given(drawn=rules(FACTS), seed=SEEDS)
def test_random_rules_in_postgres(postgres_url: str, drawn: RandomRules, seed: int) -> None:
    table = people(drawn.packs, seed)
    assert differences(postgres_marks(table, drawn.packs, ON, postgres_url), scalar_marks(table, drawn.packs, ON)) == []


@CHECKED
@given(rules(FACTS, first_known=False), SEEDS, SEEDS)
def test_random_rules_are_sound(drawn: RandomRules, seed: int, other: int) -> None:
    """Filling unknown facts turns no yes and no no, and no known amount of a yes. Without `first_known`, which is no logic: it asks what is known."""
    table = people(drawn.packs, seed)
    donor = random_people(drawn.packs, ON, ROWS, seed=other, nulls=0.5, steered=0, regions=REGIONS)
    full = table.with_columns(pl.coalesce(pl.col(n), donor[n]).alias(n) for n in table.columns if n not in ("person_id", "region"))
    before, after = (by_person(scalar_marks(t, drawn.packs, ON)) for t in (table, full))
    for person in table["person_id"]:
        old, new = before.get(person, ("no", None)), after.get(person, ("no", None))
        assert old[0] == "unknown" or old[0] == new[0]
        assert old[0] != "yes" or old[1] in (None, new[1])


def by_person(marks: pl.DataFrame) -> dict[str, tuple[str, int | None]]:
    return {person: (verdict, fen) for person, verdict, fen in marks.select("person_id", "verdict", "amount_fen").iter_rows()}
