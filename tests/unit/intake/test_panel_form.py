"""PANEL and TAGS, strictly: what passes, and every fault with its row and column."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from leye.intake import load_panel, read_panel
from leye.kernel.errors import BadInput

HEAD = "unique_id,ds,y\n"
GOOD = HEAD + "T,2024-01-01,30\nT,2024-02-01,33\nA,2024-01-01,10\nA,2024-02-01,11\nB,2024-01-01,20\nB,2024-02-01,22\n"
TAGS = "unique_id,parent\nT,\nA,T\nB,T\n"

PASSES = [
    ("A,2024-01,1", date(2024, 1, 1), 1.0, "a month"),
    ("A,2024Q1,1", date(2024, 1, 1), 1.0, "a quarter"),
    ("A,二〇二四年三月,1", date(2024, 3, 1), 1.0, "Chinese numerals"),
    ("A,2024年3月,1", date(2024, 3, 1), 1.0, "a Chinese month"),
    ("A,2024/3/5,1", date(2024, 3, 5), 1.0, "a day with slashes"),
    ("A,2024,1", date(2024, 1, 1), 1.0, "a year"),
    ("A,2024-01-01 00:00:00,1", date(2024, 1, 1), 1.0, "a time of day"),
    ("A,2024-01-01,", date(2024, 1, 1), None, "an empty y is missing"),
    ("A,2024-01-01,NaN", date(2024, 1, 1), None, "NaN is missing"),
    ("A,2024-01-01,-1.5e3", date(2024, 1, 1), -1500.0, "a float"),
    ('A,2024-01-01,"1,234"', date(2024, 1, 1), 1234.0, "thousands"),
    ("中山区 零售,2024-01-01,1", date(2024, 1, 1), 1.0, "any id"),
]


@pytest.mark.parametrize(("line", "ds", "y", "why"), PASSES, ids=[p[-1] for p in PASSES])
def test_what_passes(desk, line, ds, y, why):
    panel, tags = load_panel(desk.file("p.csv", HEAD + line + "\n"))
    assert panel.select("ds", "y").rows() == [(ds, y)] and tags is None
    assert panel.schema == {"unique_id": pl.String, "ds": pl.Date, "y": pl.Float64}


FAULTS = [
    ("unique_id,date,y\nA,2024-01-01,1\n", "E_COLUMN_MISSING", 1, "ds", "a column is missing"),
    (HEAD + "A,2024-01-01,1\nA,2024-01,2\n", "E_DUP_KEY", 2, "ds", "the same month twice, spelt twice"),
    (HEAD + "A,2024-01-01,1\nA,2024-02-01,many\n", "E_NUMBER_SYNTAX", 3, "y", "a word for a number"),
    (HEAD + "A,2024-01-01,1\n\nA,2024-02-01,x1x\n", "E_NUMBER_TEXT", 4, "y", "rows are lines of the file, blanks counted"),
    (HEAD + "A,2024-01-01,inf\n", "E_NUMBER_SYNTAX", 2, "y", "infinity"),
    (HEAD + "A,2024-13-01,1\n", "E_PERIOD_INVALID", 2, "ds", "no such month"),
    (HEAD + "A,2024年1-3月,1\n", "E_PERIOD_KIND", 2, "ds", "a cumulative period is no step"),
    (HEAD + "A,上月,1\n", "E_PERIOD_NO_REFERENCE", 2, "ds", "last month, of when?"),
    (HEAD + "A,,1\n", "E_REQUIRED", 2, "ds", "no period"),
    (HEAD + ",2024-01-01,1\n", "E_REQUIRED", 2, "unique_id", "no id"),
    (HEAD + "A,2024-01-01,1,234\n", "E_HEADER", 2, "y", "an unquoted comma"),
    ("", "E_HEADER", 1, "", "an empty file"),
]


@pytest.mark.parametrize(("text", "code", "row", "column", "why"), FAULTS, ids=[f[-1] for f in FAULTS])
def test_faults_are_named_with_row_and_column(desk, text, code, row, column, why):
    with pytest.raises(BadInput) as error:
        load_panel(desk.file("p.csv", text))
    place = error.value.places[0]
    assert (error.value.code, place.file, place.row) == (code, "p.csv", row)
    assert error.value.remedy_zh and (code == "E_HEADER" or place.column == column)


TAG_FAULTS = [
    ("unique_id,parent\nT,\nA,T\nB,T\nC,T\n", "E_CODE_UNKNOWN", "t.csv", 5, "unique_id", "an id without data"),
    ("unique_id,parent\nT,\nA,T\nB,X\n", "E_CODE_UNKNOWN", "t.csv", 4, "parent", "a parent without data"),
    ("unique_id,parent\nT,\nA,T\nA,T\n", "E_DUP_KEY", "t.csv", 3, "unique_id", "an id twice"),
    ("unique_id,parent\nT,A\nA,T\n", "E_TAGS_CYCLE", "t.csv", 2, "parent", "a circle"),
    ("unique_id,parent\nT,T\n", "E_TAGS_CYCLE", "t.csv", 2, "parent", "its own parent"),
    ("unique_id,parent\nT,\nA,T\n", "E_SUM_MISMATCH", "p.csv", 2, "y", "a parent that is not the sum"),
    ("unique_id\nT\n", "E_COLUMN_MISSING", "t.csv", 1, "parent", "a column is missing"),
]


@pytest.mark.parametrize(("tags", "code", "file", "row", "column", "why"), TAG_FAULTS, ids=[f[-1] for f in TAG_FAULTS])
def test_faults_of_tags(desk, tags, code, file, row, column, why):
    with pytest.raises(BadInput) as error:
        load_panel(desk.file("p.csv", GOOD), desk.file("t.csv", tags))
    place = error.value.places[0]
    assert (error.value.code, place.file, place.row, place.column) == (code, file, row, column)


def test_a_panel_that_adds_up_passes_and_keeps_its_order(desk):
    panel, tags = load_panel(desk.file("p.csv", GOOD), desk.file("t.csv", TAGS))
    assert tags is not None and tags.rows() == [("T", None), ("A", "T"), ("B", "T")]
    assert panel["unique_id"].unique(maintain_order=True).to_list() == ["T", "A", "B"]


SUMS = [
    ("30.1", "10.0", "20.0", True, "one decimal: .05 a child is rounding"),
    ("30.2", "10.0", "20.0", False, "two children explain .1, not .2"),
    ("31", "10", "20", False, "whole figures must add up"),
    ("30000001", "10000000", "20000000", True, "1e-6 of the parent"),
    ("30", "10", "", True, "a missing child: not compared"),
    ("", "10", "20", True, "a missing parent: not compared"),
]


@pytest.mark.parametrize(("t", "a", "b", "passes", "why"), SUMS, ids=[s[-1] for s in SUMS])
def test_rounding_of_sums(desk, t, a, b, passes, why):
    panel = desk.file("p.csv", HEAD + f"T,2024-01,{t}\nA,2024-01,{a}\nB,2024-01,{b}\n")
    tags = desk.file("t.csv", TAGS)
    if passes:
        load_panel(panel, tags)
    else:
        with pytest.raises(BadInput) as error:
            load_panel(panel, tags)
        assert error.value.code == "E_SUM_MISMATCH" and error.value.places[0].row == 2


def test_a_missing_period_of_a_child_is_a_missing_value(desk):
    panel, _ = load_panel(desk.file("p.csv", GOOD.replace("A,2024-02-01,11\n", "")), desk.file("t.csv", TAGS))
    assert panel.filter(pl.col("unique_id") == "A").height == 1


def test_series_that_tags_leave_out_are_roots_with_a_notice(desk):
    form = read_panel(desk.file("p.csv", GOOD + "Z,2024-01-01,5\n"), desk.file("t.csv", TAGS))
    assert form.tags is not None and form.tags.rows()[-1] == ("Z", None)
    assert len(form.notices) == 1 and "Z" in form.notices[0]


def test_parents_named_only_as_parents_become_roots_silently(desk):
    form = read_panel(desk.file("p.csv", GOOD), desk.file("t.csv", "unique_id,parent\nA,T\nB,T\n"))
    assert form.tags is not None and ("T", None) in form.tags.rows() and form.notices == ()


def test_parquet_is_held_to_the_same_rules(desk):
    frame = pl.DataFrame({"unique_id": [1, 1, 2], "ds": [date(2024, 1, 1), date(2024, 2, 1), date(2024, 1, 1)], "y": [1.0, float("nan"), None]})
    frame.write_parquet(desk.root / "p.parquet")
    form = read_panel(desk.root / "p.parquet")
    assert form.panel.rows() == [("1", date(2024, 1, 1), 1.0), ("1", date(2024, 2, 1), None), ("2", date(2024, 1, 1), None)]
    assert "NaN" in form.notices[0]
    pl.concat([frame, frame.head(1)]).write_parquet(desk.root / "twice.parquet")
    with pytest.raises(BadInput) as error:
        load_panel(desk.root / "twice.parquet")
    assert (error.value.code, [p.row for p in error.value.places]) == ("E_DUP_KEY", [1, 4])


@pytest.mark.parametrize("name", ["p.xlsx", "none.csv", "none.parquet", "broken.parquet"])
def test_what_is_no_table_is_refused(desk, name):
    if name in ("p.xlsx", "broken.parquet"):
        desk.file(name, b"nothing")
    with pytest.raises(BadInput) as error:
        load_panel(desk.root / name)
    assert error.value.code == "E_ENC" and error.value.places[0].file == name


def test_a_panel_of_words_in_parquet(desk):
    pl.DataFrame({"unique_id": ["a"], "ds": ["2024-01"], "y": [[1.0]]}).write_parquet(desk.root / "p.parquet")
    with pytest.raises(BadInput) as error:
        load_panel(desk.root / "p.parquet")
    assert error.value.code == "E_NUMBER_SYNTAX"


def test_titles_stand_in_for_each_other(desk):
    panel, titles = desk.file("p.csv", GOOD), desk.file("n.csv", "unique_id,title,title_zh\nT,All,合计\nA,Only English,\n")
    _, tags = load_panel(panel, desk.file("t.csv", TAGS), titles)
    assert tags is not None
    named = {u: (zh, en) for u, zh, en in tags.select("unique_id", "title_zh", "title_en").iter_rows()}
    assert named["T"] == ("合计", "All") and named["A"] == ("Only English", "Only English") and named["B"] == (None, None)
    with pytest.raises(BadInput):
        load_panel(panel, None, desk.file("bad.csv", "unique_id,name\nT,x\n"))


def test_gb18030_and_a_mark_are_read(desk):
    for data in (GOOD.replace("T", "合计").encode("gb18030"), GOOD.encode("utf-8-sig")):
        assert load_panel(desk.file("p.csv", data))[0].height == 6
