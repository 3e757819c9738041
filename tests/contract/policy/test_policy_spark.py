"""The exported SQL on Spark: a million random people, every policy, every place, equal to the table engine."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from leye.policy import shipped
from tests_support.policy_engines import differences, polars_marks, spark_marks, spark_session
from tests_support.policy_people import random_people

ON = date(2025, 7, 15)
PIECE, PIECES = 250_000, 4


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Spark's own client is not held to our rule
def test_spark_marks_a_million_people_as_the_table_engine_does(tmp_path: Path) -> None:
    packs, file = shipped(), tmp_path / "people.parquet"
    with spark_session() as session:
        people = pl.concat([random_people(packs, ON, PIECE, seed=9, first=1 + i * PIECE) for i in range(PIECES)])
        people.write_parquet(file)
        found = spark_marks(session, file, tmp_path / "marks", packs, ON)
    expected = polars_marks(people, packs, ON)
    assert expected.height > 5_000_000
    assert differences(found, expected) == []
