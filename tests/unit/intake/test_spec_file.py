"""A wrong spec is named with file, key and line."""

from __future__ import annotations

import pytest
from intake_desk import SPEC

from leye.intake.spec_file import read_spec
from leye.kernel.errors import BadInput
from leye.packs import open_pack

WRONG = [
    (SPEC.replace("spec: 1", "spec: 2"), "spec", 2, "another version"),
    (SPEC.replace("source: {id: demo}", "source: {owner: x}"), "source.id", 3, "an id is needed: row ids hang on it"),
    (SPEC.replace("id: demo", "id: 演示"), "source.id", 3, "ids are plain letters"),
    (SPEC.replace('home: "210100"', "home: 沈阳"), "home", 4, "home is a code"),
    (SPEC.replace("key: [region, month]", "key: [region, monat]"), "key", 5, "the key names a field that is not there"),
    (SPEC.replace("type: count", "type: cuont"), "fields.heads.type", 9, "an unknown type"),
    (SPEC.replace("unit: 人,", "unit: 头,"), "fields.heads.unit", 9, "an unknown unit"),
    (SPEC.replace("range: [0, 1000000]", "range: [9, 1]"), "fields.heads.range", 9, "a range upside down"),
    (SPEC.replace("range: [0, 1000000]", "range: 高"), "fields.heads.range", 9, "a range without figures"),
    (SPEC.replace("required: true, range", "requierd: true, range"), "fields.heads.requierd", 9, "a key misspelt"),
    (SPEC.replace("from: [月份]", "from: {a: b}"), "fields.month.from", 8, "a mapping for a list"),
    ("spec: 1\nsource: {id: demo}\nfields: {}\n", "fields", 3, "no field at all"),
    (SPEC + "contract: {}\n", "contract", 12, "a key twice"),
    (SPEC + "read: {header_row: 0}\n", "read.header_row", 12, "rows count from 1"),
    (SPEC + "read: {encoding: [klingon]}\n", "read.encoding", 12, "no such encoding"),
    (SPEC + 'read: {footer: ["("]}\n', "read.footer", 12, "a broken pattern"),
    (SPEC + 'total: {field: region, match: "^合计$", check: [month]}\n', "total.check", 12, "a period cannot be summed"),
    (SPEC + "panel: {indicator: x, value: region, ds: month, region: region}\n", "panel.value", 12, "a panel needs figures"),
    (SPEC + "panel: {indicator: x, value: heads, ds: month, region: 沈阳}\n", "panel.region", 12, "neither field nor code"),
    (SPEC.replace("source: {id: demo}", "source: {id: demo, freshness: 40天}"), "source.freshness", 3, "a duration in words"),
]


@pytest.mark.parametrize(("text", "key", "line", "why"), WRONG, ids=[w[-1] for w in WRONG])
def test_a_wrong_spec_is_named_with_key_and_line(desk, text, key, line, why):
    file = desk.spec(text)
    with pytest.raises(BadInput) as error:
        read_spec(file)
    place = error.value.places[0]
    assert error.value.code == "E_SPEC"
    assert (place.file, place.column, place.row) == (str(file), key, line)


def test_broken_yaml_is_named_with_its_line(desk):
    with pytest.raises(BadInput) as error:
        read_spec(desk.spec("spec: 1\nsource: [\n"))
    assert error.value.code == "E_SPEC" and error.value.places[0].row == 3


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"- 1\n- 2\n"], ids=["not UTF-8", "empty", "a list"])
def test_what_is_no_mapping_is_refused(desk, content):
    with pytest.raises(BadInput) as error:
        read_spec(desk.file("x.yaml", content))
    assert error.value.code == "E_SPEC"


def test_a_spec_that_is_not_there(tmp_path):
    with pytest.raises(BadInput) as error:
        read_spec(tmp_path / "none.yaml")
    assert error.value.code == "E_SPEC"


def test_a_near_key_is_suggested(desk):
    with pytest.raises(BadInput) as error:
        read_spec(desk.spec(SPEC.replace("required: true, range", "requierd: true, range")))
    assert "required" in error.value.remedy_zh


def test_every_shipped_spec_reads_and_has_its_own_id():
    files = sorted(open_pack("sources").glob("*.yaml"))
    specs = [read_spec(f) for f in files]
    assert len(files) >= 13
    assert [s.id for s in specs] == [f.stem for f in files]
    assert all(s.panel is None or s.panel.title_zh for s in specs)
