"""`leye watch cube`: the cells that the pages show, refusals with exit 2."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from leye.lake import open_lake


def leye(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "leye", "watch", "cube", *arguments], capture_output=True, text=True, timeout=120)


def test_cells_are_those_of_the_run_without_what_is_hidden(city_data: Path, tmp_path: Path) -> None:
    out = tmp_path / "cells.csv"
    got = leye("insured_now", "--axes", "industry,grp", "--in", "region=440605", "--data", str(city_data), "--out", str(out), "--json")
    assert got.returncode == 0, got.stderr
    body = json.loads(got.stdout)
    cube = open_lake(city_data).scan("cube").collect()
    counted = {r["cell"]: r for r in cube.iter_rows(named=True)}
    assert body["cells"] and {c["cell"].split("/")[1] for c in body["cells"]} == {"440605"}
    for cell in body["cells"]:
        assert cell["n"] == (None if counted[cell["cell"]]["hidden"] else counted[cell["cell"]]["n"])
    assert pl.read_csv(out).height == len(body["cells"])


WRONG = [
    (["nothing"], "E_CUBE_INDICATOR"),
    (["insured", "--axes", "grp"], "E_CUBE_AXIS"),
    (["insured", "--in", "region"], "--in"),
    (["insured", "--order", "x"], "--order"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=[" ".join(w[0]) for w in WRONG])
def test_wrong_questions_exit_2(arguments: list[str], said: str, city_data: Path) -> None:
    got = leye(*arguments, "--data", str(city_data))
    assert got.returncode == 2 and said in got.stderr
