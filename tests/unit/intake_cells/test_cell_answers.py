"""The answer table of single cells: every line was checked against the written rules (docs/reference/intake-cells.md)."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from leye.intake import parse
from leye.intake.cells.dispatch import KINDS
from leye.intake.cells.outcome import as_dict

TABLE = Path(__file__).parent / "answers.tsv"


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def differs(wanted: dict[str, object], got: dict[str, object]) -> bool:
    if (wanted["status"], wanted["code"]) != (got["status"], got["code"]):
        return True
    if wanted["status"] == "ok":
        return any(got["value"].get(k) != v for k, v in wanted["value"].items())
    return got["value"] is not None or ("candidates" in wanted and [c["code"] for c in got["candidates"]] != wanted["candidates"])


@pytest.mark.parametrize("kind", KINDS)
def test_answers_of_kind(kind: str) -> None:
    wrong = []
    table = [r for r in rows() if r["kind"] == kind]
    assert len(table) >= 12
    for row in table:
        got = as_dict(parse(kind, row["raw"], period=row["period"] or None, home=row["home"] or None))
        if differs(json.loads(row["answer"]), got):
            wrong.append((row["raw"], row["period"], row["home"], row["answer"], got))
    assert not wrong, f"{len(wrong)} of {len(table)}: {wrong[:5]}"


def test_the_table_has_no_cell_twice() -> None:
    seen = [(r["kind"], r["period"], r["home"], r["raw"]) for r in rows()]
    assert len(seen) == len(set(seen)) > 900
