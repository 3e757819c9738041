"""数据质量: what was read, what was held back and why, how to mend it, how fresh everything is."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError
from leye.office.clock import now
from leye.office.corrections import correct_cell, replay_source
from leye.office.jobs.models import JobRun, JobState
from leye.office.permissions import can, needs
from leye.office.published import Row, Snapshot, published_snapshot
from leye.site.admin.sources import source_word
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal, say
from leye.site.words import pick

PER_PAGE = 15
NOTICES_SHOWN = 20  # chosen by us: the rest is in the table watch_notices
TABLES = {
    "loads": ("source", "file", "sha256", "encoding", "rows_in", "loaded", "quarantined", "duplicates", "skipped", "warnings", "new", "unchanged",
              "superseded"),
    "quarantine": ("source", "file", "sheet", "row", "column", "raw", "code", "reason", "suggestion"),
    "load_warnings": ("source", "file", "code", "expected", "found", "text_zh"),
}  # fmt: skip
_LOAD_SUMS = ("rows_in", "loaded", "quarantined", "duplicates")


@needs("data.view")
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """`/data`"""
    return page(request, "data/index.html", **_context(request))


@needs("data.view")
@require_safe
def data_csv(request: HttpRequest, table: str) -> HttpResponse:
    """One of the three tables of the intake, as it was published."""
    snapshot = published_snapshot()
    columns = TABLES[table]
    rows = snapshot.rows(table) if snapshot else []
    return csv_answer(f"{table}.csv", columns, ([r.get(c) for c in columns] for r in rows))


@needs("data.replay")
@require_POST
def correct(request: HttpRequest) -> HttpResponse:
    """Mend one cell and read its source again."""
    form = request.POST
    row = form.get("row", "")
    try:
        correct_cell(
            source=form.get("source", ""),
            file=form.get("file", ""),
            sheet=form.get("sheet") or None,
            row=int(row) if row.isdecimal() else -1,
            column=form.get("column", ""),
            raw=form.get("raw", ""),
            value=form.get("value", ""),
            acting_user=request.user,
            at=now(),
        )
    except LeyeError as error:
        return refusal(request, error, "data/index.html", **_context(request))
    say(request, _("改好了，正在重新读这个来源；读完这里的数字会变"))
    return HttpResponseRedirect(reverse("data"))


@needs("data.replay")
@require_POST
def replay(request: HttpRequest) -> HttpResponse:
    """Read a source again."""
    try:
        replay_source(request.POST.get("source", ""), acting_user=request.user, at=now())
    except LeyeError as error:
        return refusal(request, error, "data/index.html", **_context(request))
    say(request, _("排上队了，正在重新读这个来源"))
    return HttpResponseRedirect(reverse("data"))


def sources(snapshot: Snapshot) -> list[dict[str, Any]]:
    """One row a source: its files and the sums that must balance."""
    found: dict[str, dict[str, Any]] = {}
    for row in snapshot.rows("loads"):
        one = found.setdefault(row["source"], {"source": row["source"], "files": [], "warnings": 0, **dict.fromkeys(_LOAD_SUMS, 0)})
        one["files"].append({**row, "refused": json.loads(row["refused"]) if row.get("refused") else None})
        for name in _LOAD_SUMS:
            one[name] += row[name] or 0
        one["warnings"] += row["warnings"] or 0
    for one in found.values():
        one["balances"] = one["rows_in"] == one["loaded"] + one["quarantined"] + one["duplicates"]
    return list(found.values())


def _context(request: HttpRequest) -> dict[str, Any]:
    snapshot = published_snapshot()
    if snapshot is None:
        return {"snapshot": None}
    bad = snapshot.rows("quarantine")
    code, source = request.GET.get("code", ""), request.GET.get("source", "")
    shown = [r for r in bad if code in ("", r["code"]) and source in ("", r["source"])]
    found = sources(snapshot)
    return {
        "snapshot": snapshot,
        "sources": found,
        "sums": {name: sum(s[name] for s in found) for name in _LOAD_SUMS},
        "reasons": _reasons(bad),
        "bad": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "asked": {"code": code, "source": source},
        "load_warnings": snapshot.rows("load_warnings"),
        "notices": _notices(snapshot),
        "runs": list(reversed(snapshot.lake.runs()))[:8],
        "jobs": list(JobRun.objects.select_related("by").order_by("-asked_at")[:5]),
        "busy": JobRun.objects.filter(state__in=[JobState.WAITING, JobState.RUNNING]).exists(),
        "may_mend": can(request.user, "data.replay"),
        "source_word": source_word,
    }


def _reasons(bad: list[Row]) -> list[tuple[str, str, int]]:
    """(code, an example of the reason, how many), the most frequent first."""
    example = {r["code"]: r["reason"] for r in reversed(bad)}
    return [(code, example[code], n) for code, n in Counter(r["code"] for r in bad).most_common()]


def _notices(snapshot: Snapshot) -> list[str]:
    """Sentences about what the run assumed, and series that could not be watched."""
    notes = snapshot.manifest.get("notes") or {}
    unwatched = [f"{_title(snapshot, r['unique_id'])}：{pick(r['text_zh'], r['text_en'])}" for r in snapshot.rows("watch_notices")]
    return [str(n) for n in notes.get("notices", [])] + unwatched[:NOTICES_SHOWN]


def _title(snapshot: Snapshot, unique_id: str) -> str:
    found = snapshot.series.get(unique_id)
    return pick(found.title_zh, found.title_en) if found else unique_id
