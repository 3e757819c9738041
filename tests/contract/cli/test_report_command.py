"""`leye report`: a bulletin as a file, its numbers as a table, and the check that finds a figure changed by hand."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests_support.city import leye


@pytest.fixture
def data(city_data: Path, tmp_path: Path) -> Path:
    """A copy of the published city that a test may write into."""
    return Path(shutil.copytree(city_data, tmp_path / "city", symlinks=True))


def test_text_and_numbers_into_files(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = json.loads(leye("report", "weekly", "--data", str(data), "--out", str(out / "w.csv"), "--json", data=data).stdout)
    assert (told["kind"], told["starts"], told["ends"], told["sections"]) == ("weekly", "2025-08-25", "2025-08-31", 11)
    lines = (out / "w.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == told["numbers"] + 1 > 250
    leye("report", "quarterly", "--data", str(data), "--out", str(out / "q.html"), "--lang", "en", "--site", "http://leye.example", data=data)
    page = (out / "q.html").read_text(encoding="utf-8")
    assert "Quarterly Employment Report" in page and 'href="http://leye.example/series/' in page and "<svg" in page
    again = leye(
        "report", "quarterly", "--data", str(data), "--out", str(out / "q2.html"), "--lang", "en", "--site", "http://leye.example", data=data
    )
    assert again.returncode == 0 and (out / "q2.html").read_bytes() == (out / "q.html").read_bytes(), "equal input, equal bytes"


@pytest.mark.parametrize(("args", "said"), [(("--out", "w.xls"), "写不了"), (("--out", "w.docx", "--lang", "fr"), "没有语言")])
def test_what_it_cannot_write_is_refused(data: Path, args: tuple[str, ...], said: str) -> None:
    done = leye("report", "weekly", "--data", str(data), *args, data=data, check=False)
    assert done.returncode == 2 and said in done.stderr


def test_before_the_first_run_there_is_nothing_to_write_about(tmp_path: Path) -> None:
    done = leye("report", "weekly", "--data", str(tmp_path), "--out", str(tmp_path / "w.docx"), data=tmp_path, check=False)
    assert done.returncode == 2 and "先运行 leye run nightly" in done.stderr and not (tmp_path / "w.docx").exists()


def test_the_nightly_drafted_the_weekly_and_a_changed_figure_is_found(data: Path) -> None:
    """The demo city's today is a Sunday."""
    kept = json.loads(leye("report", "check", "--data", str(data), "--json", data=data).stdout)["issues"]
    assert [(i["kind"], i["number"], i["state"], i["faults"]) for i in kept] == [("weekly", 1, "draft", 0)]
    with sqlite3.connect(data / "leye.sqlite3") as db:
        (body,) = db.execute("SELECT body FROM reports_issue").fetchone()
        told = json.loads(body)
        table = next(b for part in told["zh"]["sections"] for b in part["blocks"] if b["is"] == "table")
        table["rows"][0][2]["text"] += "9"
        db.execute("UPDATE reports_issue SET body = ?", [json.dumps(told)])
    db.close()
    done = leye("report", "check", "--data", str(data), data=data, check=False)
    assert done.returncode == 1 and "对不上" in done.stdout
