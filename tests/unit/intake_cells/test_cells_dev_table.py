"""The development table of 174 cells, which is not part of the repository: `LEYE_SHARED` or ../shared beside the checkout."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from leye.intake import parse
from leye.intake.cells.outcome import as_dict

TABLE = Path(os.environ.get("LEYE_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "intake" / "cells_dev.tsv"

AGAINST_THE_RULES = {"5千以下/月", "下降0.3个百分点", "(123)", "同比减少1.5万人", "降幅2.2%", "-2.4%"}
"""The table calls these missing; by the written rules they are values (an open lower end, negative numbers), and so they are read."""


@pytest.mark.skipif(not TABLE.exists(), reason="the development table of cells is not on this machine")
def test_development_table() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    wrong = set()
    for row in rows:
        got = as_dict(parse(row["kind"], row["raw"], period=row["period"] or None, home=row["home"] or None))
        if not agrees(json.loads(row["answer"]), got):
            wrong.add(row["raw"])
    assert wrong == AGAINST_THE_RULES


def agrees(wanted: dict[str, object], got: dict[str, object]) -> bool:
    if wanted["status"] == "quarantine":
        return got["status"] in ("ambiguous", "bad")
    if wanted["status"] != got["status"] or wanted.get("code", got["code"]) != got["code"]:
        return False
    if "candidates" in wanted and sorted(c["code"] for c in got["candidates"]) != sorted(wanted["candidates"]):
        return False
    return all(got["value"][k] == v for k, v in wanted.get("value", {}).items())
