"""`leye trust seal` as other programs use it: all or nothing, exit codes, the line that is wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests_support.city import clean_environment, leye

SOUND: dict[str, Any] = {
    "algo": "platform.dispatch", "version": "2025.8", "subject": "P00000012", "purpose": "dispatch", "outcome": "offered", "score": 0.7,
    "explanation": ["nearest"], "features": ["zone", "hour"], "inputs": {"zone": "440605-01", "hour": 9, "more": [1, None]},
    "at": "2025-09-01T09:00:00+08:00",
}  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, standing_data: Path) -> Path:
    """A folder whose register stands; tests add to its log."""
    return Path(shutil.copytree(standing_data, tmp_path_factory.mktemp("seal") / "data"))


def written(tmp_path: Path, *lines: Any) -> Path:
    file = tmp_path / "decisions.jsonl"
    file.write_text("".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines), encoding="utf-8")
    return file


def size(data: Path) -> int:
    return int(json.loads(leye("trust", "verify", "--json", data=data).stdout)["size"])


def test_one_json_line_for_each_in_order_under_a_signed_head(data: Path, tmp_path: Path) -> None:
    before = size(data)
    earlier = SOUND | {"at": "2024-01-01T00:00:00", "subject": "F00000003", "score": None}
    done = leye("trust", "seal", str(written(tmp_path, SOUND, "", earlier)), data=data)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, [t["leaf_index"] for t in told]) == (0, [before, before + 1])
    assert all(set(t) == {"decision_id", "leaf_index"} for t in told)
    assert json.loads(leye("trust", "verify", "--json", data=data).stdout) | {"root": "", "checkpoints": 0} == {
        "ok": True, "size": before + 2, "root": "", "checkpoints": 0, "first_bad": None,
    }  # fmt: skip


def test_exit_codes_tell_a_refusal_from_a_broken_line(data: Path, tmp_path: Path) -> None:
    before = size(data)
    refused = leye("trust", "seal", str(written(tmp_path, SOUND, SOUND | {"explanation": []})), data=data, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "E_GATE_REASON" in refused.stderr and "第 2 行" in refused.stderr
    broken = leye("trust", "seal", str(written(tmp_path, SOUND, "{")), data=data, check=False)
    assert (broken.returncode, broken.stdout) == (2, "")
    assert broken.stderr.startswith("E_DECISION") and "Traceback" not in broken.stderr
    assert leye("trust", "seal", str(tmp_path / "none.jsonl"), data=data, check=False).returncode == 2
    assert size(data) == before


def test_killed_at_any_moment_it_has_sealed_all_or_nothing(tmp_path: Path, standing_data: Path) -> None:
    folder = Path(shutil.copytree(standing_data, tmp_path / "data"))
    before, n = size(folder), 3_000
    file = written(tmp_path, *[SOUND] * n)
    command = [sys.executable, "-c", "from leye.cli import main; main()", "trust", "seal", str(file)]
    seen = set()
    for wait_s in (0.9, 1.3, 1.7, 2.2):
        running = subprocess.Popen(command, env=clean_environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait_s)
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        found = json.loads(leye("trust", "verify", "--json", data=folder).stdout)
        assert found["ok"], found
        assert (found["size"] - before) % n == 0
        seen.add(found["size"])
        before = found["size"]
    assert seen


def test_a_changed_row_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    leye("trust", "seal", str(written(tmp_path, SOUND, SOUND)), data=folder)
    with sqlite3.connect(folder / "leye.sqlite3") as db:
        db.execute("UPDATE decisions_decision SET outcome = 'withheld' WHERE leaf_index = (SELECT max(leaf_index) FROM decisions_decision)")
    db.close()
    done = leye("trust", "verify", "--json", data=folder, check=False)
    bad = json.loads(done.stdout)["first_bad"]
    assert (done.returncode, bad["kind"]) == (1, "decision_row")
    assert bad["index"] == size_of(folder) - 1


def size_of(folder: Path) -> int:
    with sqlite3.connect(folder / "leye.sqlite3") as db:
        return int(db.execute("SELECT count(*) FROM trust_leaf").fetchone()[0])
