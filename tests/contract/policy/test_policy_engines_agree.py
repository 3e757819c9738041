"""One contract for every engine: equal to the fen and to the list of missing facts, on the whole of the shipped packs.

The reference is the evaluator of single persons, compiled from the same trees by the slow obvious rules of Kleene.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

import polars as pl
import pytest

from leye.policy import PackSet, shipped
from leye.policy.marks import mark_table
from leye.policy.sql import DUCKDB, marks_sql
from leye.policy.totals import totals
from tests_support.policy_engines import differences, duckdb_marks, in_order, polars_marks, postgres_marks, scalar_marks
from tests_support.policy_people import random_people

DAYS = [date(2021, 7, 1), date(2022, 12, 31), date(2023, 6, 1), date(2024, 12, 31), date(2025, 7, 15), date(2025, 12, 31), date(2026, 1, 1)]
"""On both sides of the versions: 失业补助金 ends with 2022, the measures of 2024 and 2025 with their years, 职业伤害保障 begins with 2026."""
PEOPLE = 1200
Engine = Callable[[pl.DataFrame, PackSet, date], pl.DataFrame]


@pytest.fixture(scope="module")
def packs() -> PackSet:
    return shipped()


@lru_cache(maxsize=8)
def people_on(on: date) -> pl.DataFrame:
    return random_people(shipped(), on, PEOPLE, seed=on.toordinal())


@lru_cache(maxsize=8)
def expected_on(on: date) -> pl.DataFrame:
    return scalar_marks(people_on(on), shipped(), on)


def by_day(test: Callable[..., None]) -> Callable[..., None]:
    return pytest.mark.parametrize("on", DAYS, ids=[d.isoformat() for d in DAYS])(test)


@by_day
@pytest.mark.parametrize("engine", [polars_marks, duckdb_marks], ids=["polars", "duckdb"])
def test_engine_equals_the_single_person(engine: Engine, on: date, packs: PackSet) -> None:
    assert differences(engine(people_on(on), packs, on), expected_on(on)) == []


@pytest.mark.postgres
@by_day
def test_postgres_equals_the_single_person(postgres_url: str, on: date, packs: PackSet) -> None:
    assert differences(postgres_marks(people_on(on), packs, on, postgres_url), expected_on(on)) == []


def test_every_policy_in_force_has_yes_no_and_unknown(packs: PackSet) -> None:
    """Without this the contract might compare empty tables."""
    seen: dict[str, set[str]] = {}
    for on in DAYS:
        counts = expected_on(on).group_by("policy", "verdict").len()
        for policy, verdict, n in counts.iter_rows():
            seen.setdefault(policy, set()).add(verdict)
            if n < PEOPLE:
                seen[policy].add("no")
    assert {p: sorted(v) for p, v in seen.items()} == {p: ["no", "unknown", "yes"] for p in packs.policies if p in seen}
    never = set(packs.policies) - set(seen)
    assert never == set(), f"no day of {DAYS} has {never} in force, or nobody can have it"


def test_contract_can_fail(packs: PackSet) -> None:
    """A wrong fen, a fact too few and a mark too many are all seen."""
    on = DAYS[4]
    right = expected_on(on)
    first = pl.int_range(right.height) == 0
    wrong = [
        right.with_columns(amount_fen=pl.when(first).then(1).otherwise("amount_fen")),
        right.with_columns(missing=pl.when(first).then(pl.lit("sex;birth;graduate")).otherwise("missing")),
        pl.concat([right, right.head(1)]),
        right.slice(1),
    ]
    assert all(differences(in_order(w), right) for w in wrong)


@pytest.mark.parametrize("absent", [0.2, 0.6])
def test_absent_columns_are_unknown_in_every_engine(absent: float, packs: PackSet) -> None:
    on = DAYS[4]
    people = people_on(on)
    kept = [c for i, c in enumerate(people.columns) if c == "person_id" or (i * 7) % 10 >= absent * 10]
    some = people.select(kept)
    nulls = people.with_columns(pl.lit(None, dtype=people.schema[c]).alias(c) for c in people.columns if c not in kept)
    expected = scalar_marks(nulls, packs, on)
    assert differences(polars_marks(some, packs, on), expected) == []
    assert differences(duckdb_marks(some, packs, on), expected) == []


def test_rows_without_region_take_the_region_asked_for(packs: PackSet) -> None:
    import duckdb

    on = DAYS[4]
    people = people_on(on).drop("region")
    expected = scalar_marks(people.with_columns(region=pl.lit("CN-4403")), packs, on)
    by_table = mark_table(people, packs, on, region="CN-4403", extra=("months",)).with_columns(pl.col("missing").list.join(";"))
    assert differences(in_order(by_table), expected) == []
    with duckdb.connect() as connection:
        connection.register("people", people.to_arrow())
        by_sql = connection.sql(marks_sql(packs, on, dialect=DUCKDB, columns=people.columns, region="CN-4403")).pl()
    assert differences(in_order(by_sql), expected) == []


def test_one_policy_alone_is_marked_as_among_all(packs: PackSet) -> None:
    """What a change of one policy costs may be found by marking it alone."""
    import duckdb

    on = DAYS[4]
    people, expected = people_on(on), expected_on(on)
    for policy in ("ui_older_continue", "ss_quarter", "tax_self_key", "ui_hardship"):
        with duckdb.connect() as connection:
            connection.register("people", people.to_arrow())
            found = connection.sql(marks_sql(packs, on, policies=[policy])).pl()
        one = mark_table(people, packs, on, only=[policy], extra=("months",)).with_columns(pl.col("missing").list.join(";"))
        assert differences(in_order(found), expected.filter(pl.col("policy") == policy)) == []
        assert differences(in_order(one), expected.filter(pl.col("policy") == policy)) == []


@by_day
def test_totals_are_the_sums_of_the_marks(on: date, packs: PackSet) -> None:
    found = totals(people_on(on).lazy(), packs, on).filter(pl.col("yes") + pl.col("unknown") > 0).sort("policy")
    yes = pl.col("verdict") == "yes"
    expected = (
        expected_on(on)
        .group_by("policy")
        .agg(
            yes.sum().cast(pl.Int64).alias("yes"),
            (~yes).sum().cast(pl.Int64).alias("unknown"),
            pl.col("amount_fen").filter(yes).sum().alias("amount_fen"),
            pl.col("amount_fen").filter(yes).count().cast(pl.Int64).alias("amount_known"),
        )
        .sort("policy")
    )
    assert found.to_dicts() == expected.to_dicts()
