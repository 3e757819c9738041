"""风险画像的质量: what was stated a year ago against what came, by group with intervals; drift; where counsellors decided otherwise."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.permissions import needs, not_found
from leye.office.prospects import queries
from leye.office.published import published_snapshot
from leye.site import risk_words
from leye.site.charts import store
from leye.site.charts.calibration import KIND, calibration_figure
from leye.site.csv_answer import csv_answer
from leye.site.page import page

MOST_OVERRIDES = 50
COLUMNS = {
    "figures": ["question", "horizon", "month", "people", "stated", "happened", "ece", "brier", "brier_rate", "auc"],
    "bins": ["question", "horizon", "bin", "stated", "happened", "people"],
    "gaps": ["question", "horizon", "grouping", "group", "people", "stated", "happened", "gap", "low", "high", "is_shielded"],
    "drift": ["question", "month", "people", "stated", "happened"],
}
OVERRIDES = ["override_id", "question", "machine_level", "level", "machine_probability", "reason", "by", "at", "undone_at", "decision_id"]


@needs("prospects.audit")
@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """`/risk`."""
    return page(request, "prospects/quality.html", **_context(request))


@needs("prospects.audit")
@require_safe
def quality_csv(request: HttpRequest, table: str) -> HttpResponse:
    """`figures`, `bins`, `gaps`, `drift` or `overrides`."""
    if table == "overrides":
        rows = (
            [getattr(o, "pk" if c == "override_id" else c) if c != "by" else str(o.by) for c in OVERRIDES] for o in queries.overrides(request.user)
        )
        return csv_answer("risk-overrides.csv", OVERRIDES, rows)
    if table not in COLUMNS:
        raise not_found()
    found = queries.quality(request.user).get(table, [])
    return csv_answer(f"risk-{table}.csv", COLUMNS[table], ([r[c] for c in COLUMNS[table]] for r in found))


@needs("prospects.audit")
@require_safe
def risk_chart(request: HttpRequest) -> HttpResponse:
    """`/risk/chart?id&lang&elder`: the definition of a drawn chart."""
    snapshot, ask = published_snapshot(), request.GET
    if snapshot is None or ask.get("id", "") not in risk_words.rules().questions:
        raise not_found()
    name = store.Name(snapshot.run_id, KIND, ask["id"], "en" if ask.get("lang") == "en" else "zh", ask.get("elder") == "1")
    return HttpResponse(store.spec_text(settings.LEYE_DATA, name), content_type="application/json")


def _context(request: HttpRequest) -> dict[str, Any]:
    found = queries.quality(request.user)
    questions = list(dict.fromkeys(r["question"] for r in found.get("figures", [])))
    return {
        "tables": found,
        "questions": questions,
        "figures": {q: calibration_figure(request, q, found) for q in questions},
        "overrides": queries.overrides(request.user)[:MOST_OVERRIDES],
        "counts": queries.override_counts(request.user),
        "risk": risk_words,
    }
