"""`leye match allocate` as other programs call it: forms of files, exit codes, the account."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from leye.cli.match import app
from leye.kernel.errors import BadInput

pytest.importorskip("ortools", reason="the extra `allocation` is not installed")
EDGES = "person_id,job_id,p_person,p_employer,note\na,x,0.9,0.5,\na,y,0.8,0.9,\nb,x,0.7,0.6,\nb,y,0.9,0.2,\nc,y,0.6,0.95,\n"
CAPACITIES = "job_id,capacity\nx,1\ny,1\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "e.csv").write_text(EDGES, encoding="utf-8")
    (tmp_path / "c.csv").write_text(CAPACITIES, encoding="utf-8")
    return tmp_path


def call(folder: Path, *more: str, out: str = "o.csv") -> str:
    made = CliRunner().invoke(app, ["allocate", str(folder / "e.csv"), str(folder / "c.csv"), "--out", str(folder / out), *more])
    if made.exception:
        raise made.exception
    return made.stdout


def test_csv_parquet_and_json_lines_give_the_same(files: Path) -> None:
    call(files)
    table = pl.read_csv(files / "o.csv")
    assert table.rows() == [("a", "y", 0.8, 0.9), ("b", "x", 0.7, 0.6)]
    pl.read_csv(files / "e.csv").write_parquet(files / "e.parquet")
    pl.read_csv(files / "c.csv").write_ndjson(files / "c.jsonl")
    made = CliRunner().invoke(app, ["allocate", str(files / "e.parquet"), str(files / "c.jsonl"), "--out", str(files / "o2.csv")])
    assert made.exit_code == 0
    assert (files / "o2.csv").read_bytes() == (files / "o.csv").read_bytes()


def test_the_trade_off_is_told(files: Path) -> None:
    accounts = json.loads(call(files, "--mode", "stable", "--compare", "--json"))
    assert [(a["mode"], a["placed"], a["blocking_pairs"]) for a in accounts] == [("stable", 2, 0), ("flow", 2, 1), ("balanced", 2, 0)]
    assert accounts[1]["value"] == 1.14


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("c.csv", "job_id,capacity\nx,1\n", "E_JOB_UNKNOWN"),
        ("c.csv", "job_id,capacity\nx,1\ny,-2\n", "E_CAPACITY"),
        ("e.csv", EDGES + "a,x,0.1,0.1,\n", "E_EDGE_TWICE"),
        ("e.csv", EDGES.replace("0.95", "1.5"), "E_EDGE_NUMBER"),
        ("e.csv", "", "E_FILE_UNREADABLE"),
    ],
)
def test_bad_files_are_refused_and_nothing_is_written(files: Path, name: str, text: str, code: str) -> None:
    (files / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        call(files)
    assert refused.value.code == code
    assert not (files / "o.csv").exists()


def test_a_name_that_no_table_has_is_refused_before_work(files: Path) -> None:
    with pytest.raises(BadInput, match="E_FILE_TYPE"):
        call(files, out="o.xlsx")
