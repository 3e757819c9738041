"""`leye match learn` and `leye match load-zhilian` as other programs call them: files, exit codes, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
import yaml
from typer.testing import CliRunner, Result

from leye.cli.match import app
from leye.kernel.errors import BadInput
from leye.match.learning import Gate, Learned, Verdict
from tests_support.outcomes import town


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(w) for w in words])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("learn")
    events, people, jobs = town()
    people.write_parquet(made / "people.parquet")
    jobs.write_parquet(made / "jobs.parquet")
    events.with_columns(pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%S+00:00")).write_csv(made / "events.csv")
    return made


def arguments(folder: Path, out: Path) -> list[str | Path]:
    return ["learn", folder / "events.csv", folder / "people.parquet", folder / "jobs.parquet", "--until", "2025-12-31", "--out", out,
            "--apply-days", "7", "--answer-days", "14"]  # fmt: skip


def test_a_failed_gate_exits_1_and_the_file_says_which(folder: Path, tmp_path: Path) -> None:
    ran = run(*arguments(folder, tmp_path / "w.yaml"), "--json")
    assert ran.exit_code == 1 and isinstance(ran.exception, SystemExit)
    said, written = json.loads(ran.stdout), yaml.safe_load((tmp_path / "w.yaml").read_text(encoding="utf-8"))
    assert said["verdict"] == written["verdict"] and not written["verdict"]["holds"]
    gate = next(g for g in written["verdict"]["gates"] if g["gate"] == "four_fifths")
    assert gate["figure"] is None and not gate["holds"] and gate["at_least"] == 0.8  # nobody said who belongs to which group
    assert written["learned"]["until"] == "2025-12-31" and written["learned"]["tables_dated"] is False


def test_gates_that_hold_exit_0(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = {"rows": {"fit": {"shown": 1}}, "tables_dated": False}
    held = Learned({"version": "x", "learned": facts}, Verdict((Gate("ranking", 0.02, 0.0, "least", "排序质量", "ranking"),)))
    monkeypatch.setattr("leye.match.learning.learn", lambda *_, **__: held)
    ran = run(*arguments(folder, tmp_path / "w.yaml"))
    assert ran.exit_code == 0 and "✓ ranking：排序质量 0.0200（要求 ≥ 0）" in ran.stdout and "可以采用" in ran.stdout and "as_of" in ran.stdout


def test_weights_are_written_to_yaml_only(folder: Path, tmp_path: Path) -> None:
    ran = run(*arguments(folder, tmp_path / "w.json"))
    assert isinstance(ran.exception, BadInput) and ran.exception.code == "E_FILE_TYPE"


def test_three_tables_become_files_that_the_other_commands_read(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "table1_user").write_text("user_id\tcur_degree_id\tbirthday\nu1\t本科\t30\n", encoding="utf-8")
    (source / "table2_jd").write_text("jd_no\tjd_title\tstart_date\nj1\t会计\t20190601\nj2\t出\t纳\t20190601\n", encoding="utf-8")
    (source / "table3_action").write_text("user_id\tjd_no\tbrowsed\tdelivered\tsatisfied\nu1\tj1\t1\t1\t0\n", encoding="utf-8")
    ran = run("load-zhilian", source, "--out", out, "--json")
    assert ran.exit_code == 0
    assert {n: (t["lines"], t["quarantined"]) for n, t in json.loads(ran.stdout)["tables"].items()} == {
        "table1_user": (1, 0), "table2_jd": (2, 1), "table3_action": (1, 0),
    }  # fmt: skip
    kept = [json.loads(line) for line in (out / "quarantine.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(k["file"], k["line"], k["why"]) for k in kept] == [("table2_jd", 3, "FIELDS")]
    assert pl.read_parquet(out / "events.parquet").select("person_id", "job_id").row(0) == ("u1", "j1")
    assert "age_band" not in pl.read_parquet(out / "people.parquet").columns
    ranked = run("rank", out / "people.parquet", out / "jobs.parquet", "--on", "2019-06-10", "--out", tmp_path / "m.parquet")
    assert ranked.exit_code == 0 and pl.read_parquet(tmp_path / "m.parquet").height == 1
    told = run("load-zhilian", source, "--out", out).stdout
    assert "table2_jd：2 行，读入 1，另放 1" in told and "没有的列：" in told
    missing = run("load-zhilian", tmp_path / "nowhere", "--out", out)
    assert isinstance(missing.exception, BadInput) and missing.exception.code == "E_FILE"
