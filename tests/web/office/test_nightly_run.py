"""The nightly as people run it: equal bytes for equal input, killed at any step without harm, one at a time, clear about bad input."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from leye.lake import open_lake
from leye.office.nightly.lock import only_one
from leye.office.nightly.model_steps import calibrate_before
from leye.office.nightly.progress import STEPS
from leye.office.nightly.record_step import backtest_origins
from tests_support.city import clean_environment, leye


@pytest.fixture
def data(city_data: Path, tmp_path: Path) -> Path:
    """A copy of the published city that a test may write into."""
    return Path(shutil.copytree(city_data, tmp_path / "city", symlinks=True))


def status(data: Path) -> dict[str, object]:
    published = json.loads(leye("run", "status", "--json", data=data).stdout)["published"]
    assert isinstance(published, dict)
    return published


def test_before_the_first_run_nothing_is_published(tmp_path: Path) -> None:
    done = leye("run", "status", "--json", data=tmp_path)
    assert json.loads(done.stdout)["published"] is None
    assert not list(tmp_path.iterdir()), "asking creates nothing"


def test_the_city_is_read_forecast_watched_and_advised(city_data: Path) -> None:
    lake = open_lake(city_data)
    rows = {t["name"]: t["rows"] for t in lake.manifest()["tables"]}  # type: ignore[attr-defined]
    assert rows["loads"] >= 12, "one row a file, at least one file a department"
    assert all(
        rows[name] > 0 for name in ("quarantine", "panel", "panel_cells", "forecast", "contributions", "backtest", "alerts", "lamps", "advice")
    )
    loads = lake.scan("loads").collect()
    assert loads.filter(pl.col("rows_in") != pl.col("loaded") + pl.col("quarantined") + pl.col("duplicates")).is_empty()


def test_the_planted_shock_burns_and_brings_its_plan(city_data: Path) -> None:
    lake = open_lake(city_data)
    lamps = lake.scan("lamps").collect()
    hotel = lamps.filter(pl.col("unique_id") == "postings/440600/H/all/all")
    assert hotel["level"].to_list() in (["orange"], ["red"])
    advice = lake.scan("advice").filter(pl.col("unique_id") == "postings/440600/H/all/all").collect()
    assert "hotel_catering" in advice["plan_id"].to_list()
    assert "estimated" in advice["status"].to_list()
    assert advice.filter(pl.col("status") == "estimated").select((pl.col("cost_fen") == pl.col("heads") * pl.col("unit_amount_fen")).all()).item()


def test_every_figure_leads_to_its_cell(city_data: Path) -> None:
    from leye.intake import why

    lake = open_lake(city_data)
    cell = lake.scan("panel_cells").filter(pl.col("unique_id") == "postings/440605/H/all/all").sort("ds").collect().row(-1, named=True)
    origin = why(city_data / "loads" / cell["source"], cell["row_id"], cell["column"])
    y = lake.scan("panel").filter((pl.col("unique_id") == cell["unique_id"]) & (pl.col("ds") == cell["ds"])).collect()["y"].item()
    assert float(str(origin.raw).replace(",", "").replace("，", "").strip() or "nan") == pytest.approx(y)


KILLED = (
    "import os, signal, sys; from pathlib import Path; from leye.office.embedded import prepare; prepare(Path(sys.argv[1]));"
    "from leye.office.clock import now; from leye.office.nightly import run_nightly;"
    "end = lambda step, *_: os.kill(os.getpid(), signal.SIGKILL) if step == sys.argv[2] else None;"
    "run_nightly(Path(sys.argv[1]), at=now(), progress=end)"
)


def test_killed_in_the_middle_the_published_snapshot_stays_and_the_next_run_completes(data: Path) -> None:
    before = status(data)
    with sqlite3.connect(data / "leye.sqlite3") as office:
        taken = office.execute("SELECT count(*) FROM alerts_alert").fetchone()[0]
        for table in ("alerts_taskstep", "alerts_task", "alerts_transition", "alerts_alert"):
            office.execute(f"DELETE FROM {table}")
    for step in ("整理成序列", "发布快照"):
        killed = subprocess.run([sys.executable, "-c", KILLED, str(data), step], env=clean_environment(data), check=False, capture_output=True)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert status(data) == before
    assert list((data / "snapshots").glob(".partial-*")), "the dead runs left something behind"
    leye("run", "nightly", data=data)
    after = status(data)
    assert (after["run_id"] != before["run_id"], after["hashes"]) == (True, before["hashes"])
    assert not list((data / "snapshots").glob(".partial-*")), "and it is swept"
    with sqlite3.connect(data / "leye.sqlite3") as office:
        assert office.execute("SELECT count(*) FROM alerts_alert").fetchone()[0] == taken > 0, "the desk catches up"


def test_run_again_with_equal_input_then_with_a_changed_and_a_broken_file(data: Path) -> None:
    before, loads = status(data), open_lake(data).scan("loads").collect()
    done = leye("run", "nightly", "--json", data=data, OPENBLAS_NUM_THREADS="1")
    assert [line.split("] ")[1] for line in done.stderr.splitlines() if line.startswith("[")] == [*STEPS, "完成"]
    assert len(done.stdout.splitlines()) == 1, "progress goes to stderr"
    again = json.loads(done.stdout)["published"]
    assert (again["run_id"] != before["run_id"], again["hashes"]) == (True, before["hashes"]), (
        "equal input, equal bytes on any number of threads, a name of its own"
    )

    file = next((data / "inbox" / "civil_affairs").iterdir())
    body = file.read_bytes()
    file.write_bytes(body[: body.rindex(b"\n", 0, -1) + 1])
    (data / "inbox" / "hotline" / "坏文件.xlsx").write_bytes(b"not a workbook")
    leye("run", "nightly", data=data)
    after = open_lake(data).scan("loads").collect()
    touched = pl.col("source").is_in(["civil_affairs", "hotline"])
    assert after.filter(~touched).equals(loads.filter(~touched))
    assert json.loads(after.filter(pl.col("file") == "坏文件.xlsx")["refused"].item())["code"].startswith("E_")
    assert set(loads["file"]) < set(after["file"]), "one broken file loses nothing else"
    changed = pl.col("source") == "civil_affairs"
    assert after.filter(changed)["sha256"].to_list() != loads.filter(changed)["sha256"].to_list()


def test_two_at_once_the_second_is_told(tmp_path: Path) -> None:
    with only_one(tmp_path):
        done = leye("run", "nightly", "--json", data=tmp_path, check=False)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "E_RUNNING"
    assert str(os.getpid()) in done.stdout


def test_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    done = leye("run", "nightly", data=tmp_path, check=False)
    assert done.returncode == 2
    assert "E_NO_INPUT" in done.stderr
    assert "leye demo" in done.stderr
    assert "Traceback" not in done.stderr


def panel_file(folder: Path, rows: list[str]) -> Path:
    file = folder / "panel.csv"
    file.write_text("unique_id,ds,y\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return file


def test_a_panel_of_ones_own_is_forecast_and_watched(tmp_path: Path) -> None:
    months = [f"{year}-{month:02d}-01" for year in range(2015, 2021) for month in range(1, 13)]
    lost = {"calm": 0, "fall": 40}
    rows = [
        f"{name},{ds},{100 + i % 12 + (i * 37 + len(name) * 11) % 5 - (gone if ds >= '2020-03-01' else 0)}"
        for name, gone in lost.items()
        for i, ds in enumerate(months)
    ]
    done = leye("run", "nightly", "--panel", str(panel_file(tmp_path, rows)), "--json", data=tmp_path / "d")
    published = json.loads(done.stdout)["published"]
    assert (published["on"], published["rows"]["forecast"]) == ("2020-12-01", 2 * 12)
    alarms = open_lake(tmp_path / "d").scan("alerts").filter(pl.col("unique_id") == "fall").sort("ds").collect()
    assert alarms["ds"][0] in {date(2020, 3, 1), date(2020, 4, 1)}, "a loss of two fifths is seen at once"
    assert "red" in alarms["level"].to_list()


SHORT = [
    (["a,2024-01-01,3", "a,2024-02-01,4", "a,2024-03-01,6"], "three points"),
    (["a,2024-01-01,3"], "one point"),
    ([f"a,{1990 + i}-01-01,{100 + i}" for i in range(20)], "years"),
]


@pytest.mark.parametrize(("rows", "_why"), SHORT, ids=[s[1] for s in SHORT])
def test_a_panel_that_cannot_be_watched_is_forecast_all_the_same(tmp_path: Path, rows: list[str], _why: str) -> None:
    leye("run", "nightly", "--panel", str(panel_file(tmp_path, rows)), "--json", data=tmp_path / "d")
    lake = open_lake(tmp_path / "d")
    assert lake.scan("forecast").collect()["mean"].null_count() == 0
    assert lake.scan("alerts").collect().is_empty()
    assert lake.scan("watch_notices").collect()["code"].to_list() == ["unwatched"]


def test_a_bad_panel_is_named_by_row_and_column(tmp_path: Path) -> None:
    file = panel_file(tmp_path, ["a,2020-01-01,1", "a,2020-01-01,2"])
    done = leye("run", "nightly", "--panel", str(file), "--json", data=tmp_path / "d", check=False)
    places = json.loads(done.stdout)["error"]["places"]
    assert done.returncode == 2
    assert [p["row"] for p in places] == [2, 3]


def test_tags_without_a_panel_are_refused(tmp_path: Path) -> None:
    assert leye("run", "nightly", "--tags", "x.csv", data=tmp_path, check=False).returncode == 2


@pytest.mark.slow
@pytest.mark.parametrize("after_s", [0.5, 1.5, 3.0, 5.0, 8.0])
def test_killed_at_any_moment(data: Path, after_s: float) -> None:
    before = status(data)
    shutil.rmtree(data / "loads")
    with subprocess.Popen([sys.executable, "-m", "leye", "run", "nightly", "--data", str(data)], stderr=subprocess.DEVNULL) as run:
        time.sleep(after_s)
        run.kill()
    assert status(data)["hashes"] == before["hashes"]
    assert leye("run", "nightly", data=data).returncode == 0


def test_calm_years_and_origins_fit_the_panel() -> None:
    months = [date(2000 + i // 12, i % 12 + 1, 1) for i in range(240)]
    assert calibrate_before(months[:60]) == months[48], "the last year is watched"
    assert calibrate_before(months) == months[96], "eight years teach enough"
    assert calibrate_before(months[:10]) == months[5]
    assert backtest_origins(months[:60]) == months[47:59], "a year of origins, each with a month known after it"
    assert backtest_origins(months[:60], series=20_000) == [months[49], months[52], months[55], months[58]], "a large panel takes every third"
    assert backtest_origins(months[:8]) == [months[5], months[6]], "the newer half of a short one"
    assert backtest_origins(months[:2]) == []
