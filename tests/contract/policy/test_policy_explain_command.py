"""`leye policy explain` as other programs see it: forms, exit codes, refusals that name the fact, agreement with `leye policy mark`."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer

from leye.policy import shipped
from tests_support.policy_people import random_people

ON = "2025-07-15"
PERSON = {"person_id": "P00000001", "sex": "M", "birth": "1980-05-01", "employment_status": "employed", "region": "CN-440305"}


@dataclass
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


Asked = Callable[..., Done]


@cache
def policy_tree() -> typer.Typer:
    """`leye policy …`, built once: `build` adds the groups anew at each call."""
    from leye.cli import policy

    found = typer.Typer(pretty_exceptions_enable=False)
    found.add_typer(policy.app, name="policy")
    return found


@pytest.fixture
def leye(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Asked:
    """`leye("explain", "p.json", "--on", ON)`: the command in this process, as typed, with its exit code."""
    from leye.cli import app as tree

    monkeypatch.setattr(tree, "build", lambda: policy_tree())

    def command(*words: str, stdin: str | None = None) -> Done:
        monkeypatch.setattr(sys, "argv", ["leye", "policy", *words])
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as left:
            tree.run()
        told = capsys.readouterr()
        return Done(int(left.value.code or 0), told.out, told.err)

    return command


@pytest.fixture
def asked(leye: Asked, tmp_path: Path) -> Asked:
    """`asked(person, "--policy", "skill_up")`: the explanation of a person written to a file; text goes in as it stands."""

    def command(content: Any, *words: str) -> Done:
        file = tmp_path / "person.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return leye("explain", str(file), "--on", ON, *words)

    return command


def test_one_person_all_policies(asked: Asked) -> None:
    done = asked(PERSON)
    rows = json.loads(done.stdout)
    assert done.returncode == 0 and done.stderr == ""
    assert [r["policy"] for r in rows] == list(shipped().policies), "also those that are not in force"
    assert all(r["verdict"] in {"yes", "no", "unknown"} and r["person_id"] == "P00000001" for r in rows)
    ended = next(r for r in rows if r["policy"] == "ui_hardship")
    assert (ended["verdict"], [c["text"] for c in ended["clauses"]], ended["clauses"][0]["to"]) == ("no", ["不在有效期"], "2022-12-31")


def test_several_people_one_flat_list(asked: Asked) -> None:
    done = asked([PERSON, PERSON | {"person_id": "P00000002"}, {"sex": "F"}], "--policy", "ui_benefit")
    rows = json.loads(done.stdout)
    assert [(r["person_id"], r["policy"]) for r in rows] == [("P00000001", "ui_benefit"), ("P00000002", "ui_benefit"), (None, "ui_benefit")]
    assert json.loads(asked([]).stdout) == []


def test_the_same_verdicts_as_mark(asked: Asked, leye: Asked, tmp_path: Path) -> None:
    """The table engine and the explanation are one function at two sizes: 60 people of several regions, a fifth of the facts unknown."""
    people = random_people(shipped(), date.fromisoformat(ON), 60, seed=11, nulls=0.2, regions=("CN-440305", "CN-110105", "CN-63", "CN"))
    people.write_parquet(tmp_path / "people.parquet")
    marked = leye("mark", str(tmp_path / "people.parquet"), "--on", ON, "--out", str(tmp_path / "marks.parquet"), "--all", "--with", "months,choice")
    assert marked.returncode == 0, marked.stderr
    marks = {(r["person_id"], r["policy"]): r for r in pl.read_parquet(tmp_path / "marks.parquet").to_dicts()}
    records = [{k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()} for row in people.to_dicts()]
    rows = json.loads(asked(records).stdout)
    assert len(rows) == len(marks) == 60 * len(shipped().policies)
    for row in rows:
        mark = marks[row["person_id"], row["policy"]]
        for key in ("verdict", "amount_fen", "months", "choice"):
            assert row[key] == mark[key], (row["person_id"], row["policy"], key)
        assert row["missing"] == (mark["missing"] or [])


BAD: list[tuple[Any, str, tuple[str, ...]]] = [
    ("", "E_EMPTY", ()),
    ("  \n", "E_EMPTY", ()),
    ("{", "E_JSON", ("第 1 行",)),
    ('{"sex": "M",\n "birth": }', "E_JSON", ("第 2 行",)),
    ('{"sex": "M", "sex": "F"}', "E_JSON", ("“sex”写了两次",)),
    ("[" * 100_000, "E_JSON", ()),
    ("1e999999999999", "E_PERSON_FORM", ()),
    ('"text"', "E_PERSON_FORM", ()),
    ([PERSON, 5], "E_PERSON_FORM", ("第 2 个人",)),
    ([PERSON, None], "E_PERSON_FORM", ("第 2 个人",)),
    (PERSON | {"sex": "X"}, "E_FACT_RANGE", ("sex", "P00000001")),
    (PERSON | {"birth": "1980-02-30"}, "E_FACT_TYPE", ("birth",)),
    (PERSON | {"birth": "1880-01-01"}, "E_FACT_RANGE", ("birth",)),
    (PERSON | {"birth": 1980}, "E_FACT_TYPE", ("birth",)),
    (PERSON | {"dibao": "true"}, "E_FACT_TYPE", ("dibao",)),
    (PERSON | {"dibao": 1}, "E_FACT_TYPE", ("dibao",)),
    (PERSON | {"ui_total_months": -1}, "E_FACT_RANGE", ("ui_total_months",)),
    (PERSON | {"ui_total_months": 12.0}, "E_FACT_TYPE", ("ui_total_months",)),
    (PERSON | {"ui_total_months": True}, "E_FACT_TYPE", ("ui_total_months",)),
    (PERSON | {"cert_level": 6}, "E_FACT_RANGE", ("cert_level",)),
    (PERSON | {"local_tax_cap_self_fen": 2_400_001}, "E_FACT_RANGE", ("local_tax_cap_self_fen",)),
    (PERSON | {"region": "440305"}, "E_FACT_RANGE", ("region",)),
    (PERSON | {"person_id": ""}, "E_FACT_RANGE", ("person_id",)),
    ('{"person_id": "\\ud800"}', "E_FACT_TYPE", ("person_id",)),
    ('{"monthly_wage_fen": NaN}', "E_FACT_TYPE", ("monthly_wage_fen",)),
    ([PERSON, PERSON | {"person_id": "P00000002", "veteran": "no"}], "E_FACT_TYPE", ("第 2 个人", "P00000002", "veteran")),
    ([PERSON, PERSON | {"birth": "1981-01-01"}], "E_ID_TWICE", ("P00000001", "第 1 个和第 2 个")),
    (PERSON | {"_sources": {"sex": "社保库"}}, "E_SOURCES", ()),
]


@pytest.mark.parametrize(("content", "code", "said"), BAD, ids=[f"{i} {b[1]}" for i, b in enumerate(BAD)])
def test_bad_input_is_refused_by_fact_and_person(content: Any, code: str, said: tuple[str, ...], asked: Asked) -> None:
    done = asked(content)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{code}: ") and len(done.stderr.splitlines()) == 1
    assert all(word in done.stderr for word in said), done.stderr


def test_refusals_as_json(asked: Asked) -> None:
    done = asked([PERSON, PERSON | {"person_id": "P2", "sex": "X"}], "--json")
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (2, "E_FACT_RANGE")
    assert (error["places"][0]["row"], error["places"][0]["column"]) == (2, "sex")
    assert "item 2" in error["en"] and error["remedy_en"]


WORDS = [
    (("--on", "15.7.2025"), "E_DATE"),
    (("--on", ON, "--policy", "nix"), "E_POLICY_UNKNOWN"),
    (("--on", ON, "--region", "44030"), "E_REGION"),
    (("--on", ON, "--lang", "de"), "E_LANGUAGE"),
    (("--on", ON, "--pack", "nix"), "E_PACK_UNKNOWN"),
    ((), "E_USAGE"),
]


@pytest.mark.parametrize(("words", "code"), WORDS, ids=[w[1] for w in WORDS])
def test_options_that_cannot_be(words: tuple[str, ...], code: str, leye: Asked, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text("{}", encoding="utf-8")
    done = leye("explain", str(tmp_path / "p.json"), *words)
    assert done.returncode == 2 and done.stderr.startswith(f"{code}: ")


def test_files_that_cannot_be_read(leye: Asked, tmp_path: Path) -> None:
    assert leye("explain", str(tmp_path / "nix.json"), "--on", ON).returncode == 2
    (tmp_path / "latin.json").write_bytes('{"person_id": "é"}'.encode("latin-1"))
    assert "UTF-8" in leye("explain", str(tmp_path / "latin.json"), "--on", ON).stderr
    (tmp_path / "mark.json").write_bytes(b"\xef\xbb\xbf{}")
    assert leye("explain", str(tmp_path / "mark.json"), "--on", ON).returncode == 0, "a byte order mark is no letter"
    assert leye("explain", "-", "--on", ON, "--policy", "skill_up", stdin="{}").returncode == 0, "standard input"


def test_unknown_keys_are_told_and_ignored(asked: Asked) -> None:
    done = asked(PERSON | {"nickname": "x", "离职原因": "resigned", "sex": None})
    assert done.returncode == 0 and "nickname" in done.stderr and "离职原因" in done.stderr
    same = asked({k: v for k, v in PERSON.items() if k != "sex"})
    assert json.loads(done.stdout) == json.loads(same.stdout), "null and absent are the same: unknown"


def test_region_from_the_facts_else_from_the_option(asked: Asked) -> None:
    facts = {"registered_unemployed": True, "job_search_willing": True, "left_job_reason": "contract_end", "sex": "M", "birth": "1980-05-01"}
    facts |= {"ui_contribution_months": 40, "ui_unused_months": 0, "ui_claimed_months": 2}

    def months(person: dict[str, Any], *words: str) -> tuple[Any, Any]:
        row = json.loads(asked(person, "--policy", "ui_benefit", *words).stdout)[0]
        return row["months"], row["region"]

    assert months(facts) == (10, "CN")
    assert months(facts, "--region", "CN-440305") == (1, "CN-440305")
    assert months(facts, "--region", "440305") == (1, "CN-440305")
    assert months(facts | {"region": "CN"}, "--region", "CN-440305") == (10, "CN")


def test_as_text_in_two_languages(asked: Asked) -> None:
    zh = asked(PERSON, "--text", "--policy", "skill_up")
    en = asked(PERSON, "--text", "--policy", "skill_up", "--lang", "en")
    assert zh.stdout.startswith("P00000001 2025-07-15 技能提升补贴：待核实（缺") and "下一步：" in zh.stdout
    assert en.stdout.startswith("P00000001 2025-07-15 Skill-upgrade subsidy: unknown (") and " next: " in en.stdout


def test_the_questions_of_a_person(asked: Asked) -> None:
    found = json.loads(asked([PERSON], "--questions").stdout)[0]
    assert found["person_id"] == "P00000001" and len(found["first"]["facts"]) == 3
    amounts = [q["money_fen"] for q in found["questions"] if not q["after"]]
    assert amounts[:3] == sorted(amounts[:3], reverse=True) and all(q["ask"] for q in found["questions"])


def test_sources_are_shown_beside_values(asked: Asked) -> None:
    sources = {"employment_status": {"source": "社保库", "on": "2025-07-01"}, "nix": {"source": "x"}}
    row = json.loads(asked(PERSON | {"_sources": sources}, "--policy", "skill_up").stdout)[0]
    clause = next(c for c in row["clauses"] if c["fact"] == "employment_status")
    assert (clause["source"], clause["said"], clause["value"]) == ("社保库 2025-07-01", "就业状态=在职", "employed")
