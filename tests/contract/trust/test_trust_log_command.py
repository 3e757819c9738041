"""`leye trust verify, witness, keys, checkpoint, prove, check-proof, check-vectors` as other programs call them, over a folder filled by the gate."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from leye.trust.checkpoints import read_checkpoint, sign_checkpoint
from tests_support.trust_log import OTHER

COUNT = 40
NOW = "2025-09-01T09:00:00+08:00"


def leye(*words: object, now: str = NOW, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LEYE_", "DJANGO_"))}
    command = [sys.executable, "-m", "leye", "trust", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**clean, "LEYE_NOW": now, **env})


def decision(number: int) -> dict[str, Any]:
    return {
        "algo": "platform.dispatch", "version": "2025.8", "subject": f"W{number:08d}", "purpose": "dispatch", "outcome": "offered", "score": -61.0,
        "explanation": ["nearest"], "features": ["distance_m"], "inputs": {"distance_m": 320 + number}, "at": NOW,
    }  # fmt: skip


def seal(folder: Path, start: int, count: int, **env: str) -> list[dict[str, Any]]:
    file = folder.parent / "decisions.jsonl"
    file.write_text("".join(json.dumps(decision(n)) + "\n" for n in range(start, start + count)))
    done = leye("seal", file, "--data", folder, **env)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"decision_id"')]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, standing_data: Path) -> tuple[Path, list[dict[str, Any]]]:
    """A folder and what was sealed in it. Do not write into it: copy it."""
    folder = Path(shutil.copytree(standing_data, tmp_path_factory.mktemp("made") / "data"))
    return folder, seal(folder, 0, COUNT)


@pytest.fixture
def data(made: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> Path:
    shutil.copytree(made[0], tmp_path / "data")
    return tmp_path / "data"


def verify(folder: Path, *words: object, **env: str) -> tuple[int, dict[str, Any]]:
    done = leye("verify", "--data", folder, "--json", *words, **env)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


def attack(folder: Path, *statements: str) -> None:
    connection = sqlite3.connect(folder / "leye.sqlite3", isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_a_whole_folder_passes_and_says_so(data: Path):
    status, said = verify(data)
    assert status == 0
    assert set(said) >= {"ok", "size", "root", "checkpoints", "first_bad"}
    assert said["ok"] is True and said["first_bad"] is None and said["size"] >= COUNT
    words = leye("verify", "--data", data).stdout
    assert "留痕完好" in words and "--witness" in words


def test_receipts_of_decisions_are_proved_and_checked(data: Path, made: Any, tmp_path: Path):
    keys = tmp_path / "log.vkey"
    keys.write_text(leye("keys", "--data", data).stdout)
    sealed = made[1][7]
    for name in (sealed["decision_id"], sealed["leaf_index"]):
        receipt = tmp_path / f"{name}.tlog-proof"
        done = leye("prove", name, "--data", data, "--out", receipt)
        assert done.returncode == 0, done.stderr
        opening = Path(f"{receipt}.opening.json")
        assert opening.stat().st_mode & 0o777 == 0o600
        checked = leye("check-proof", receipt, "--keys", keys, "--opening", opening, "--json")
        assert checked.returncode == 0, checked.stderr
        said = json.loads(checked.stdout)
        assert said["index"] == sealed["leaf_index"] and said["opened"]["subject"] == "W00000007" and said["opened"]["distance_m"] == 327
        assert "W00000007" not in receipt.read_text() and "W00000007" not in said["record"]
    assert leye("check-proof", receipt, LEYE_DATA=str(data)).returncode == 0, "the installation's own keys are pinned"
    assert leye("check-proof", receipt, LEYE_DATA=str(tmp_path)).returncode == 2, "no key at all"
    other = tmp_path / "other.vkey"
    other.write_text(OTHER.verifier.text())
    assert leye("check-proof", receipt, "--keys", other).returncode == 1
    changed = json.loads(opening.read_text())
    changed["fields"]["distance_m"]["value"] = 1
    opening.write_text(json.dumps(changed))
    assert leye("check-proof", receipt, "--keys", keys, "--opening", opening).returncode == 1
    opening.write_text("{}")
    assert leye("check-proof", receipt, "--keys", keys, "--opening", opening).returncode == 2
    assert leye("prove", "no-id", "--data", data, "--out", tmp_path / "x").returncode == 2
    assert not (tmp_path / "x").exists()


ATTACKS = [
    ("UPDATE trust_leaf SET record = CAST(replace(CAST(record AS TEXT), 'offered', 'refused') AS BLOB) WHERE idx = {i}", 0, "changed"),
    ("DELETE FROM trust_leaf WHERE idx = {i}", 0, "missing"),
    ("UPDATE decisions_decision SET outcome = 'withheld' WHERE leaf_index = {i}", 0, "decision_row"),
    ("DELETE FROM decisions_decision WHERE leaf_index = {i}", 0, "decision_row"),
    ("UPDATE trust_tile SET hashes = substr(hashes, 1, {i} * 32) WHERE level = 0", 0, "tile"),
]


@pytest.mark.parametrize(("statement", "shift", "kind"), ATTACKS, ids=[f"{a[2]} {n}" for n, a in enumerate(ATTACKS)])
def test_tampering_is_named(data: Path, made: Any, statement: str, shift: int, kind: str):
    index = made[1][5]["leaf_index"]
    attack(data, "PRAGMA foreign_keys=OFF", statement.format(i=index))
    status, said = verify(data)
    assert (status, said["ok"], said["first_bad"]["index"], said["first_bad"]["kind"]) == (1, False, index + shift, kind)


def test_notes_kept_elsewhere(data: Path, tmp_path: Path):
    note = tmp_path / "court.txt"
    note.write_text(leye("checkpoint", "--data", data).stdout)
    assert verify(data, "--witness", note)[0] == 0
    seal(data, 100, 3)
    assert verify(data, "--witness", note, "--witness", note)[0] == 0


def test_a_folder_put_back_whole_is_caught_by_the_note_alone(data: Path, tmp_path: Path):
    shutil.copytree(data, tmp_path / "before")
    seal(data, 100, 3)
    note = tmp_path / "union.txt"
    note.write_text(leye("checkpoint", "--data", data).stdout)
    size = verify(tmp_path / "before")[1]["size"]
    status, said = verify(tmp_path / "before", "--witness", note)
    assert (status, said["first_bad"]["kind"], said["first_bad"]["index"]) == (1, "rolled_back", size)
    shutil.copy(data / "checkpoints" / "log.txt", tmp_path / "before" / "checkpoints" / "log.txt")
    status, said = verify(tmp_path / "before")
    assert (status, said["first_bad"]["kind"], said["first_bad"]["index"]) == (1, "rolled_back", size)


def test_notes_that_are_none(data: Path, tmp_path: Path):
    head = read_checkpoint(leye("checkpoint", "--data", data).stdout)
    files = {"false": sign_checkpoint(head, [OTHER]), "unsigned": head.body() + "\n", "garbage": "garbage", "empty": ""}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert verify(data, "--witness", tmp_path / "false")[0] == 1
    assert verify(data, "--witness", tmp_path / "unsigned")[0] == 1
    for name in ("garbage", "empty", "absent"):
        assert leye("verify", "--data", data, "--json", "--witness", tmp_path / name).returncode == 2


def test_what_is_no_log(tmp_path: Path):
    done = leye("verify", "--data", tmp_path / "nowhere", "--json")
    assert done.returncode == 2 and not (tmp_path / "nowhere").exists()
    (tmp_path / "garbage").mkdir()
    (tmp_path / "garbage" / "leye.sqlite3").write_bytes(b"no database at all, but long enough to look at" * 100)
    (tmp_path / "empty").mkdir()
    sqlite3.connect(tmp_path / "empty" / "leye.sqlite3").execute("CREATE TABLE x (y)").connection.close()
    for name in ("garbage", "empty"):
        done = leye("verify", "--data", tmp_path / name, "--json")
        assert done.returncode == 2, name
        assert "Traceback" not in done.stderr and json.loads(done.stdout)["error"]["code"] == "E_NO_LOG"


def test_a_witness_follows_growth_and_refuses_the_rest(data: Path, tmp_path: Path, made: Any):
    key, keys = tmp_path / "union.key", tmp_path / "keys"
    first = leye("witness", "--key", key, "--data", data, "--name", "union.test/w")
    assert first.returncode == 0, first.stderr
    assert first.stdout.count("\n— ") == 2 and "— union.test/w " in first.stdout
    assert key.stat().st_mode & 0o777 == 0o600
    keys.write_text(leye("keys", "--data", data).stdout + first.stderr)
    receipt = tmp_path / "r.tlog-proof"
    assert leye("prove", made[1][0]["leaf_index"], "--data", data, "--out", receipt).returncode == 0
    assert "— union.test/w " in receipt.read_text()
    assert leye("check-proof", receipt, "--keys", keys).returncode == 0
    assert leye("witness", "--key", key, "--data", data).stdout == first.stdout, "one cosignature of a head is enough"
    shutil.copytree(data, tmp_path / "before")
    seal(data, 100, 3)
    assert leye("witness", "--key", key, "--data", data, now="2025-09-01T08:59:00+08:00").returncode == 1, "a clock that went backwards"
    assert leye("witness", "--key", key, "--data", data).returncode == 0
    assert leye("witness", "--key", key, "--data", tmp_path / "before").returncode == 1, "rolled back"
    seal(tmp_path / "before", 200, 3)
    assert leye("witness", "--key", key, "--data", tmp_path / "before").returncode == 1, "forked at equal size"
    seal(tmp_path / "before", 300, 3)
    assert leye("witness", "--key", key, "--data", tmp_path / "before").returncode == 1, "a fork that grew on"
    assert verify(data)[0] == 0
    key.chmod(0o644)
    assert leye("witness", "--key", key, "--data", data).returncode == 2, "a key that others may read"


def test_vectors_from_a_file(tmp_path: Path):
    good = {"id": "a", "kind": "consistency", "size1": 2, "size2": 2, "root1": "", "root2": "", "proof": [], "want_error": False, "desc": ""}
    file = tmp_path / "v.jsonl"
    file.write_text(json.dumps(good) + "\n")
    done = leye("check-vectors", file)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"total": 1, "agree": 1, "disagree": [], "unsupported": []})
    file.write_text(json.dumps({**good, "want_error": True}) + "\n")
    done = leye("check-vectors", file)
    assert (done.returncode, json.loads(done.stdout)["disagree"]) == (1, ["a"])
    file.write_text(json.dumps(good) + "\nnonsense\n")
    done = leye("check-vectors", file)
    assert done.returncode == 2 and "第 2 行" in done.stderr and not done.stdout
    assert leye("check-vectors", tmp_path / "absent.jsonl").returncode == 2
    assert leye("check-vectors", tmp_path).returncode == 2


@pytest.mark.postgres
def test_the_same_on_postgresql(postgres_url: str, tmp_path: Path):
    """Sealed, verified, cosigned, proved; then a row is edited past the guards."""
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("CREATE DATABASE trust_command")
    url = postgres_url.replace("/postgres?", "/trust_command?")
    env, data = {"LEYE_DATABASE_URL": url}, tmp_path / "data"
    assert leye("registry", "--data", data, "--json", **env).returncode == 0
    sealed = seal(data, 0, 5, **env)
    assert verify(data, **env)[0] == 0
    assert leye("witness", "--key", tmp_path / "w.key", "--data", data, **env).returncode == 0
    receipt = tmp_path / "r.tlog-proof"
    assert leye("prove", sealed[2]["decision_id"], "--data", data, "--out", receipt, **env).returncode == 0
    assert leye("check-proof", receipt, LEYE_DATA=str(data)).returncode == 0
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("ALTER TABLE trust_leaf DISABLE TRIGGER USER")
        server.execute("UPDATE trust_leaf SET record = %s WHERE idx = %s", (b"{}", sealed[2]["leaf_index"]))
    status, said = verify(data, **env)
    assert (status, said["first_bad"]["index"], said["first_bad"]["kind"]) == (1, sealed[2]["leaf_index"], "changed")
