"""重点群体: how many, how many out of work, what they earn, which posts and measures are open to them; never a count of one to nine."""

from __future__ import annotations

from typing import Any

from leye.kernel.errors import NotFound
from leye.office.monitoring.lamps import level_of
from leye.office.nightly.groups_step import LEAST, KeyGroupPage, key_group_pages
from leye.office.published import Row, Series, Snapshot

COUNTS = ("heads", "labour", "unemployed", "registered", "income", "posts")


def has_figures(snapshot: Snapshot) -> bool:
    """Whether the run counted key groups at all."""
    return bool(snapshot.frame("key_groups").width)


def group_called(grp: str) -> KeyGroupPage:
    """A group of the pack. Raises NotFound."""
    found = key_group_pages().get(grp)
    if found is None:
        raise NotFound(f"没有群体 {grp}", en=f"no group {grp}", remedy_zh="请回到重点群体的列表", remedy_en="go back to the list of groups")
    return found


def all_figures(snapshot: Snapshot) -> list[Row]:
    """`group` and `figures` of every group, in the order of the pack; none when the run counted none."""
    return [{"group": g, **figures(snapshot, g)} for g in key_group_pages().values()] if has_figures(snapshot) else []


def figures(snapshot: Snapshot, group: KeyGroupPage) -> dict[str, Any]:
    """Figures of a group: `n` (COUNTS to a count or None), `income_fen, rate, entitled` (policy and heads), `few` (policies with under ten), and of
    its series of registered unemployed `series, ahead, chance, lamp_level`."""
    rows = [r for r in snapshot.rows("key_groups") if r["grp"] == group.id]
    plain = {r["figure"]: r for r in rows if r["policy"] is None}
    n = {name: may_show(plain[name]["n"]) if name in plain else None for name in COUNTS}
    entitled = sorted(((r["policy"], r["n"]) for r in rows if r["figure"] == "entitled" and r["n"] >= LEAST), key=lambda e: (-e[1], e[0]))
    series = _series(snapshot, group)
    return {
        "n": n, "income_fen": _value(plain["income"]) if "income" in plain else None, "entitled": entitled, "series": series,
        "few": sum(r["figure"] == "entitled" and r["n"] < LEAST for r in rows), "rate": _rate(n),
        "ahead": snapshot.of_series("forecast", series.unique_id)[:1] if series else [],
        "chance": next(iter(snapshot.of_series("direction", series.unique_id)), None) if series else None,
        "lamp_level": level_of(snapshot, series.unique_id) if series else None,
    }  # fmt: skip


def every_figure(snapshot: Snapshot) -> list[Row]:
    """`grp, figure, policy, n, value_fen` of all groups; counts under ten are None."""
    return [{**r, "n": may_show(r["n"]), "value_fen": _value(r)} for r in snapshot.rows("key_groups")]


def may_show(n: int | None) -> int | None:
    """A count that may be shown; None for one to nine."""
    return None if n is None or 0 < n < LEAST else n


def _rate(n: dict[str, int | None]) -> float | None:
    return n["unemployed"] / n["labour"] if n["unemployed"] is not None and n["labour"] else None


def _value(row: Row) -> int | None:
    """Median income; not of fewer than ten."""
    return row["value_fen"] if row["n"] >= LEAST else None


def _series(snapshot: Snapshot, group: KeyGroupPage) -> Series | None:
    """The city's series of the group's registered unemployed."""
    wanted = group.series
    own = (s for s in snapshot.series.values() if wanted and s.indicator == "registered" and s.grp == wanted and (s.region or "").endswith("00"))
    return next(own, None)
