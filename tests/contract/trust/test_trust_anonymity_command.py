"""`leye trust anonymity` and `rotate-keys` as typed: exit codes, words, JSON, files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

SOUND = "region,sex,ill\n" + "440605,F,flu\n440605,F,burn\n" * 3
UNSOUND = SOUND + "440606,M,flu\n"


def leye(*args: object, data: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LEYE_", "DJANGO_"))} | ({"LEYE_DATA": str(data)} if data else {})
    return subprocess.run([sys.executable, "-m", "leye", "trust", *map(str, args)], env=env, capture_output=True, text=True, timeout=120)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "t.csv"
    file.write_text(SOUND, encoding="utf-8")
    return file


def test_a_table_that_may_leave_exits_0(table: Path) -> None:
    done = leye("anonymity", table, "--quasi", "region,sex", "--sensitive", "ill", "--k", 5, "--l", 2)
    assert (done.returncode, done.stderr) == (0, "") and "可以给出去" in done.stdout


def test_one_that_may_not_exits_1_and_the_suppressed_one_passes(table: Path, tmp_path: Path) -> None:
    table.write_text(UNSOUND, encoding="utf-8")
    out = tmp_path / "o" / "safe.parquet"
    done = leye("anonymity", table, "--quasi", "region,sex", "--k", 5, "--out", out, "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 1
    assert (said["ok"], said["rows_at_risk"], said["smallest"]) == (False, 1, 1)
    assert said["suppress"][0] == {"region": "440606", "sex": "M", "rows": 1}
    assert pl.read_parquet(out).height == 7
    assert leye("anonymity", out, "--quasi", "region,sex", "--k", 5).returncode == 0


def test_two_tables_are_held_against_each_other(table: Path, tmp_path: Path) -> None:
    before = tmp_path / "before.csv"
    before.write_text(SOUND + "440605,F,cancer\n", encoding="utf-8")
    done = leye("anonymity", table, "--quasi", "region,sex", "--against", before)
    assert done.returncode == 1 and "before=7，after=6" in done.stdout


BAD = [
    (["--quasi", "region,age"], "E_ANONYMITY", "age"),
    (["--quasi", ""], "E_ANONYMITY", ""),
    (["--quasi", "region", "--k", 0], "E_ANONYMITY", ""),
    (["--quasi", "region", "--l", 2], "E_ANONYMITY", ""),
    (["--quasi", "region", "--out", "x.docx"], "E_TABLE", ".csv"),
]


@pytest.mark.parametrize(("args", "code", "word"), BAD, ids=range(len(BAD)))
def test_bad_questions_exit_2(table: Path, args: list[object], code: str, word: str) -> None:
    done = leye("anonymity", table, *args)
    assert done.returncode == 2 and done.stderr.startswith(code) and word in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "raw"), [("t.xlsx", b"x"), ("t.parquet", b"no parquet"), ("t.csv", b"a,b\n\xff\xfe,1\n"), ("nix.csv", None), ("t.csv", b"")]
)
def test_bad_files_exit_2(tmp_path: Path, name: str, raw: bytes | None) -> None:
    file = tmp_path / name
    if raw is not None:
        file.write_bytes(raw)
    done = leye("anonymity", file, "--quasi", "a")
    assert done.returncode == 2 and "Traceback" not in done.stderr and done.stderr.startswith("E_"), done.stderr


def test_codes_keep_their_zeros_and_empty_cells_are_unknown(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("q,r\n007,1\n7,1\n,1\n", encoding="utf-8")
    assert json.loads(leye("anonymity", file, "--quasi", "q", "--k", 1, "--json").stdout)["classes"] == 3


def test_keys_are_not_drawn_for_a_folder_without_an_office(tmp_path: Path) -> None:
    done = leye("rotate-keys", "--data", tmp_path / "nix", data=tmp_path / "nix")
    assert done.returncode == 2 and done.stderr.startswith("E_NO_LOG")
    assert not (tmp_path / "nix").exists()
