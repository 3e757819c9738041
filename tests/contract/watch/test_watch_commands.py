"""`leye watch …` as a stranger meets it: files in, files out, exit codes, words instead of tracebacks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests_support.watch_panels import calm, long_form

LEYE = str(Path(sys.executable).with_name("leye"))


def leye(*args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LEYE, *map(str, args)], capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    y = calm(6, 96, noise=0.01)
    y[80:, 0] *= 0.6
    file = tmp_path_factory.mktemp("panel") / "panel.csv"
    pl.concat([long_form(y), pl.DataFrame({"unique_id": ["flat"] * 96, "ds": long_form(y)["ds"][:96], "y": [5.0] * 96})]).write_csv(file)
    return file


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_scan_writes_the_table_and_says_what_it_did(panel: Path, tmp_path: Path, ending: str) -> None:
    out, report = tmp_path / f"new/alerts.{ending}", tmp_path / "report.json"
    done = leye(
        "watch", "scan", panel, "--calibrate-before", "2005-01-01", "--nominal", "0.25", "--seasonal", "--out", out, "--report", report, "--json"
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    table = pl.read_parquet(out) if ending == "parquet" else pl.read_csv(out, try_parse_dates=True)
    assert table.columns == ["unique_id", "ds", "level", "score", "evidence"] and table.height == said["alerts"] > 0
    assert "s00" in table["unique_id"].to_list() and {"zh", "realised_fa"} <= json.loads(table["evidence"][0]).keys()
    assert json.loads(report.read_text(encoding="utf-8"))["notices"][0]["unique_id"] == "flat" and "flat" in done.stderr


BAD = [
    (("--calibrate-before", "soon"), "soon", "no date"),
    (("--calibrate-before", "1990-01-01"), "没有数据", "nothing before"),
    (("--calibrate-before", "2005-01-01", "--nominal", "0"), "误报率", "no rate"),
    (("--calibrate-before", "2005-01-01", "--direction", "sideways"), "sideways", "no direction"),
    (("--calibrate-before", "2005-01-01", "--tags", "/nowhere/tags.csv"), "tags.csv", "no tags"),
]


@pytest.mark.parametrize(("options", "word", "_why"), BAD, ids=[b[-1] for b in BAD])
def test_bad_input_exits_two_with_words(panel: Path, tmp_path: Path, options: tuple[str, ...], word: str, _why: str) -> None:
    done = leye("watch", "scan", panel, "--out", tmp_path / "a.csv", *options)
    assert done.returncode == 2 and word in done.stderr and "Traceback" not in done.stderr and not (tmp_path / "a.csv").exists()


def test_a_word_for_a_number_is_named_with_its_row(tmp_path: Path) -> None:
    file = tmp_path / "panel.csv"
    file.write_text("unique_id,ds,y\na,2020-01-01,1\na,2020-02-01,many\n", encoding="utf-8")
    done = leye("watch", "scan", file, "--calibrate-before", "2020-03-01", "--out", tmp_path / "a.csv")
    assert done.returncode == 2 and "many" in done.stderr and "3" in done.stderr


def test_plans_are_listed_and_checked(tmp_path: Path) -> None:
    listed = json.loads(leye("watch", "plans", "--json").stdout)
    assert len(listed["plans"]) >= 8 and listed["cases"] >= 16
    (tmp_path / "bad.yaml").write_text("id: bad\nlevel: 3\n", encoding="utf-8")
    refused = leye("watch", "plans", "--check", tmp_path)
    assert refused.returncode == 2 and "bad.yaml" in refused.stderr and "第 2 行" in refused.stderr
    assert leye("watch", "plans", "--check", tmp_path / "nowhere").returncode == 2
