"""`leye up` as other programs see it: one JSON line when the first page is served, one address, and nothing left over."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from leye.office.accounts.roles import Role
from tests_support.city import clean_environment, leye


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(data: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], dict[str, object]]]:
    """`leye up --json` until it printed its line."""
    command = [sys.executable, "-m", "leye", "up", "--port", str(port), "--data", str(data), "--json"]
    with subprocess.Popen(command, env=clean_environment(data), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as up:
        try:
            assert up.stdout is not None
            yield up, json.loads(up.stdout.readline())
        finally:
            up.kill()


def is_gone(pids: list[int], within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not any(Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2] for pid in pids):
            return True
        time.sleep(0.1)
    return False


def children_of(pid: int) -> list[int]:
    direct = [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return direct + [grandchild for child in direct for grandchild in children_of(child)]


@pytest.fixture
def data(city_data: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(city_data, tmp_path / "city", symlinks=True))


def test_one_line_one_address_nine_logins_and_a_clean_end(data: Path) -> None:
    port = free_port()
    with serving(data, port) as (up, said):
        assert said["url"] == f"http://127.0.0.1:{port}"
        logins = said["logins"]
        assert isinstance(logins, list)
        assert [x["role"] for x in logins] == list(Role.values)
        for path, expected in (("/", b"<h1"), ("/healthz", b"ok"), ("/api/public/indicators", b"postings")):
            with urllib.request.urlopen(f"{said['url']}{path}", timeout=10) as answer:
                assert expected in answer.read()
        pids = children_of(up.pid)
        assert len(pids) >= 3, "server, its worker, and the jobs' worker"
        up.send_signal(signal.SIGTERM)
        assert up.wait(6) == 0
        assert is_gone(pids, 1.0)


def test_killed_hard_it_leaves_nothing_behind(data: Path) -> None:
    with serving(data, free_port()) as (up, _):
        pids = children_of(up.pid)
        up.send_signal(signal.SIGKILL)
        up.wait(5)
        assert is_gone(pids, 8.0)


def test_a_taken_port_is_said_at_once_and_nothing_is_made(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = leye("up", "--port", str(other.getsockname()[1]), "--data", str(tmp_path / "d"), "--json", data=tmp_path / "d", check=False)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "E_PORT"
    assert not (tmp_path / "d").exists()


def test_doctor_is_content_with_a_fresh_install_and_makes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    found = json.loads(leye("doctor", "--json", data=folder).stdout)
    assert {f["name"]: f["state"] for f in found["findings"]}["data"] == "later"
    assert not folder.exists()
    away = leye("doctor", data=folder, check=False, LEYE_SECRET_KEY="very-secret", LEYE_DATABASE_URL="postgres://u:pass-word@nix.invalid/x")
    shown = away.stdout
    assert away.returncode == 1, "a database that does not answer is a failed check"
    assert "very-secret" not in shown and "pass-word" not in shown
    assert "postgres://u:…@nix.invalid/x" in shown


def test_bench_lists_and_refuses() -> None:
    here = Path(os.devnull)
    assert "forecast_us_employment" in leye("bench", data=here).stdout
    done = leye("bench", "nix", data=here, check=False)
    assert (done.returncode, "E_NOT_FOUND" in done.stderr) == (2, True)
