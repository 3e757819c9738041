"""The exported SQL as text and as answers: what an auditor reads, what a database with fewer columns gets, what three dialects must not get wrong."""

from __future__ import annotations

import re
from datetime import date

import duckdb
import pytest

from leye.kernel.errors import BadInput, NotFound
from leye.policy import shipped
from leye.policy.bind import places
from leye.policy.country import country, folded
from leye.policy.expression import Arithmetic, AtLeast, Compare, Const, FactRef, FloorDiv, Greatest, Iff, Least, Node, On, PlaceRef, Year
from leye.policy.sql import DIALECTS, DUCKDB, POSTGRES, SPARK, marks_sql
from leye.policy.sql_expression import Writer
from leye.policy.sql_missing import missing_when

ON = date(2025, 7, 15)
LEVEL, DAYS = FactRef("cert_level", "int"), FactRef("training_days", "int")
THREE = (FactRef("dibao", "bool"), FactRef("veteran", "bool"), FactRef("graduate", "bool"))
BRANCH = Iff(FactRef("dibao", "bool"), LEVEL, DAYS, "int")
LESS = Arithmetic("-", LEVEL, Const(7, "int"))


def writer(dialect=DUCKDB) -> Writer:
    return Writer(dialect, shipped().facts, ON, {}, {"wage": {"CN-11": 254_000, "CN-44": None}})


def answer(node: Node, **values: int | bool | None) -> object:
    """The tree in DuckDB over one row."""
    columns = ", ".join(f"CAST({'NULL' if v is None else v} AS {'BOOLEAN' if isinstance(v, bool) else 'BIGINT'}) AS {n}" for n, v in values.items())
    found = duckdb.sql(f"SELECT {writer().text(node)} FROM (SELECT {columns})").fetchall()
    return found[0][0]


ANSWERS = [
    (FloorDiv(LESS, Const(4, "int")), {"cert_level": 0}, -2, "-7 of 4 is -2, rounded down and not towards zero"),
    (FloorDiv(LESS, Const(7, "int")), {"cert_level": 0}, -1, "-7 of 7 is exact"),
    (FloorDiv(LEVEL, Const(2, "int")), {"cert_level": 5}, 2, "5 of 2 is 2"),
    (FloorDiv(LEVEL, LESS), {"cert_level": 7}, None, "a division by nothing is unknown"),
    (Least((LEVEL, DAYS)), {"cert_level": 3, "training_days": None}, None, "the least of 3 and unknown is unknown"),
    (Greatest((LEVEL, Const(4, "int"))), {"cert_level": 3}, 4, "the greatest of 3 and 4"),
    (Least((LEVEL, Const(None, "int"))), {"cert_level": 3}, None, "a place without a number makes the least unknown"),
    (
        BRANCH,
        {"dibao": None, "cert_level": 3, "training_days": 3},
        None,
        "unknown condition, not the else",
    ),
    (BRANCH, {"dibao": False, "cert_level": None, "training_days": 3}, 3, "only the branch taken counts"),
    (
        AtLeast(2, THREE),
        {"dibao": True, "veteran": None, "graduate": True},
        True,
        "two are enough",
    ),
    (
        AtLeast(2, THREE),
        {"dibao": True, "veteran": None, "graduate": False},
        None,
        "the third decides",
    ),
    (
        AtLeast(2, THREE),
        {"dibao": False, "veteran": None, "graduate": False},
        False,
        "two cannot be reached",
    ),
]


