"""Every table that leaves as a file passes one check."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from leye.kernel.errors import CheckFailed, NotAllowed
from leye.office.privacy import exports
from leye.office.privacy.exports import Export, checked
from leye.site.csv_answer import csv_answer

HEADER = ["region", "sex", "ill"]
ROWS = [("440605", "F", "flu")] * 3 + [("440605", "F", "burn")] * 3 + [("440606", "M", "flu")] * 2


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table about persons."""
    monkeypatch.setattr(exports, "DECLARED", dict(exports.DECLARED))
    exports.declare(r"ill-\d+\.csv", Export("persons", quasi=("region", "sex"), sensitive=("ill",), k=3, ell=2))


def test_small_classes_leave_starred_and_no_row_is_lost(declared: None) -> None:
    answer = csv_answer("ill-2025.csv", HEADER, ROWS)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]
    assert len(rows) == len(ROWS)
    assert not any(r[0] == "440606" or r[1] == "M" for r in rows), "the two of the other district are not to be seen"
    assert sum(r[0] == "*" for r in rows) == 8, "with two starred rows alone the rest would tell, so the six hide them"


def test_what_is_large_enough_leaves_as_it_is(declared: None) -> None:
    assert [tuple(r) for r in checked("ill-2025.csv", HEADER, ROWS[:6])] == ROWS[:6]
    assert list(checked("ill-2025.csv", HEADER, [])) == []


def test_a_table_that_is_too_small_does_not_leave(declared: None) -> None:
    with pytest.raises(CheckFailed) as refused:
        list(checked("ill-2025.csv", HEADER, ROWS[6:]))
    assert refused.value.code == "E_ANONYMITY" and refused.value.remedy_en


REFUSED = [["name"], ["at", "phone"], ["person_id", "score"], ["id_number"], ["sex", "dibao"], ["birth", "veteran", "n"]]
PASSED = [["unique_id", "ds", "y"], ["region", "industry", "level"], ["sex", "n"], ["name_zh", "name_en"], ["algo", "purpose", "outcome"]]


@pytest.mark.parametrize("header", REFUSED, ids=lambda h: "-".join(h))
def test_an_undeclared_table_of_persons_does_not_leave(header: list[str]) -> None:
    with pytest.raises(NotAllowed) as refused:
        checked("new.csv", header, [])
    assert refused.value.code == "E_EXPORT" and "exports.py" in refused.value.remedy_zh


@pytest.mark.parametrize("header", PASSED, ids=lambda h: "-".join(h))
def test_an_undeclared_table_of_other_things_leaves(header: list[str]) -> None:
    rows: list[Any] = [["x"] * len(header)]
    assert checked("new.csv", header, rows) is rows


def test_no_page_writes_a_table_past_the_check() -> None:
    site = Path(__file__).parents[3] / "src" / "leye" / "site"
    writers = {
        str(f.relative_to(site))
        for f in site.rglob("*.py")
        if re.search(r"csv\.writer|write_csv|csv\.DictWriter|text/csv", f.read_text(encoding="utf-8"))
    }
    assert writers == {"csv_answer.py", "me/own_data.py"}, "tables leave by csv_answer; the own file is the person's"
