"""Exit codes and words of `leye intake load` and `why`, and the PANEL form through its spec."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl

from leye.packs import open_pack

HEAD = "unique_id,ds,y\n"


def leye(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from leye.cli import main; sys.argv = ['leye', *sys.argv[1:]]; main()"
    return subprocess.run([sys.executable, "-c", code, "intake", *arguments], capture_output=True, text=True)


def panel_load(tmp_path: Path, text: str | bytes, *more: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "p.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return leye("load", str(open_pack("sources/panel.yaml")), str(file), "--out", str(tmp_path / "out"), *more)


def test_exit_0_when_all_is_well(tmp_path):
    done = panel_load(tmp_path, HEAD + "A,2024-01-01,1.5\nA,2024Q2,\n")
    assert (done.returncode, done.stderr) == (0, "") and "读入 2 行 = 装入 2 + 隔离 0 + 重复 0" in done.stdout
    assert pl.read_parquet(tmp_path / "out" / "loaded.parquet").select("ds_kind", "y").rows() == [("day", 1.5), ("quarter", None)]


def test_exit_1_when_a_row_is_quarantined_and_the_place_is_shown(tmp_path):
    done = panel_load(tmp_path, HEAD + "A,2024-01-01,许多\n")
    assert done.returncode == 1 and "第 2 行" in done.stdout and "许多" in done.stdout and "E_NUMBER" in done.stdout


def test_exit_2_when_the_file_cannot_be_read(tmp_path):
    done = panel_load(tmp_path, b"\xff\xff\xff", "--json")
    assert done.returncode == 2 and "E_ENC" in done.stderr and "Traceback" not in done.stderr
    assert json.loads(done.stdout)["refused"][0]["code"] == "E_ENC"


def test_exit_2_when_the_spec_is_wrong_with_file_key_and_line(tmp_path):
    (tmp_path / "s.yaml").write_text("spec: 1\nsource: {id: x}\nfields: {a: {typo: text}}\n", encoding="utf-8")
    done = leye("load", str(tmp_path / "s.yaml"), str(tmp_path / "p.csv"), "--out", str(tmp_path / "out"))
    assert done.returncode == 2 and "s.yaml" in done.stderr and "第 3 行" in done.stderr and "Traceback" not in done.stderr


def test_exit_2_when_why_is_asked_about_nothing(tmp_path):
    done = leye("why", str(tmp_path), "0" * 32, "y", "--json")
    assert done.returncode == 2 and json.loads(done.stdout)["error"]["code"] == "E_NOT_FOUND"
