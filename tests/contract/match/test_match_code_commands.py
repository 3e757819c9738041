"""`leye match code` and `train-codes` as a stranger meets them: files in, files out, exit codes, words instead of tracebacks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from leye.cli.match import app
from leye.kernel.errors import LeyeError

COLUMNS = ["id", "rank", "code", "name", "p", "abstain"]
TITLES = [("a", "【急聘】電焊工"), ("b", "<script>alert(1)</script>"), ("c", "外卖骑手月入过万"), ("d", None), ("e", "Ｊａｖａ开发工程师")]


@pytest.fixture(scope="module")
def titles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("titles") / "titles.csv"
    pl.DataFrame(TITLES, schema=["id", "title"], orient="row").write_csv(file)
    return file


def test_in_a_process_of_its_own(titles: Path, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "leye", "match", "code", str(titles), "--out", str(tmp_path / "codes.csv"), "--json"],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert (told["titles"], told["empty"]) == (5, 2) and "第 2、4 行" in ran.stderr
    made = pl.read_csv(tmp_path / "codes.csv", schema_overrides={"code": pl.String})
    assert made.columns[:6] == COLUMNS
    first = {r["id"]: r for r in made.filter(pl.col("rank") == 1).to_dicts()}
    assert [first[i]["code"] for i in "abcde"] == ["6180204", None, "4100801", None, "2021003"]
    assert first["b"]["abstain"] and first["d"]["abstain"] and made.filter(pl.col("id") == "a").height == 5


def run(*args: object) -> tuple[int, str, LeyeError | None]:
    ran = CliRunner().invoke(app, [*map(str, args)])
    error = ran.exception if isinstance(ran.exception, LeyeError) else None
    return ran.exit_code, ran.output, error


def code_of(*args: object) -> str:
    """The code of the refusal; a refusal without remedy in both languages would not do."""
    _exit, output, error = run(*args)
    assert error is not None, output
    assert error.remedy_zh and error.remedy_en
    return error.code


def test_forms_agree_and_copies_are_equal(titles: Path, tmp_path: Path) -> None:
    read = pl.read_csv(titles)
    read.write_parquet(tmp_path / "t.parquet")
    read.write_ndjson(tmp_path / "t.jsonl")
    for n, file in enumerate((titles, tmp_path / "t.parquet", tmp_path / "t.jsonl")):
        assert run("code", file, "--out", tmp_path / f"{n}.csv", "--top", 3)[0] == 0
    assert (tmp_path / "0.csv").read_bytes() == (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_a_description_speaks_where_the_title_is_empty_and_corrections_hold(tmp_path: Path) -> None:
    pl.DataFrame({"id": ["a", "b"], "title": ["", "焊工"], "description": ["电焊工", ""]}).write_csv(tmp_path / "t.csv")
    (tmp_path / "o.csv").write_text("title,code,from\n焊工,4-03-02-01,2025-01\n", encoding="utf-8")
    assert run("code", tmp_path / "t.csv", "--out", tmp_path / "c.csv", "--overrides", tmp_path / "o.csv", "--month", "2025-03", "--top", 1)[0] == 0
    made = pl.read_csv(tmp_path / "c.csv", schema_overrides={"code": pl.String})
    assert made["code"].to_list() == ["6180204", "4030201"] and made["source"].to_list() == ["model", "correction"]


BAD = [
    ("t.csv", "id,title\na,焊工\na,会计\n", [], "E_ID", "an id stands twice"),
    ("t.csv", "id,name\na,焊工\n", [], "E_COLUMN_MISSING", "no title"),
    ("t.txt", "id,title\na,焊工\n", [], "E_FILE_TYPE", "a form we do not read"),
    ("t.parquet", "not parquet", [], "E_FILE_UNREADABLE", "the content is another form"),
    ("t.csv", "id,title\na,焊工\n", ["--month", "2025-13"], "E_TABLE_MONTH", "no such month"),
    ("t.csv", "id,title\na,焊工\n", ["--month", "1999-01"], "E_TABLE_MONTH", "before our tables"),
]


@pytest.mark.parametrize(("name", "text", "options", "code", "why"), BAD, ids=[b[-1] for b in BAD])
def test_bad_input_is_refused_by_name(name: str, text: str, options: list[str], code: str, why: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert code_of("code", tmp_path / name, "--out", tmp_path / "c.csv", *options) == code
    assert not (tmp_path / "c.csv").exists()


def test_labels_that_cannot_be_learned_from_are_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,title,code\na,焊工,6-18-02-04\nb,会计,9-99-99-99\n", encoding="utf-8")
    _exit, _output, error = run("train-codes", tmp_path / "t.csv", "--out", tmp_path / "m.npz")
    assert error is not None and error.code == "E_OCCUPATION" and [p.row for p in error.places] == [2]
    assert code_of("train-codes", tmp_path / "t.csv", "--out", tmp_path / "m.pkl") == "E_FILE_TYPE"
    assert code_of("code", tmp_path / "none.csv", "--out", tmp_path / "c.csv") == "E_FILE"
