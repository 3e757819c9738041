"""`leye trust audit` and `leye trust swap` as other programs call them: fixed columns, exit codes, places of faults."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

FIXED = (
    "grouping,group,n,selected,selection_rate,selection_lo,selection_hi,scored,scoring_rate,scoring_lo,scoring_hi,impact_ratio,impact_lo,"
    "impact_hi,scoring_impact_ratio,scoring_impact_lo,scoring_impact_hi,left_out"
)


def leye(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "leye", "trust", *words], capture_output=True, text=True, cwd=cwd, check=False)


@pytest.fixture
def decisions(tmp_path: Path) -> Path:
    rows = ["id,sex,age_band,selected,score"]
    rows += [f"{i},{'女' if i % 2 else '男'},{('16-24', '25-34', '')[i % 3]},{int(i % 5 == 0)},{i % 7 or ''}" for i in range(300)]
    (tmp_path / "d.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


def test_writes_the_fixed_columns_and_the_summary(decisions: Path) -> None:
    done = leye("audit", "d.csv", "--groups", "sex,age_band", "--out", "out/deep", "--json", cwd=decisions)
    assert done.returncode == 0, done.stderr
    text = (decisions / "out" / "deep" / "rates.csv").read_text(encoding="utf-8")
    assert text.startswith(FIXED + ",")
    rows = list(csv.DictReader(text.splitlines()))
    assert [r["grouping"] for r in rows] == ["sex"] * 2 + ["age_band"] * 2 + ["sex+age_band"] * 4
    assert rows[4]["group"] == "女+16-24" and rows[4]["left_out"] == "false"
    summary = json.loads((decisions / "out" / "deep" / "audit.json").read_text(encoding="utf-8"))
    assert (summary["rows"], summary["median_score"], summary["unknown"]) == (300, 3.0, {"sex": 0, "age_band": 100})
    assert (summary["small_share"], summary["level"]) == (0.02, 0.95)
    assert json.loads(done.stdout)["rows"] == 300 and len(summary["source"]["sha256"]) == 64


def test_bootstrap_is_decided_by_its_seed_and_keeps_the_columns(decisions: Path) -> None:
    for out, seed in (("a", "3"), ("b", "3"), ("c", "4")):
        assert leye("audit", "d.csv", "--groups", "sex", "--out", out, "--bootstrap", "500", "--seed", seed, cwd=decisions).returncode == 0
    a, b, c = ((decisions / out / "rates.csv").read_text(encoding="utf-8") for out in "abc")
    assert a == b != c and a.startswith(FIXED + ",")
    for row in csv.DictReader(a.splitlines()):
        assert float(row["impact_lo"]) <= float(row["impact_ratio"]) <= float(row["impact_hi"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["audit", "d.csv", "--groups", "sex,hukou", "--out", "o"], "hukou"),
        (["audit", "none.csv", "--groups", "sex", "--out", "o"], "none.csv"),
        (["audit", "d.csv", "--groups", "sex", "--out", "o", "--bootstrap", "-1"], "--bootstrap"),
        (["audit", "d.csv", "--groups", "sex", "--out", "o", "--mean", "score:up"], "score:up"),
        (["audit", "bad.csv", "--groups", "sex", "--out", "o"], "第 4 行"),
        (["swap", "d.csv"], "pair_id"),
    ],
)
def test_bad_input_exits_2_and_says_where(decisions: Path, words: list[str], said: str) -> None:
    (decisions / "bad.csv").write_text("sex,selected,score\n女,1,1\n男,0,1\n男,7,1\n", encoding="utf-8")
    done = leye(*words, cwd=decisions)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
    assert not (decisions / "o").exists()


def test_a_program_is_tested_by_swapping_one_column(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("sex,skill\n女,5\n男,7\n", encoding="utf-8")
    program = "import csv,sys\nprint('outcome')\nfor r in csv.DictReader(sys.stdin): print(int(r['skill']) - {size} * (r['sex'] == '女'))\n"
    for name, size, code in (("biased.py", 2, 1), ("fair.py", 0, 0)):
        (tmp_path / name).write_text(program.format(size=size), encoding="utf-8")
        run = f"{sys.executable} {name}"
        done = leye("swap", "rows.csv", "--run", run, "--column", "sex", "--between", "男,女", "--json", cwd=tmp_path)
        assert done.returncode == code, done.stderr
        (found,) = json.loads(done.stdout)
        assert found["mean_change"] == -size and found["pairs"] == 2
    broken = leye("swap", "rows.csv", "--run", f"{sys.executable} -c pass", "--column", "sex", "--between", "男,女", cwd=tmp_path)
    assert broken.returncode == 2 and "E_SWAP_PROGRAM" in broken.stderr


def test_a_table_of_pairs(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("pair_id,group,outcome\n1,女,0\n1,男,1\n2,女,1\n2,男,1\n", encoding="utf-8")
    done = leye("swap", "p.csv", cwd=tmp_path)
    assert done.returncode == 1 and "女 → 男\t2 对\t1 对变高、0 对变低" in done.stdout
