"""Every engine behind one face: a table of people in, sorted marks out, so that a test can hold them against each other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from leye.policy import Evaluator, PackSet, bind, places
from leye.policy.facts import FactTable
from leye.policy.marks import mark_table
from leye.policy.sql import DUCKDB, POSTGRES, SPARK, marks_sql

MARKS = {"person_id": pl.String, "policy": pl.String, "verdict": pl.String, "amount_fen": pl.Int64, "months": pl.Int64, "missing": pl.String}


def in_order(marks: pl.DataFrame) -> pl.DataFrame:
    """Marks by person and policy in the columns of MARKS."""
    return marks.select(pl.col(n).cast(t) for n, t in MARKS.items()).sort("person_id", "policy")


def scalar_marks(people: pl.DataFrame, packs: PackSet, on: date) -> pl.DataFrame:
    """One person after the other: the slow obvious version."""
    where = places(packs, on)
    evaluators: dict[str, Evaluator] = {}
    rows: list[tuple[Any, ...]] = []
    for person in people.iter_rows(named=True):
        prefix = where.prefix_of(person.get("region"))
        evaluator = evaluators.setdefault(prefix, Evaluator(bind(packs, on, prefix))) if prefix not in evaluators else evaluators[prefix]
        for a in evaluator.answers(evaluator.env(person)):
            if a.verdict is not False:
                verdict = "yes" if a.verdict else "unknown"
                rows.append((person["person_id"], a.policy.policy.id, verdict, a.amount_fen, a.months, ";".join(a.missing)))
    return in_order(pl.DataFrame(rows, schema=MARKS, orient="row"))


def polars_marks(people: pl.DataFrame, packs: PackSet, on: date) -> pl.DataFrame:
    """The table engine."""
    return in_order(mark_table(people, packs, on, extra=("months",)).with_columns(pl.col("missing").list.join(";")))


def duckdb_marks(people: pl.DataFrame, packs: PackSet, on: date) -> pl.DataFrame:
    """The exported SQL in DuckDB."""
    import duckdb

    with duckdb.connect() as connection:
        connection.register("people", people.to_arrow())
        return in_order(connection.sql(marks_sql(packs, on, dialect=DUCKDB, columns=people.columns)).pl())


def postgres_marks(people: pl.DataFrame, packs: PackSet, on: date, url: str) -> pl.DataFrame:
    """The exported SQL in PostgreSQL, over a temporary table with the types of the facts."""
    import psycopg

    with psycopg.connect(url) as connection:
        load_postgres(connection, people, packs.facts)
        found = connection.execute(marks_sql(packs, on, dialect=POSTGRES, columns=people.columns)).fetchall()  # type: ignore[arg-type]
        connection.rollback()
    return in_order(pl.DataFrame(found, schema=MARKS, orient="row"))


def load_postgres(connection: Any, people: pl.DataFrame, facts: FactTable) -> None:
    """Table `people` for this session."""
    import io

    columns = ", ".join(f"{n} {POSTGRES.types[facts[n].base]}" for n in people.columns)
    connection.execute(f"CREATE TEMPORARY TABLE people ({columns})")
    text = io.BytesIO()
    people.write_csv(text)
    with connection.cursor().copy("COPY people FROM STDIN (FORMAT csv, HEADER true)") as copy:
        copy.write(text.getvalue())
    connection.execute("ANALYZE people")


@contextmanager
def spark_session() -> Iterator[Any]:
    """Spark in this process, two threads, no pages; skips with a reason where PySpark or Java is absent."""
    if shutil.which("java") is None:
        pytest.skip("no Java runtime (make slow installs one)")
    spark = pytest.importorskip("pyspark.sql", reason="no PySpark (make slow installs it)")
    settings = {"spark.ui.enabled": "false", "spark.driver.memory": "3g", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    builder = spark.SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def spark_marks(session: Any, file: Path, out: Path, packs: PackSet, on: date) -> pl.DataFrame:
    """The exported SQL in Spark, from a Parquet file to a folder of Parquet files."""
    columns = pl.read_parquet_schema(file)
    session.read.parquet(str(file)).createOrReplaceTempView("people")
    session.sql(marks_sql(packs, on, dialect=SPARK, columns=columns)).write.parquet(str(out))
    return in_order(pl.read_parquet(out / "*.parquet"))


def differences(found: pl.DataFrame, expected: pl.DataFrame) -> list[str]:
    """What differs, at most five rows of each side, in words; empty when equal."""
    if found.equals(expected):
        return []
    extra, absent = (
        found.join(expected, on=list(MARKS), how="anti", nulls_equal=True),
        expected.join(found, on=list(MARKS), how="anti", nulls_equal=True),
    )
    return [f"only here: {row}" for row in extra.head(5).iter_rows()] + [f"not here: {row}" for row in absent.head(5).iter_rows()] or [
        "order or twice"
    ]
