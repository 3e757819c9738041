"""Bytes to raw cells: encodings, quoting, workbooks, JSON. Nothing is interpreted, nothing is replaced."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest

from leye.intake.read import SourceFile, read_sheets
from leye.intake.read.csv_file import read_csv
from leye.intake.read.encoding import decode
from leye.intake.spec import ReadRule
from leye.kernel.errors import BadInput

RARE = "𠮷野家镕㐀"  # beyond GBK, the first beyond the basic plane
ENCODINGS = ("utf-8-sig", "utf-8", "gb18030", "utf-16")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (RARE.encode("utf-8-sig"), "utf-8-sig"),
        (RARE.encode("gb18030"), "gb18030"),
        (RARE.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + RARE.encode("utf-16-be"), "utf-16"),
    ],
    ids=["UTF-8 with mark", "GB18030 holds what GBK loses", "UTF-16 little", "UTF-16 big"],
)
def test_rare_characters_survive(data, name):
    assert decode(data, ENCODINGS, file="x") == (RARE, name)


def test_utf_16_without_a_mark_is_not_taken_for_utf_8():
    assert decode("a,b\n1,2\n".encode("utf-16-le"), ENCODINGS, file="x") == ("a,b\n1,2\n", "utf-16")


def test_a_stray_nul_is_named_and_not_read_as_another_script():
    data = "区县,人数\n和平区,1\0,5\n".encode()
    for bytes_ in (data, data + b"\n"):  # one of the two has an even number of bytes
        with pytest.raises(BadInput) as error:
            decode(bytes_, ENCODINGS, file="x.csv")
        assert error.value.code == "E_ENC" and f"第 {data.index(0)} 个字节" in error.value.zh


def test_no_encoding_fits_and_the_byte_is_named():
    data = "区县,人数\n".encode() + b"\xff\xff"
    with pytest.raises(BadInput) as error:
        decode(data, ("utf-8",), file="x.csv")
    assert error.value.code == "E_ENC" and error.value.places[0].file == "x.csv"
    assert f"第 {len(data) - 2} 个字节" in error.value.zh


def test_a_mark_decides_and_is_held_to_strictly():
    with pytest.raises(BadInput):
        decode(b"\xef\xbb\xbf" + "区县".encode("gb18030"), ENCODINGS, file="x")


CSV = [
    ('a,b\n"x,1",2\n', [["a", "b"], ["x,1", "2"]], [1, 2], "a comma in quotes"),
    ('a,b\n"x\ny",2\nz,3\n', [["a", "b"], ["x\ny", "2"], ["z", "3"]], [1, 2, 4], "a cell over two lines: rows are lines"),
    ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]], [1, 2], "Windows line ends"),
    ("a,b\r1,2\r", [["a", "b"], ["1", "2"]], [1, 2], "old Macintosh line ends"),
    ("a\tb\n1,5\t2\n", [["a", "b"], ["1,5", "2"]], [1, 2], "tabs, by the header"),
    ("a;b\n1;2\n", [["a", "b"], ["1", "2"]], [1, 2], "semicolons"),
    ("a,b\n\n1,2\n", [["a", "b"], [], ["1", "2"]], [1, 2, 3], "a blank line keeps its number"),
    ("a,b\n1\u20282,3\n", [["a", "b"], ["1\u20282", "3"]], [1, 2], "a line separator inside a cell ends no line"),
]


@pytest.mark.parametrize(("text", "cells", "rows", "why"), CSV, ids=[c[-1] for c in CSV])
def test_csv_cells_and_rows(text, cells, rows, why):
    sheet = read_csv(text, file="x", header_row=1)
    assert (sheet.cells, sheet.rows) == (cells, rows)


def test_a_quote_that_never_closes_is_named_with_its_line():
    with pytest.raises(BadInput) as error:
        read_csv('a,b\n1,2\n"x,3\n4,5\n', file="x.csv", header_row=1)
    assert error.value.code == "E_HEADER" and error.value.places[0].row == 3


def workbook(fill) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells_of(data: bytes, rule: ReadRule | None = None) -> dict[str | None, list[list[str]]]:
    sheets, encoding = read_sheets(SourceFile("x.xlsx", "", data), rule or ReadRule())
    assert encoding is None
    return {s.name: s.cells for s in sheets}


def test_excel_values_as_a_person_sees_them():
    def fill(book):
        ws = book.active
        ws.append([1, 2.0, 12.5, "5,200", None, True, datetime(2024, 3, 1), datetime(2024, 3, 1, 8, 30), 0.05, datetime(2024, 3, 1)])
        ws["I1"].number_format = "0.0%"
        ws["J1"].number_format = 'yyyy"年"m"月"'

    row = next(iter(cells_of(workbook(fill)).values()))[0]
    assert row == ["1", "2", "12.5", "5,200", "", "TRUE", "2024-03-01", "2024-03-01 08:30:00", "5%", "2024-03"]


def test_a_formula_that_nobody_computed_is_not_blank():
    def fill(book):
        book.active["A1"] = "=1/0"

    assert next(iter(cells_of(workbook(fill)).values()))[0] == ["=1/0"]


def test_sheets_by_glob_in_order_without_hidden_ones():
    def fill(book):
        book.active.title = "说明"
        for name in ("2024年", "2023年", "2022年"):
            book.create_sheet(name)["A1"] = name
        book["2023年"].sheet_state = "hidden"

    data = workbook(fill)
    assert list(cells_of(data, ReadRule(sheet="*年"))) == ["2024年", "2022年"]
    assert list(cells_of(data)) == ["说明"]
    with pytest.raises(BadInput) as error:
        cells_of(data, ReadRule(sheet="月报"))
    assert "说明" in error.value.remedy_zh


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"PK\x03\x04 broken", "a broken zip"), (b"\xd0\xcf\x11\xe0rest", "an old .xls"), (b"<html><table></table></html>", "HTML with a false name")],
)
def test_what_is_no_workbook_is_answered_with_a_remedy(data, why):
    with pytest.raises(BadInput) as error:
        read_sheets(SourceFile("x.xls", "", data), ReadRule())
    assert error.value.code == "E_ENC" and ".xlsx" in error.value.remedy_zh


JSON = [
    ('[{"a": 1.50, "b": "x"}, {"b": null, "c": true}]', [["a", "b", "c"], ["1.50", "x", ""], ["", "", "true"]], "figures keep their spelling"),
    ('{"rows": [{"统计": {"月份": "2024-03", "数": 1e3}}]}', [["统计/月份", "统计/数"], ["2024-03", "1e3"]], "nested keys are joined"),
    ("[]", [[]], "no rows"),
]


@pytest.mark.parametrize(("text", "cells", "why"), JSON, ids=[j[-1] for j in JSON])
def test_json_rows(text, cells, why):
    sheets, encoding = read_sheets(SourceFile("x.json", "", text.encode()), ReadRule())
    assert sheets[0].cells == cells and encoding == "utf-8"


@pytest.mark.parametrize(("text", "row"), [('[{"a": 1},\n{"a": }]', 2), ('{"a": 1}', 1), ("[1]", 1)], ids=["broken", "no rows", "no object"])
def test_json_that_cannot_be_rows(text, row):
    with pytest.raises(BadInput) as error:
        read_sheets(SourceFile("x.json", "", text.encode()), ReadRule())
    assert error.value.places[0].row == row
