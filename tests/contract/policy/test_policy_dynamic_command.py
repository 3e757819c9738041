"""`leye policy dynamic` on the demo city: files, JSON, exit codes, equal bytes."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from leye.city.build import build_city
from leye.city.store import write_city

RULE = """
dynamic: training_raise
name: 求职登记上升时提高培训标准
parameter: place_fen
source: [{doc: 失业风险应急预案, article: 第三条}]
from: 2021-01-01
to: 2025-12-31
indicator: {series: claims/440600/all/all/all, change: year}
lag: 1
confirm: 2
dwell: 3
base: 150000
steps: [{enter: 0.05, leave: 0.02, value: 200000}]
cap: 200000
cost: {heads: registered/440600/all/all/all, share: 0.1, budget_fen: 500000000}
"""


def leye(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "leye", "policy", "dynamic", *map(str, words)], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("dynamic")
    write_city(build_city(2_000, seed=7, on=date(2025, 8, 31)), made)
    (made / "rule.yaml").write_text(RULE, encoding="utf-8")
    return made


def test_files_and_figures_agree(folder: Path) -> None:
    done = leye(folder / "rule.yaml", folder / "city" / "indicators.parquet", "--out", folder / "out", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    path = pl.read_csv(folder / "out" / "path.csv")
    assert path.height == said["periods"] == 60 and (path["level"] > 0).sum() == said["raised_periods"]
    assert pl.read_csv(folder / "out" / "switches.csv").height == len(said["switches"])
    assert path["cost_fen"].sum() == said["cost_fen"]
    assert json.loads((folder / "out" / "report.json").read_text(encoding="utf-8")) == said
    assert {f.name for f in (folder / "out").iterdir()} == {"path.csv", "switches.csv", "parameter.yaml", "report.json", "report.md"}
    before = {f.name: f.read_bytes() for f in (folder / "out").iterdir()}
    leye(folder / "rule.yaml", folder / "city" / "indicators.parquet", "--out", folder / "out")
    assert {f.name: f.read_bytes() for f in (folder / "out").iterdir()} == before


MISTAKES = [
    ("claims/440600/all/all/all", "claims/nowhere", "E_SERIES_UNKNOWN"),
    ("leave: 0.02", "leave: 0.06", "E_HYSTERESIS"),
    ("to: 2025-12-31\n", "", "E_NO_END"),
]


@pytest.mark.parametrize(("old", "new", "code"), MISTAKES, ids=[m[-1] for m in MISTAKES])
def test_bad_input_exits_2_and_writes_nothing(folder: Path, tmp_path: Path, old: str, new: str, code: str) -> None:
    (tmp_path / "rule.yaml").write_text(RULE.replace(old, new), encoding="utf-8")
    done = leye(tmp_path / "rule.yaml", folder / "city" / "indicators.parquet", "--out", tmp_path / "out", "--json")
    assert done.returncode == 2 and json.loads(done.stdout)["error"]["code"] == code and not (tmp_path / "out").exists()