@pytest.mark.parametrize(("node", "row", "expected", "why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_trees_in_sql(node: Node, row: dict[str, int | bool | None], expected: object, why: str) -> None:
    assert answer(node, **row) == expected


def test_products_of_literals_have_sixty_four_bits() -> None:
    """PostgreSQL and DuckDB read 30000000 as 32 bits; 30,000,000 fen x 110 does not fit there."""
    cap = Iff(FactRef("dibao", "bool"), Const(30_000_000, "int"), Const(20_000_000, "int"), "int")
    share = Iff(FactRef("veteran", "bool"), Const(110, "int"), Const(100, "int"), "int")
    assert answer(Arithmetic("*", cap, share), dibao=True, veteran=True) == 3_300_000_000


def test_whole_division_is_written_as_each_database_has_it() -> None:
    texts = {name: writer(d).text(FloorDiv(DAYS, Const(3, "int"))) for name, d in DIALECTS.items()}
    assert texts == {"duckdb": "(training_days // 3)", "postgres": "(training_days / 3)", "spark": "(training_days div 3)"}


def test_numbers_of_places_that_cannot_be_negative_need_no_correction() -> None:
    assert writer().text(FloorDiv(PlaceRef("wage"), Const(2, "int"))) == "(at_wage // 2)"
    assert "%" in writer().text(FloorDiv(LESS, Const(2, "int")))


def test_constants_fold() -> None:
    assert folded(Year(On()), ON) == Const(2025, "int")
    assert folded(Arithmetic("-", Const(3, "int"), Const(5, "int")), ON) == Const(-2, "int")
    assert folded(FloorDiv(Const(-7, "int"), Const(2, "int")), ON) == Const(-4, "int")
    assert folded(Least((Const(None, "int"), Const(5, "int"))), ON) == Least((Const(None, "int"), Const(5, "int")))
    compared = Compare("<", Const(1, "int"), Const(2, "int"))
    assert folded(compared, ON) is compared


def test_ways_of_missing_read_as_brackets() -> None:
    assert missing_when([("birth IS NULL",)]) == "birth IS NULL"
    assert missing_when([("g1 IS NULL", "birth IS NULL"), ("g2 IS NULL",)]) == "(g1 IS NULL AND birth IS NULL) OR (g2 IS NULL)"


@pytest.mark.parametrize("dialect", [DUCKDB, POSTGRES, SPARK], ids=lambda d: d.name)
def test_an_auditor_finds_every_policy_with_its_law(dialect) -> None:
    packs = shipped()
    text = marks_sql(packs, ON, dialect=dialect)
    for policy in packs.policies.values():
        assert f"-- {policy.name}" in text
        assert f"AS missing_{policy.id}" in text
        assert str(policy.sources[0].doc) in text
    assert "社会保险法 第四十五条" in text
    assert re.findall(r"^(?!\s*--).*--", text, re.M) == [], "a comment stands on its own line, so that no comma is lost in it"


def test_one_policy_reads_its_own_facts_only() -> None:
    text = marks_sql(shipped(), ON, policies=["ui_medical"])
    read = re.search(r"people_ AS \((.*?)\n\)", text, re.S)
    assert read is not None
    assert re.findall(r" AS (\w+),?$", read[1], re.M) == ["person_id", "region", "ui_claiming"]


def test_columns_that_the_table_lacks_are_typed_nulls() -> None:
    text = marks_sql(shipped(), ON, dialect=POSTGRES, policies=["ss_flex_hard"], columns=["person_id", "employment_status"])
    assert "COALESCE(CAST(NULL AS TEXT), 'CN') AS region" in text
    assert "CAST(NULL AS DATE) AS birth" in text
    assert "CAST(employment_status AS TEXT) AS employment_status" in text
    assert "CAST(NULL AS BIGINT) AS ss_paid_month_fen" in text


TABLES = [(DUCKDB, "a;drop"), (DUCKDB, "/data/people.xlsx"), (POSTGRES, "/data/people.parquet"), (SPARK, "a b"), (SPARK, ""), (POSTGRES, "a.b.c.d")]


@pytest.mark.parametrize(("dialect", "table"), TABLES, ids=[f"{d.name} {t or 'empty'}" for d, t in TABLES])
def test_a_table_is_a_name(dialect, table: str) -> None:
    with pytest.raises(BadInput) as refused:
        marks_sql(shipped(), ON, dialect=dialect, table=table)
    assert refused.value.code == "E_SQL_TABLE"


def test_a_file_name_is_quoted() -> None:
    assert "FROM '/data/o''brien.parquet'" in marks_sql(shipped(), ON, table="/data/o'brien.parquet")
    assert "FROM 'people.parquet'" in marks_sql(shipped(), ON, table="people.parquet")


def test_unknown_policy_is_refused() -> None:
    with pytest.raises(NotFound) as refused:
        marks_sql(shipped(), ON, policies=["gibt_es_nicht"])
    assert refused.value.code == "E_POLICY_UNKNOWN"


def test_places_fall_together_where_only_numbers_differ() -> None:
    """The law of the land once, a rule of a place at the lowest point where it differs, numbers in one table by place."""
    found = country(places(shipped(), date(2025, 8, 31)))
    wages = found.numbers["local_min_wage_fen"]
    assert wages["CN-11"] == 242_000 and wages["CN-4403"] == 252_000
    by_id = {p.policy.id: p for p in found.policies}
    assert len(by_id["ui_older_pension"].versions) == 2  # Qinghai has its own
    assert len(by_id["skill_up"].versions) == 1
    assert all(set(numbers) <= {p for c in found.classes for p in c.prefixes} for numbers in found.numbers.values())
