"""Findings: weighty before sure, nothing about a handful of nobody, relatives after strangers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

import published_fixture
from leye.office.published import Snapshot, published_snapshot
from leye.office.reports.findings import all_findings, findings, telling
from leye.office.reports.surprise import surprises
from published_fixture import H_ID, LAST, ROOT_ID


@pytest.fixture
def lit(tmp_path: Path) -> Any:
    """`lit([(unique_id, level, direction, gap), …])` is a snapshot whose lamps are these."""

    def make(*lamps: tuple[str, str, str, float]) -> Snapshot:
        rows = [{"unique_id": u, "ds": LAST.first, "level": v, "direction": d, "since": (LAST + -3).first, "gap": g} for u, v, d, g in lamps]
        schema = {"unique_id": pl.String, "ds": pl.Date, "level": pl.String, "direction": pl.String, "since": pl.Date, "gap": pl.Float64}
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        published_fixture.write_city(folder, lamps=pl.DataFrame(rows, schema=schema))
        found = published_snapshot(folder)
        assert found is not None
        return found

    return make


def test_a_large_loss_comes_before_a_sure_trifle(lit: Any) -> None:
    found = findings(lit(("postings/440604/C/all/all", "red", "down", 0.02), (H_ID, "yellow", "down", 0.51)))
    assert [f.series.unique_id for f in found] == [H_ID, "postings/440604/C/all/all"]
    assert found[0].zh == "示例市住宿和餐饮业招聘岗位数从2025年5月起低于预期，现在约少40%"
    assert found[0].en.endswith("below expectation since May 2025, now about 40% less")


def test_expected_is_what_the_gap_says(lit: Any) -> None:
    (f,) = findings(lit((H_ID, "red", "down", 0.6931471805599453)))
    assert f.expected == pytest.approx(2 * f.observed) and f.change == pytest.approx(-0.5)
    (f,) = findings(lit(("claims/440600/all/all/all", "red", "up", 0.6931471805599453)))
    assert f.expected == pytest.approx(f.observed / 2) and f.change == pytest.approx(1.0)


def test_what_recovered_or_is_a_trifle_is_no_finding(lit: Any) -> None:
    assert all_findings(lit((H_ID, "red", "down", -0.2), (ROOT_ID, "red", "down", 0.005), ("nobody", "red", "down", 1.0))) == []


def test_relatives_come_after_strangers(lit: Any) -> None:
    child = "postings/440605/H/all/all"
    found = findings(lit((H_ID, "red", "down", 0.6), (child, "red", "down", 0.6), ("claims/440600/all/all/all", "blue", "up", 0.1)))
    assert [f.series.unique_id for f in found] == [H_ID, "claims/440600/all/all/all", child]


def test_no_lamps_no_findings_even_with_old_alarms(lit: Any) -> None:
    assert findings(lit()) == []


def test_groups_of_nobody_are_left_out_unless_all_are(lit: Any) -> None:
    row = {"unique_id": "u", "plan_id": "p"}
    assert telling([row | {"heads": 0}, row | {"heads": 3}]) == [row | {"heads": 3}]
    assert len(telling([row | {"heads": 0}])) == 1
    assert len(telling([row | {"heads": None}, row | {"heads": 0}])) == 1


def test_surprise_takes_the_earliest_origin_and_never_less_noise_than_the_root(lit: Any) -> None:
    snapshot = lit()
    s = surprises(snapshot)[H_ID]
    assert s.origin == (LAST + -6).first
    assert s.z == pytest.approx((s.y - s.mean) / max(s.mean * 0.05, s.mean**0.5), rel=1e-3)


def test_the_snapshot_is_read_once_and_seen_anew_after_a_publication(tmp_path: Path) -> None:
    published_fixture.write_city(tmp_path / "d")
    first = published_snapshot(tmp_path / "d")
    assert published_snapshot(tmp_path / "d") is first
    published_fixture.write_panel(tmp_path / "d")
    second = published_snapshot(tmp_path / "d")
    assert second is not first and second is not None and "Total" in second.series and not second.is_city
    assert published_snapshot(tmp_path / "none") is None


def test_charts_are_drawn_ahead_and_those_of_old_runs_swept(tmp_path: Path, settings: Any) -> None:
    from leye.site.charts.job import run

    settings.LEYE_DATA = tmp_path / "d"
    published_fixture.write_city(settings.LEYE_DATA)
    old = settings.LEYE_DATA / "charts" / "20200101T000000-00000000"
    old.mkdir(parents=True)
    told: list[float] = []
    done = run({}, lambda step, share: told.append(share))
    drawn = list((settings.LEYE_DATA / "charts" / done["run_id"]).glob("fan-*.svg"))
    assert done["series"] == len(told) == 5 and len(drawn) == 5 * 3, "four findings, and the series of every bulletin's outlook"
    assert not old.exists() and told == sorted(told)
