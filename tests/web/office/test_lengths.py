"""What is written fits its column on either engine: SQLite does not look, so the tests do."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from leye.kernel.ids import RUN_ID_LONGEST, run_id, run_of
from leye.office.decisions.batch import BatchRun
from leye.office.decisions.models import Decision
from tests_support.lengths import overlong

PAPER = UUID("0192f0c1-2345-7abc-8def-0123456789ab")


def test_every_step_of_the_night_writes_what_fits(city_data: Path) -> None:
    assert overlong(city_data / "leye.sqlite3") == []


def test_a_text_that_is_too_long_is_found(city_data: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(city_data / "leye.sqlite3", tmp_path / "leye.sqlite3"))
    with sqlite3.connect(copy) as city:
        changed = city.execute("UPDATE alerts_alert SET run_id = ? WHERE id = (SELECT id FROM alerts_alert LIMIT 1)", ("x" * 31,)).rowcount
    assert changed == 1
    assert overlong(copy) == ["alerts_alert.run_id: 31 of 30"]


@pytest.mark.parametrize("name", [run_of("plan", PAPER), run_of("campaign", PAPER), run_id(datetime(2025, 9, 1).astimezone(), "x")])
def test_run_ids_fit_the_column_of_decisions(name: str) -> None:
    assert len(name) <= RUN_ID_LONGEST == Decision._meta.get_field("run_id").max_length


def test_a_longer_run_id_is_refused_before_anything_is_sealed(at: datetime) -> None:
    with pytest.raises(ValueError, match="at most 30 characters"):
        BatchRun("policy.placement", "1", "programme_places", (), f"plan-{PAPER}", at)
    with pytest.raises(ValueError, match="at most 30 characters"):
        run_of("assessment", PAPER)
