"""重点群体: for each key group how many, how many out of work, what they earn, which posts and measures are open to them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.kernel.errors import NotFound
from leye.office.entitlements.files import packs_here
from leye.office.nightly.groups_step import LEAST, KeyGroupPage, key_group_pages
from leye.office.permissions import needs
from leye.office.published import Series, Snapshot, published_snapshot
from leye.site import monitoring_words
from leye.site.csv_answer import csv_answer
from leye.site.page import page

CSV = ("run_id", "on", "grp", "figure", "policy", "n", "value_fen")
SHOWN = ("heads", "labour", "unemployed", "registered", "income", "posts")


@needs("monitoring.view")
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """`/groups`: all groups side by side."""
    snapshot = published_snapshot()
    rows = [{"group": g, **figures(snapshot, g)} for g in key_group_pages().values()] if snapshot and has_figures(snapshot) else []
    return page(request, "groups/index.html", snapshot=snapshot, rows=rows, mw=monitoring_words)


@needs("monitoring.view")
@require_safe
def group(request: HttpRequest, grp: str) -> HttpResponse:
    """`/groups/<id>`. Raises NotFound for a group that the pack does not name."""
    found = key_group_pages().get(grp)
    if found is None:
        raise NotFound(f"没有群体 {grp}", en=f"no group {grp}", remedy_zh="请回到重点群体的列表", remedy_en="go back to the list of groups")
    snapshot = published_snapshot()
    known = snapshot is not None and has_figures(snapshot)
    context: dict[str, Any] = figures(snapshot, found) if snapshot and known else {}
    return page(
        request, "groups/detail.html", snapshot=snapshot, group=found, known=known, policies=packs_here().policies, mw=monitoring_words, **context
    )


@needs("monitoring.view")
@require_safe
def groups_csv(request: HttpRequest) -> HttpResponse:
    """All figures; counts under ten are empty."""
    snapshot = published_snapshot()
    rows = snapshot.rows("key_groups") if snapshot else []
    told = [(snapshot.run_id, snapshot.run.on, r["grp"], r["figure"], r["policy"], may_show(r["n"]), _value(r)) for r in rows] if snapshot else []
    return csv_answer("groups.csv", CSV, told)


def has_figures(snapshot: Snapshot) -> bool:
    """Whether the run counted key groups at all."""
    return bool(snapshot.frame("key_groups").width)


def may_show(n: int | None) -> int | None:
    """A count that may be shown; None for one to nine."""
    return None if n is None or 0 < n < LEAST else n


def figures(snapshot: Snapshot, group: KeyGroupPage) -> dict[str, Any]:
    """Figures of a group as pages show them, its series with forecast, chance and lamp."""
    rows = [r for r in snapshot.rows("key_groups") if r["grp"] == group.id]
    plain = {r["figure"]: r for r in rows if r["policy"] is None}
    n = {name: may_show(plain[name]["n"]) if name in plain else None for name in SHOWN}
    entitled = sorted(((r["policy"], r["n"]) for r in rows if r["figure"] == "entitled" and r["n"] >= LEAST), key=lambda e: (-e[1], e[0]))
    series = _series(snapshot, group)
    return {
        "n": n, "income_fen": _value(plain["income"]) if "income" in plain else None, "entitled": entitled, "series": series,
        "few": sum(r["figure"] == "entitled" and r["n"] < LEAST for r in rows), "rate": _rate(n),
        "ahead": snapshot.of_series("forecast", series.unique_id)[:1] if series else [],
        "chance": next(iter(snapshot.of_series("direction", series.unique_id)), None) if series else None,
        "lamp_level": next((r["level"] for r in snapshot.rows("lamps") if series and r["unique_id"] == series.unique_id), None),
    }  # fmt: skip


def _rate(n: dict[str, int | None]) -> float | None:
    return n["unemployed"] / n["labour"] if n["unemployed"] is not None and n["labour"] else None


def _value(row: dict[str, Any]) -> int | None:
    """Median income; not of fewer than ten."""
    return row["value_fen"] if row["n"] >= LEAST else None


def _series(snapshot: Snapshot, group: KeyGroupPage) -> Series | None:
    """The city's series of the group's registered unemployed."""
    wanted = group.series
    return next(
        (s for s in snapshot.series.values() if wanted and s.indicator == "registered" and s.grp == wanted and (s.region or "").endswith("00")), None
    )
