"""`leye trust registry`, `card-lint`, `models`, `reproduce` as a terminal sees them: answers, exit codes, words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from leye.packs import open_pack
from tests_support.cards import CODE, card_text

COMMAND = [sys.executable, "-m", "leye", "trust"]


def leye(*words: str, mode: str = "demo", **more: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LEYE_", "DJANGO_"))} | {"LEYE_MODE": mode} | more
    return subprocess.run([*COMMAND, *words], capture_output=True, text=True, env=environment, check=False)


def test_an_empty_folder_in_demo_mode_holds_the_products_cards_running(tmp_path: Path) -> None:
    done = leye("registry", "--data", str(tmp_path), "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert {r["algo"] for r in rows} == {f.stem for f in open_pack("algorithms").glob("*.yaml")}
    for row in rows:
        assert row["state"] == "running"
        for name in ("purposes", "features", "reason_codes"):
            assert row[name] and all(isinstance(entry, str) for entry in row[name])
    again = leye("registry", "--data", str(tmp_path), "--json")
    assert json.loads(again.stdout) == rows, "asking changes nothing"
    assert leye("verify", "--data", str(tmp_path)).returncode == 0, "every signature and step has its leaf"


def test_in_production_they_start_as_drafts(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    done = leye(
        "registry", "--data", str(tmp_path / "data"), "--json",
        mode="production", LEYE_SECRET_KEY="x" * 60, LEYE_ALLOWED_HOSTS="leye.example", LEYE_KEYS=str(keys),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {r["state"] for r in json.loads(done.stdout)} == {"draft"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rank.py").write_text(CODE, encoding="utf-8")
    return tmp_path


def lint(folder: Path, *words: str, **changes: object) -> subprocess.CompletedProcess[str]:
    (folder / "card.yaml").write_text(card_text(**changes), encoding="utf-8")
    return leye("card-lint", str(folder / "card.yaml"), *words)


def test_a_sound_card_passes_and_shows_its_fingerprint(folder: Path) -> None:
    done = lint(folder, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["findings"] == [] and len(told["identity"]) == 64
    assert told["identity"] in lint(folder).stdout


def test_findings_come_with_file_line_and_remedy_and_exit_one(folder: Path) -> None:
    gait = {"name": "gait", "zh": "步态", "en": "gait", "personal": True, "why": {"zh": "看着走路稳", "en": "walks well"}}
    done = lint(folder, features=[gait])
    assert done.returncode == 1
    lines = (folder / "card.yaml").read_text(encoding="utf-8").splitlines()
    number = next(i for i, line in enumerate(lines, 1) if "name: gait" in line)
    assert f"card.yaml:{number} E_CARD_BANNED" in done.stdout and f"card.yaml:{number} E_CARD_UNUSED" in done.stdout
    assert "E_CARD_LINT" in done.stderr and "删掉" in done.stderr
    told = json.loads(lint(folder, "--json", features=[gait]).stdout)
    assert {f["code"] for f in told["findings"]} == {"E_CARD_BANNED", "E_CARD_UNUSED"} and told["findings"][0]["line"] == number


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"algo: *x", "alias"), (b"\xff\xfe", "no UTF-8"), (b"", "empty"), (b"algo: a\nalgo: b", "twice"), (b"[" * 9000, "deep")],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_what_is_no_card_exits_two_without_a_traceback(content: bytes, why: str, folder: Path) -> None:
    (folder / "card.yaml").write_bytes(content)
    done = leye("card-lint", str(folder / "card.yaml"))
    assert done.returncode == 2 and done.stderr.startswith("E_CARD") and "Traceback" not in done.stderr


def test_a_file_that_is_not_there_exits_two(folder: Path) -> None:
    assert leye("card-lint", str(folder / "nix.yaml")).returncode == 2


def test_code_in_another_folder(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert "E_CARD_NO_CODE" in lint(folder, "--code", str(elsewhere)).stdout


def test_models_before_a_nightly_and_a_run_that_is_not_there(tmp_path: Path) -> None:
    assert "还没有训练过模型" in leye("models", "--data", str(tmp_path)).stdout
    assert json.loads(leye("models", "--data", str(tmp_path), "--json").stdout) == []
    done = leye("reproduce", "20250101T000000-00000000", "watch.scan", "--data", str(tmp_path))
    assert done.returncode == 2 and done.stderr.startswith("E_NOT_FOUND")
    assert leye("reproduce", "x", "watch.advice", "--data", str(tmp_path)).returncode == 2
