"""From lamps to advice: the matching plans, the groups and heads concerned, and a projected cost line with its basis or what is missing.

cost = heads of the group in the region and industry of the series × unit amount (one payment, month or year). Its interval: cost × lo-80 / mean and
cost × hi-80 / mean of the series' own forecast three periods ahead (the last period there is when fewer). Our own definition, argued in
docs/models/watch.md: the heads are counted today, the forecast says how far the thing counted may move.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from leye.kernel.codes import current_regions, industries, key_groups, region_prefix
from leye.kernel.money import yuan_text
from leye.watch.reserve import UNITS, Amount, Measure, Plan, plans, plans_for

AHEAD = 3  # periods of the forecast that the interval is read at; chosen by us: about the time a plan takes to run
SHOWN_AFTER = 6  # periods: without lamps, an alarm counts as lit until the next re-alarm would have been due
SCHEMA = {
    "unique_id": pl.String, "ds": pl.Date, "level": pl.String, "plan_id": pl.String, "plan_title": pl.String, "grp": pl.String, "grp_zh": pl.String,
    "heads": pl.Int64, "unit_amount_fen": pl.Int64, "cost_fen": pl.Int64, "cost_lo_fen": pl.Int64, "cost_hi_fen": pl.Int64, "status": pl.String,
    "missing_fact": pl.String, "basis": pl.String, "text_zh": pl.String, "text_en": pl.String,
}  # fmt: skip
TITLES = ("title_zh", "title_en")
KEY = ("indicator", "region", "industry", "occupation", "grp")


@dataclass(frozen=True, slots=True)
class Lamp:
    """A series that is lit, with its key."""

    unique_id: str
    ds: date
    level: str
    key: Mapping[str, str]
    title_zh: str
    title_en: str


def match_plans(alerts: pl.DataFrame, keys: pl.DataFrame, *, on: date | None = None, reserve: list[Plan] | None = None) -> pl.DataFrame:
    """`unique_id, ds, level, plan_id, plan_title`: the plans of each alarm row, in the order of the alarms. `on` defaults to the alarm's day."""
    known = plans() if reserve is None else reserve
    rows = [
        {"unique_id": lamp.unique_id, "ds": lamp.ds, "level": lamp.level, "plan_id": p.id, "plan_title": p.title}
        for lamp in _lamps(alerts, keys)
        for p in plans_for(known, lamp.key, lamp.level, on or lamp.ds)
    ]
    return pl.DataFrame(rows, schema={k: SCHEMA[k] for k in ("unique_id", "ds", "level", "plan_id", "plan_title")})


def advise(
    alerts: pl.DataFrame,
    keys: pl.DataFrame,
    forecast: pl.DataFrame | None,
    heads: pl.DataFrame | None,
    *,
    on: date,
    lamps: pl.DataFrame | None = None,
    reserve: list[Plan] | None = None,
) -> pl.DataFrame:
    """Advice for every lamp that is lit on a day: one row per plan and group concerned, columns as SCHEMA.

    keys: `unique_id` and any of indicator, region, industry, occupation, grp (`all` or null for all), title_zh, title_en ·
    forecast: as `leye.forecast` writes it ·
    heads: `region (six digits), industry (section), grp, heads`, people of each key group, one row a cell; None when nobody was counted ·
    lamps: of the scan; without it an alarm counts as lit for six months after its newest row.
    """
    known = plans() if reserve is None else reserve
    rows = []
    for lamp in _lamps(_current(alerts, lamps, on), keys):
        spread = _spread(forecast, lamp.unique_id, on)
        for plan in plans_for(known, lamp.key, lamp.level, on):
            groups = [g for g in plan.groups if lamp.key["grp"] in ("all", g)] or list(plan.groups)
            rows += [_row(lamp, plan, grp, _count(heads, lamp.key, grp), spread, on) for grp in groups]
    return pl.DataFrame(rows, schema=SCHEMA)


