"""`leye demo` as a person and as a program meet it."""

import json

import pytest
import typer
from typer.testing import CliRunner

from leye.cli.demo import demo
from leye.kernel.errors import BadInput

app = typer.Typer(pretty_exceptions_enable=False)
app.command()(demo)
runner = CliRunner()
SMALL = ["--people", "500", "--seed", "3", "--no-inbox"]


def test_json_is_the_manifest_and_nothing_else(tmp_path):
    done = runner.invoke(app, [*SMALL, "--out", str(tmp_path / "c"), "--json", "--on", "2025-06-15"])
    assert done.exit_code == 0
    said = json.loads(done.stdout)
    assert said == {"out": str(tmp_path / "c"), **json.loads((tmp_path / "c" / "city" / "manifest.json").read_text(encoding="utf-8"))}
    assert said["on"] == "2025-06-15"
    assert not (tmp_path / "c" / "inbox").exists()


def test_words_name_the_folder_the_answers_and_the_next_step(tmp_path):
    done = runner.invoke(app, [*SMALL, "--out", str(tmp_path / "c")])
    assert done.exit_code == 0
    for word in ("合成城市", str(tmp_path / "c"), "plants.json", "leye run nightly"):
        assert word in done.stdout


def test_another_city_is_refused_before_anything_is_made(tmp_path, monkeypatch):
    assert runner.invoke(app, [*SMALL, "--out", str(tmp_path)]).exit_code == 0
    monkeypatch.setattr("leye.city.build.build_city", lambda *a, **k: pytest.fail("built in vain"))
    refused = runner.invoke(app, ["--people", "501", "--seed", "3", "--no-inbox", "--out", str(tmp_path)])
    assert isinstance(refused.exception, BadInput)
    assert refused.exception.code == "E_CITY_EXISTS"


def test_force_takes_the_folder(tmp_path):
    runner.invoke(app, [*SMALL, "--out", str(tmp_path)])
    done = runner.invoke(app, ["--people", "600", "--seed", "3", "--no-inbox", "--force", "--json", "--out", str(tmp_path)])
    assert json.loads(done.stdout)["people"] == 600


def test_a_day_that_is_no_day_is_bad_input(tmp_path):
    refused = runner.invoke(app, [*SMALL, "--out", str(tmp_path), "--on", "2025-13-01"])
    assert isinstance(refused.exception, BadInput)
    assert "YYYY-MM-DD" in refused.exception.remedy_zh
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_the_setting_is_the_default(tmp_path, monkeypatch):
    monkeypatch.setenv("LEYE_DATA", str(tmp_path / "set"))
    assert runner.invoke(app, SMALL).exit_code == 0
    assert (tmp_path / "set" / "city" / "manifest.json").exists()
