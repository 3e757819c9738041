"""`leye impact`: exit codes, machine output, the index of a published run."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from tests_support.city import leye

PROJECT = {
    "region": "440605", "section": "C", "starts": "2025-09-01", "created": [{"occupation": "6290101", "heads": 30}], "created_by": "2025-12-01",
    "evidence": "contract",
}  # fmt: skip


def test_exposure_as_text_json_and_table(tmp_path: Path) -> None:
    told = json.loads(leye("impact", "exposure", "2060300", "--json", data=tmp_path).stdout)
    assert told["low"] <= told["mid"] <= told["high"] and told["confidence"] == "high" and set(told["by_source"]) == {"ilo", "gpts", "aioe"}
    out = tmp_path / "all.parquet"
    leye("impact", "exposure", "--out", str(out), data=tmp_path)
    assert pl.read_parquet(out).height > 1600


def test_bad_codes_and_files_are_answers(tmp_path: Path) -> None:
    assert leye("impact", "exposure", "9999999", "--json", data=tmp_path, check=False).returncode == 2
    assert leye("impact", "exposure", data=tmp_path, check=False).returncode == 2
    bad = tmp_path / "p.json"
    bad.write_text("不是 JSON", encoding="utf-8")
    assert leye("impact", "review", str(bad), data=tmp_path, check=False).returncode == 2


@pytest.mark.parametrize(("change", "code", "grade"), [
    ({}, 0, "light"),
    ({"displaced": [{"occupation": "3010205", "heads": 40}], "displaced_from": "2025-10-01", "displaced_to": "2026-09-30"}, 1, "serious"),
], ids=["light", "serious exits 1"])  # fmt: skip
def test_review_of_a_file(change: dict[str, object], code: int, grade: str, tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text(json.dumps(PROJECT | change), encoding="utf-8")
    done = leye("impact", "review", str(file), "--insured", "1000", "--json", data=tmp_path, check=False)
    assert (done.returncode, json.loads(done.stdout)["grade"]) == (code, grade)


def test_index_of_a_published_run(city_data: Path) -> None:
    told = json.loads(leye("impact", "index", "--by", "region", "--data", str(city_data), "--json", data=city_data).stdout)
    assert {c["region"] for c in told["cells"]} == {"440604", "440605", "440606", "440607", "440608"}
    change = told["change"]
    assert sum(e["mid"] for e in change["effects"].values()) == pytest.approx(change["after"]["mid"] - change["before"]["mid"], abs=1e-12)
    assert leye("impact", "index", "--by", "sex", "--data", str(city_data), data=city_data, check=False).returncode == 2