def _current(alerts: pl.DataFrame, lamps: pl.DataFrame | None, on: date) -> pl.DataFrame:
    """Newest row of each lit series: `unique_id, ds, level`."""
    newest = alerts.filter(pl.col("ds") <= on).sort("ds", maintain_order=True).group_by("unique_id", maintain_order=True).last()
    if lamps is not None:
        return newest.select("unique_id", "ds").join(lamps.select("unique_id", "level"), on="unique_id", how="inner").sort("unique_id")
    months = (on.year - pl.col("ds").dt.year()) * 12 + on.month - pl.col("ds").dt.month()
    return newest.filter(months < SHOWN_AFTER).select("unique_id", "ds", "level").sort("unique_id")


def _lamps(alerts: pl.DataFrame, keys: pl.DataFrame) -> Iterable[Lamp]:
    have = [k for k in (*KEY, *TITLES) if k in keys.columns]
    by_id = {row["unique_id"]: row for row in keys.select("unique_id", *have).iter_rows(named=True)}
    for row in alerts.select("unique_id", "ds", "level").iter_rows(named=True):
        found: dict[str, Any] = by_id.get(row["unique_id"], {})
        yield Lamp(
            row["unique_id"],
            row["ds"],
            row["level"],
            {k: str(found.get(k) or "all") for k in KEY},
            str(found.get("title_zh") or ""),
            str(found.get("title_en") or ""),
        )


def _spread(forecast: pl.DataFrame | None, unique_id: str, on: date) -> tuple[float, float] | None:
    """lo-80 / mean and hi-80 / mean a few periods ahead; None without a usable forecast."""
    if forecast is None or not {"unique_id", "ds", "mean", "lo-80", "hi-80"} <= set(forecast.columns):
        return None
    ahead = forecast.filter(pl.col("unique_id") == unique_id, pl.col("ds").cast(pl.Date) > on).sort("ds").head(AHEAD)
    if ahead.is_empty():
        return None
    row = ahead.row(-1, named=True)
    if row["mean"] is None or not row["mean"] > 0 or row["lo-80"] is None or row["hi-80"] is None:
        return None
    return max(row["lo-80"] / row["mean"], 0.0), row["hi-80"] / row["mean"]


def _count(heads: pl.DataFrame | None, key: Mapping[str, str], grp: str) -> int | None:
    """People of a group in the region and industry of a series; None when the cell was not counted (0 when it was counted empty).

    A row for the very region and industry wins; otherwise the finer rows below it are added up.
    """
    if heads is None or heads.is_empty() or key["region"] not in current_regions():
        return None
    rows = heads.filter(pl.col("grp") == grp)
    region, industry = key["region"], key["industry"][:1] if key["industry"] != "all" else "all"
    for field, value in (("region", region), ("industry", industry)):
        exact = rows.filter(pl.col(field) == value)
        finer = rows.filter(pl.col(field) != "all")
        if field == "region" and value != "all":
            finer = finer.filter(pl.col("region").str.starts_with(region_prefix(value).removeprefix("CN-")))
        rows = exact if not exact.is_empty() else finer if value == "all" or field == "region" else rows.clear()
    return None if rows.is_empty() else int(rows["heads"].sum())


