"""A reader sees the old whole state or the new one, whenever the writer is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from leye.intake import folder
from leye.kernel.errors import Conflict

OLD = {"loaded.parquet": pl.DataFrame({"n": [1]}), "quarantine.parquet": pl.DataFrame({"n": [1]})}
NEW = {"loaded.parquet": pl.DataFrame({"n": [2]}), "quarantine.parquet": pl.DataFrame({"n": [2]})}


def seen(out: Path) -> set[int]:
    """The generation that each file shows; one element when the state is whole, none before the first."""
    if not (out / "loaded.parquet").exists():
        assert not (out / "report.json").exists() and not (out / "quarantine.parquet").exists()
        return set()
    tables = {int(pl.read_parquet(out / name)["n"][0]) for name in OLD}
    return tables | {int(json.loads((out / "report.json").read_text())["n"])}


def steps_of(out: Path) -> list[str]:
    names: list[str] = []
    folder.publish(out, tables=NEW, texts={"report.json": {"n": 2}}, step=names.append)
    return names


class Stop(Exception):
    pass


@pytest.mark.parametrize("first", [True, False], ids=["nothing there yet", "over an old state"])
def test_at_every_step_the_state_is_whole(tmp_path, first):
    probe = tmp_path / "probe"
    probe.mkdir()
    for stop_at in range(len(steps_of(probe))):
        out = tmp_path / f"out{stop_at}"
        out.mkdir()
        if not first:
            folder.publish(out, tables=OLD, texts={"report.json": {"n": 1}})
        seen_steps: list[str] = []

        def stop(name: str, at: int = stop_at, done: list[str] = seen_steps) -> None:
            if len(done) == at:
                raise Stop
            done.append(name)

        with pytest.raises(Stop):
            folder.publish(out, tables=NEW, texts={"report.json": {"n": 2}}, step=stop)
        assert len(seen(out)) == (0 if first and "point" not in seen_steps else 1)
        folder.publish(out, tables=NEW, texts={"report.json": {"n": 2}})
        assert seen(out) == {2}, "the next load completes"


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from leye.intake import load

def die(name):
    if name == sys.argv[1]:
        os.kill(os.getpid(), signal.SIGKILL)

root = Path(sys.argv[2])
load(root / "demo.yaml", [root / "y.csv"], root / "out", recorded_at=datetime(2025, 9, 1, tzinfo=UTC), step=die)
"""


@pytest.mark.parametrize("step", ["write history.parquet", "name the state", "link report.json", "point", "sweep"])
def test_kill_9_leaves_a_whole_state_and_the_next_load_completes(desk, step):
    head = "区县,月份,人数（人）,平均工资\n"
    desk.load(desk.file("x.csv", head + "和平区,2024-01,120,\n"))
    old = {name: (desk.out / name).read_bytes() for name in ("loaded.parquet", "report.json", "history.parquet")}
    desk.file("y.csv", head + "和平区,2024-01,999,\n沈河区,2024-01,1,\n")
    done = subprocess.run([sys.executable, "-c", KILLED, step, str(desk.root)], env={**os.environ}, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    now = {name: (desk.out / name).read_bytes() for name in old}
    if step == "sweep":
        assert desk.table("loaded").height == 2
    else:
        assert now == old
    report = desk.load(desk.root / "y.csv")
    assert report.total("rows_in") == 2 and desk.table("loaded").height == 2


def test_two_writers_do_not_meet(tmp_path):
    with folder.writing(tmp_path / "out"), pytest.raises(Conflict), folder.writing(tmp_path / "out"):
        pass


def test_old_states_are_swept_but_the_last(tmp_path):
    for n in range(5):
        folder.publish(tmp_path, tables=OLD, texts={"report.json": {"n": n}})
    assert sorted(p.name for p in (tmp_path / ".states").iterdir()) == ["4", "5"]
