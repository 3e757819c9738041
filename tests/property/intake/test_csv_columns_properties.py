"""The quick reader of plain CSV bodies says the same as csv.reader, or leaves the text to it."""

from __future__ import annotations

import csv
import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from leye.intake.read.csv_columns import read_columns

cells = st.text(alphabet=st.sampled_from('ab1.,;" \u3000甲𠮷#\t%-'), max_size=4)
raw_lines = st.lists(st.text(alphabet='ab1,;" 甲', max_size=8), min_size=1, max_size=6)


def slow(lines: list[str], delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=delimiter))


def trimmed(row: list[str] | tuple[str, ...]) -> list[str]:
    """Without blank cells at the end: they hold nothing that could be lost."""
    cells = list(row)
    while cells and not cells[-1]:
        cells.pop()
    return cells


@settings(max_examples=300, deadline=None)
@given(raw_lines, st.sampled_from([",", ";"]))
@example(['"a","b"', '"x,1",2'], ",")
@example(['",a",b'], ",")
@example(['a"b"c,1'], ",")
@example(["a,b", "c"], ",")
@example(["a", "b,c"], ",")
@example(["a,b,", " ,,"], ",")
@example(['"a,b', 'c",d'], ",")
@example(["1", ","], ",")
@example(["1", ",x"], ",")
@example(["1,2", "3,4,,x"], ",")
@example(["#a,b", "NA,null"], ",")
def test_any_text_is_read_the_same_or_left_alone(lines, delimiter):
    frame = read_columns(lines, delimiter)
    if frame is not None:
        assert [trimmed(row) for row in frame.iter_rows()] == [trimmed(row) for row in slow(lines, delimiter)]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_a_program_writes_is_read_the_same_or_left_alone(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    frame = read_columns(out.getvalue().removesuffix("\n").split("\n"), ",")
    if frame is not None:
        assert [list(row) for row in frame.iter_rows()] == rows


def test_plain_files_take_the_quick_way():
    assert read_columns(["a,1", '"b,c",2'], ",") is not None
    assert read_columns(["a,1", "", "b,2"], ",") is None and read_columns([], ",") is None