def _row(lamp: Lamp, plan: Plan, grp: str, heads: int | None, spread: tuple[float, float] | None, on: date) -> dict[str, object]:
    measure = plan.measure_for(grp)
    amount = measure.amount(lamp.key["region"], on) if measure else None
    missing = _missing(plan, measure, amount, heads, on)
    cost = heads * amount.fen if heads is not None and amount is not None and not missing else None
    low, high = (round(cost * spread[0]), round(cost * spread[1])) if cost is not None and spread else (None, None)
    group = key_groups()[grp]
    row: dict[str, object] = {
        "unique_id": lamp.unique_id, "ds": lamp.ds, "level": lamp.level, "plan_id": plan.id, "plan_title": plan.title, "grp": grp, "grp_zh": group.zh,
        "heads": heads, "unit_amount_fen": amount.fen if amount else None, "cost_fen": cost, "cost_lo_fen": low, "cost_hi_fen": high,
        "status": "estimated" if cost is not None else "not_computed", "missing_fact": missing or None,
        "basis": _basis(amount) if amount else None,
    }  # fmt: skip
    where, where_en = f"{lamp.title_zh}：涉及" if lamp.title_zh else _where(lamp.key), f"{lamp.title_en}: " if lamp.title_en else ""
    row["text_zh"] = _text_zh(plan, measure, amount, where, group.zh, heads, cost, low, high, missing)
    row["text_en"] = where_en + _text_en(plan, measure, amount, group.en, heads, cost, low, high, missing)
    return row


def _missing(plan: Plan, measure: Measure | None, amount: Amount | None, heads: int | None, on: date) -> str:
    """What keeps the cost from being computed, in Chinese; empty when nothing does."""
    facts = []
    if measure is None:
        facts.append(plan.missing_fact or "对这一群体的补助标准（本预案未列）")
    elif amount is None:
        ended = [a.last for a in measure.amounts if a.region == "CN" and a.last is not None and a.last < on]
        facts.append(f"{measure.name}在{on.year}年的标准（已知标准止于{max(ended)}）" if ended else measure.missing_fact or f"{measure.name}的标准")
    if heads is None:
        facts.append("群体人数")
    return "；".join(facts)


def _basis(amount: Amount) -> str:
    return f"{amount.basis}（{'金额已核实' if amount.status == 'verified' else '金额未核实，使用前请核对原文'}）"


def _where(key: Mapping[str, str]) -> str:
    region, trade = current_regions().get(key["region"]), industries().get(key["industry"])
    return (region.name if region else "") + (trade.name if trade else "")


def _text_zh(
    plan: Plan, measure: Measure | None, amount: Amount | None, where: str, group: str, heads: int | None, cost: int | None,
    low: int | None, high: int | None, missing: str,
) -> str:  # fmt: skip
    people = f"{where}{group}约{heads:,}人" if heads is not None else f"{where}{group}（人数不详）"
    if cost is None or measure is None or amount is None:
        return f"{people}，建议启动《{plan.title}》。费用未计算，缺：{missing}。"
    span = f"（区间{_yuan(low)}至{_yuan(high)}）" if low is not None and high is not None else "（无预测区间）"
    unit = f"每人{UNITS[measure.unit]}{yuan_text(amount.fen)}元"
    return f"{people}，建议启动《{plan.title}》。{measure.name}{unit}，估算{_yuan(cost)}{span}。依据：{_basis(amount)}。"


def _text_en(
    plan: Plan, measure: Measure | None, amount: Amount | None, group: str, heads: int | None, cost: int | None,
    low: int | None, high: int | None, missing: str,
) -> str:  # fmt: skip
    people = f"{heads:,} {group}" if heads is not None else f"{group} (number unknown)"
    if cost is None or measure is None or amount is None:
        return f"{people}: start “{plan.title_en}”. Cost not computed; missing: {missing}."
    span = f" (interval {yuan_text(low)} to {yuan_text(high)} yuan)" if low is not None and high is not None else " (no forecast interval)"
    unit = {"once": "once", "month": "a month", "year": "a year"}[measure.unit]
    status = "verified" if amount.status == "verified" else "unverified"
    return (
        f"{people}: start “{plan.title_en}”. {measure.name_en}, {yuan_text(amount.fen)} yuan {unit} a person: "
        f"estimated {yuan_text(cost)} yuan{span}. Basis ({status}): {amount.basis}."
    )


def _yuan(fen: int) -> str:
    """Chinese amount: from ten thousand yuan on in 万元."""
    return f"{fen / 1_000_000:,.1f}万元" if abs(fen) >= 1_000_000 else f"{yuan_text(round(fen / 100) * 100)}元"
