"""Models that a nightly trains, on record: from which data and code, with which seed and scores, at what cost, and how to repeat it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from leye.lake import Lake
from leye.office.nightly.model_steps import BACKTEST_HORIZON, HORIZON, LONGEST_CALM, NOMINAL, SHORTEST_WATCH
from leye.office.outbox.journal import emit
from leye.office.registry.models import TrainedModel, Version

WRITES = {"forecast.panel": ("forecast", "forecast_models", "contributions"), "watch.scan": ("alerts", "lamps", "watch_notices")}
"""Algorithm that learns -> tables that it writes, the first of which names in the manifest what they were made of.
What a model learned is used at once and shows in these; there is no file of weights."""
STEP = {"forecast.panel": "预测", "watch.scan": "监测预警"}
SETTINGS: dict[str, dict[str, float]] = {
    "forecast.panel": {"horizon": HORIZON, "backtest_horizon": BACKTEST_HORIZON},
    "watch.scan": {"nominal": NOMINAL, "longest_calm": LONGEST_CALM, "shortest_watch": SHORTEST_WATCH},
}
SEED = 0  # of the nightly's steps: `forecast.run` and `watch.scan_panel` take it as their default


def record_training(lake: Lake, run_id: str, *, at: datetime) -> list[TrainedModel]:
    """One row per model of a published run; recording a run again changes nothing."""
    manifest = lake.manifest(run_id)
    hashes = table_hashes(manifest)
    new = []
    with transaction.atomic():
        for algo, tables in WRITES.items():
            if not set(tables) <= hashes.keys() or TrainedModel.objects.filter(run_id=run_id, algo=algo).exists():
                continue
            version = Version.objects.filter(algo=algo, is_installed=True).order_by("-id").first()
            new.append(
                TrainedModel(
                    run_id=run_id,
                    algo=algo,
                    version=version.version if version is not None else "",
                    data_hash=joint_hash(hashes, learned_from(manifest, algo)),
                    code_hash=version.code_hash if version is not None else str(manifest["code_hash"]),
                    output_hash=joint_hash(hashes, tables),
                    seed=SEED,
                    settings=SETTINGS[algo],
                    scores=_scores(lake, run_id, algo),
                    cpu_s=_cpu_s(manifest, algo),
                    command=f"leye trust reproduce {run_id} {algo}",
                    at=at,
                )
            )
        TrainedModel.objects.bulk_create(new)
        if new:
            emit("models.trained", permission="registry.view", at=at, run_id=run_id, algos=[m.algo for m in new])
    return new


def trained_models(*, algo: str = "", limit: int = 200) -> list[TrainedModel]:
    """Newest first, of one algorithm or of all."""
    found = TrainedModel.objects.all()
    return list((found.filter(algo=algo) if algo else found)[:limit])


def learned_from(manifest: Mapping[str, Any], algo: str) -> tuple[str, ...]:
    """Tables that an algorithm learned from in a run: forecasts of before the watch came first had no alerts. Empty when it wrote none."""
    return next((tuple(t["inputs"]) for t in manifest["tables"] if t["name"] == WRITES[algo][0]), ())


def table_hashes(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Table -> sha256 of its file, as the manifest has them."""
    return {t["name"]: t["sha256"] for t in manifest["tables"]}


def joint_hash(hashes: Mapping[str, str], tables: Sequence[str]) -> str:
    """64 hex digits over several tables of a run, by name."""
    return hashlib.sha256(json.dumps({name: hashes[name] for name in tables}, sort_keys=True).encode()).hexdigest()


def _scores(lake: Lake, run_id: str, algo: str) -> dict[str, float]:
    return _forecast_scores(lake, run_id) if algo == "forecast.panel" else _watch_scores(lake, run_id)


def _forecast_scores(lake: Lake, run_id: str) -> dict[str, float]:
    """Means over the origins of the stored back-test, of our mix and of the seasonal naive beside it; empty on a panel too short for one."""
    if not lake.has("backtest_summary", run_id):
        return {}
    names = ("mase", "smape", "winkler_80", "coverage_80", "coverage_95")
    table = lake.scan("backtest_summary", run_id).collect()
    found: dict[str, float] = {}
    for model, prefix in (("leye", ""), ("seasonal_naive", "seasonal_naive_")):
        rows = table.filter(table["model"] == model)
        for name in names:
            mean = rows[name].drop_nulls().drop_nans().mean() if rows.height else None
            if isinstance(mean, float):
                found[prefix + name] = round(mean, 6)
    return found


def _watch_scores(lake: Lake, run_id: str) -> dict[str, float]:
    """Counts, and the false alarms a series-year that calibration realised where an alarm says so (evidence.realised_fa, by level: the mean)."""
    alerts = lake.scan("alerts", run_id).collect()
    found = {
        "series": float(lake.scan("panel_keys", run_id).collect().height),
        "alerts": float(alerts.height),
        "lamps": float(lake.scan("lamps", run_id).collect().height),
        "unwatched": float(lake.scan("watch_notices", run_id).collect().height),
    }
    realised: dict[str, list[float]] = {}
    for level, text in alerts.select("level", "evidence").iter_rows():
        rate = json.loads(text).get("realised_fa")
        if rate is not None:
            realised.setdefault(f"realised_fa_{level}", []).append(float(rate))
    return found | {name: round(sum(rates) / len(rates), 6) for name, rates in sorted(realised.items())}


def _cpu_s(manifest: Mapping[str, Any], algo: str) -> float | None:
    used = manifest.get("notes", {}).get("cpu_s", {}).get(STEP[algo])
    return float(used) if used is not None else None
