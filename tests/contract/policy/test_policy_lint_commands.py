"""`leye policy lint | test | facts`: exit codes and the fixed forms of their output."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from leye.packs import open_pack

FIXTURES = Path(__file__).parents[2] / "unit" / "policy" / "lint_fixtures"


def leye(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    whole = {k: v for k, v in os.environ.items() if not k.startswith("LEYE_")}
    return subprocess.run([sys.executable, "-m", "leye", "policy", *words], cwd=cwd, env=whole, capture_output=True, text=True, check=False)


ANSWERS = [
    ("good", 0, "a sound pack"),
    ("W_COVERED", 0, "a warning does not refuse"),
    ("E_NO_SOURCE", 1, "a refusal"),
    ("E_YAML", 2, "a file that cannot be read"),
    ("nowhere", 2, "no such folder"),
]


@pytest.mark.parametrize(("name", "code", "why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_lint_says_by_its_exit_code_whether_it_refuses(name: str, code: int, why: str, tmp_path: Path) -> None:
    done = leye("lint", str(FIXTURES / name), "--json", cwd=tmp_path)
    assert done.returncode == code, done.stderr
    said = json.loads(done.stdout)
    if name != "nowhere":
        assert isinstance(said, list)
        assert all(set(f) == {"code", "severity", "file", "line", "zh", "en", "remedy_zh", "remedy_en"} for f in said)
        assert any(f["severity"] == "error" for f in said) == (code > 0)
    else:
        assert said["error"]["code"] == "E_PACK_UNKNOWN"


def test_lint_in_words_names_place_and_remedy_in_either_language(tmp_path: Path) -> None:
    zh = leye("lint", str(FIXTURES / "E_NO_END"), cwd=tmp_path).stdout
    assert "E_NO_END/own_grant.yaml:8 E_NO_END" in zh and "sunset: 为什么没有终止日期" in zh and "1 处错误" in zh
    en = leye("lint", str(FIXTURES / "E_NO_END"), "--en", cwd=tmp_path).stdout
    assert "neither" in en and "1 errors" in en


def test_a_copied_national_pack_lints_and_tests_alone(tmp_path: Path) -> None:
    shutil.copytree(open_pack("cn"), tmp_path / "mine")
    assert leye("lint", str(tmp_path / "mine"), cwd=tmp_path).returncode == 0
    done = leye("test", str(tmp_path / "mine"), "--json", cwd=tmp_path)
    assert done.returncode == 0
    said = json.loads(done.stdout)
    assert said["policies"] == 36 and said["cases"] > 300 and said["failed"] == 0 and said["failures"] == []


def test_a_case_that_comes_out_otherwise_exits_1(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "good", tmp_path / "good")
    file = tmp_path / "good" / "own_grant.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("amount_fen: 80000}", "amount_fen: 80001}"), encoding="utf-8")
    done = leye("test", str(tmp_path / "good"), "--json", cwd=tmp_path)
    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert (said["policies"], said["cases"], said["failed"]) == (1, 3, 1)
    assert said["failures"][0]["expected"] == {"amount_fen": 80001} and said["failures"][0]["found"] == {"amount_fen": 80000}
    assert "✘ good/own_grant.yaml:" in leye("test", str(tmp_path / "good"), cwd=tmp_path).stdout


def test_facts_come_as_json_and_as_csv_with_derived_ones_marked(tmp_path: Path) -> None:
    rows = json.loads(leye("facts", "--json", cwd=tmp_path).stdout)
    assert len([r for r in rows if not r["is_derived"]]) == 96
    assert {"id", "zh", "type", "unit"} <= set(rows[0])
    age = next(r for r in rows if r["id"] == "age")
    assert age["is_derived"] and age["zh"] == "周岁年龄" and age["type"] == "int"
    table = list(csv.DictReader(io.StringIO(leye("facts", "--csv", cwd=tmp_path).stdout)))
    assert [r["id"] for r in table] == [r["id"] for r in rows]
    assert leye("facts", "--csv", "--json", cwd=tmp_path).returncode == 2
