"""`run_nightly`: the steps in order, everything written beside, published by one pointer, then told to the desk."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import leye
from leye.kernel.errors import BadInput
from leye.kernel.ids import run_id
from leye.lake import Published, Run, open_lake
from leye.lake.snapshots import code_hash, file_sha256
from leye.office.nightly.drift_step import drift_step
from leye.office.nightly.gaps_step import with_gaps
from leye.office.nightly.heads import count_heads
from leye.office.nightly.intake_step import specs, take_in
from leye.office.nightly.lock import only_one
from leye.office.nightly.model_steps import advice_step, forecast_step, watch_step
from leye.office.nightly.monitoring_step import write_directions, write_monitoring
from leye.office.nightly.news_step import write_news
from leye.office.nightly.panel_step import Panels, panels_of_city, panels_of_file, panels_of_loads, up_to
from leye.office.nightly.progress import Progress, Steps, silent
from leye.office.nightly.record_step import KEPT, record_step

DEFAULT_ON = date(2025, 8, 31)  # data page: today of a city that does not say its own


@dataclass(frozen=True, slots=True)
class OwnPanel:
    """Files of a panel of one's own: PANEL, TAGS, TITLES."""

    panel: Path
    tags: Path | None = None
    titles: Path | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """The files by name and hash, for the manifest."""
        return tuple(f"file:{f.name}@{file_sha256(f)}" for f in (self.panel, self.tags, self.titles) if f is not None and f.exists())


def run_nightly(
    data: Path,
    *,
    at: datetime,
    on: date | None = None,
    progress: Progress = silent,
    panel: Path | None = None,
    tags: Path | None = None,
    titles: Path | None = None,
    replay: str = "",
) -> Published:
    """The whole batch over a data folder, or its forecast and watch part over a PANEL of one's own; publishes a new snapshot.

    at: this instant · on: the city's today (default: of its manifest; of a panel: its last month) · replay: a source that is read again in any case.
    Raises Conflict when another run is at work, BadInput with places; then nothing on any page changes. Needs Django set up (`embedded.prepare`).
    """
    own = OwnPanel(panel, tags, titles) if panel is not None else None
    _refuse_unknown(replay)
    steps = Steps(progress)
    with only_one(data):
        lake = open_lake(data)
        name = run_id(at, secrets.token_hex(8))
        with lake.begin(name, at=at, on="", code_hash=_code()) as run:
            panels, inputs = _read_own(own, run, steps) if own else _read_folder(data, run, steps, at=at, replay=replay)
            day = on or (panels.last if own else city_today(data))
            run.on = day.isoformat()
            cut = up_to(panels, day)
            _compute(data, run, cut if own else _with_gaps(data, run, cut, day, inputs), day, inputs, steps)
            steps.begin("发布快照")
            run.notes["cpu_s"] = steps.cpu_s
            published = run.publish(_later(at))
        if not own:
            from leye.office.nightly.store_step import remember  # settings: only once Django is set up

            steps.begin("记入指标库")
            remember(data, panels, at=at)
        steps.begin("更新预警台")
        from leye.office.nightly.telling import tell  # models: only once Django is set up

        tell(data, published.run_id, day, at)
        steps.end()
    return published


def _refuse_unknown(source: str) -> None:
    if source and source not in specs():
        raise BadInput(
            f"没有来源“{source}”",
            en=f"no source {source!r}",
            remedy_zh=f"可选：{'、'.join(specs())}",
            remedy_en=f"one of: {', '.join(specs())}",
            code="E_SOURCE_UNKNOWN",
        )


def city_today(data: Path) -> date:
    """The day that the city's manifest fixes."""
    file = data / "city" / "manifest.json"
    if not file.exists():
        return DEFAULT_ON
    try:
        return date.fromisoformat(json.loads(file.read_text(encoding="utf-8"))["on"])
    except (ValueError, KeyError) as error:
        raise BadInput("城市的 manifest.json 读不懂", en="the city's manifest.json is damaged", remedy_zh="重新运行 leye demo") from error


def _read_own(own: OwnPanel, run: Run, steps: Steps) -> tuple[Panels, tuple[str, ...]]:
    steps.begin("整理成序列")
    panels = panels_of_file(own.panel, own.tags, own.titles)
    run.notes["kind"] = "panel"
    return panels, own.inputs


