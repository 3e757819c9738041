"""Months across the columns: one row a cell, each traced to its row and its header, nothing lost, totals checked month by month."""

from __future__ import annotations

from datetime import date, datetime

import openpyxl
import polars as pl
import pytest

from leye.intake import why
from leye.intake.corrections import add_correction
from leye.intake.spec_file import read_spec
from leye.kernel.clock import BEIJING
from leye.kernel.errors import BadInput

SPEC = """\
spec: 1
source: {id: wide}
home: "210100"
reference: 2024-06
read:
  header_row: 2
  footer: ["^注"]
  unpivot: {match: "^(\\\\d{4}年)?\\\\d{1,2}月$", header: month, value: heads}
total: {field: region, match: "^合计$", by: [month], check: [heads], tolerance: 0}
key: [region, month]
fields:
  region: {type: region, from: [区县], required: true}
  month: {type: period, required: true, kind: [month]}
  heads: {type: count, unit: 人, required: true, range: [0, 100000]}
"""
SHEET = "某某统计表\n区县,1月,2月,备注,3月,4月\n和平区,10,20,,30,\n沈河区,1,x,好,3,\n合计,11,22,,34,\n注：略\n"
NOW = datetime(2024, 6, 1, tzinfo=BEIJING)


def test_each_cell_is_a_row_and_the_balance_holds(desk):
    report = desk.load(desk.file("a.csv", SHEET), spec=SPEC)
    assert {n: report.total(n) for n in ("rows_in", "loaded", "quarantined", "duplicates", "skipped")} == {
        "rows_in": 6, "loaded": 5, "quarantined": 1, "duplicates": 0, "skipped": 4,
    }  # fmt: skip
    rows = desk.table("loaded").sort("region", "month_start").select("region", "month_start", "heads").rows()
    assert rows == [
        ("210102", date(2024, 1, 1), 10), ("210102", date(2024, 2, 1), 20), ("210102", date(2024, 3, 1), 30),
        ("210103", date(2024, 1, 1), 1), ("210103", date(2024, 3, 1), 3),
    ]  # fmt: skip
    assert desk.table("quarantine").select("row", "column", "raw", "code").rows() == [(4, "heads[2月]", "x", "E_NUMBER_SYNTAX")]


def test_totals_are_checked_month_by_month(desk):
    report = desk.load(desk.file("a.csv", SHEET), spec=SPEC)
    found = [(w["by"], w["expected"], w["found"]) for w in report.warnings if w["code"] == "E_SUM_MISMATCH"]
    assert found == [({"month": "2024-02-01"}, 20, 22), ({"month": "2024-03-01"}, 33, 34)]


def test_a_value_is_traced_to_its_row_and_its_header(desk):
    desk.load(desk.file("a.csv", SHEET), spec=SPEC)
    row = desk.table("loaded").filter((pl.col("region") == "210103") & (pl.col("month_start") == date(2024, 3, 1)))["_row_id"][0]
    value, month, region = why(desk.out, row, "heads"), why(desk.out, row, "month_start"), why(desk.out, row, "region")
    assert (value.row, value.raw, value.header) == (4, "3", "3月")
    assert (month.row, month.raw) == (2, "3月")
    assert (region.row, region.raw, region.header) == (4, "沈河区", "区县")


def test_a_correction_mends_one_month_and_not_its_neighbour(desk):
    file = desk.file("a.csv", SHEET.replace("沈河区,1,x,好,3", "沈河区,1,x,好,x"))
    report = desk.load(file, spec=SPEC)
    assert report.total("quarantined") == 2
    add_correction(desk.out, column="heads[2月]", raw="x", value="2", by="admin", at=NOW, cell=(report.files[0].sha256, None, 4))
    again = desk.load(file, spec=SPEC)
    assert again.total("quarantined") == 1 and again.total("rows_in") == 6
    assert desk.table("quarantine")["column"].to_list() == ["heads[3月]"]


