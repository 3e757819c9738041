"""Trained models on record: what a nightly writes down, that it can be repeated, and that a changed table is noticed."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from leye.kernel.errors import BadInput, NotFound
from leye.lake import Lake, open_lake
from leye.office.outbox.models import OutboxEvent
from leye.office.registry.models import TrainedModel
from leye.office.registry.reproducing import reproduce
from leye.office.registry.training import record_training, trained_models

pytestmark = pytest.mark.django_db
AT = datetime(2025, 9, 1, 1, 30, tzinfo=UTC)


@pytest.fixture
def lake(city_data: Path, tmp_path: Path) -> Lake:
    """A copy of the published city that may be spoilt."""
    for name in ("snapshots", "published.json"):
        source = city_data / name
        shutil.copytree(source, tmp_path / name) if source.is_dir() else shutil.copy(source, tmp_path / name)
    return open_lake(tmp_path)


def run_of(lake: Lake) -> str:
    published = lake.published()
    assert published is not None
    return published.run_id


def test_a_nightly_is_written_down_once(lake: Lake, register: Any) -> None:
    run_id = run_of(lake)
    TrainedModel.objects.all().delete()
    made = record_training(lake, run_id, at=AT)
    assert [m.algo for m in made] == ["forecast.panel", "watch.scan"]
    assert record_training(lake, run_id, at=AT) == [] and TrainedModel.objects.count() == 2
    assert OutboxEvent.objects.filter(name="models.trained").count() == 1
    by_algo = {m.algo: m for m in made}
    forecast = by_algo["forecast.panel"]
    summary = lake.scan("backtest_summary", run_id).filter(pl.col("model") == "leye").collect()
    assert forecast.scores["mase"] == pytest.approx(summary["mase"].mean(), abs=1e-6)
    assert len({forecast.data_hash, by_algo["watch.scan"].data_hash, forecast.output_hash}) == 3, "the forecast learns from the alerts too"
    assert forecast.command == f"leye trust reproduce {run_id} forecast.panel" and forecast.version == "1.2" and len(forecast.code_hash) == 64
    alerts = lake.scan("alerts", run_id).collect()
    assert by_algo["watch.scan"].scores["alerts"] == alerts.height
    for level in alerts["level"].unique():
        rates = [json.loads(e)["realised_fa"] for e in alerts.filter(pl.col("level") == level)["evidence"]]
        assert by_algo["watch.scan"].scores[f"realised_fa_{level}"] == pytest.approx(sum(rates) / len(rates), abs=1e-6)
    assert trained_models(algo="watch.scan") == [by_algo["watch.scan"]]


def test_cpu_seconds_come_from_the_runs_own_measure_and_are_unknown_without(lake: Lake, register: Any) -> None:
    run_id = run_of(lake)
    TrainedModel.objects.all().delete()
    file = lake.snapshots / run_id / "manifest.json"
    manifest = json.loads(file.read_text())
    manifest["notes"]["cpu_s"] = {"预测": 1.25}
    file.write_text(json.dumps(manifest, ensure_ascii=False))
    found = {m.algo: m.cpu_s for m in record_training(lake, run_id, at=AT)}
    assert found == {"forecast.panel": 1.25, "watch.scan": None}


@pytest.mark.parametrize("algo", ["forecast.panel", "watch.scan"])
def test_training_again_gives_the_same_bytes(algo: str, lake: Lake, register: Any) -> None:
    record_training(lake, run_of(lake), at=AT)
    made = reproduce(lake, run_of(lake), algo)
    assert made.is_equal and made.is_same_data and made.is_same_code and all(made.tables.values())


def test_other_data_or_another_output_is_noticed(lake: Lake, register: Any) -> None:
    run_id = run_of(lake)
    record_training(lake, run_id, at=AT)
    file = lake.snapshots / run_id / "panel.parquet"
    panel = pl.read_parquet(file)
    lake.engine.write(panel.with_columns(pl.col("y") * 1.01), file)
    made = reproduce(lake, run_id, "forecast.panel")
    assert not made.is_equal and not made.is_same_data and not made.tables["forecast"]


def test_what_learns_nothing_and_runs_that_are_not_there(lake: Lake, register: Any) -> None:
    with pytest.raises(BadInput) as refused:
        reproduce(lake, run_of(lake), "watch.advice")
    assert refused.value.code == "E_NO_MODEL"
    with pytest.raises(NotFound):
        reproduce(lake, "20250101T000000-00000000", "watch.scan")


def test_the_page_lists_them_with_their_command(lake: Lake, register: Any, signed_in: Any) -> None:
    run_id = run_of(lake)
    analyst = signed_in("analyst")
    TrainedModel.objects.all().delete()
    assert "还没有训练过模型" in analyst.get("/registry/models").content.decode()
    record_training(lake, run_id, at=AT)
    text = analyst.get("/registry/models").content.decode()
    assert f"leye trust reproduce {run_id} watch.scan" in text
    assert analyst.get("/registry/models.csv").content.decode().count("leye trust reproduce") == 2
    assert analyst.get("/api/registry/models?algo=watch.scan").json()["total"] == 1
