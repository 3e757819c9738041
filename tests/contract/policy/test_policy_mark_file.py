"""`leye policy mark`: files in, files out, bad rows named, nothing half written."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from leye.cli.app import build
from leye.kernel.errors import BadInput
from leye.policy import Evaluator, bind, shipped
from leye.policy import mark_file as module
from leye.policy.mark_file import Wanted, mark_file
from leye.policy.marks import mark_table
from leye.policy.totals import totals
from leye.policy.wide import Bits
from tests_support.policy_people import random_people

ON = date(2025, 7, 15)


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    return random_people(shipped(), ON, 3_000, seed=5)


@pytest.fixture
def file(people: pl.DataFrame, tmp_path: Path) -> Path:
    people.write_parquet(tmp_path / "people.parquet")
    return tmp_path / "people.parquet"


def marks_of(file: Path) -> pl.DataFrame:
    return pl.read_parquet(file).sort("person_id", "policy")


def test_the_long_form(file: Path, tmp_path: Path) -> None:
    report = mark_file(file, tmp_path / "m.parquet", shipped(), ON)
    marks = pl.read_parquet(tmp_path / "m.parquet")
    assert list(marks.schema.items()) == [
        ("person_id", pl.String), ("policy", pl.String), ("verdict", pl.String), ("amount_fen", pl.Int64), ("missing", pl.List(pl.String)),
    ]  # fmt: skip
    assert marks.height == report.marks > 3_000 and set(marks["verdict"]) == {"yes", "unknown"}
    assert not marks.select("person_id", "policy").is_duplicated().any()
    assert marks.filter((pl.col("verdict") == "unknown") & (pl.col("missing").list.len() == 0)).height == 0


def test_pieces_make_no_difference(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark_file(file, tmp_path / "whole.parquet", shipped(), ON, wanted=Wanted(("months", "choice")))
    monkeypatch.setattr(module, "PIECE", 700)
    mark_file(file, tmp_path / "pieces.parquet", shipped(), ON, wanted=Wanted(("months", "choice")))
    assert marks_of(tmp_path / "whole.parquet").equals(marks_of(tmp_path / "pieces.parquet"))


def test_csv_and_parquet_say_the_same(people: pl.DataFrame, file: Path, tmp_path: Path) -> None:
    people.write_csv(tmp_path / "people.csv")
    mark_file(file, tmp_path / "a.parquet", shipped(), ON)
    mark_file(tmp_path / "people.csv", tmp_path / "b.csv", shipped(), ON)
    text = pl.read_csv(tmp_path / "b.csv", schema_overrides={"amount_fen": pl.Int64, "missing": pl.String})
    listed = text.with_columns(pl.col("missing").fill_null("").str.split(";").list.eval(pl.element().filter(pl.element() != "")))
    assert listed.sort("person_id", "policy").equals(marks_of(tmp_path / "a.parquet"))


def test_every_verdict_is_that_of_one_person_alone(people: pl.DataFrame, file: Path, tmp_path: Path) -> None:
    mark_file(file, tmp_path / "all.parquet", shipped(), ON, wanted=Wanted(("months",), all_verdicts=True))
    table = pl.read_parquet(tmp_path / "all.parquet")
    assert table.height == people.height * len(shipped().policies)
    got = {(r[0], r[1]): r[2:] for r in table.iter_rows()}
    evaluators: dict[str, Evaluator] = {}
    words = {True: "yes", False: "no", None: "unknown"}
    for row in people.head(400).iter_rows(named=True):
        evaluator = evaluators.setdefault(row["region"] or "CN", Evaluator(bind(shipped(), ON, row["region"])))
        for a in evaluator.answers(evaluator.env(row)):
            assert got[row["person_id"], a.policy.policy.id] == (words[a.verdict], a.amount_fen, list(a.missing), a.months)


def test_wide_and_long_are_one(file: Path, tmp_path: Path) -> None:
    mark_file(file, tmp_path / "w.parquet", shipped(), ON, wanted=Wanted(wide=True))
    mark_file(file, tmp_path / "l.parquet", shipped(), ON)
    bits = Bits(tuple(json.loads((tmp_path / "w.parquet.bits.json").read_text())["policies"]))
    wide = pl.read_parquet(tmp_path / "w.parquet")
    assert wide.height == 3_000
    assert bits.narrow(wide).equals(marks_of(tmp_path / "l.parquet").drop("missing"))


def test_totals_are_the_sums_of_the_marks(people: pl.DataFrame) -> None:
    marks = mark_table(people, shipped(), ON)
    found = totals(people.lazy(), shipped(), ON, by=("sex",)).group_by("policy").agg(pl.exclude("sex").sum()).sort("policy")
    yes = marks.filter(verdict="yes").group_by("policy").agg(pl.len().cast(pl.Int64).alias("yes"), pl.col("amount_fen").sum()).sort("policy")
    joined = found.join(yes, on="policy", how="left").fill_null(0)
    assert (joined["yes"] == joined["yes_right"]).all() and (joined["amount_fen"] == joined["amount_fen_right"]).all()
    assert found["unknown"].sum() == marks.filter(verdict="unknown").height


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("sex", "X", "E_FACT_RANGE"),
        ("birth", date(1900, 1, 1), "E_FACT_RANGE"),
        ("birth", "1990-02-30", "E_FACT_TYPE"),
        ("ui_claimed_months", -1, "E_FACT_RANGE"),
        ("ui_claimed_months", 2.5, "E_FACT_TYPE"),
        ("ui_claimed_months", "three", "E_FACT_TYPE"),
        ("dibao", "maybe", "E_FACT_TYPE"),
        ("female_retire_base", 60, "E_FACT_RANGE"),
        ("local_tax_cap_self_fen", 2_400_001, "E_FACT_RANGE"),
        ("region", "CN-4", "E_FACT_RANGE"),
        ("region", "440305", "E_FACT_RANGE"),
        ("person_id", None, "E_FACT_TYPE"),
        ("person_id", "P2", "E_ID_TWICE"),
    ],
)
def test_a_bad_value_is_named_and_nothing_is_written(column: str, value: object, code: str, tmp_path: Path) -> None:
    table = pl.DataFrame({"person_id": ["P1", "P2", "P3"], "employment_status": ["employed", None, "flexible"]})
    table = table.with_columns(
        pl.Series(column, [None if column != "person_id" else "P1", None if column != "person_id" else "P2", value], strict=False)
    )
    table.write_parquet(tmp_path / "p.parquet")
    with pytest.raises(BadInput) as refused:
        mark_file(tmp_path / "p.parquet", tmp_path / "out.parquet", shipped(), ON)
    assert refused.value.code == code
    assert (refused.value.places[0].file, refused.value.places[0].row, refused.value.places[0].column) == ("p.parquet", 3, column)
    assert not (tmp_path / "out.parquet").exists() and len(list(tmp_path.iterdir())) == 1
    report = mark_file(tmp_path / "p.parquet", tmp_path / "out.parquet", shipped(), ON, quarantine=tmp_path / "q.csv")
    assert (report.marked, report.quarantined) == (2, 1)
    aside = pl.read_csv(tmp_path / "q.csv")
    assert aside.select("file", "row", "column", "code").rows() == [("p.parquet", 3, column, code)]
    assert set(pl.read_parquet(tmp_path / "out.parquet")["person_id"]) == {"P1", "P2"}


def test_an_id_twice_far_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 10)
    ids = [f"P{i:03d}" for i in range(50)]
    ids[47] = "P003"
    pl.DataFrame({"person_id": ids}).write_csv(tmp_path / "p.csv")
    with pytest.raises(BadInput) as refused:
        mark_file(tmp_path / "p.csv", tmp_path / "o.csv", shipped(), ON)
    assert refused.value.code == "E_ID_TWICE" and refused.value.places[0].row == 49, "the header is row 1"
    assert "第 5 行" in refused.value.zh


def test_a_failing_old_result_stays(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("old", encoding="utf-8")
    pl.DataFrame({"person_id": ["a", "a"]}).write_csv(tmp_path / "p.csv")
    with pytest.raises(BadInput):
        mark_file(tmp_path / "p.csv", tmp_path / "o.csv", shipped(), ON)
    assert (tmp_path / "o.csv").read_text(encoding="utf-8") == "old"


def test_absent_facts_unknown_columns_and_an_empty_table(tmp_path: Path) -> None:
    pl.DataFrame({"person_id": ["a"], "shoe_size": [44], "ui_claiming": [True]}).write_parquet(tmp_path / "p.parquet")
    report = mark_file(tmp_path / "p.parquet", tmp_path / "o.parquet", shipped(), ON)
    assert report.ignored_columns == ["shoe_size"] and "birth" in report.absent_facts and "ui_claiming" not in report.absent_facts
    assert pl.read_parquet(tmp_path / "o.parquet").filter(policy="ui_medical").row(0)[2] == "yes"
    pl.DataFrame(schema={"person_id": pl.String, "sex": pl.String}).write_parquet(tmp_path / "e.parquet")
    assert mark_file(tmp_path / "e.parquet", tmp_path / "e2.parquet", shipped(), ON).marks == 0
    assert pl.read_parquet(tmp_path / "e2.parquet").height == 0


def test_whole_floats_and_midnights_are_what_they_say(tmp_path: Path) -> None:
    table = pl.DataFrame({"person_id": ["a", "b"], "ui_claimed_months": [3.0, None], "birth": ["1990-01-01", None]})
    table = table.with_columns(pl.col("birth").str.to_datetime("%Y-%m-%d"))
    table.write_parquet(tmp_path / "p.parquet")
    assert mark_file(tmp_path / "p.parquet", tmp_path / "o.parquet", shipped(), ON).marked == 2


def test_the_command(file: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke(build(), ["policy", "mark", str(file), "--on", "2025-07-15", "--out", str(tmp_path / "c.csv"), "--json"])
    assert run.exit_code == 0
    said = json.loads(run.stdout)
    assert said["rows_in"] == 3_000 and said["marks"] == pl.read_csv(tmp_path / "c.csv").height


def test_a_changed_rule_marks_only_what_it_touches(file: Path, tmp_path: Path) -> None:
    import shutil

    from leye.packs import ROOT
    from leye.policy import load
    from leye.policy.update import update_file

    shutil.copytree(ROOT / "cn", tmp_path / "cn")
    out, wanted = tmp_path / "m.parquet", Wanted(("months", "choice"))
    _, again = update_file(file, out, load([tmp_path / "cn"]), ON, wanted=wanted)
    assert again is None, "the first time everything is marked"
    _, again = update_file(file, out, load([tmp_path / "cn"]), ON, wanted=wanted)
    assert again == []
    rule = tmp_path / "cn" / "policies" / "skill_up.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("value: 150000", "value: 120000"), encoding="utf-8")
    changed = load([tmp_path / "cn"])
    report, again = update_file(file, out, changed, ON, wanted=wanted)
    assert again == ["skill_up"]
    mark_file(file, tmp_path / "anew.parquet", changed, ON, wanted=wanted)
    assert marks_of(out).equals(marks_of(tmp_path / "anew.parquet")) and report.marks == marks_of(out).height
    (tmp_path / "cn" / "policies" / "min_wage.yaml").unlink()
    _, again = update_file(file, out, load([tmp_path / "cn"]), ON, wanted=wanted)
    assert again == ["min_wage"] and marks_of(out).filter(policy="min_wage").height == 0
    _, again = update_file(file, out, changed, date(2026, 1, 15), wanted=wanted)
    assert again is None, "another day is another question"
