"""The watch comes before the forecast: its lamps widen the intervals of the same night, and a run is repeated with the alerts that it had."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from leye import forecast
from leye.forecast.alarms import IN_FORCE, LEVELS
from leye.lake import open_lake
from leye.office.nightly.model_steps import HORIZON, forecast_step
from leye.office.nightly.panel_step import CELLS, Panels
from leye.office.nightly.progress import STEPS
from leye.office.registry.reproducing import reproduce
from leye.office.registry.training import learned_from


def panels_of(data: Path) -> Panels:
    lake = open_lake(data)
    return Panels(lake.scan("panel").collect(), lake.scan("panel_keys").collect(), pl.DataFrame(schema=CELLS))


def test_watch_stands_before_forecast_in_the_steps_and_in_the_lineage(city_data: Path) -> None:
    assert STEPS.index("监测预警") < STEPS.index("预测") < STEPS.index("预测变动")
    lake = open_lake(city_data)
    made_of = {t["name"]: t["inputs"] for t in lake.manifest()["tables"]}  # type: ignore[attr-defined]
    assert "alerts" in made_of["forecast"] and "forecast" not in made_of["alerts"] + made_of["lamps"]
    assert {e.name for e in lake.lineage("alerts")} <= {"alerts", "panel", "panel_keys", "loads"}, "no forecast of the same night behind a lamp"


def test_intervals_are_those_under_the_nights_alerts_and_means_do_not_move(city_data: Path) -> None:
    lake, panels = open_lake(city_data), panels_of(city_data)
    published, alerts = lake.scan("forecast").collect(), lake.scan("alerts").collect()
    plain = forecast.run(panels.panel, panels.tags, horizon=HORIZON).forecast
    assert published.equals(forecast_step(panels, alerts).forecast) and published["mean"].to_list() == plain["mean"].to_list()
    both = published.join(plain, on=["unique_id", "ds"], suffix="_calm")
    wider = both.filter((pl.col("hi-80") - pl.col("lo-80")) > (pl.col("hi-80_calm") - pl.col("lo-80_calm")) * (1 + 1e-9))
    high = [level for level, rank in LEVELS.items() if rank >= 2]
    newest = alerts.filter(pl.col("level").is_in(high), pl.col("ds") > panels.panel["ds"].unique().sort()[-IN_FORCE - 1])["unique_id"].unique()
    assert newest.len() > 0, "the planted shock burns"
    burning = set(newest)
    for _ in range(5):  # a series under a burning one stands under its lamp
        burning |= set(panels.keys.filter(pl.col("parent").is_in(list(burning)))["unique_id"])
    assert set(wider["unique_id"]) <= burning and wider.height > 0


@pytest.mark.django_db
def test_a_run_of_before_the_order_changed_is_repeated_without_alerts(city_data: Path, tmp_path: Path, register: None) -> None:
    for name in ("snapshots", "published.json"):
        source = city_data / name
        shutil.copytree(source, tmp_path / name) if source.is_dir() else shutil.copy(source, tmp_path / name)
    lake, panels = open_lake(tmp_path), panels_of(tmp_path)
    published = lake.published()
    assert published is not None
    folder = lake.snapshots / published.run_id
    manifest = json.loads((folder / "manifest.json").read_text())
    made = forecast_step(panels)
    for entry in manifest["tables"]:
        if entry["name"] in {"forecast", "forecast_models", "contributions"}:
            frame = {"forecast": made.forecast, "forecast_models": made.models, "contributions": made.contributions}[entry["name"]]
            lake.engine.write(frame, folder / f"{entry['name']}.parquet")
            entry |= {"inputs": ["panel", "panel_keys"], "sha256": _sha(folder / f"{entry['name']}.parquet")}
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False))
    assert learned_from(manifest, "forecast.panel") == ("panel", "panel_keys")
    assert reproduce(lake, published.run_id, "forecast.panel").is_equal


def _sha(file: Path) -> str:
    from leye.lake.snapshots import file_sha256

    return file_sha256(file)
