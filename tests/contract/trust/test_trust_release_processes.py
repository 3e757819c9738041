"""The privacy budget under processes that ask at once, that die in the middle, and that start anew; on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests_support import release_worker
from tests_support.city import clean_environment, leye
from tests_support.releases import write_people

pytest.importorskip("opendp", reason="the extra `privacy` is not installed")

COMMON = "region+sex"
QUESTIONS = [
    [f"{by}|{where}" for by in ("sex", "region", "age_band") for where in (f"hukou_type={kind}", f"employment_status={status}")]
    for kind, status in (("urban", "employed"), ("rural", "unemployed"), ("unknown", "flexible"))
]
"""Six questions of each of three processes, none asked twice."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def env(request: pytest.FixtureRequest, tmp_path: Path, standing_data: Path) -> dict[str, str]:
    """The environment of a fresh installation with 400 people."""
    data = Path(shutil.copytree(standing_data, tmp_path / "data")) if request.param == "sqlite" else tmp_path / "data"
    write_people(data)
    made = clean_environment(data)
    if request.param == "postgresql":
        import psycopg

        url = request.getfixturevalue("postgres_url")
        name = f"releases_{abs(hash(tmp_path)) % 10**9}"
        with psycopg.connect(url.replace("postgres://", "postgresql://"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        made |= {"LEYE_DATABASE_URL": url.replace("/postgres?", f"/{name}?")}
    return made


@pytest.fixture
def start(env: dict[str, str]) -> Callable[..., subprocess.Popen[str]]:
    """`start(0.2, "sex")` starts a process that asks."""

    def run(epsilon: float, *questions: str) -> subprocess.Popen[str]:
        command = [sys.executable, release_worker.__file__, env["LEYE_DATA"], str(epsilon), *questions]
        return subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    return run


def said(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err[-2000:]
    return [json.loads(line) for line in out.splitlines()]


def budget(env: dict[str, str]) -> dict[str, Any]:
    """As a new process sees it."""
    more = {name: env[name] for name in ("LEYE_DATABASE_URL",) if name in env} | {"LEYE_NOW": "2025-09-01T09:00:00+08:00"}
    done = leye("trust", "budget", "--json", data=Path(env["LEYE_DATA"]), **more)
    return dict(json.loads(done.stdout)[0])


def test_processes_at_once_spend_the_budget_once_and_not_more(env: dict[str, str], start: Callable[..., Any]) -> None:
    assert said(start(0.2, "hukou_local"))[0]["charged"]  # tables are made, 0.2 of 2 is spent
    workers = [start(0.2, "WAIT", COMMON, *own) for own in QUESTIONS]
    assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * 3
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    answers = [said(worker) for worker in workers]

    common = [answer[0] for answer in answers]
    assert len({c["id"] for c in common}) == 1 and sum(c["charged"] for c in common) == 1
    assert len({json.dumps(c["cells"]) for c in common}) == 1
    rest = [one for answer in answers for one in answer[1:]]
    assert sum(one.get("charged", False) for one in rest) == 8, "2 = 0.2 + 0.2 + 8 * 0.2"
    assert sum(one.get("code") == "E_BUDGET" for one in rest) == 18 - 8
    assert budget(env) == {"dataset": "people", "year": 2025, "total": 2.0, "spent": 2.0, "left": 0.0, "releases": 10, "agrees": True}


def test_a_restart_gives_nothing_back_and_asks_no_price_again(env: dict[str, str], start: Callable[..., Any]) -> None:
    first = said(start(1.5, COMMON))[0]
    again, refused = said(start(1.5, COMMON, "age_band"))
    assert (again["id"], again["charged"], again["cells"], refused) == (first["id"], False, first["cells"], {"code": "E_BUDGET"})
    assert budget(env)["left"] == 0.5


def test_a_kill_in_the_middle_neither_charges_nor_releases(env: dict[str, str], start: Callable[..., Any]) -> None:
    assert said(start(0.5, "sex"))[0]["charged"]
    dying = start(0.5, "DIE", COMMON)
    out, _ = dying.communicate(timeout=120)
    assert (dying.returncode, out) == (-signal.SIGKILL, "")
    assert {name: budget(env)[name] for name in ("spent", "releases", "agrees")} == {"spent": 0.5, "releases": 1, "agrees": True}
    assert said(start(0.5, COMMON))[0]["charged"]
    assert budget(env)["spent"] == 1.0
