"""Advice as pages show it: rows of the snapshot, English titles of plans, names of groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leye.kernel.codes import key_groups
from leye.office.published import Row, Snapshot
from leye.office.reports.findings import telling
from leye.site.words import pick


def advice_context(snapshot: Snapshot, unique_ids: Sequence[str] | None = None) -> dict[str, Any]:
    """What `plans/_advice.html` needs, for the named series (None: all)."""
    rows = [r for r in telling(snapshot.rows("advice")) if unique_ids is None or r["unique_id"] in unique_ids]
    order = {uid: at for at, uid in enumerate(unique_ids or ())}
    rows.sort(key=lambda r: order.get(r["unique_id"], 0))
    return {"advice": rows, "plan_titles": plan_titles_en(), "group_word": group_word}


def group_word(row: Row) -> str:
    """The group's name in the page's language."""
    known = key_groups().get(row["grp"] or "")
    return pick(row["grp_zh"] or "", known.en if known else row["grp"] or "")


def plan_titles_en() -> dict[str, str]:
    """English titles by plan id, where the plans carry them."""
    from leye.site.desk.reserve import reserve

    return {p.id: getattr(p, "title_en", "") or "" for p in reserve()}


def by_plan(rows: list[Row]) -> list[tuple[str, str, list[Row]]]:
    """(plan id, unique_id, rows): one entry a plan and series, in the order of the rows."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["plan_id"], row["unique_id"]), []).append(row)
    return [(plan, uid, kept) for (plan, uid), kept in found.items()]
