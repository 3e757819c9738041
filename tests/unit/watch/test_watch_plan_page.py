"""The example on the page for people who write plans is a plan, and its cases hold."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from leye.watch import check_cases, plans

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "plans.md"


def test_the_smallest_plan_of_the_page_is_accepted(tmp_path: Path) -> None:
    found = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    (tmp_path / "cold_storage.yaml").write_text(found.group(1), encoding="utf-8")
    [plan] = plans(tmp_path)
    assert check_cases([plan]) == 2 and plan.measures[0].amount("440605", date(2026, 6, 1)).fen == 50_000  # type: ignore[union-attr]
