"""What changed since the last run that knew another panel: which release moved each forecast, and how wrong the forecast of then was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from leye import forecast
from leye.forecast.compare import SCHEMA as COMPARED
from leye.forecast.news import NEWS, news
from leye.kernel.errors import BadInput
from leye.lake import Lake, Run
from leye.lake.snapshots import file_sha256
from leye.office.nightly.model_steps import HORIZON
from leye.office.nightly.panel_step import Panels

TABLES = ("panel", "forecast")
INCOMPARABLE = {"E_NEWS_ORDER", "E_STEP", "E_PANEL_STEP", "E_COMPARE_NO_SERIES", "E_COMPARE_COLUMNS"}
"""Two panels that are no vintages of one another: an older file was loaded, or one of another step. No news then, and no failure of the night."""


@dataclass(frozen=True, slots=True)
class News:
    """news: as `leye.forecast.news.NEWS`, for the first period ahead · compared: as `leye.forecast.compare`, the forecast of then and this one."""

    news: pl.DataFrame
    compared: pl.DataFrame


NONE = News(pl.DataFrame(schema=NEWS), pl.DataFrame(schema=COMPARED))


def write_news(lake: Lake, run: Run, panels: Panels, forecasts: pl.DataFrame) -> None:
    """Tables `news` and `compared`, empty before there is a run to compare with; the note `news_of` says which run that is.

    The same input run again compares with the same run as before, so equal input still gives equal bytes.
    """
    base = base_of(lake, run)
    made = NONE if base is None else news_step(lake, base, panels, forecasts)
    run.notes["news_of"] = base if made is not NONE else None
    run.write("news", made.news, step="news", inputs=("panel", "panel_keys"))
    run.write("compared", made.compared, step="news", inputs=("panel", "forecast"))


def base_of(lake: Lake, run: Run) -> str | None:
    """The run to compare with: the published one, or where it knew the very same panel the one that it was compared with itself."""
    before = lake.published()
    if before is None or not _is_readable(lake, before.run_id):
        return None
    if before.hashes.get("panel") != file_sha256(run.folder / "panel.parquet"):
        return before.run_id if _kind(lake.manifest(before.run_id)) == run.notes.get("kind") else None
    older = _notes(lake.manifest(before.run_id)).get("news_of")
    return older if isinstance(older, str) and _is_readable(lake, older) else None


def news_step(lake: Lake, base: str, panels: Panels, forecasts: pl.DataFrame) -> News:
    """News and comparison against a finished run; NONE where the two panels are no vintages of one another."""
    panel, said = (lake.scan(table, base).collect() for table in TABLES)
    if not set(panel["unique_id"].unique()) & set(panels.panel["unique_id"].unique()):
        return NONE
    try:
        found = news(panel, panels.panel, panels.tags, horizon=HORIZON)
        compared = forecast.compare(said, forecasts, panels.panel)
    except BadInput as error:
        if error.code not in INCOMPARABLE:
            raise
        return NONE
    return News(found.filter(pl.col("ds") == pl.col("ds").min()), compared)


def _is_readable(lake: Lake, run_id: str) -> bool:
    return all(lake.has(table, run_id) for table in TABLES) if run_id in lake.runs() else False


def _kind(manifest: Mapping[str, Any]) -> object:
    return _notes(manifest).get("kind")


def _notes(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return dict(manifest.get("notes") or {})
