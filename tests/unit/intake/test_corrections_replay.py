"""What a person decides is kept with name and time, applied at the next load, and never written over the raw cell."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from leye.intake import why
from leye.intake.corrections import Correction, add_correction, read_corrections
from leye.kernel.errors import BadInput

AT = datetime(2025, 9, 1, 8, tzinfo=UTC)
HEAD = "区县,月份,人数（人）,平均工资\n"


def test_a_decision_for_the_whole_source_frees_all_waiting_rows(desk):
    file = desk.file("x.csv", HEAD + "和平區政府,2024-01,1,\n和平區政府,2024-02,2,\n沈河区,2024-01,面议,\n")
    assert desk.load(file).total("quarantined") == 3
    add_correction(desk.out, column="region", raw="和平區政府", value="和平区", by="u1", at=AT)
    report = desk.load(file)
    assert (report.total("new"), report.total("quarantined")) == (2, 1)
    assert desk.table("waiting")["raw"].to_list() == ["面议"]
    row_id = desk.table("loaded")["_row_id"][0]
    assert why(desk.out, row_id, "region").raw == "和平區政府"


def test_a_decision_for_one_cell_touches_that_cell_only(desk):
    file = desk.file("x.csv", HEAD + "和平区,2024-01,面议,\n沈河区,2024-01,面议,\n")
    report = desk.load(file)
    add_correction(desk.out, column="heads", raw="面议", value="37", by="u1", at=AT, cell=(report.files[0].sha256, None, 3))
    again = desk.load(file)
    assert (again.total("loaded"), again.total("quarantined")) == (1, 1)
    assert desk.table("loaded").select("region", "heads").rows() == [("210103", 37)]


def test_a_decision_for_one_cell_leaves_the_same_row_of_another_file_alone(desk):
    files = [desk.file("x.csv", HEAD + "和平区,2024-01,面议,\n"), desk.file("y.csv", HEAD + "沈河区,2024-01,面议,\n")]
    report = desk.load(*files)
    add_correction(desk.out, column="heads", raw="面议", value="37", by="u1", at=AT, cell=(report.files[1].sha256, None, 2))
    desk.load(*files)
    assert desk.table("loaded").select("region", "heads").rows() == [("210103", 37)]


def test_a_mended_row_of_an_older_file_does_not_push_out_a_newer_one(desk):
    old = desk.file("x.csv", HEAD + "和平区,2024-01,面议,\n")
    first = desk.load(old, desk.file("y.csv", HEAD + "和平区,2024-01,5,\n"))
    add_correction(desk.out, column="heads", raw="面议", value="9", by="u1", at=AT, cell=(first.files[0].sha256, None, 2))
    report = desk.load(old)
    assert report.total("superseded") == 1
    assert desk.table("loaded")["heads"].to_list() == [5]
    assert desk.table("history").select("heads", "_superseded_at").rows() == [(5, None), (9, datetime(2025, 8, 31, tzinfo=UTC))]


def test_a_corrected_row_has_the_id_of_a_row_written_right(desk):
    bad = desk.file("x.csv", HEAD + "和平区,2024-01,面议,\n")
    report = desk.load(bad)
    add_correction(desk.out, column="heads", raw="面议", value="37", by="u1", at=AT, cell=(report.files[0].sha256, None, 2))
    desk.load(bad)
    assert desk.load(desk.file("y.csv", HEAD + "和平区,2024-01,37,\n")).total("unchanged") == 1


def test_a_correction_that_does_not_help_leaves_the_row_waiting(desk):
    file = desk.file("x.csv", HEAD + "和平区,2024-01,面议,\n")
    desk.load(file)
    add_correction(desk.out, column="heads", raw="面议", value="若干", by="u1", at=AT)
    assert desk.load(file).total("quarantined") == 1
    assert desk.table("quarantine").select("raw", "code").rows() == [("面议", "E_NUMBER_APPROX")]


def test_decisions_are_kept_with_who_and_when_and_the_later_wins(desk):
    add_correction(desk.out, column="heads", raw="面议", value="1", by="u1", at=AT)
    add_correction(desk.out, column="heads", raw="面议", value="2", by="u2", at=AT)
    assert [(c.by, c.at, c.value) for c in read_corrections(desk.out).items] == [("u1", AT.isoformat(), "1"), ("u2", AT.isoformat(), "2")]
    desk.load(desk.file("x.csv", HEAD + "和平区,2024-01,面议,\n"))
    assert desk.table("loaded")["heads"].to_list() == [2]


def test_what_a_correction_must_say(desk):
    with pytest.raises(ValueError, match="names who"):
        Correction("heads", "x", "1", by="", at=AT.isoformat())
    with pytest.raises(ValueError, match="whole cell"):
        Correction("heads", "x", "1", by="u", at=AT.isoformat(), row=3)
    with pytest.raises(ValueError, match="zone"):
        add_correction(desk.out, column="heads", raw="x", value="1", by="u", at=datetime(2025, 1, 1))


@pytest.mark.parametrize("text", ["{", json.dumps([{"colour": 1}]), json.dumps([1])], ids=["broken", "other keys", "no objects"])
def test_a_damaged_store_is_named(desk, text):
    desk.out.mkdir()
    (desk.out / "corrections.json").write_text(text)
    with pytest.raises(BadInput) as error:
        desk.load(desk.file("x.csv", HEAD))
    assert error.value.code == "E_CORRECTIONS"
