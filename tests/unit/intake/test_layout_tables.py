"""Headers of several rows, merged and blank cells, totals, footers: a workbook and its CSV twin make the same table."""

from __future__ import annotations

import io

import openpyxl
import pytest
from intake_desk import SPEC

from leye.intake import why
from leye.intake.units import unit_of_header, units_of_title

LAID = """
spec: 1
source: {id: laid}
home: "210100"
read:
  sheet: "*"
  header_row: 3
  header_rows: 2
  fill_down: [region]
  footer: ["^注[：:]"]
total: {field: region, match: "^(合计|全市)$", by: [month], check: [heads, wage], tolerance: 5}
key: [region, month]
fields:
  region: {type: region, from: [区县], required: true}
  month: {type: period, from: [月份], required: true}
  heads: {type: count, unit: 人, from: [就业人数/合计], required: true}
  women: {type: count, from: [就业人数/其中：女性]}
  wage: {type: money, unit: 元, from: [工资]}
"""
ROWS = [
    ["某市就业情况", "", "", "", ""],
    ["单位：人、元", "", "", "", ""],
    ["区县", "月份", "就业人数", "", "工资"],
    ["", "", "合计", "其中：女性", ""],
    ["和平区", "2024-01", "100", "50", "5000"],
    ["", "2024-02", "110", "", "5000"],
    ["", "", "", "", ""],
    ["沈河区", "2024-01", "200", "90", "5000"],
    ["", "2024-02", "210", "95", "5000"],
    ["合 计", "2024-01", "305", "", "10000"],
    ["合计", "2024-02", "326", "", "10000"],
    ["注：演示。", "", "", "", ""],
    ["和平区", "2024-03", "1", "1", "1"],
]


def csv_twin(rows=ROWS) -> bytes:
    return "".join(",".join(row) + "\n" for row in rows).encode()


def workbook_twin() -> bytes:
    book = openpyxl.Workbook()
    ws = book.active
    for row in ROWS:
        ws.append([int(c) if c.isdigit() else c or None for c in row])
    for area in ("A1:E1", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "A5:A6", "A8:A9"):
        ws.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("name", "content"), [("t.csv", csv_twin()), ("t.xlsx", workbook_twin())], ids=["csv", "xlsx"])
def test_titles_headers_blanks_totals_and_footer_are_no_rows(desk, name, content):
    report = desk.load(desk.file(name, content), spec=LAID)
    assert (report.total("rows_in"), report.total("loaded"), report.total("skipped")) == (4, 4, 9)
    found = desk.table("loaded").select("region", "heads", "women", "_row").rows()
    assert found == [("210102", 100, 50, 5), ("210102", 110, None, 6), ("210103", 200, 90, 8), ("210103", 210, 95, 9)]
    warned = [(w["code"], w["row"], w["column"], w["expected"], w["found"]) for w in report.warnings]
    assert warned == [("E_SUM_MISMATCH", 11, "heads", 320, 326)], "5 off is within the tolerance, 6 is not; wages add up"
    assert report.exit_code == 0, "a total that does not add up is a warning"


def test_workbook_and_csv_twin_have_the_same_ids(desk):
    desk.load(desk.file("t.csv", csv_twin()), spec=LAID)
    report = desk.load(desk.file("t.xlsx", workbook_twin()), spec=LAID)
    assert (report.total("unchanged"), report.total("new")) == (4, 0)


@pytest.mark.parametrize(("name", "content"), [("t.csv", csv_twin()), ("t.xlsx", workbook_twin())], ids=["csv", "xlsx"])
def test_a_filled_cell_is_traced_to_where_its_text_stands(desk, name, content):
    desk.load(desk.file(name, content), spec=LAID)
    row_id = desk.table("loaded")["_row_id"][1]
    assert (why(desk.out, row_id, "region").row, why(desk.out, row_id, "heads").row) == (5, 6)


def test_a_total_whose_part_is_quarantined_is_reported(desk):
    rows = [list(r) for r in ROWS]
    rows[4][2] = "面议"
    report = desk.load(desk.file("t.csv", csv_twin(rows)), spec=LAID)
    assert [(w["row"], w["column"], w["expected"], w["found"]) for w in report.warnings] == [
        (10, "heads", 200, 305), (11, "heads", 320, 326), (10, "wage", 5000.0, 10000.0),
    ]  # fmt: skip


def test_a_blank_above_a_header_is_filled_only_where_cells_are_merged(desk):
    book = openpyxl.load_workbook(io.BytesIO(workbook_twin()))
    ws = book.worksheets[0]
    ws["F4"], ws["F5"] = "备注", "x"
    ws["G3"], ws["H4"] = "联系人", "电话"
    out = io.BytesIO()
    book.save(out)
    report = desk.load(desk.file("t.xlsx", out.getvalue()), spec=LAID + "  note: {type: text, from: [备注]}\n  phone: {type: text, from: [电话]}\n")
    assert report.exit_code == 0 and desk.table("loaded")["note"].to_list()[0] == "x"


def test_a_sheet_that_is_blank_does_no_harm(desk):
    book = openpyxl.load_workbook(io.BytesIO(workbook_twin()))
    book.create_sheet("空")
    out = io.BytesIO()
    book.save(out)
    assert desk.load(desk.file("t.xlsx", out.getvalue()), spec=LAID).total("loaded") == 4


def test_a_broken_formula_quarantines_its_row_only(desk):
    book = openpyxl.load_workbook(io.BytesIO(workbook_twin()))
    book.worksheets[0]["C5"] = "=1/0"
    out = io.BytesIO()
    book.save(out)
    report = desk.load(desk.file("t.xlsx", out.getvalue()), spec=LAID)
    assert (report.total("loaded"), report.total("quarantined")) == (3, 1)
    assert desk.table("quarantine").select("sheet", "row", "column", "raw", "code").rows() == [("Sheet", 5, "heads", "=1/0", "E_EXCEL_ERROR")]


def test_rows_of_json_count_from_one(desk):
    content = '{"rows": [{"区县": "和平区", "月份": "2024-01", "人数（人）": 5}, {"区县": "沈河区", "月份": "2024-01", "人数（人）": "五家"}]}'
    report = desk.load(desk.file("x.json", content), spec=SPEC)
    assert (report.total("rows_in"), report.total("loaded"), report.total("skipped")) == (2, 1, 0)
    assert desk.table("quarantine").select("row", "column", "raw").rows() == [(2, "heads", "五家")]


UNITS = [
    ("就业人数/合计（万人）", "万人"), ("其中：女性(万人)", "万人"), ("工资（元）", "元"), ("失业率（%）", "%"), ("发放金额（单位：万元）", "万元"),
    ("企业（含个体）", None), ("人数", None), ("合计（人）（万人）", "万人"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "name"), UNITS)
def test_units_in_headers(header, name):
    unit = unit_of_header(header)
    assert (unit.name if unit else None) == name


def test_units_in_title_rows():
    assert [u.name for u in units_of_title("单位：万人、元")] == ["万人", "元"]
    assert [u.name for u in units_of_title("计量单位: 户，%")] == ["户", "%"]
    assert units_of_title("填报单位：某某局") == ()
