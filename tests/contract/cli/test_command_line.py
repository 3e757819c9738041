"""What every command answers to a wrong line, a wrong name, a wrong setting: exit 2 (1 from the doctor), a reason, a remedy, JSON on demand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from leye.cli.bench import tables_in
from leye.cli.table_file import check_ending, write_table
from leye.kernel.errors import BadInput

PANEL = "unique_id,ds,y\n" + "".join(f"a,{2015 + i // 12}-{i % 12 + 1:02d}-01,{100 + i % 12 + i / 2}\n" for i in range(60))


def leye(*words: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    whole = {k: v for k, v in os.environ.items() if not k.startswith("LEYE_")} | env
    return subprocess.run([sys.executable, "-m", "leye", *words], cwd=cwd, env=whole, capture_output=True, text=True, check=False)


WRONG = [
    (["nonsense"], "E_USAGE", "命令", "no such command"),
    (["forecast", "run", "p.csv", "--json"], "E_USAGE", "--horizon", "a missing option"),
    (["forecast", "run", "p.csv", "--horizon", "x", "--out", "o.csv"], "E_USAGE", "--horizon", "no number"),
    (["forecast", "run", "p.csv", "--horizon", "3", "--out", "o.csv", "--hori", "3"], "E_USAGE", "--hori", "a mistyped option"),
    (["forecast", "run", "p.csv", "--horizon", "100000", "--out", "o.csv"], "E_BAD_INPUT", "1000", "a horizon that would eat the memory"),
    (["forecast", "run", "p.csv", "--horizon", "3", "--out", "o.xlsx"], "E_FILE_TYPE", ".csv", "an ending that is not written"),
    (["watch", "scan", "p.csv", "--calibrate-before", "2018-01-01", "--out", "alerts"], "E_FILE_TYPE", ".csv", "no ending"),
    (["run", "nightly", "--replay", "nowhere", "--data", "d"], "E_SOURCE_UNKNOWN", "hr_insured", "a source that is not there"),
    (["run", "nightly", "--on", "2025-31-12", "--data", "d"], "E_USAGE", "--on", "no such day"),
]


@pytest.mark.parametrize(("words", "code", "names", "why"), WRONG, ids=[w[-1] for w in WRONG])
def test_a_wrong_line_is_answered(tmp_path, words, code, names, why):
    (tmp_path / "p.csv").write_text(PANEL, encoding="utf-8")
    done = leye(*words, cwd=tmp_path)
    assert done.returncode == 2 and code in done.stderr and names in done.stderr and "Traceback" not in done.stderr
    if "--json" in words:
        error = json.loads(done.stdout)["error"]
        assert error["code"] == code and error["zh"] and error["en"] and "--help" in error["remedy_zh"]
    assert not (tmp_path / "o.csv").exists()


def test_a_database_that_does_not_answer_is_named(tmp_path):
    done = leye("run", "nightly", "--data", "d", "--json", cwd=tmp_path, LEYE_DATABASE_URL="postgres://u:p@127.0.0.1:1/x")
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert json.loads(done.stdout)["error"]["code"] == "E_DATABASE"


SETTINGS = [
    ({"LEYE_MODE": "produktion"}, "produktion", "no such mode"),
    ({"LEYE_NOW": "gestern"}, "gestern", "no instant"),
    ({"LEYE_MODE": "production"}, "LEYE_SECRET_KEY", "production without a key"),
    ({"LEYE_DATABASE_URL": "postgres://u:p@h:port/x"}, "LEYE_DATABASE_URL", "a port that is no number"),
    ({"LEYE_DATABASE_URL": "postgres://u:p@127.0.0.1:1/x"}, "PostgreSQL", "a server that does not answer"),
]


@pytest.mark.parametrize(("env", "names", "why"), SETTINGS, ids=[s[-1] for s in SETTINGS])
def test_the_doctor_speaks_just_when_something_is_wrong(tmp_path, env, names, why):
    done = leye("doctor", "--data", "d", "--json", cwd=tmp_path, **env)
    told = json.loads(done.stdout)
    assert done.returncode == 1 and told["ok"] is False
    assert any(f["state"] == "wrong" and names in f["text_zh"] for f in told["findings"])
    assert {s["name"]: s["value"] for s in told["settings"]}["LEYE_DATA"] == str(tmp_path / "d")


def test_the_doctor_is_content_with_nothing_set(tmp_path):
    done = leye("doctor", "--json", cwd=tmp_path)
    assert done.returncode == 0 and json.loads(done.stdout)["ok"] is True and not list(tmp_path.iterdir()), "it creates nothing"


def test_version_and_benchmarks(tmp_path):
    assert leye("--version", cwd=tmp_path).stdout.startswith("leye ")
    assert "watch" in json.loads(leye("bench", "--json", cwd=tmp_path).stdout)["benchmarks"]


def test_tables_of_a_benchmark_as_rows():
    text = "x\n\n| | CPU s |\n|---|---|\n| Leye | 1.2 |\n| peer | 3 |\n\nand\n\n| a |\n|---|\n"
    assert tables_in(text) == [[{"": "Leye", "CPU s": "1.2"}, {"": "peer", "CPU s": "3"}], []]


def test_a_table_is_put_in_place_whole_or_not_at_all(tmp_path, monkeypatch):
    table, out = pl.DataFrame({"a": [1]}), tmp_path / "new" / "t.PARQUET"
    write_table(table, out)
    assert pl.read_parquet(out).equals(table), "an ending counts in any case"
    write_table(table, tmp_path / "t.tsv")
    assert (tmp_path / "t.tsv").read_text() == "a\n1\n"

    def full(self, *a, **b):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(OSError, match="No space"):
        write_table(table, out)
    assert pl.read_parquet(out).equals(table) and [f.name for f in out.parent.iterdir()] == [out.name]


@pytest.mark.parametrize("name", ["t.xlsx", "t", "t.txt"])
def test_what_cannot_be_written_is_refused_before_the_work(name):
    with pytest.raises(BadInput, match="不能写成"):
        check_ending(Path(name))


def test_a_folder_is_no_table(tmp_path):
    (tmp_path / "t.csv").mkdir()
    with pytest.raises(BadInput, match="文件夹"):
        check_ending(None, tmp_path / "t.csv")
