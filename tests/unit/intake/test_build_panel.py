"""Rows to series: sums only of whole parts, gaps shown, each value with its cells."""

from __future__ import annotations

from datetime import date

import pytest

from leye.intake.panel import build_panel, loaded_source
from leye.intake.panel_keys import SeriesKey
from leye.kernel.errors import BadInput

SPEC = """
spec: 1
source: {id: posts}
home: "440600"
key: [region, industry, month]
fields:
  region: {type: region, from: [区县], required: true}
  industry: {type: text, from: [行业], required: true}
  month: {type: period, from: [月份], required: true}
  posts: {type: count, unit: 个, from: [岗位], required: true}
panel: {indicator: postings, value: posts, ds: month, region: region, industry: industry, unit: post, title_zh: 招聘岗位数, place_zh: 示例市}
"""
HEAD = "区县,行业,月份,岗位\n"
ROWS = "禅城区,H,2024-01,1\n禅城区,H,2024-02,2\n禅城区,C,2024-01,3\n禅城区,C,2024-02,4\n南海区,H,2024-01,5\n南海区,H,2024-02,6\n"


def panel_of(desk, text: str, spec: str = SPEC):
    desk.load(desk.file("p.csv", HEAD + text), spec=spec)
    source = loaded_source(desk.spec(spec), desk.out)
    assert source is not None
    panel, keys, cells = build_panel([source])
    values = {(u, d.month): y for u, d, y in panel.iter_rows()}
    return values, keys, cells


def test_sums_over_districts_then_industries(desk):
    values, keys, _ = panel_of(desk, ROWS)
    assert values["postings/440604/H/all/all", 1] == 1
    assert (values["postings/440600/H/all/all", 1], values["postings/440600/C/all/all", 2]) == (6, 4)
    assert (values["postings/440600/all/all/all", 1], values["postings/440600/all/all/all", 2]) == (9, 12)
    assert dict(keys.select("unique_id", "parent").iter_rows()) == {
        "postings/440604/H/all/all": "postings/440600/H/all/all",
        "postings/440605/H/all/all": "postings/440600/H/all/all",
        "postings/440604/C/all/all": "postings/440600/C/all/all",
        "postings/440600/H/all/all": "postings/440600/all/all/all",
        "postings/440600/C/all/all": "postings/440600/all/all/all",
        "postings/440600/all/all/all": None,
    }


def test_a_quarantined_cell_leaves_a_gap_and_no_partial_sum(desk):
    values, _, _ = panel_of(desk, ROWS.replace("2024-02,6", "2024-02,面议"))
    for series in ("postings/440605/H/all/all", "postings/440600/H/all/all", "postings/440600/all/all/all"):
        assert values[series, 2] is None and values[series, 1] is not None
    assert values["postings/440600/C/all/all", 2] == 4, "sums without the gap stand"


def test_a_month_that_a_series_skips_is_a_gap(desk):
    values, _, _ = panel_of(desk, ROWS.replace("禅城区,C,2024-02,4\n", "禅城区,C,2024-03,4\n"))
    assert values["postings/440604/C/all/all", 2] is None
    assert values["postings/440600/all/all/all", 3] is None


def test_every_value_names_its_cells(desk):
    _, _, cells = panel_of(desk, ROWS)
    rows = desk.table("loaded").filter(desk.table("loaded")["month_start"] == date(2024, 1, 1))["_row_id"].sort().to_list()
    root = cells.filter((cells["unique_id"] == "postings/440600/all/all/all") & (cells["ds"] == date(2024, 1, 1)))
    assert root["row_id"].to_list() == rows and set(root["source"]) == {"posts"} and set(root["column"]) == {"posts"}


def test_titles_say_place_part_and_what_is_counted(desk):
    _, keys, _ = panel_of(desk, ROWS)
    titles = dict(keys.select("unique_id", "title_zh").iter_rows())
    assert titles["postings/440605/H/all/all"] == "南海区·住宿和餐饮业·招聘岗位数"
    assert titles["postings/440600/all/all/all"] == "示例市·招聘岗位数"


def test_a_rate_is_never_summed(desk):
    spec = SPEC.replace("place_zh: 示例市", "adds_up: false")
    values, keys, _ = panel_of(desk, ROWS, spec)
    assert set(keys["parent"]) == {None} and len(keys) == 3
    assert ("postings/440600/all/all/all", 1) not in values


def test_a_sum_among_its_parts_is_refused(desk):
    with pytest.raises(BadInput) as error:
        panel_of(desk, ROWS + "佛山市,H,2024-01,6\n")
    assert error.value.code == "E_SUM_MISMATCH"


def test_sources_without_a_panel_and_before_their_first_load_add_nothing(desk):
    bare = SPEC[: SPEC.index("panel:")]
    desk.load(desk.file("p.csv", HEAD + ROWS), spec=bare)
    source = loaded_source(desk.spec(bare), desk.out)
    assert source is not None and [f.height for f in build_panel([source])] == [0, 0, 0]
    assert loaded_source(desk.spec(bare), desk.root / "nowhere") is None


PARENTS = [
    (SeriesKey("x", "440605", "H"), "x/440600/H/all/all"),
    (SeriesKey("x", "440600", "H"), "x/440600/all/all/all"),
    (SeriesKey("x", "440605", grp="graduates"), "x/440600/all/all/graduates"),
    (SeriesKey("x", "440600", occupation="2020000"), "x/440600/all/2000000/all"),
    (SeriesKey("x", "440600", occupation="2000000"), "x/440600/all/all/all"),
    (SeriesKey("x", "440600"), None),
]


@pytest.mark.parametrize(("key", "parent"), PARENTS)
def test_parents(key, parent):
    above = key.parent("440600")
    assert (above.unique_id if above else None) == parent
