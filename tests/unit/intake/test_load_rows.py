"""Where every row goes: loaded, quarantined or duplicate, with the sum held; ids by content; history of what was superseded."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import polars as pl
import pytest
from intake_desk import SPEC

from leye.intake import report as report_module
from leye.intake import why
from leye.intake.report import BalanceBroken, FileReport
from leye.kernel.errors import BadInput, NotFound

HEAD = "区县,月份,人数（人）,平均工资\n"
GOOD = HEAD + '和平区,2024-01,120,"5,200"\n沈河区,2024年2月,1.2万,5300\n'

LINES = [
    ("和平区,2024-01,120,5200", (1, 0), None, "a good row"),
    ("和平区,2024-01,120,", (1, 0), None, "optional cells may be empty"),
    (",2024-01,120,5200", (0, 1), ("region", "", "E_REQUIRED"), "a required cell is empty"),
    ("和平区,—,120,5200", (0, 1), ("month", "—", "E_REQUIRED"), "a dash is missing"),
    ("天上区,2024-01,120,5200", (0, 1), ("region", "天上区", "E_CODE_UNKNOWN"), "no such place"),
    ("和平区,年初至今,120,5200", (0, 1), ("month", "年初至今", "E_PERIOD_OPEN"), "no end"),
    ("和平区,2024-01,面议,5200", (0, 1), ("heads", "面议", "E_NUMBER_SYNTAX"), "a word for a figure"),
    ("和平区,2024-01, 120 ,5200", (1, 0), None, "blanks around a figure"),
    ("和平区,2024-01,12.5,5200", (0, 1), ("heads", "12.5", "E_RANGE"), "half a person"),
    ("和平区,2024-01,-3,5200", (0, 1), ("heads", "-3", "E_RANGE"), "below the range"),
    ("和平区,2024-01,1000001,5200", (0, 1), ("heads", "1000001", "E_RANGE"), "above the range"),
    ("和平区,2024-01,5家,5200", (0, 1), ("heads", "5家", "E_UNIT_CONFLICT"), "firms in a column of persons"),
    ("和平区,2024-01,#REF!,5200", (0, 1), ("heads", "#REF!", "E_EXCEL_ERROR"), "a formula error"),
    ("和平区,2024-01,5,200,5200", (0, 1), (None, "5200", "E_HEADER"), "an unquoted comma shifts the row"),
]


@pytest.mark.parametrize(("line", "went", "bad", "why_"), LINES, ids=[x[-1] for x in LINES])
def test_where_a_row_goes(desk, line, went, bad, why_):
    report = desk.load(desk.file("x.csv", HEAD + line + "\n"))
    assert (report.total("loaded"), report.total("quarantined")) == went
    found = desk.table("quarantine").select("column", "raw", "code").rows()
    assert found == ([bad] if bad else [])
    assert report.exit_code == (1 if bad else 0)
    if bad:
        line_ = desk.table("quarantine").row(0, named=True)
        assert (line_["file"], line_["sheet"], line_["row"]) == ("x.csv", None, 2)
        assert line_["reason"] and line_["suggestion"]


def test_a_row_with_two_bad_cells_counts_once_and_shows_both(desk):
    report = desk.load(desk.file("x.csv", HEAD + "天上区,年初至今,面议,5200\n"))
    assert report.total("quarantined") == 1
    assert desk.table("quarantine")["column"].to_list() == ["region", "month", "heads"]


def test_typed_columns(desk):
    desk.load(desk.file("x.csv", GOOD))
    rows = desk.table("loaded")
    assert rows.columns[:4] == ["_row_id", "_file", "_sheet", "_row"]
    assert rows.drop("_row_id").row(1) == (
        "x.csv", None, 3, "210103", datetime(2024, 2, 1).date(), datetime(2024, 2, 29).date(), "month", 12_000, 530_000,
    )  # fmt: skip


def test_the_report_file_says_what_the_report_says(desk):
    report = desk.load(desk.file("x.csv", GOOD))
    text = json.loads((desk.out / "report.json").read_text(encoding="utf-8"))
    assert text == report.as_dict()
    assert (text["rows_in"], text["loaded"], text["skipped"], text["files"][0]["rows_in"]) == (2, 2, 1, 2)
    assert text["hashes"] == [text["files"][0]["sha256"]]


def test_same_content_same_ids_whatever_the_name_encoding_or_order(desk):
    desk.load(desk.file("x.csv", GOOD))
    ids = set(desk.table("loaded")["_row_id"])
    head, a, b = GOOD.splitlines()
    other = "\r\n".join([head, b, a, ""]).encode("gb18030")
    report = desk.load(desk.file("另一个名字.csv", other))
    assert set(desk.table("loaded")["_row_id"]) == ids
    assert (report.total("unchanged"), report.total("new"), report.files[0].encoding) == (2, 0, "gb18030")


def test_a_second_run_changes_no_byte_of_the_tables(desk):
    file = desk.file("x.csv", GOOD + "和平区,2024-03,面议,\n")
    desk.load(file)
    before = {n: (desk.out / f"{n}.parquet").read_bytes() for n in ("loaded", "quarantine", "history", "waiting")}
    report = desk.load(file, at=datetime(2025, 9, 1, tzinfo=UTC))
    assert {n: (desk.out / f"{n}.parquet").read_bytes() for n in before} == before
    assert (report.total("unchanged"), report.total("quarantined")) == (2, 1)


def test_the_same_row_twice_is_a_duplicate_in_one_file_and_in_two(desk):
    line = "和平区,2024-01,120,5200\n"
    report = desk.load(desk.file("x.csv", HEAD + line + line), desk.file("y.csv", HEAD + line.replace("2024-01", "2024年1月")))
    assert [f.duplicates for f in report.files] == [1, 1]
    assert (report.total("rows_in"), report.total("new")) == (3, 1)


def test_one_key_with_two_contents_in_one_file_quarantines_all_of_them(desk):
    lines = ["和平区,2024-01,120,", "沈河区,2024-01,7,", "和平区,2024年1月,121,", "和平区,2024-01,120,"]
    report = desk.load(desk.file("x.csv", HEAD + "\n".join(lines) + "\n"))
    clash = desk.table("quarantine")
    assert clash.select("row", "column", "code").rows() == [(r, "region", "E_DUP_KEY") for r in (2, 4, 5)]
    assert "2、4、5" in clash["reason"][0]
    assert (report.total("loaded"), report.total("quarantined"), report.total("duplicates")) == (1, 3, 0)


def test_a_later_file_supersedes_and_the_old_row_stays_in_history(desk):
    desk.load(desk.file("x.csv", GOOD))
    report = desk.load(desk.file("y.csv", HEAD + "和平区,2024-01,999,5200\n"), at=datetime(2025, 9, 1, tzinfo=UTC))
    assert (report.total("superseded"), report.total("loaded")) == (1, 1)
    now = desk.table("loaded").filter(pl.col("region") == "210102")
    assert now["heads"].to_list() == [999]
    old = desk.table("history").filter(pl.col("_superseded_at").is_not_null())
    assert old.select("heads", "_file", "_valid_from", "_recorded_at", "_superseded_at").rows() == [
        (120, "x.csv", datetime(2024, 1, 1).date(), datetime(2025, 8, 31, tzinfo=UTC), datetime(2025, 9, 1, tzinfo=UTC))
    ]


def test_loading_all_files_again_does_not_bring_the_old_row_back(desk):
    files = [desk.file("x.csv", GOOD), desk.file("y.csv", HEAD + "和平区,2024-01,999,5200\n")]
    desk.load(*files)
    before = desk.table("loaded")
    for order in (files, files[::-1], files[:1]):
        report = desk.load(*order)
        assert report.total("unchanged") + report.total("duplicates") == report.total("rows_in")
        assert desk.table("loaded").equals(before)


def test_a_new_file_may_take_a_correction_back(desk):
    desk.load(desk.file("x.csv", GOOD), desk.file("y.csv", HEAD + "和平区,2024-01,999,5200\n"))
    report = desk.load(desk.file("z.csv", HEAD + '和平区,2024-01,120,"5,200"\n'))
    assert report.total("superseded") == 1
    assert 120 in desk.table("loaded")["heads"].to_list()


def test_a_column_renamed_refuses_that_file_only_and_names_the_nearest(desk):
    strict = SPEC.replace("missing_column: accept", "missing_column: reject_file")
    bad = desk.file("bad.csv", GOOD.replace("人数（人）", "人数小计（人）"))
    report = desk.load(desk.file("good.csv", GOOD), bad, spec=strict)
    assert report.exit_code == 2 and (report.total("loaded"), report.total("rows_in")) == (2, 2)
    line = desk.table("quarantine").row(0, named=True)
    assert (line["file"], line["row"], line["column"], line["code"]) == ("bad.csv", 1, "heads", "E_COLUMN_MISSING")
    assert "人数小计（人）" in line["suggestion"]
    assert desk.table("loaded").height == 2


def test_an_optional_column_may_be_absent_when_the_contract_says_so(desk):
    report = desk.load(desk.file("x.csv", "区县,月份,人数（人）\n和平区,2024-01,1\n"))
    assert report.exit_code == 0 and desk.table("loaded")["wage_fen"].to_list() == [None]


def test_a_new_column_is_refused_when_the_contract_says_so(desk):
    strict = SPEC.replace("new_column: accept", "new_column: reject_file")
    report = desk.load(desk.file("x.csv", "区县,月份,人数（人）,备注\n和平区,2024-01,1,x\n"), spec=strict)
    assert report.exit_code == 2 and "备注" in report.refused[0].zh


def test_a_column_twice_is_not_guessed_at(desk):
    report = desk.load(desk.file("x.csv", "区县,月份,人数（人）,人数 (人)\n和平区,2024-01,1,2\n"))
    assert report.refused[0].code == "E_HEADER"


def test_an_unreadable_file_is_refused_and_the_others_go_in(desk):
    report = desk.load(desk.root / "none.csv", desk.file("bad.csv", b"\xff\xff\xff"), desk.file("x.csv", GOOD))
    assert [e.code for e in report.refused] == ["E_ENC", "E_ENC"]
    assert desk.table("loaded").height == 2 and report.exit_code == 2


def test_a_header_that_states_another_scale_refuses_the_file(desk):
    report = desk.load(desk.file("x.csv", GOOD.replace("人数（人）", "人数（万人）")), spec=SPEC.replace("人数（人）", "人数（万人）"))
    assert report.refused[0].code == "E_UNIT_CONFLICT"


def test_a_title_that_states_another_scale_refuses_the_file(desk):
    spec = SPEC.replace("人数（人）", "人数") + "read: {header_row: 2}\n"
    report = desk.load(desk.file("x.csv", "单位：万人、元,,,\n" + GOOD.replace("人数（人）", "人数")), spec=spec)
    assert report.refused[0].code == "E_UNIT_CONFLICT"


def test_the_unit_of_header_or_title_counts_where_the_spec_has_none(desk):
    bare = SPEC.replace("unit: 人, ", "").replace("人数（人）", "人数（万人）")
    desk.load(desk.file("x.csv", HEAD.replace("人数（人）", "人数（万人）") + "和平区,2024-01,1.25,\n"), spec=bare)
    assert desk.table("loaded")["heads"].to_list() == [12_500]
    titled = SPEC.replace("unit: 人, ", "").replace("人数（人）", "人数") + "read: {header_row: 2}\n"
    desk.load(desk.file("y.csv", "单位：万人、元\n区县,月份,人数\n和平区,2024-01,1.5\n"), spec=titled)
    assert desk.table("loaded")["heads"].to_list() == [15_000]


def test_a_header_row_that_slipped_is_pointed_to(desk):
    report = desk.load(desk.file("x.csv", "新加的标题\n" + GOOD))
    assert "第 2 行" in report.refused[0].remedy_zh


def test_why_answers_with_the_cell_for_present_and_superseded_rows(desk):
    desk.load(desk.file("x.csv", GOOD))
    row_id = desk.table("loaded").filter(pl.col("heads") == 12_000)["_row_id"][0]
    desk.load(desk.file("y.csv", HEAD + "沈河区,2024-02,1,1\n"))
    origin = why(desk.out, row_id, "wage_fen").as_dict()
    assert (origin["file"], origin["sheet"], origin["row"], origin["column"], origin["raw"], origin["header"]) == (
        "x.csv", None, 3, "wage", "5300", "平均工资",
    )  # fmt: skip
    assert why(desk.out, row_id, "heads").raw == "1.2万"
    assert why(desk.out, row_id, "month_end").raw == "2024年2月"


def test_why_says_what_is_wrong_with_the_question(desk):
    with pytest.raises(NotFound):
        why(desk.out, "x", "heads")
    desk.load(desk.file("x.csv", GOOD))
    with pytest.raises(NotFound):
        why(desk.out, "x", "heads")
    with pytest.raises(NotFound):
        why(desk.out, desk.table("loaded")["_row_id"][0], "age")


def test_a_broken_balance_publishes_nothing(desk, monkeypatch):
    desk.load(desk.file("x.csv", GOOD))
    before = (desk.out / "current").readlink()
    monkeypatch.setattr(report_module.FileReport, "loaded", property(lambda self: self.new + 1))
    with pytest.raises(BalanceBroken):
        desk.load(desk.file("y.csv", HEAD + "和平区,2024-05,1,1\n"))
    assert (desk.out / "current").readlink() == before


def test_the_balance_is_a_sum():
    FileReport("x", "", rows_in=6, new=1, unchanged=1, superseded=1, quarantined=2, duplicates=1).check_balance()
    with pytest.raises(BalanceBroken):
        FileReport("x", "", rows_in=7, new=1, unchanged=1, superseded=1, quarantined=2, duplicates=1).check_balance()


def test_a_wrong_spec_stops_before_anything_is_written(desk):
    with pytest.raises(BadInput):
        desk.load(desk.file("x.csv", GOOD), spec="spec: 1\n")
    assert not (desk.out / "current").exists()


def test_bad_cells_of_a_file_wait_until_that_file_comes_again(desk):
    desk.load(desk.file("x.csv", HEAD + "和平区,2024-01,面议,\n"))
    desk.load(desk.file("y.csv", HEAD + "沈河区,2024-01,若干,\n"))
    assert desk.table("quarantine")["file"].to_list() == ["y.csv"]
    assert desk.table("waiting")["file"].to_list() == ["x.csv", "y.csv"]
    desk.load(desk.file("x.csv", HEAD + "和平区,2024-01,5,\n"))
    assert desk.table("waiting")["file"].to_list() == ["y.csv"]
