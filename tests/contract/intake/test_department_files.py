"""What the city's departments send, read by the shipped specs: exactly the planted errors are found, and the panel equals the city's indicators."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from leye.city.build import build_city
from leye.city.departments import write_inbox
from leye.intake import load
from leye.intake.panel import build_panel, loaded_source
from leye.packs import open_pack

AT = datetime(2025, 8, 31, tzinfo=UTC)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    root: Path = tmp_path_factory.mktemp("inbox")
    city = build_city(3_000, seed=11, on=date(2025, 8, 31))
    write_inbox(city, root, seed=11)
    reports = {
        folder.name: load(open_pack(f"sources/{folder.name}.yaml"), sorted(folder.iterdir()), root / "loads" / folder.name, recorded_at=AT)
        for folder in sorted((root / "inbox").iterdir())
    }
    truth = pl.read_parquet(root / "truth" / "inbox_errors.parquet")
    sources = [loaded_source(open_pack(f"sources/{name}.yaml"), root / "loads" / name) for name in reports]
    panel, keys, cells = build_panel([s for s in sources if s])
    return SimpleNamespace(root=root, city=city, reports=reports, truth=truth, panel=panel, keys=keys, cells=cells)


def test_twelve_departments_send_something(desk):
    assert len(desk.reports) == 12
    assert all(r.total("rows_in") > 0 and not r.refused for r in desk.reports.values())


def test_quarantine_holds_exactly_the_planted_errors(desk):
    found = {
        (source, line["file"], line["sheet"], line["row"], line["column"], line["code"])
        for source, report in desk.reports.items()
        for line in report.quarantine.iter_rows(named=True)
    }
    cells = desk.truth.filter(pl.col("expected_code").str.starts_with("E_") & (pl.col("expected_code") != "E_SUM_MISMATCH"))
    assert found == set(cells.select("source", "file", "sheet", "row", "column", "expected_code").rows())
    assert len({code for *_, code in found}) >= 12, "many kinds of error are planted"


def test_warnings_are_exactly_the_planted_ones(desk):
    found = {(source, w["file"], w["sheet"], w["row"], w["column"], w["code"]) for source, report in desk.reports.items() for w in report.warnings}
    notes = desk.truth.filter(pl.col("expected_code").str.starts_with("W_") | (pl.col("expected_code") == "E_SUM_MISMATCH"))
    assert found == set(notes.select("source", "file", "sheet", "row", "column", "expected_code").rows())


def test_repeated_and_corrected_rows_are_counted(desk):
    uncoded = desk.truth.filter(pl.col("expected_code").is_null())["kind"].sort().to_list()
    assert uncoded == ["corrected_later", "repeated_row"]
    jobs = desk.reports["hr_jobs"]
    assert (jobs.total("duplicates"), jobs.total("superseded")) == (1, 1)
    assert sum(r.total("duplicates") + r.total("superseded") for r in desk.reports.values()) == 2


def test_the_panel_equals_the_indicators_where_nothing_is_lost(desk):
    city = desk.city.tables["indicators"].join(desk.city.tables["indicator_keys"], on="unique_id")
    ours = desk.panel.join(desk.keys, on="unique_id")
    both = city.join(ours, on=["unique_id", "ds"], how="full", suffix="_ours")
    assert both.filter(pl.col("unique_id").is_null() | pl.col("unique_id_ours").is_null()).is_empty(), "the same series over the same months"
    known = both.filter(pl.col("y_ours").is_not_null())
    assert known.filter(pl.col("y") != pl.col("y_ours")).is_empty()
    for column in ("parent", "indicator", "region", "industry", "occupation", "grp", "unit", "title_zh", "calm_direction"):
        assert known.filter(~pl.col(column).eq_missing(pl.col(f"{column}_ours"))).is_empty(), column


def test_gaps_are_the_lost_leaves_and_what_stands_above_them(desk):
    lost = desk.truth.filter(
        pl.col("expected_code").str.starts_with("E_") & ~pl.col("expected_code").is_in(["E_SUM_MISMATCH", "E_PERIOD_KIND"])
        & ~pl.col("column").is_in(["id_number"])
    )  # fmt: skip
    leaves = desk.keys.filter(~pl.col("unique_id").is_in(desk.keys["parent"].drop_nulls().implode()))
    gaps = desk.panel.filter(pl.col("y").is_null())
    assert gaps.filter(pl.col("unique_id").is_in(leaves["unique_id"].implode())).height == lost.height - 1, "the key written twice is one leaf"
    parent = dict(desk.keys.select("unique_id", "parent").iter_rows())
    shown = set(gaps.select("unique_id", "ds").rows())
    assert all(parent[u] is None or (parent[u], ds) in shown for u, ds in shown)


def test_the_shocked_industry_and_the_last_year_have_no_gap(desk):
    gaps = desk.panel.filter(pl.col("y").is_null())
    assert gaps.filter((pl.col("ds") > date(2024, 7, 1)) | pl.col("unique_id").str.contains("/H/")).is_empty()


def test_every_known_leaf_names_its_cell(desk):
    known = desk.panel.drop_nulls().select("unique_id", "ds")
    assert known.join(desk.cells, on=["unique_id", "ds"], how="anti").is_empty()


def test_equal_cities_send_equal_bytes(desk, tmp_path):
    write_inbox(desk.city, tmp_path, seed=11)
    first = {p.relative_to(desk.root): p.read_bytes() for p in (desk.root / "inbox").rglob("*") if p.is_file()}
    assert {p.relative_to(tmp_path): p.read_bytes() for p in (tmp_path / "inbox").rglob("*") if p.is_file()} == first
    assert (tmp_path / "truth" / "inbox_errors.parquet").read_bytes() == (desk.root / "truth" / "inbox_errors.parquet").read_bytes()


def test_a_second_night_changes_nothing(desk):
    for name, report in desk.reports.items():
        folder = desk.root / "loads" / name
        before = (folder / "loaded.parquet").read_bytes()
        again = load(open_pack(f"sources/{name}.yaml"), sorted((desk.root / "inbox" / name).iterdir()), folder, recorded_at=AT)
        assert (folder / "loaded.parquet").read_bytes() == before
        assert again.total("new") == again.total("superseded") == 0
        assert again.total("quarantined") == report.total("quarantined")
