"""`leye trust release` and `leye trust budget` as other programs call them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests_support.city import leye
from tests_support.releases import write_people

pytest.importorskip("opendp", reason="the extra `privacy` is not installed")

NOW = {"LEYE_NOW": "2025-09-01T09:00:00+08:00"}


@pytest.fixture
def data(tmp_path: Path, standing_data: Path) -> Path:
    folder = Path(shutil.copytree(standing_data, tmp_path / "data"))
    write_people(folder)
    return folder


def test_release_budget_and_what_an_auditor_sees(data: Path) -> None:
    ask = ("trust", "release", "people", "--by", "region, sex", "--where", "hukou_local=true", "--epsilon", "0.5", "--json")
    made = json.loads(leye(*ask, data=data, **NOW).stdout)
    again = json.loads(leye(*ask, data=data, **NOW).stdout)
    assert made["charged"] and again == made | {"charged": False}
    assert (made["query"], made["left"], len(made["cells"])) == (
        {"dataset": "people", "by": ["region", "sex"], "where": {"hukou_local": "true"}},
        1.5,
        18,
    )
    refused = leye("trust", "release", "people", "--by", "age_band", "--epsilon", "1.6", data=data, check=False, **NOW)
    assert (refused.returncode, "E_BUDGET" in refused.stderr, "1.5" in refused.stderr, refused.stdout) == (1, True, True, "")

    with sqlite3.connect(data / "leye.sqlite3") as outside:  # somebody with the file: takes the guard off and gives the money back
        outside.execute("DROP TRIGGER privacy_budget_no_refund")
        outside.execute("UPDATE privacy_budget SET spent_micro = 0")
    seen = leye("trust", "budget", data=data, check=False, **NOW)
    assert (seen.returncode, "不一致" in seen.stdout) == (1, True)
    stopped = leye("trust", "release", "people", "--by", "sex", "--epsilon", "0.1", data=data, check=False, **NOW)
    assert (stopped.returncode, "E_BUDGET_DIFFERS" in stopped.stderr) == (1, True)


BAD = [
    (("people", "--by", "id_number", "--epsilon", "0.5"), "E_RELEASE"),
    (("people", "--where", "sex", "--epsilon", "0.5"), "E_RELEASE"),
    (("people", "--where", "sex=F", "--where", "sex=M", "--epsilon", "0.5"), "E_RELEASE"),
    (("people", "--by", "sex", "--epsilon", "0"), "E_EPSILON"),
    (("people", "--by", "sex", "--epsilon", "nan"), "E_EPSILON"),
    (("firms", "--by", "sex", "--epsilon", "0.5"), "E_DATASET"),
]


def test_bad_input_exits_two_and_costs_nothing(data: Path) -> None:
    for words, code in BAD:
        refused = leye("trust", "release", *words, data=data, check=False, **NOW)
        assert (refused.returncode, code in refused.stderr, refused.stdout) == (2, True, ""), words
    left = json.loads(leye("trust", "budget", "--json", data=data, **NOW).stdout)
    assert left == [{"dataset": "people", "year": 2025, "total": 2.0, "spent": 0.0, "left": 2.0, "releases": 0, "agrees": True}]


def test_a_folder_without_people(tmp_path: Path) -> None:
    refused = leye("trust", "release", "people", "--epsilon", "0.5", data=tmp_path / "empty", check=False, **NOW)
    assert (refused.returncode, "E_NO_CITY" in refused.stderr) == (2, True)
