"""The report as a background job: .docx, and PDF where there is a Chromium, with the pictures that were drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings

from leye.office.published import published_snapshot, snapshot_of
from leye.office.reports.compose import compose
from leye.office.reports.keep import report_file
from leye.office.reports.pdf_file import has_chromium
from leye.office.reports.pictures import drawn_fan


def run(params: dict[str, Any], report_progress: Callable[[str, float], None]) -> dict[str, Any]:
    """params: `run_id` (default: the published run), `site` (address for links). Returns the formats made. Raises NotFound before the first run."""
    run_id = str(params.get("run_id") or "")
    now = published_snapshot()
    snapshot = snapshot_of(run_id) if run_id or now is None else now
    drawn = {p.unique_id: drawn_fan(settings.LEYE_DATA, snapshot.run_id, p.unique_id) for p in compose(snapshot).pictures()}
    pictures = {uid: svg for uid, svg in drawn.items() if svg is not None}
    endings = ["docx", *(["pdf"] if has_chromium(settings.CHROMIUM) else [])]
    for at, ending in enumerate(endings):
        report_progress(ending, at / len(endings))
        report_file(snapshot, ending, site=str(params.get("site") or ""), pictures=pictures)
    return {"run_id": snapshot.run_id, "formats": endings}
