"""Charts drawn ahead: what the cockpit, the report and the pages of lit series show, in both languages and type sizes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import translation

from leye.kernel.errors import NotFound
from leye.office.published import Snapshot, published_snapshot
from leye.office.reports.bulletin.choice import main_series
from leye.office.reports.findings import findings
from leye.site.charts import store
from leye.site.charts.figures import draw_fan

RUNS_KEPT = 3  # chosen by us: pages show the newest run, reports perhaps the one before
LOOKS = (("zh", False), ("zh", True), ("en", False))


def run(params: dict[str, Any], report_progress: Callable[[str, float], None]) -> dict[str, Any]:
    """Draw for the published run and sweep the drawings of old ones. Returns how many were looked at. Raises NotFound before the first run.

    params: `series`: only these, for a report that is written now; default: what pages show.
    """
    snapshot = published_snapshot()
    if snapshot is None:
        raise NotFound("还没有发布过快照", en="nothing is published yet", remedy_zh="先运行 leye run nightly")
    wanted = [u for u in params.get("series") or _wanted(snapshot) if u in snapshot.series]
    for at, unique_id in enumerate(wanted):
        report_progress(unique_id, at / len(wanted))
        for lang, elder in LOOKS:
            draw_ahead(snapshot, unique_id, lang, elder)
    sweep(snapshot)
    return {"run_id": snapshot.run_id, "series": len(wanted)}


def draw_ahead(snapshot: Snapshot, unique_id: str, lang: str, elder: bool) -> None:
    """One fan, unless it is there."""
    name = store.Name(snapshot.run_id, "fan", unique_id, lang, elder)
    with translation.override("en" if lang == "en" else "zh-hans"):
        store.drawn(settings.LEYE_DATA, name, lambda width: draw_fan(snapshot, snapshot.get(unique_id), name, width))


def sweep(snapshot: Snapshot) -> None:
    """Remove the drawings of all but the newest runs."""
    kept = set(snapshot.lake.runs()[-RUNS_KEPT:]) | {snapshot.run_id}
    folder = settings.LEYE_DATA / "charts"
    for home in folder.iterdir() if folder.exists() else []:
        if home.is_dir() and home.name not in kept:
            shutil.rmtree(home, ignore_errors=True)


def _wanted(snapshot: Snapshot) -> list[str]:
    lit = [r["unique_id"] for r in snapshot.rows("lamps")]
    first = [s.unique_id for s in main_series(snapshot)[:1]]  # the fan of every bulletin's outlook
    return list(dict.fromkeys([*(f.series.unique_id for f in findings(snapshot)), *first, *lit]))[:40]