def test_two_header_rows_and_merged_cells_of_a_workbook(desk):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["区县", "2023年", None, "2024年"], [None, "11月", "12月", "1月"], ["和平区", 1, 2, 3], ["沈河区", 4, "=1/0", 6]):
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("A1:A2")
    book.save(desk.root / "w.xlsx")
    spec = SPEC.replace("header_row: 2", "header_row: 1\n  header_rows: 2").replace("reference: 2024-06\n", "")
    report = desk.load(desk.root / "w.xlsx", spec=spec)
    rows = desk.table("loaded").sort("region", "month_start").select("region", "month_start", "heads").rows()
    assert rows == [
        ("210102", date(2023, 11, 1), 1), ("210102", date(2023, 12, 1), 2), ("210102", date(2024, 1, 1), 3),
        ("210103", date(2023, 11, 1), 4), ("210103", date(2024, 1, 1), 6),
    ]  # fmt: skip
    assert report.total("quarantined") == 1
    assert desk.table("quarantine").select("row", "column", "code").rows() == [(4, "heads[2023年12月]", "E_EXCEL_ERROR")]


def test_a_long_file_says_the_same_and_has_the_same_row_ids(desk):
    wide = desk.load(desk.file("a.csv", SHEET.replace("x", "2")), spec=SPEC)
    ids = set(desk.table("loaded")["_row_id"])
    unpivot = SPEC[SPEC.index("  unpivot") : SPEC.index("total")]
    long = SPEC.replace("header_row: 2", "header_row: 1").replace(unpivot, "")
    long = long.replace("month: {", "month: {from: [月份], ").replace("heads: {", "heads: {from: [人数], ")
    cells = [("和平区", 1, 10), ("和平区", 2, 20), ("和平区", 3, 30), ("沈河区", 1, 1), ("沈河区", 2, 2), ("沈河区", 3, 3)]
    text = "区县,月份,人数\n" + "".join(f"{region},{month}月,{heads}\n" for region, month, heads in cells)
    again = desk.load(desk.file("b.csv", text), spec=long)
    assert set(desk.table("loaded")["_row_id"]) == ids and again.total("unchanged") == wide.total("new") == 6


def test_the_same_key_in_two_columns_is_a_conflict(desk):
    report = desk.load(desk.file("a.csv", "t\n区县,1月,2024年1月\n和平区,1,2\n沈河区,5,5\n"), spec=SPEC)
    assert (report.total("rows_in"), report.total("loaded"), report.total("quarantined"), report.total("duplicates")) == (4, 1, 2, 1)
    assert desk.table("quarantine")["code"].to_list() == ["E_DUP_KEY", "E_DUP_KEY"]


def test_without_any_such_header_the_file_is_refused(desk):
    report = desk.load(desk.file("a.csv", "t\n区县,一季度\n和平区,1\n"), spec=SPEC)
    assert report.refused[0].code == "E_COLUMN_MISSING" and "符合" in report.refused[0].zh


def test_nothing_reported_yet_is_no_row(desk):
    report = desk.load(desk.file("a.csv", "t\n区县,1月\n和平区,\n"), spec=SPEC)
    assert (report.total("rows_in"), report.total("skipped"), report.exit_code) == (0, 3, 0)


WRONG = [
    (SPEC.replace("month: {type", "month: {from: [月份], type"), "read.unpivot.header", "a field with a header of its own"),
    (SPEC.replace("value: heads}", "value: month}"), "fields.heads.from", "a field without a header"),
    (SPEC.replace("value: heads}", "value: month}").replace("heads: {", "heads: {from: [人数], "), "read.unpivot.value", "one field for both"),
    (SPEC.replace("header: month,", "header: day,"), "fields.month.from", "a field that nobody fills"),
    (SPEC.replace("value: heads}", "value: heads, join: x}"), "read.unpivot.join", "an unknown key"),
]


@pytest.mark.parametrize(("text", "key", "why"), WRONG, ids=[w[-1] for w in WRONG])
def test_a_wrong_rule_is_named(desk, text, key, why):
    with pytest.raises(BadInput) as error:
        read_spec(desk.spec(text))
    assert error.value.places[0].column == key
