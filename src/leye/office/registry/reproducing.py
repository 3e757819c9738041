"""A model trained again from the tables of its run: equal hashes, or which table differs."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from leye.kernel.errors import BadInput, NotFound
from leye.lake import Lake
from leye.lake.snapshots import file_sha256
from leye.office.nightly.model_steps import forecast_step, watch_step
from leye.office.nightly.panel_step import CELLS, Panels
from leye.office.registry.models import TrainedModel, Version
from leye.office.registry.training import WRITES, joint_hash, learned_from, table_hashes


@dataclass(frozen=True, slots=True)
class Reproduced:
    """tables: name -> whether the bytes are equal · is_same_data, is_same_code: as recorded (None: nothing recorded) · cpu_s: of this training."""

    run_id: str
    algo: str
    tables: dict[str, bool]
    is_same_data: bool
    is_same_code: bool | None
    cpu_s: float

    @property
    def is_equal(self) -> bool:
        """Whether the same came out."""
        return self.is_same_data and all(self.tables.values())

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "run_id": self.run_id,
            "algo": self.algo,
            "equal": self.is_equal,
            "tables": self.tables,
            "same_data": self.is_same_data,
            "same_code": self.is_same_code,
            "cpu_s": self.cpu_s,
        }


def reproduce(lake: Lake, run_id: str, algo: str) -> Reproduced:
    """Train again and compare. Raises NotFound on an unknown run, BadInput (E_NO_MODEL) on an algorithm that learns nothing."""
    if algo not in WRITES:
        raise BadInput(
            f"{algo} 不训练模型，没有可复现的",
            en=f"{algo} trains no model",
            remedy_zh=f"可选：{'、'.join(WRITES)}",
            remedy_en=f"choose among {', '.join(WRITES)}",
            code="E_NO_MODEL",
        )
    manifest = lake.manifest(run_id)
    hashes, sources = table_hashes(manifest), learned_from(manifest, algo)
    if left := [t for t in (*sources, *WRITES[algo]) if t not in hashes]:
        raise NotFound(f"运行 {run_id} 缺表 {'、'.join(left)}", en=f"run {run_id} lacks {', '.join(left)}", remedy_zh="换一个完整的运行")
    began = time.process_time()
    frames = _train(lake, run_id, algo, sources)
    cpu_s = round(time.process_time() - began, 3)
    recorded = TrainedModel.objects.filter(run_id=run_id, algo=algo).first()
    return Reproduced(
        run_id,
        algo,
        {name: _hash(lake, frame) == hashes[name] for name, frame in frames.items()},
        _is_same_data(lake, run_id, hashes, sources, recorded),
        _is_same_code(recorded),
        cpu_s,
    )


def _train(lake: Lake, run_id: str, algo: str, sources: tuple[str, ...]) -> dict[str, pl.DataFrame]:
    panels = Panels(lake.scan("panel", run_id).collect(), lake.scan("panel_keys", run_id).collect(), pl.DataFrame(schema=CELLS))
    if algo == "forecast.panel":
        alerts = lake.scan("alerts", run_id).collect() if "alerts" in sources else None
        made = forecast_step(panels, alerts)
        return {"forecast": made.forecast, "forecast_models": made.models, "contributions": made.contributions}
    watched = watch_step(panels)
    return {"alerts": watched.alerts, "lamps": watched.lamps, "watch_notices": watched.notices}


def _hash(lake: Lake, frame: pl.DataFrame) -> str:
    """Of the file that the lake's engine would write."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.parquet"
        lake.engine.write(frame, file)
        return file_sha256(file)


def _is_same_data(lake: Lake, run_id: str, hashes: dict[str, str], sources: tuple[str, ...], recorded: TrainedModel | None) -> bool:
    """The files still have the bytes of the manifest, and the manifest those of the record."""
    folder = lake.snapshots / run_id
    is_whole = all(file_sha256(folder / f"{name}.parquet") == hashes[name] for name in sources)
    return is_whole and (recorded is None or recorded.data_hash == joint_hash(hashes, sources))


def _is_same_code(recorded: TrainedModel | None) -> bool | None:
    if recorded is None:
        return None
    return Version.objects.filter(algo=recorded.algo, is_installed=True, code_hash=recorded.code_hash).exists()
