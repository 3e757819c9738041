"""Bad input to the matching commands, each case by its name: exit 2 with a code and a place, or a notice; never a traceback, never silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leye.cli.match import app
from leye.kernel.errors import LeyeError

PEOPLE = "person_id,target_codes,skills,cities\n"
JOBS = "job_id,occupation_code,skills_required,city,pay_min_fen,pay_max_fen,pay_period,closes_on\n"
PERSON = PEOPLE + "p,2060103,会计,330100\n"
JOB = JOBS + "j,2060103,会计,330100,500000,600000,month,2027-01-01\n"
EDGE = "person_id,job_id,p_person,p_employer\np,j,0.5,0.5\n"


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    return folder / name


def refused(*words: str | Path) -> LeyeError:
    done = CliRunner().invoke(app, list(map(str, words)))
    assert isinstance(done.exception, LeyeError), (done.output, done.exception)
    assert done.exception.zh and done.exception.en
    return done.exception


RANK_REFUSED = [
    (PERSON.replace("skills", "skills,skills", 1).replace("会计", "会计,焊工"), JOB, "E_COLUMN_TWICE", "two columns of one name"),
    (PEOPLE + "p,2060103,会计,330100,x\n", JOB, "E_FILE_UNREADABLE", "more cells than columns"),
    (PEOPLE + "\np,2060103,会计,330100\n", JOB, "E_RANK_ID", "a blank line between rows"),
    (PEOPLE + "p,会计,会计,330100\n", JOB, "E_RANK_VALUE", "a title in place of a code"),
    (PERSON, JOB.replace("2027-01-01", "2027/1/5"), "E_RANK_VALUE", "a date written another way"),
    (PERSON, JOB.replace("600000", "6000元"), "E_RANK_VALUE", "a sum with its unit"),
    ("", JOB, "E_FILE_UNREADABLE", "an empty file"),
]


@pytest.mark.parametrize(("people", "jobs", "code", "why"), RANK_REFUSED, ids=[r[-1] for r in RANK_REFUSED])
def test_rank_refuses_by_name(tmp_path, people, jobs, code, why) -> None:
    found = refused("rank", write(tmp_path, "p.csv", people), write(tmp_path, "j.csv", jobs), "--on", "2026-11-01", "--out", tmp_path / "o.csv")
    assert found.code == code
    assert not (tmp_path / "o.csv").exists()


def test_a_refused_date_shows_how_dates_are_written(tmp_path) -> None:
    jobs = write(tmp_path, "j.csv", JOB.replace("2027-01-01", "2027/1/5"))
    found = refused("rank", write(tmp_path, "p.csv", PERSON), jobs, "--on", "2026-11-01", "--out", tmp_path / "o.csv")
    assert "2027-01-31" in str(found) and found.places[0].row == 2 and found.places[0].column == "closes_on"


SAME = [
    (PERSON.replace("target_codes", " target_codes "), "blanks around a name"),
    (PERSON + "\n,,,\n", "blank lines at the end"),
    ("\ufeff" + PERSON.replace("\n", "\r\n"), "a byte order mark and CRLF"),
    (PERSON.replace("2060103", "２-０６-０１-０３"), "full-width digits"),
]


@pytest.mark.parametrize(("people", "why"), SAME, ids=[s[-1] for s in SAME])
def test_what_is_meant_is_read(tmp_path, people, why) -> None:
    jobs, lists = write(tmp_path, "j.csv", JOB), []
    for name, text in (("plain", PERSON), ("odd", people)):
        words = ["rank", write(tmp_path, f"{name}.csv", text), jobs, "--on", "2026-11-01", "--out", tmp_path / f"{name}o.csv"]
        done = CliRunner().invoke(app, list(map(str, words)))
        assert done.exit_code == 0, done.exception
        lists.append((tmp_path / f"{name}o.csv").read_bytes())
    assert lists[0] == lists[1] and len(lists[0].splitlines()) == 2


def test_pay_of_nothing_too_much_or_upside_down_is_named(tmp_path) -> None:
    pays = {"a": "0,0,month", "b": "99999900,99999900,month", "c": "900000,100000,month", "d": "500000,,month", "e": ",,"}
    jobs = write(tmp_path, "j.csv", JOBS + "".join(f"{job},,,330100,{pay},\n" for job, pay in pays.items()))
    words = ["rank", str(write(tmp_path, "p.csv", PERSON)), str(jobs), "--on", "2026-11-01", "--out", str(tmp_path / "o.csv")]
    done = CliRunner().invoke(app, [*words, "--json"])
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["pay_doubtful"], told["matches"]) == (["a", "b", "c"], 5)
    assert "a、b、c" in CliRunner().invoke(app, words).stderr


LINES_REFUSED = [
    ("parse-jobs", '{"id":"\\ud800","text":"x"}\n', "E_ADVERT_LINES", "half a character as id of an ad"),
    ("parse-resumes", '{"id":"\\ud800","text":"x"}\n', "E_RESUME_LINE", "half a character as id of a résumé"),
    ("parse-resumes", "[" * 100_000 + "\n", "E_RESUME_LINE", "brackets without end"),
    ("parse-resumes", '{"id":true,"text":"x"}\n', "E_RESUME_LINE", "true is no id"),
]


@pytest.mark.parametrize(("command", "line", "code", "why"), LINES_REFUSED, ids=[r[-1] for r in LINES_REFUSED])
def test_lines_are_refused_by_name(tmp_path, command, line, code, why) -> None:
    assert refused(command, write(tmp_path, "in.jsonl", line), "--out", tmp_path / "o.jsonl").code == code


@pytest.mark.parametrize("command", ["parse-jobs", "parse-resumes"])
def test_half_a_character_in_a_text_moves_no_span(tmp_path, command) -> None:
    lines = write(tmp_path, "in.jsonl", '{"id":"1","text":"\\ud83d要求会计，本科\\u0000"}\n')
    done = CliRunner().invoke(app, [command, str(lines), "--out", str(tmp_path / "o.jsonl")])
    assert done.exit_code == 0, done.exception
    slots = json.loads((tmp_path / "o.jsonl").read_text(encoding="utf-8"))["slots"]
    assert (3, 5) in {(s["start"], s["end"]) for s in slots if s["slot"] == "skills"}


def test_an_id_that_stands_twice_is_told(tmp_path) -> None:
    lines = write(tmp_path, "in.jsonl", '{"id":"1","text":"招会计"}\n{"id":"1","text":"招焊工"}\n')
    done = CliRunner().invoke(app, ["parse-jobs", str(lines), "--out", str(tmp_path / "o.jsonl"), "--json"])
    assert json.loads(done.stdout.splitlines()[-1])["notices"] == {"编号不止一次": 1}


@pytest.mark.parametrize("capacity", ["99999999999999999999", "inf", "1e19", "-1", "1.5", "", "NaN"])
def test_a_capacity_that_is_none_is_refused(tmp_path, capacity) -> None:
    words = ["allocate", write(tmp_path, "e.csv", EDGE), write(tmp_path, "c.csv", f"job_id,capacity\nj,{capacity}\n")]
    assert refused(*words, "--out", tmp_path / "o.csv").code == "E_CAPACITY"


RADAR_REFUSED = [
    ("", "an empty file"),
    ('skill,ds,n\n"焊接,2026-01-01,5\n', "a quotation mark without end"),
    ("skill,ds,n\n焊接,2026-01-01,5,6\n", "more cells than columns"),
]


@pytest.mark.parametrize(("text", "why"), RADAR_REFUSED, ids=[r[-1] for r in RADAR_REFUSED])
def test_a_radar_table_that_cannot_be_read_is_refused(tmp_path, text, why) -> None:
    assert refused("radar", write(tmp_path, "s.csv", text), "--out", tmp_path / "o.csv").code == "E_FILE_UNREADABLE"


def test_moves_read_an_old_code_and_name_no_neighbour_of_digits() -> None:
    old, new = (CliRunner().invoke(app, ["moves", code, "--json"]) for code in ("4-01-02-07", "4010602"))
    assert old.exit_code == 0 and json.loads(old.stdout) == json.loads(new.stdout)
    unknown = refused("moves", "2060303")
    assert unknown.code == "E_PROFILE_UNKNOWN" and "3D" not in str(unknown)
