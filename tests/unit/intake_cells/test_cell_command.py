"""`leye intake parse` as a process: lines in, JSON lines out, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

COMMAND = [sys.executable, "-c", "from leye.cli import main; main()", "intake", "parse"]


def run(*args: str, stdin: bytes) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "LEYE_NOW": "2025-08-31T08:00:00+08:00"}
    return subprocess.run([*COMMAND, *args], input=stdin, capture_output=True, check=False, env=env)


def test_one_object_a_line_in_order_blank_lines_included() -> None:
    done = run("number", "--json", stdin="\ufeff5.1%\r\n\n  \n五成\n4\u20285\n末行".encode())
    lines = [json.loads(line) for line in done.stdout.decode().split("\n")[:-1]]
    assert done.returncode == 0
    assert [line["raw"] for line in lines] == ["5.1%", "", "  ", "五成", "4\u20285", "末行"]
    assert [line["status"] for line in lines] == ["ok", "missing", "missing", "ok", "bad", "bad"]
    assert list(lines[0]) == ["raw", "status", "value", "candidates", "code", "notes"]


def test_context_options_reach_the_parser() -> None:
    done = run("region", "--home", "辽宁", "--period", "2023", stdin="和平区\n崇文区\n".encode())
    first, second = (json.loads(line) for line in done.stdout.decode().splitlines())
    assert first["value"]["code"] == "210102"
    assert (second["value"]["code"], second["code"]) == ("110101", "W_REGION_SUCCESSOR")


def test_a_birth_after_today_is_impossible() -> None:
    done = run("person_id", stdin=b"110101202509010010\n")
    assert json.loads(done.stdout)["code"] == "E_ID_DATE"


@pytest.mark.parametrize(
    ("args", "stdin", "says"),
    [
        (["wage"], b"5\n", "wage"),
        (["region", "--home", "不存在的地方"], b"5\n", "不存在的地方"),
        (["period", "--period", "某时"], b"5\n", "某时"),
        (["number"], "五成".encode("gb18030"), "E_ENC"),
    ],
    ids=["kind", "home", "period", "encoding"],
)
def test_bad_context_exits_2_with_a_sentence(args: list[str], stdin: bytes, says: str) -> None:
    done = run(*args, stdin=stdin)
    assert done.returncode == 2
    assert says in done.stderr.decode() and "Traceback" not in done.stderr.decode()
