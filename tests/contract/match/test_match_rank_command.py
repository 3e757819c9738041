"""`leye match rank` as other programs call it: CSV and Parquet, bytes, refusals with their place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests_support.ranking_world import ON, world


def run(*words: str | Path, seed: str = "0", threads: str = "1") -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONHASHSEED": seed, "POLARS_MAX_THREADS": threads}
    return subprocess.run([sys.executable, "-m", "leye", "match", "rank", *map(str, words)], capture_output=True, text=True, env=env, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("rank")
    people, jobs = world(6, 60, seed=3, gaps=0.2)
    people.write_parquet(made / "people.parquet")
    jobs.write_parquet(made / "jobs.parquet")
    for table, name, mark in ((people, "people", "|"), (jobs, "jobs", ";")):
        lists = [c for c, t in table.schema.items() if isinstance(t, pl.List)]
        text = [pl.when(pl.col(c).list.len() == 0).then(pl.lit("[]")).otherwise(pl.col(c).cast(pl.List(pl.String)).list.eval(
            pl.element().fill_null("")).list.join(mark)).alias(c) for c in lists]  # fmt: skip
        table.with_columns(text).sample(fraction=1, shuffle=True, seed=1).write_csv(made / f"{name}.csv")
    return made


def test_same_bytes_for_any_seed_thread_count_and_row_order(folder: Path) -> None:
    people, jobs = pl.read_parquet(folder / "people.parquet"), pl.read_parquet(folder / "jobs.parquet")
    people.reverse().write_parquet(folder / "people2.parquet")
    jobs.reverse().write_parquet(folder / "jobs2.parquet")
    one = run(folder / "people.parquet", folder / "jobs.parquet", "--on", ON, "--out", folder / "a.parquet", "--json")
    two = run(folder / "people2.parquet", folder / "jobs2.parquet", "--on", ON, "--out", folder / "b.parquet", "--exact", seed="7", threads="2")
    assert (one.returncode, two.returncode) == (0, 0), one.stderr + two.stderr
    assert (folder / "a.parquet").read_bytes() == (folder / "b.parquet").read_bytes()
    assert json.loads(one.stdout)["people"] == 6
    made = pl.read_parquet(folder / "a.parquet")
    assert made.columns == ["person_id", "job_id", "rank", "score", "p_person", "p_employer", "reasons"]
    assert made.equals(made.sort("person_id", "rank"))


def test_csv_with_either_mark_says_the_same(folder: Path) -> None:
    run(folder / "people.parquet", folder / "jobs.parquet", "--on", ON, "--out", folder / "p.csv")
    done = run(folder / "people.csv", folder / "jobs.csv", "--on", ON, "--out", folder / "c.csv")
    assert done.returncode == 0, done.stderr
    by_csv, by_parquet = pl.read_csv(folder / "c.csv"), pl.read_csv(folder / "p.csv")
    # one cell of CSV cannot tell a list of one unknown from an unknown list
    assert by_csv.select("person_id", "rank").equals(by_parquet.select("person_id", "rank"))
    assert (by_csv["job_id"] == by_parquet["job_id"]).mean() > 0.95


REFUSED = [
    ({"person_id": ["A", "B", "A"]}, "E_RANK_ID", "第 2 行", "an id that stands twice"),
    ({"person_id": ["A", None, "B"]}, "E_RANK_ID", "第 3 行", "no id"),
    ({"name": ["A"]}, "E_RANK_ID", "person_id", "no column of ids"),
    ({"person_id": ["A"], "education": ["phd"]}, "E_RANK_VALUE", "第 2 行 “education”", "a word outside the list"),
    ({"person_id": ["A"], "pay_min_fen": ["六千"]}, "E_RANK_VALUE", "pay_min_fen", "no number"),
    ({"person_id": ["A"], "skills": ["焊工|钳工"], "skill_levels": ["3"]}, "E_RANK_ALIGNED", "skill_levels", "levels for some"),
    ({"person_id": ["A"], "target_codes": ["20"]}, "", "", "an upper level is a wish too"),
    ({"person_id": ["A"], "current_code": ["2-06-03-0155"]}, "E_RANK_VALUE", "current_code", "nine digits"),
]


@pytest.mark.parametrize(("people", "code", "said", "why"), REFUSED, ids=[r[-1] for r in REFUSED])
def test_bad_input_is_named(people: dict[str, list[str | None]], code: str, said: str, why: str) -> None:
    from leye.kernel.errors import BadInput
    from leye.match.ranking import read_people

    if not code:
        assert read_people(pl.DataFrame(people))["target_codes"].to_list() == [["2000000"]]
        return
    with pytest.raises(BadInput) as refused:
        read_people(pl.DataFrame(people), "people.csv")
    assert refused.value.code == code and said in str(refused.value) and refused.value.remedy_en


def test_the_command_exits_2_on_bad_input(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("person_id\nA\nA\n", encoding="utf-8")
    (tmp_path / "j.csv").write_text("job_id,title\nJ,保安\n", encoding="utf-8")
    done = run(tmp_path / "p.csv", tmp_path / "j.csv", "--on", "2025-08-31", "--out", tmp_path / "m.csv")
    assert done.returncode == 2 and "E_RANK_ID" in done.stderr and not (tmp_path / "m.csv").exists()


def test_two_bare_tables_are_enough(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("person_id\nA\nB\n", encoding="utf-8")
    (tmp_path / "j.csv").write_text("job_id,closes_on\nJ2,\nJ1,2025-09-01\nJ0,2025-08-30\n", encoding="utf-8")
    done = run(tmp_path / "p.csv", tmp_path / "j.csv", "--on", "2025-08-31", "--out", tmp_path / "m.csv")
    assert done.returncode == 0, done.stderr
    rows = pl.read_csv(tmp_path / "m.csv")
    assert rows.select("person_id", "job_id", "rank").rows() == [("A", "J1", 1), ("A", "J2", 2), ("B", "J1", 1), ("B", "J2", 2)]


def test_old_and_unknown_codes_are_told_and_the_lists_are_those_of_the_codes_in_force(tmp_path: Path) -> None:
    for name, code in (("old", "4-01-02-07"), ("new", "4-01-06-02")):
        (tmp_path / f"p_{name}.csv").write_text(f"\ufeffperson_id,target_codes,cities\r\np,{code};9999999,330100\r\n", encoding="utf-8")
        (tmp_path / f"j_{name}.csv").write_text(f"job_id,occupation_code,city\nj,{code},330100\n", encoding="utf-8")
    done = {n: run(tmp_path / f"p_{n}.csv", tmp_path / f"j_{n}.csv", "--on", ON, "--out", tmp_path / f"{n}.csv") for n in ("old", "new")}
    assert [d.returncode for d in done.values()] == [0, 0], done
    assert "4010207→4010602" in done["old"].stderr and "9999999" in done["old"].stderr
    assert "→" not in done["new"].stderr
    assert (tmp_path / "old.csv").read_bytes() == (tmp_path / "new.csv").read_bytes()
