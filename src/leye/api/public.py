"""Open to everyone: published totals of the whole city, no districts, no persons."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema

from leye.api.series import Band
from leye.api.shapes import Point
from leye.office.published import published_snapshot

router = Router(tags=["public"])


class Indicator(Schema):
    """A city-wide total with its forecast."""

    unique_id: str
    title_zh: str
    title_en: str
    unit: str | None
    history: list[Point]
    forecast: list[Band]


class Insight(Schema):
    """Empty before the first run."""

    run_id: str | None
    on: str | None
    is_demo: bool
    indicators: list[Indicator]


@router.get("/indicators", response=Insight, auth=None, summary="公开总量 · published totals")
def indicators(request: HttpRequest) -> dict[str, object]:
    """Every root series of the published run."""
    snapshot = published_snapshot()
    if snapshot is None:
        return {"run_id": None, "on": None, "is_demo": False, "indicators": []}
    roots = [s for s in snapshot.series.values() if s.parent is None]
    rows = [
        {
            "unique_id": s.unique_id,
            "title_zh": s.title_zh,
            "title_en": s.title_en,
            "unit": s.unit,
            "history": [{"ds": ds, "y": y} for ds, y in snapshot.history.get(s.unique_id, [])],
            "forecast": [{k.replace("-", "_"): v for k, v in row.items()} for row in snapshot.of_series("forecast", s.unique_id)],
        }
        for s in roots
    ]
    return {"run_id": snapshot.run_id, "on": snapshot.run.on, "is_demo": snapshot.is_city, "indicators": rows}
