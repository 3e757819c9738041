"""The invented monthly table of the development data: workbook and GB18030 twin, through the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from leye.cli.intake import app

SHARED = Path(os.environ.get("LEYE_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "intake"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="development data (LEYE_SHARED) are not here")
SPEC = str(SHARED / "spec_messy_monthly.yaml")


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize("name", ["messy_monthly.xlsx", "messy_monthly_gb18030.csv"])
def test_the_fixture_loads_as_its_readme_says(tmp_path, name):
    done = run("load", SPEC, str(SHARED / name), "--out", str(tmp_path / "out"), "--json")
    report = json.loads(done.stdout)
    assert done.exit_code == 1, "one row is quarantined"
    assert (report["rows_in"], report["loaded"], report["quarantined"], report["duplicates"], report["skipped"]) == (12, 11, 1, 0, 10)
    assert [w["code"] for w in report["warnings"]] == ["E_SUM_MISMATCH"] * 3
    line = pl.read_parquet(tmp_path / "out" / "quarantine.parquet").row(0, named=True)
    assert (line["file"], line["row"], line["column"], line["raw"], line["code"]) == (name, 9, "employed", "15.6万", "E_UNIT_CONFLICT")


def test_workbook_and_twin_give_the_same_ids(tmp_path):
    for name, out in (("messy_monthly.xlsx", "a"), ("messy_monthly_gb18030.csv", "b")):
        run("load", SPEC, str(SHARED / name), "--out", str(tmp_path / out))
    ids = [set(pl.read_parquet(tmp_path / out / "loaded.parquet")["_row_id"]) for out in ("a", "b")]
    assert ids[0] == ids[1] and len(ids[0]) == 11


def test_both_in_one_load_are_duplicates(tmp_path):
    files = [str(SHARED / n) for n in ("messy_monthly.xlsx", "messy_monthly_gb18030.csv")]
    report = json.loads(run("load", SPEC, *files, "--out", str(tmp_path / "out"), "--json").stdout)
    assert (report["rows_in"], report["loaded"], report["quarantined"], report["duplicates"]) == (24, 11, 2, 11)


def test_why_answers_with_the_place_of_the_cell(tmp_path):
    out = tmp_path / "out"
    run("load", SPEC, str(SHARED / "messy_monthly.xlsx"), "--out", str(out))
    row = pl.read_parquet(out / "loaded.parquet").filter(pl.col("wage_fen") == 523_000).row(0, named=True)
    origin = json.loads(run("why", str(out), row["_row_id"], "wage_fen", "--json").stdout)
    assert {k: origin[k] for k in ("file", "sheet", "row", "column", "raw")} == {
        "file": "messy_monthly.xlsx", "sheet": "就业月报", "row": 7, "column": "wage", "raw": "5,230",
    }  # fmt: skip
    text = run("why", str(out), row["_row_id"], "wage").stdout
    assert "第 7 行" in text and "5,230" in text
