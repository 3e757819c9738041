"""Watch, forecast and advice: the other rooms introduced to each other. Each function takes tables and returns tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from leye import forecast, watch
from leye.kernel.errors import BadInput
from leye.office.nightly.panel_step import Panels
from leye.watch.scanning import LAMPS, SCHEMA

HORIZON = 12  # periods; chosen by us: a year ahead, so that every season is seen once
BACKTEST_HORIZON = 6  # chosen by us: half a year
NOMINAL = 0.25  # false alarms a series-year of the lowest level (design page of the command line)
FALSE_DISCOVERIES = (
    0.2  # share of the lamps of one month that chance may light; 0.1 lit the planted fall of the demo city a month later (docs/models/watch.md)
)
LONGEST_CALM = 96  # periods; chosen by us: eight years teach enough, the rest shows what the watch would have said
SHORTEST_WATCH = 12  # periods; chosen by us: the last year is always watched
UNWATCHABLE = {"E_STEP", "E_NO_CALIBRATION"}  # a panel of three points or of years: forecast all the same, and said


@dataclass(frozen=True, slots=True)
class Watched:
    """Tables `alerts`, `lamps`, `watch_notices`."""

    alerts: pl.DataFrame
    lamps: pl.DataFrame
    notices: pl.DataFrame


def periods(panels: Panels) -> list[date]:
    """All periods of the panel, oldest first."""
    return panels.panel["ds"].unique().sort().to_list()


def calibrate_before(found: list[date]) -> date:
    """Where the calm years end: after at most LONGEST_CALM periods, at least SHORTEST_WATCH before the end, never before half of a short panel."""
    calm = min(LONGEST_CALM, max(len(found) - SHORTEST_WATCH, len(found) // 2))
    return found[min(calm, len(found) - 1)]


def forecast_step(panels: Panels, alerts: pl.DataFrame | None = None) -> forecast.ForecastResult:
    """A year ahead for every series. alerts: of the night's watch; series under orange or red get wider intervals (None: as without a watch)."""
    levels_of = None if alerts is None else alerts.select("unique_id", "ds", "level")
    return forecast.run(panels.panel, panels.tags, horizon=HORIZON, levels_of=levels_of)


def watch_step(panels: Panels) -> Watched:
    """Lamps over what followed the calm years; series fall or rise to the bad side as their key says.

    A panel that cannot be watched has no alarms, and a notice for every series that says why.
    """
    try:
        result = watch.scan_panel(
            panels.panel,
            calibrate_before=calibrate_before(periods(panels)),
            nominal=NOMINAL,
            fdr=FALSE_DISCOVERIES,
            seasonal=True,
            direction=dict(panels.keys.select("unique_id", "calm_direction").iter_rows()),
            parents=dict(panels.tags.iter_rows()),
        )
    except BadInput as error:
        if error.code not in UNWATCHABLE:
            raise
        said = [(uid, "unwatched", error.zh, error.en) for uid in panels.keys["unique_id"]]
        return Watched(pl.DataFrame(schema=SCHEMA), pl.DataFrame(schema=LAMPS), _notices(said))
    return Watched(result.alerts, result.lamps, _notices([(n.unique_id, n.code, n.zh, n.en) for n in result.notices]))


def _notices(rows: list[tuple[str, str, str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(("unique_id", "code", "text_zh", "text_en"), pl.String), orient="row")


def advice_step(panels: Panels, watched: Watched, forecasts: pl.DataFrame, heads: pl.DataFrame | None, on: date) -> pl.DataFrame:
    """Matching plans with groups, heads and a projected cost line, for every lamp that burns."""
    return watch.advise(watched.alerts, panels.keys, forecasts, heads, on=on, lamps=watched.lamps)
