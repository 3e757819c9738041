"""What the main job says has leaves: every warning on the desk, every line of advice, every dispatch of the demo's platform; each with a receipt."""

from __future__ import annotations

import json
import shutil
import sqlite3
import uuid
from pathlib import Path

import polars as pl
import pytest

from leye.lake import open_lake
from tests_support.city import leye


@pytest.fixture(scope="module")
def data(city_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the published city."""
    return Path(shutil.copytree(city_data, tmp_path_factory.mktemp("sealed") / "data", symlinks=True))


def rows(data: Path, statement: str) -> list[tuple]:
    with sqlite3.connect(data / "leye.sqlite3") as db:
        return db.execute(statement).fetchall()


def test_every_warning_has_its_leaf(data: Path) -> None:
    alerts = rows(data, "SELECT a.level, d.outcome, d.algo, l.record FROM alerts_alert a LEFT JOIN decisions_decision d ON d.id = a.decision_id "
                        "LEFT JOIN trust_leaf l ON l.idx = d.leaf_index")  # fmt: skip
    assert alerts, "the planted shock lights a lamp"
    for level, outcome, algo, record in alerts:
        assert (algo, outcome) == ("watch.scan", level)
        assert json.loads(record)["outcome"] == level


def test_every_line_of_advice_lies_under_a_leaf(data: Path) -> None:
    lake = open_lake(data)
    published = lake.published()
    assert published is not None
    advice = lake.scan("advice", published.run_id).group_by("unique_id").agg(pl.len()).collect()
    sealed = rows(data, f"SELECT marks FROM decisions_decision WHERE algo = 'watch.advice' AND run_id = '{published.run_id}'")
    assert sorted(n for (n,) in sealed) == sorted(advice["len"].to_list())


def test_every_dispatch_of_the_last_day_lies_under_a_leaf(data: Path) -> None:
    at = pl.col("created_at").dt.convert_time_zone("Asia/Shanghai").dt.date()
    orders = pl.scan_parquet(data / "city" / "orders.parquet").filter(at == pl.date(2025, 8, 31)).collect().height
    found = rows(data, "SELECT sum(coalesce(marks, 1)) FROM decisions_decision WHERE algo = 'platform.dispatch'")
    assert found == [(orders,)]


def test_a_second_nightly_repeats_no_dispatch(data: Path) -> None:
    before = rows(data, "SELECT count(*) FROM decisions_decision WHERE algo <> 'watch.advice'")
    leye("run", "nightly", data=data)
    assert rows(data, "SELECT count(*) FROM decisions_decision WHERE algo <> 'watch.advice'") == before


def test_the_whole_log_verifies_and_any_decision_gives_a_receipt_that_checks(data: Path, tmp_path: Path) -> None:
    verdict = json.loads(leye("trust", "verify", "--json", data=data).stdout)
    assert (verdict["ok"], verdict["first_bad"]) == (True, None)
    keys = tmp_path / "keys.txt"
    keys.write_text(leye("trust", "keys", data=data).stdout)
    for algo in ("watch.scan", "watch.advice", "platform.dispatch"):
        ((name,),) = rows(data, f"SELECT id FROM decisions_decision WHERE algo = '{algo}' LIMIT 1")
        file = tmp_path / f"{algo}.tlog-proof"
        leye("trust", "prove", str(uuid.UUID(name)), "--out", str(file), data=data)
        leye("trust", "check-proof", str(file), "--keys", str(keys), data=tmp_path / "elsewhere")
