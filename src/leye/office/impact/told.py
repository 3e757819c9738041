"""Figures of the index as JSON, the same for API and command line."""

from __future__ import annotations

from datetime import date
from typing import Any

from leye.impact.index import Change
from leye.impact.promises import Standing
from leye.impact.ranged import Ranged
from leye.office.impact.index import Row
from leye.watch.cube import AXES


def ranged_json(found: Ranged) -> dict[str, Any]:
    """`low, mid, high, by_source`."""
    return {"low": found.low, "mid": found.mid, "high": found.high, "by_source": dict(found.by_source)}


def row_json(run_id: str, month: date | None, row: Row) -> dict[str, Any]:
    """A cell; of a hidden one neither count nor figures."""
    head: dict[str, Any] = {
        "run_id": run_id, "month": month.isoformat() if month else None, **dict(zip(AXES, row.cell, strict=True)), "hidden": row.is_hidden
    }  # fmt: skip
    i = row.index
    if i is None:
        return head | dict.fromkeys(("n", "exposure", "index", "covered", "spread"))
    return head | {"n": i.n, "exposure": ranged_json(i.exposure), "index": ranged_json(i.index), "covered": i.covered, "spread": i.spread}


def change_json(told: tuple[date, date, Change] | None) -> dict[str, Any] | None:
    """Both months, the index in each, and the three effects."""
    if told is None:
        return None
    before, after, found = told
    effects = {name: ranged_json(e) for name, e in found.effects.items()}
    return {"from": before.isoformat(), "to": after.isoformat(), "before": ranged_json(found.before), "after": ranged_json(found.after),
            "effects": effects, "covered": found.covered}  # fmt: skip


def standing_json(found: Standing) -> dict[str, Any]:
    """Promised against real jobs."""
    return {
        "on": found.on.isoformat() if found.on else None, "due": found.due, "real": found.real, "kept": found.kept, "word": found.word,
        "extra_displaced": found.extra_displaced,
    }  # fmt: skip
