"""The cases of all regional packs at once: one table a day with rows of many places gives what each case expects, to the fen."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import polars as pl
import pytest

from leye.policy.marks import Marker
from leye.policy.pack import Case
from leye.policy.read_pack import shipped
from leye.policy.table_check import check_rows
from leye.policy.words import verdict_of, verdict_word


def by_day() -> dict[date, list[Case]]:
    found: dict[date, list[Case]] = defaultdict(list)
    for case in shipped().cases:
        if str(case.place.file).startswith("cn-"):
            found[case.on].append(case)
    return dict(sorted(found.items()))


DAYS = by_day()


def table(cases: list[Case]) -> pl.DataFrame:
    """One row a case, all facts of all cases as text columns: what one row lacks is null."""
    names = sorted({str(name) for case in cases for name in case.facts})
    rows = [{"person_id": str(i)} | {name: str(case.facts[name]) if name in case.facts else None for name in names} for i, case in enumerate(cases)]
    return pl.DataFrame(rows, schema={"person_id": pl.String} | dict.fromkeys(names, pl.String))


@pytest.mark.parametrize("on", list(DAYS), ids=[d.isoformat() for d in DAYS])
def test_a_table_of_many_places_gives_what_the_cases_expect(on: date) -> None:
    cases = DAYS[on]
    marker = Marker(shipped(), on, only={case.policy for case in cases})
    checked = check_rows(table(cases), shipped().facts)
    assert checked.problems == ()
    marks = marker.mark(marker.typed(checked.rows), extra=("months",), all_verdicts=True)
    found = {(row["person_id"], row["policy"]): row for row in marks.iter_rows(named=True)}
    for i, case in enumerate(cases):
        row, where = found[str(i), case.policy], f"{case.place} {case.name}"
        assert row["verdict"] == verdict_word(verdict_of(str(case.expect["verdict"]))), where
        for key in ("amount_fen", "months"):
            assert key not in case.expect or row[key] == int(str(case.expect[key])), where
        if "missing" in case.expect:
            assert row["missing"] == [str(name) for name in case.expect["missing"]], where