def _read_folder(data: Path, run: Run, steps: Steps, *, at: datetime, replay: str) -> tuple[Panels, tuple[str, ...]]:
    steps.begin("读入部门文件")
    taken = take_in(data, at=at, told=steps.detail, only=replay)
    run.write("loads", taken.loads, step="intake", inputs=taken.inputs)
    run.write("quarantine", taken.quarantine, step="intake", inputs=taken.inputs)
    run.write("load_warnings", taken.warnings, step="intake", inputs=taken.inputs)
    steps.begin("整理成序列")
    panels = panels_of_loads(data, specs())
    run.notes["kind"] = "city"
    if panels is not None:
        return panels, ("loads",)
    city = data / "city" / "indicators.parquet"
    return panels_of_city(data), (f"file:city/indicators.parquet@{file_sha256(city)}",)


def _with_gaps(data: Path, run: Run, panels: Panels, on: date, inputs: tuple[str, ...]) -> Panels:
    """The city's panel with its gap series, whose intervals go into the run."""
    more, table = with_gaps(panels, data, on)
    run.write("gaps", table, step="gaps", inputs=inputs)
    return more


def _compute(data: Path, run: Run, panels: Panels, on: date, inputs: tuple[str, ...], steps: Steps) -> None:
    """Panels, watch, forecast, back-test and advice into the run."""
    run.notes["notices"] = list(panels.notices)
    run.write("panel", panels.panel, step="panels", inputs=inputs)
    run.write("panel_keys", panels.keys, step="panels", inputs=inputs)
    run.write("panel_cells", panels.cells, step="panels", inputs=inputs)
    steps.begin("监测预警")  # before the forecast, whose intervals widen under its lamps
    watched = watch_step(panels)
    run.write("alerts", watched.alerts, step="watch", inputs=("panel", "panel_keys"))
    run.write("lamps", watched.lamps, step="watch", inputs=("panel", "panel_keys"))
    run.write("watch_notices", watched.notices, step="watch", inputs=("panel", "panel_keys"))
    steps.begin("预测")
    forecasts = forecast_step(panels, watched.alerts)
    run.write("forecast", forecasts.forecast, step="forecast", inputs=("panel", "panel_keys", "alerts"))
    run.write("forecast_models", forecasts.models, step="forecast", inputs=("panel", "panel_keys", "alerts"))
    run.write("contributions", forecasts.contributions, step="forecast", inputs=("panel", "panel_keys", "alerts"))
    write_directions(run, panels)
    steps.begin("预测变动")
    write_news(run.lake, run, panels, forecasts.forecast)
    steps.begin("回测")
    _write_record(run, panels)
    steps.begin("匹配预案")
    heads = None if run.notes["kind"] == "panel" else count_heads(data, on)
    if heads is not None:
        run.write("heads", heads, step="heads", inputs=("file:city/people.parquet",))
    made_of = ("alerts", "lamps", "forecast", "panel_keys", *(("heads",) if heads is not None else ()))
    run.write("advice", advice_step(panels, watched, forecasts.forecast, heads, on), step="advice", inputs=made_of)
    steps.begin("政策标注")
    if run.notes["kind"] != "panel":
        from leye.office.nightly.marks_step import write_marks  # models: only once Django is set up

        write_marks(data, run, on)
    steps.begin("失业风险")
    if run.notes["kind"] != "panel":
        from leye.office.nightly.risk_step import write_risk  # models: only once Django is set up

        write_risk(data, run, on)
        write_monitoring(data, run, on, panels, (watched.lamps, watched.notices), steps.begin)
    steps.begin("岗位推荐")
    if run.notes["kind"] != "panel":
        from leye.office.nightly.matches_step import write_matches  # models: only once Django is set up

        write_matches(data, run, on)


def _write_record(run: Run, panels: Panels) -> None:
    """Tables `backtest`, `backtest_summary`, `forecast_published`, `forecast_record`, `forecast_drift`."""
    made = record_step(run.lake, run, panels)
    run.notes[KEPT] = made.keys
    run.write("backtest", made.errors, step="backtest", inputs=("panel", "panel_keys"))
    run.write("backtest_summary", made.summary, step="backtest", inputs=("backtest",))
    run.write("forecast_published", made.published, step="backtest", inputs=("panel",))
    run.write("forecast_record", made.record, step="backtest", inputs=("backtest", "forecast_published", "panel_keys"))
    drifted = drift_step(panels, made.errors, made.published)
    run.write("forecast_drift", drifted, step="backtest", inputs=("backtest", "forecast_published", "panel_keys"))


def _later(at: datetime) -> datetime:
    """When it is published: the office's clock, which stands still under LEYE_NOW."""
    from leye.office.clock import now

    return max(at, now())


@cache
def _code() -> str:
    return code_hash(Path(leye.__file__).parent)
