"""Forecasts of flows with intervals, class by class: within a city, out of it, into it, by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from leye.forecast.arrays import Floats
from leye.forecast.flows.counts import count_bands
from leye.forecast.flows.gravity import fit_gravity
from leye.kernel.errors import BadInput
from leye.kernel.period import Month

FLOWS = {"origin": pl.String, "dest": pl.String, "month": pl.Date, "grp": pl.String, "n": pl.Int64}
FORECAST = {
    "origin": pl.String, "dest": pl.String, "month": pl.Date, "grp": pl.String, "mean": pl.Float64,
    "lo-80": pl.Float64, "hi-80": pl.Float64, "lo-95": pl.Float64, "hi-95": pl.Float64,
}  # fmt: skip
LEAST_MONTHS = 13
"""Months of history that a class needs. # chosen by us: one year and a month, so that every month of the year was seen once"""


@dataclass(frozen=True, slots=True)
class FlowForecast:
    """forecast: as FORECAST, by pair, group and month · skipped: class and why, in Chinese and English."""

    forecast: pl.DataFrame
    skipped: tuple[tuple[str, str, str], ...]


def forecast_flows(flows: pl.DataFrame, *, horizon: int, origin: date | None = None, home: str | None = None) -> FlowForecast:
    """Flows of the `horizon` months after `origin` (the newest month when None); nothing after it is looked at.

    flows: `origin, dest, month, grp, n`; a pair, group and month without a row is unknown, a 0 is a count · home: prefix of the regions that
    count as inside (the commonest four digits when None). Raises BadInput on no rows, repeated keys, negative counts or a horizon below 1.
    """
    known = _checked(flows, horizon, origin)
    months = _months(known)
    inside = home or _commonest(known)
    parts, skipped = [pl.DataFrame(schema=FORECAST)], []
    with threadpool_limits(1, user_api="blas"):
        for (grp, way), rows in _classes(known, inside):
            if len(months) < LEAST_MONTHS:
                skipped.append(
                    (f"{grp}/{way}", f"只有 {len(months)} 个月，至少要 {LEAST_MONTHS} 个月", f"only {len(months)} months of {LEAST_MONTHS}")
                )
                continue
            parts.append(_one_class(rows, grp, months, horizon))
    return FlowForecast(pl.concat(parts).sort("origin", "dest", "grp", "month"), tuple(skipped))


def way_of(origin: str, dest: str, inside: str) -> str:
    """`within`, `out`, `in` or `elsewhere`, by the prefix of the regions that count as inside."""
    a, b = origin.startswith(inside), dest.startswith(inside)
    return "within" if a and b else "out" if a else "in" if b else "elsewhere"


def _one_class(rows: pl.DataFrame, grp: str, months: Sequence[date], horizon: int) -> pl.DataFrame:
    pairs = sorted(set(rows.select("origin", "dest").iter_rows()))
    fitted = fit_gravity(pairs, months, _grid(rows, pairs, months))
    ahead = [(Month.of(months[-1]) + k).first for k in range(1, horizon + 1)]
    mean = fitted.expected(ahead)
    bands = count_bands(mean, fitted.spread, levels=(80, 95))
    return pl.DataFrame(
        {
            "origin": [a for a, _ in pairs for _ in ahead],
            "dest": [b for _, b in pairs for _ in ahead],
            "month": ahead * len(pairs),
            "grp": grp,
            "mean": mean.ravel(),
            **{name: block.ravel() for name, block in bands.items()},
        },
        schema=FORECAST,
    )


def _grid(rows: pl.DataFrame, pairs: Sequence[tuple[str, str]], months: Sequence[date]) -> Floats:
    at = {pair: i for i, pair in enumerate(pairs)}
    column = {m: i for i, m in enumerate(months)}
    out = np.full((len(pairs), len(months)), np.nan)
    for a, b, month, n in rows.select("origin", "dest", "month", "n").iter_rows():
        out[at[a, b], column[month]] = n
    return out


def _classes(flows: pl.DataFrame, inside: str) -> list[tuple[tuple[str, str], pl.DataFrame]]:
    ways = [way_of(a, b, inside) for a, b in flows.select("origin", "dest").iter_rows()]
    marked = flows.with_columns(pl.Series("_way", ways, dtype=pl.String)).sort("grp", "_way", "origin", "dest", "month")
    return [((str(g), str(w)), rows) for (g, w), rows in marked.group_by("grp", "_way", maintain_order=True)]


def _months(flows: pl.DataFrame) -> list[date]:
    first, last = flows["month"].min(), flows["month"].max()
    assert isinstance(first, date) and isinstance(last, date)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [(Month.of(first) + k).first for k in range(count)]


def _commonest(flows: pl.DataFrame) -> str:
    ends = pl.concat([flows["origin"], flows["dest"]]).str.slice(0, 4)
    counted = ends.value_counts().sort(["count", ends.name], descending=[True, False])
    return str(counted[ends.name][0])


def _checked(flows: pl.DataFrame, horizon: int, origin: date | None) -> pl.DataFrame:
    if horizon < 1:
        raise BadInput(
            f"期数 {horizon} 要从 1 起。", en=f"horizon must be 1 or more, got {horizon}.", remedy_zh="例如 6。", remedy_en="for example 6."
        )
    lacking = [c for c in FLOWS if c not in flows.columns]
    if lacking:
        raise BadInput(
            f"流动表缺少列：{'、'.join(lacking)}。", en=f"the flow table lacks {', '.join(lacking)}.", remedy_zh=f"要有 {'、'.join(FLOWS)}。",
            remedy_en=f"it needs {', '.join(FLOWS)}.", code="E_FLOW_COLUMNS",
        )  # fmt: skip
    rows = flows.select(*FLOWS).drop_nulls().filter(pl.col("origin") != pl.col("dest"))
    rows = rows.with_columns(pl.col("month").cast(pl.Date).dt.month_start())
    if origin is not None:
        rows = rows.filter(pl.col("month") <= origin)
    if rows.is_empty():
        raise BadInput("流动表里没有可用的行。", en="the flow table holds no usable row.", remedy_zh="请检查起点和列。", code="E_FLOW_EMPTY")
    if rows.select("origin", "dest", "month", "grp").is_duplicated().any():
        raise BadInput(
            "流动表里同一对地区、同一月、同一群体有两行。", en="a pair, month and group stands twice.", remedy_zh="请先合计。", code="E_FLOW_TWICE"
        )
    if (rows["n"] < 0).any():
        raise BadInput("流动表里有负数。", en="the flow table holds a negative count.", remedy_zh="人数从 0 起。", code="E_FLOW_NEGATIVE")
    return rows
