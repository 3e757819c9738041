"""A city on disk: same bytes for the same parameters, and no city written over another."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from leye.city.build import build_city, write_city
from leye.kernel.errors import BadInput
from leye.lake.snapshots import file_sha256

ON = date(2025, 8, 31)


@pytest.fixture(scope="module")
def small():
    return build_city(600, seed=1, on=ON)


def bytes_of(folder: Path) -> dict[str, str]:
    return {str(f.relative_to(folder)): file_sha256(f) for f in sorted(folder.rglob("*")) if f.is_file()}


def test_same_parameters_same_bytes(small, tmp_path):
    write_city(small, tmp_path / "a", inbox=False)
    write_city(build_city(600, seed=1, on=ON), tmp_path / "b", inbox=False)
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")


def test_another_seed_is_another_city(small):
    other = build_city(600, seed=2, on=ON)
    same = [name for name in small.tables if name != "indicator_keys" and small.tables[name].equals(other.tables[name])]
    assert same == []


def test_another_day_moves_the_city(tmp_path):
    city = build_city(600, seed=1, on=date(2026, 3, 10))
    assert city.tables["indicators"]["ds"].max() == date(2026, 3, 1)
    assert city.tables["jobs"]["posted_on"].max() <= date(2026, 3, 10)
    assert city.tables["people"]["hire_on"].max() <= date(2026, 3, 10)
    assert city.tables["insurance_months"]["month"].max() == date(2026, 3, 1)


def test_the_manifest_names_rows_and_hashes(small, tmp_path):
    write_city(small, tmp_path, inbox=False)
    manifest = json.loads((tmp_path / "city" / "manifest.json").read_text(encoding="utf-8"))
    assert {k: manifest[k] for k in ("people", "seed", "on", "region")} == {"people": 600, "seed": 1, "on": "2025-08-31", "region": "440600"}
    assert manifest["tables"].keys() == small.tables.keys()
    for name, entry in manifest["tables"].items():
        file = tmp_path / "city" / f"{name}.parquet"
        assert entry == {"rows": pl.read_parquet(file).height, "sha256": file_sha256(file)}
    assert json.loads((tmp_path / "truth" / "plants.json").read_text(encoding="utf-8")) == small.plants
    assert pl.read_parquet(tmp_path / "truth" / "duplicates.parquet").columns == ["id_a", "id_b"]


def test_writing_again_changes_nothing(small, tmp_path):
    write_city(small, tmp_path, inbox=False)
    before = bytes_of(tmp_path)
    write_city(small, tmp_path, inbox=False)
    assert bytes_of(tmp_path) == before


def test_another_city_is_refused_and_left_alone(small, tmp_path):
    write_city(small, tmp_path, inbox=False)
    before = bytes_of(tmp_path)
    with pytest.raises(BadInput) as refused:
        write_city(build_city(600, seed=2, on=ON), tmp_path, inbox=False)
    assert refused.value.code == "E_CITY_EXISTS"
    assert "--force" in refused.value.remedy_zh
    assert bytes_of(tmp_path) == before


def test_force_replaces_the_city_and_what_hangs_on_it(small, tmp_path):
    write_city(small, tmp_path, inbox=False)
    (tmp_path / "inbox" / "old").mkdir(parents=True)
    (tmp_path / "kept.txt").write_text("x")
    write_city(build_city(600, seed=2, on=ON), tmp_path, inbox=False, force=True)
    assert json.loads((tmp_path / "city" / "manifest.json").read_text(encoding="utf-8"))["seed"] == 2
    assert not (tmp_path / "inbox").exists()
    assert (tmp_path / "kept.txt").exists()


def test_a_write_that_dies_leaves_no_manifest(small, tmp_path, monkeypatch):
    write_city(small, tmp_path, inbox=False)
    monkeypatch.setattr("leye.city.store._write", lambda frame, file: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(BadInput, match="E_NOT_WRITTEN"):
        write_city(small, tmp_path, inbox=False)
    assert not (tmp_path / "city" / "manifest.json").exists()


def test_a_half_written_city_is_no_city(small, tmp_path):
    write_city(small, tmp_path, inbox=False)
    (tmp_path / "city" / "manifest.json").unlink()
    write_city(build_city(600, seed=2, on=ON), tmp_path, inbox=False)


def test_a_broken_manifest_and_a_file_in_the_way_are_named(small, tmp_path):
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadInput, match="E_CITY_MANIFEST"):
        write_city(small, tmp_path, inbox=False)
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="E_NOT_A_FOLDER"):
        write_city(small, tmp_path / "file", inbox=False)


def test_a_folder_that_cannot_be_made_is_named(small, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="E_NOT_WRITTEN"):
        write_city(small, tmp_path / "file" / "below", inbox=False)


def test_progress_counts_up_to_all(small, tmp_path):
    seen: list[tuple[str, int, int]] = []
    write_city(small, tmp_path, inbox=False, progress=lambda *step: seen.append(step))
    done = [s[1] for s in seen]
    assert done == sorted(done)
    assert seen[-1][1] == seen[-1][2]


@pytest.mark.parametrize(
    ("people", "seed", "on"), [(10, 1, ON), (2_000_001, 1, ON), (600, -1, ON), (600, 1, date(2011, 1, 1)), (600, 1, date(2031, 1, 1))]
)
def test_parameters_out_of_range_are_refused(people, seed, on):
    with pytest.raises(BadInput) as refused:
        build_city(people, seed=seed, on=on)
    assert refused.value.remedy_zh
