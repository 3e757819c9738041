"""`leye trust verify` also holds the record of reads against the log."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests_support.city import clean_environment, leye

SEED = """
import django; django.setup()
from datetime import datetime, UTC
from leye.kernel.decision import Subject
from leye.office.accounts.models import User
from leye.office.privacy.reads import log_read
for i in range(3):
    log_read(User.objects.get(username="auditor"), Subject("person", f"P{i:08d}"), "decision_replay", ["zone"], datetime(2025, 9, 1, i, tzinfo=UTC))
"""


def run(code: str, data: Path) -> None:
    import subprocess
    import sys

    env = clean_environment(data) | {"DJANGO_SETTINGS_MODULE": "leye.office.settings"}
    subprocess.run([sys.executable, "-c", code], env=env, check=True, timeout=120)


def test_a_read_that_was_taken_out_is_named(tmp_path: Path) -> None:
    data = tmp_path / "d"
    leye("trust", "keys", "--data", str(data), data=data)
    run(SEED, data)
    assert json.loads(leye("trust", "verify", "--data", str(data), "--json", data=data).stdout)["ok"]
    with sqlite3.connect(data / "leye.sqlite3") as connection:
        connection.execute("DROP TRIGGER privacy_readaccess_no_delete")
        gone = connection.execute("SELECT leaf_index FROM privacy_readaccess ORDER BY at LIMIT 1 OFFSET 1").fetchone()[0]
        connection.execute("DELETE FROM privacy_readaccess WHERE leaf_index = ?", [gone])
    connection.close()
    done = leye("trust", "verify", "--data", str(data), "--json", data=data, check=False)
    said = json.loads(done.stdout)
    assert (done.returncode, said["first_bad"]["index"], said["first_bad"]["kind"]) == (1, gone, "read_row")
