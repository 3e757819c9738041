"""The pictures of a fairness report, drawn from its stored figures in Chinese: the report is one text for all readers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings

from leye.office.fairness.compose import IMPACT, WAIT, WEEKS
from leye.office.fairness.job import run as make
from leye.office.fairness.queries import Kept, report_of
from leye.office.fairness.words_zh import group_zh
from leye.site.charts import store
from leye.site.charts.ratios import ratios
from leye.trust.audit.comparison import FLAGGED, FOUR_FIFTHS

WIDTH = 440  # of the picture: wide enough for print, and nearly all of it on a phone
IMPACT_TITLE, WAIT_TITLE = "优质单占比与参照组之比", "平均等待与等得最短的组之比"


def pictures_of(kept: Kept) -> dict[str, str]:
    """Name of the picture to SVG; a picture without a single row is left out."""
    wanted = {
        IMPACT: (_impact(kept.body), IMPACT_TITLE, FOUR_FIFTHS), WAIT: (_wait(kept.body), WAIT_TITLE, None),
        WEEKS: (_weeks(kept.body), IMPACT_TITLE, FOUR_FIFTHS),
    }  # fmt: skip
    run = f"fairness-{kept.row.quarter}-{kept.row.sha256[:12]}"
    return {
        unique_id: store.drawn(
            settings.LEYE_DATA,
            store.Name(run, "ratios", unique_id, "zh", False),
            lambda width, r=rows, t=title, at=line: ratios(r, title=t, line=at, width=width if width == "container" else WIDTH),  # type: ignore[misc]
        )
        for unique_id, (rows, title, line) in wanted.items()
        if rows
    }


def _impact(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _row(group_zh(r["group"]), r["impact_ratio"], r["impact_lo"], r["impact_hi"], r["verdict"] == FLAGGED)
        for r in body["rates"]
        if "+" not in r["grouping"] and r["impact_ratio"] is not None
    ]


def _wait(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _row(group_zh(r["group"]), r["ratio"], r["ratio_lo"], r["ratio_hi"], r["p_holm"] is not None and r["p_holm"] < 0.05 and r["ratio"] > 1)
        for r in body["means"]
        if "+" not in r["grouping"] and r["ratio"] is not None
    ]


def _weeks(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Groups other than the reference of their week, by week."""
    rows = []
    for r in body["weeks"]:
        if r["impact_ratio"] is not None and r["impact_ratio"] < 1:
            day = date.fromisoformat(r["week"])
            label = f"{day.month}月{day.day}日 {group_zh(r['group'])}"
            rows.append(_row(label, r["impact_ratio"], r["impact_lo"], r["impact_hi"], r["impact_hi"] < FOUR_FIFTHS))
    return rows


def _row(label: str, value: float, low: float | None, high: float | None, is_off: bool) -> dict[str, Any]:
    return {"label": label, "value": value, "lo": low, "hi": high, "is_off": is_off}


def run(params: dict[str, Any], report_progress: Callable[[str, float], None]) -> dict[str, Any]:
    """The job `fairness`: make and seal the report, then draw its pictures, so that nobody waits for them. Raises as the office's job."""
    made = make(params, report_progress)
    report_progress("charts", 0.8)
    pictures_of(report_of(made["quarter"], made["sha256"]))
    return made
