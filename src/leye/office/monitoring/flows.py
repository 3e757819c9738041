"""人员流动: pairs of regions by size, counted and ahead; what is hidden does not follow from the sums that the chart shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from leye.office.nightly.flows_step import LEAST
from leye.office.published import Row, Snapshot

KEY = ["kind", "grp", "origin", "dest"]
BANDS = ("mean", "lo-80", "hi-80", "lo-95", "hi-95")
MONTHS_SHOWN = 24


def flow_groups(snapshot: Snapshot) -> list[str]:
    """Groups whose moves the run counted."""
    frame = snapshot.frame("flows")
    return frame["grp"].unique().sort().to_list() if frame.width else []


def pairs(snapshot: Snapshot, grp: str) -> list[Row]:
    """One row a pair of a group, the largest forecast first: KEY, `month` (the first ahead), BANDS, `last` (newest counted month), `n`, `year_ago`
    (of the month ahead); None is unknown or not to be told."""
    counted = snapshot.frame("flows").filter(pl.col("grp") == grp)
    last = counted["month"].max()
    ahead = snapshot.frame("flow_forecast").filter(pl.col("grp") == grp)
    first = ahead["month"].min()
    if not isinstance(last, date) or not isinstance(first, date):
        return []
    now = counted.filter(pl.col("month") == last).select(*KEY, "n")
    before = counted.filter(pl.col("month") == date(first.year - 1, first.month, 1)).select(*KEY, year_ago="n")
    joined = ahead.filter(pl.col("month") == first).join(now, on=KEY, how="left").join(before, on=KEY, how="left")
    rows = joined.sort("mean", "origin", "dest", descending=[True, False, False]).to_dicts()
    now_shown, before_shown = shown([r["n"] for r in rows]), shown([r["year_ago"] for r in rows])
    return [{**r, "n": a, "year_ago": b, "last": last} for r, a, b in zip(rows, now_shown, before_shown, strict=True)]


def every_pair(snapshot: Snapshot) -> list[Row]:
    """KEY, `month, n`, BANDS: the newest month counted (small counts None), and every month ahead."""
    if not snapshot.frame("flows").width:
        return []
    counted = snapshot.frame("flows").filter(pl.col("month") == pl.col("month").max()).sort(*KEY)
    now: list[Row] = []
    for _, part in counted.group_by("grp", maintain_order=True):
        told = zip(part.select(*KEY, "month").to_dicts(), shown(part["n"].to_list()), strict=True)
        now += [{**key, "n": n, **dict.fromkeys(BANDS)} for key, n in told]
    ahead = snapshot.frame("flow_forecast").select(*KEY, "month", *BANDS).to_dicts()
    return [*now, *({**r, "n": None} for r in ahead)]


def totals(snapshot: Snapshot, grp: str) -> tuple[list[tuple[date, float | None]], list[tuple[date, float, float, float]]]:
    """Sums over pairs by month: counted (None under ten), and ahead with the root of summed squares of the half-widths."""
    counted = snapshot.frame("flows").filter(pl.col("grp") == grp).group_by("month").agg(pl.col("n").sum()).sort("month").tail(MONTHS_SHOWN)
    half = ((pl.col("hi-80") - pl.col("lo-80")) / 2) ** 2
    ahead = snapshot.frame("flow_forecast").filter(pl.col("grp") == grp)
    said = ahead.group_by("month").agg(pl.col("mean").sum(), half.sum().sqrt().alias("w")).sort("month")
    history: list[tuple[date, float | None]] = [(m, float(n) if n >= LEAST else None) for m, n in counted.iter_rows()]
    return history, [(m, v, max(v - w, 0.0), v + w) for m, v, w in said.iter_rows()]


def shown(counts: Sequence[int | None]) -> list[int | None]:
    """Counts that may stand beside their sum (the chart shows it): one to nine become None, and the next smallest with them until at least two
    are hidden and together make LEAST. A 0 tells nobody apart."""
    hidden = {i for i, n in enumerate(counts) if n is not None and 0 < n < LEAST}
    rest = sorted((n, i) for i, n in enumerate(counts) if n is not None and n >= LEAST)
    while hidden and rest and (len(hidden) < 2 or sum(counts[i] or 0 for i in hidden) < LEAST):
        hidden.add(rest.pop(0)[1])
    return [None if i in hidden else n for i, n in enumerate(counts)]
