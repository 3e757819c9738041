"""`leye policy sql`: the text goes into a database as it is and gives what `leye policy mark` gives."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from leye.policy import shipped
from tests_support.policy_people import random_people

LEYE = str(Path(sys.executable).with_name("leye"))
ON = "2025-07-15"


def leye(*args: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LEYE, *map(str, args)], capture_output=True, text=True, timeout=120, cwd=cwd)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sql") / "people.parquet"
    random_people(shipped(), date.fromisoformat(ON), 800, seed=4).drop("cert_on", "firm_size").write_parquet(file)
    return file


def test_sql_in_duckdb_is_what_mark_writes(people: Path, tmp_path: Path) -> None:
    said = leye("policy", "sql", "--dialect", "duckdb", "--on", ON, "--table", people)
    assert said.returncode == 0 and said.stderr == ""
    found = duckdb.sql(said.stdout).pl().drop("months")
    marked = leye("policy", "mark", people, "--on", ON, "--out", tmp_path / "marks.parquet")
    assert marked.returncode == 0, marked.stderr
    marks = pl.read_parquet(tmp_path / "marks.parquet").with_columns(pl.col("missing").list.join(";"))
    keys = ["person_id", "policy"]
    assert marks.height > 4000
    assert found.sort(keys).select(marks.columns).equals(marks.sort(keys))


def test_names_of_columns_come_from_a_file_or_the_option(people: Path) -> None:
    by_file = leye("policy", "sql", "--dialect", "postgres", "--on", ON, "--policy", "skill_up", "--columns", people)
    named = ",".join(pl.read_parquet_schema(people))
    by_option = leye("policy", "sql", "--dialect", "postgres", "--on", ON, "--policy", "skill_up", "--columns", named)
    assert by_file.returncode == by_option.returncode == 0
    assert by_file.stdout == by_option.stdout
    assert "CAST(NULL AS DATE) AS cert_on" in by_file.stdout and "CAST(cert_level AS BIGINT) AS cert_level" in by_file.stdout


def test_json_holds_the_text() -> None:
    said = leye("policy", "sql", "--dialect", "spark", "--on", ON, "--policy", "ui_medical", "--json")
    found = json.loads(said.stdout)
    assert (found["dialect"], found["on"]) == ("spark", ON)
    assert found["sql"].startswith("-- 乐业 Leye：2025-07-15") and "STRING" in found["sql"]


BAD = [
    (["--dialect", "oracle"], "E_DIALECT", "a database that is not known"),
    (["--dialect", "duckdb", "--on", "yesterday"], "E_DATE", "a day that is none"),
    (["--dialect", "duckdb", "--policy", "nichts"], "E_POLICY_UNKNOWN", "a policy that is none"),
    (["--dialect", "duckdb", "--pack", "nirgends"], "E_PACK_UNKNOWN", "a pack that is none"),
    (["--dialect", "postgres", "--table", "people; drop table people"], "E_SQL_TABLE", "a table that is more than a name"),
    (["--dialect", "duckdb", "--region", "Beijing"], "E_REGION", "a region that is none"),
]


@pytest.mark.parametrize(("options", "code", "why"), BAD, ids=[b[-1] for b in BAD])
def test_bad_input_is_an_answer(options: list[str], code: str, why: str) -> None:
    said = leye("policy", "sql", *options)
    assert said.returncode == 2 and said.stdout == ""
    assert code in said.stderr and "Traceback" not in said.stderr
