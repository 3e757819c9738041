"""Exposure of occupations: worked by hand on small scales, and what must hold of the shipped table."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from leye.impact.building import build_exposure
from leye.impact.crosswalk import link_for, links, matching
from leye.impact.errors import source_changed
from leye.impact.exposure import exposure_frame, exposure_of
from leye.impact.percentile import percentiles
from leye.impact.sources import sources
from leye.impact.tasks import examples_of
from leye.kernel.codes import occupations
from leye.kernel.errors import BadInput, NotFound
from leye.packs import open_pack

ROOT = Path(__file__).parents[3]
RAW = Path(os.environ.get("LEYE_SHARED", ROOT.parent / "shared")) / "data" / "match"

PLACES = [
    ([1.0], [1.0], [0.5], "alone it is in the middle"),
    ([3.0, 1.0], [1.0, 2.0, 3.0, 4.0], [0.625, 0.125], "three of four: two below, itself half"),
    ([2.0], [2.0, 2.0, 5.0, 9.0], [0.25], "equal ones count half"),
    ([0.0, 10.0], [1.0, 2.0], [0.0, 1.0], "an outsider below or above all"),
]


@pytest.mark.parametrize(("values", "among", "placed", "why"), PLACES, ids=[p[-1] for p in PLACES])
def test_percentile_answers(values, among, placed, why):
    assert percentiles(values, among) == placed


def test_nothing_to_stand_among_is_refused():
    with pytest.raises(ValueError, match="among"):
        percentiles([1.0], [])


def test_every_occupation_of_the_city_is_mapped_by_hand():
    codes = pl.read_csv(ROOT / "src/leye/packs/city/jobs.csv", infer_schema_length=0)["code"].to_list()
    assert len(codes) == 94
    assert {exposure_of(c).confidence for c in codes} == {"high", "medium"}


def test_rows_of_the_crosswalk_stand_in_the_classification_under_their_names():
    known = occupations()
    assert len(links()) == open_pack("impact/crosswalk.csv").read_text(encoding="utf-8").count("\n") - 1, "a code stands twice"
    assert {c: (link.name, known[c].name) for c, link in links().items() if c not in known or known[c].name != link.name} == {}
    assert sum(link.kind == "occupation" for link in links().values()) >= 200


def test_a_row_of_its_own_before_the_minor_and_the_middle_group():
    assert link_for("2060300").code == "2060300"
    assert link_for("2021099").code == "2021000"
    assert link_for("5030399").code == "5030000"
    assert link_for("8000000") is None


def test_a_range_and_its_sources():
    found = exposure_of("2-06-03-00")
    assert found.code == "2060300"
    assert found.low == min(found.by_source.values())
    assert found.high == max(found.by_source.values())
    assert found.mid == sorted(found.by_source.values())[1]


def test_a_group_is_wider_than_its_sources():
    found = exposure_of("4010000")
    assert found.confidence == "low"
    assert found.low < min(found.by_source.values())
    assert found.high > max(found.by_source.values())


def test_unknown_is_not_zero_and_no_code_is_refused():
    nobody = exposure_of("8000000")
    assert (nobody.low, nobody.mid, nobody.high, nobody.confidence) == (None, None, None, "none")
    with pytest.raises(NotFound, match="E_OCCUPATION_UNKNOWN"):
        exposure_of("9999999")


def test_only_what_was_published_by_a_day():
    before, after = exposure_of("2021003", on=date(2025, 4, 30)), exposure_of("2021003", on=date(2025, 5, 1))
    assert before.by_source["ilo"] < after.by_source["ilo"], "software work moved up between both years of the ILO"
    assert before.by_source["gpts"] == after.by_source["gpts"]
    assert exposure_of("2021003", on=date(2020, 1, 1)).by_source == before.by_source, "before the first vintage the first"


def test_the_frame_holds_every_occupation_once_inside_its_range():
    frame = exposure_frame()
    assert frame["code"].is_unique().all()
    assert frame.height == len({o.code for o in occupations().values() if o.level == 4})
    known = frame.drop_nulls("mid")
    assert known.filter((pl.col("low") > pl.col("mid")) | (pl.col("mid") > pl.col("high"))).height == 0
    assert known.filter((pl.col("low") < 0) | (pl.col("high") > 1)).height == 0


def test_desk_work_stands_above_handiwork_in_every_source():
    for source in sources():
        assert exposure_of("3010205").by_source[source.id] > exposure_of("6290101").by_source[source.id]


def test_examples_of_tasks_of_every_mapped_occupation():
    assert [c for c in links() if examples_of(c) is None] == []
    assert examples_of("2060300").more_zh.startswith("凭证")
    assert examples_of("8000000") is None


def test_prefixes_and_whole_codes():
    assert matching(("72",), ["7211", "8172", "7233"], exact=False) == ["7211", "7233"]
    assert matching(("7211",), ["7211", "72111"], exact=True) == ["7211"]


@pytest.mark.skipif(not RAW.exists(), reason="the sources' raw files lie outside the repository; set LEYE_SHARED")
def test_the_shipped_table_is_what_the_raw_files_give():
    assert build_exposure(RAW) == open_pack("impact/exposure.csv").read_text(encoding="utf-8")


def test_another_file_is_not_taken_for_the_source(tmp_path):
    with pytest.raises(BadInput, match="E_EXPOSURE_SOURCE"):
        build_exposure(tmp_path)
    for source in sources():
        (tmp_path / source.file).write_text("isco08\n1\n", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        build_exposure(tmp_path)
    assert refused.value.zh.split("，")[0][:20] == source_changed(sources()[0].file, "").zh.split("，")[0][:20]
