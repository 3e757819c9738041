"""What-if replay of a past shock: which lamp would have lit when, how long before or after the peak, and which plan it would have opened.

Strictly causal: thresholds come from data before the calibration date, a year and a half before the shock, and every row uses data up to
its own day. The peak and the trough are looked up afterwards, in the data that followed; they judge the replay and never enter it.
It is what the method as it is now would have said with the figures as they are now: a revised series knew more than the desk did.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from leye.kernel.errors import BadInput
from leye.watch.advice import match_plans
from leye.watch.grid import DAY, MONTH, QUARTER, infer_step
from leye.watch.reserve import Plan
from leye.watch.scanning import Direction, scan_panel

LEAST_FALL = 0.02  # as an event of the benchmark
LEVELS = ("blue", "yellow", "orange", "red")
SHOCKS = {"2001": date(2001, 3, 1), "2008": date(2007, 12, 1), "2020": date(2020, 2, 1)}
"""Months of the NBER's business-cycle peaks (nber.org, Business Cycle Dating): March 2001, December 2007, February 2020."""

BEFORE_MONTHS, AFTER_MONTHS = 18, 30  # chosen by us: a lamp before the shock is shown as well, and the longest of the three lasted 18 months
CALM_BEFORE_MONTHS = 18  # months between the end of calibration and the shock
FEWEST_DAYS = 28  # chosen by us: four whole weeks, the least that tells a usual day from an odd one
WINDOW_OF_PEAK = (-12, 12)  # months around the shock in which a series' own peak is looked for
SCHEMA = {
    "unique_id": pl.String, "peak": pl.Date, "trough": pl.Date, "fall": pl.Float64, "first": pl.Date, "lead_months": pl.Int64,
    **dict.fromkeys(LEVELS, pl.Date), "rows": pl.Int64, "plan_id": pl.String, "plan_title": pl.String,
    "evidence_zh": pl.String, "evidence_en": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Replay:
    """table: one row a series, columns SCHEMA (lead_months: first lamp less the series' own peak, negative = before it) · alerts: of the window ·
    summary: shock, window, thresholds before, how many series fell, how many of them were lit by when.
    """

    table: pl.DataFrame
    alerts: pl.DataFrame
    summary: dict[str, Any]


def shock_day(text: str) -> date:
    """2001, 2008, 2020, or any first day as YYYY-MM or YYYY-MM-DD. Raises BadInput."""
    if text in SHOCKS:
        return SHOCKS[text]
    try:
        return date.fromisoformat(text if text.count("-") == 2 else f"{text}-01")
    except ValueError as error:
        raise BadInput(
            f"“{text}”不是冲击的年份或日期", en=f"{text!r} is no shock: 2001, 2008, 2020 or a date", remedy_zh="写 2008 或 2015-03",
            remedy_en="write 2008 or 2015-03", code="E_SHOCK",
        ) from error  # fmt: skip


def replay(
    panel: pl.DataFrame,
    shock: date,
    *,
    nominal: float = 0.25,
    seasonal: bool = True,
    parents: Mapping[str, str | None] | None = None,
    direction: Direction | Mapping[str, str] = "down",
    keys: pl.DataFrame | None = None,
    reserve: list[Plan] | None = None,
    plans_on: date | None = None,
    fdr: float | None = None,
    seed: int = 0,
) -> Replay:
    """Replay `panel` (`unique_id, ds, y`) around a shock. keys: as for `match_plans`; without them plans that answer any series are matched.

    plans_on: the day whose plans are matched, by default that of each lamp; today's plans are what a rehearsal wants.

    Raises BadInput (E_SHOCK_OUTSIDE) when the panel does not reach the shock or has no calm years before it.
    """
    days = panel["ds"].cast(pl.Date).unique().sort()
    cut, is_short = _calibrate_before(days, shock)
    start, end, last = max(months_on(shock, -BEFORE_MONTHS), cut), months_on(shock, AFTER_MONTHS), days[-1]
    seen = panel.filter(pl.col("ds").cast(pl.Date) <= end)  # later figures could not change a row: causal
    result = scan_panel(seen, calibrate_before=cut, nominal=nominal, seasonal=seasonal, parents=parents, direction=direction, fdr=fdr, seed=seed)
    alerts = result.alerts.filter(pl.col("ds") >= start)
    ids = panel["unique_id"].cast(pl.String).unique().sort()
    table = _table(seen, alerts, ids, shock, _smoothed_over(days, seasonal=seasonal), direction, keys, reserve, plans_on)
    about = {
        "shock": shock.isoformat(), "calibrate_before": cut.isoformat(), "from": start.isoformat(), "to": min(end, last).isoformat(),
        "nominal": nominal, "fdr": fdr, "realised": {side: given.rates["blue"] for side, given in result.realised.items()},
        "calm": {side: {"series_years": g.years, "low": g.low, "high": g.high} for side, g in result.realised.items()},
        "calibration_periods": int((days < cut).sum()), "is_short_calibration": is_short, "step": infer_step(days).name,
        "series": table.height, "not_watched": len(result.notices),
    }  # fmt: skip
    return Replay(table, alerts, about | _counts(table))


def _calibrate_before(days: pl.Series, shock: date) -> tuple[date, bool]:
    """A year and a half before the shock; else, for a panel that begins later but by days, the end of the shock's month, and True: a few weeks of
    calm, which say little about a rate in years. Raises BadInput (E_SHOCK_OUTSIDE)."""
    cut, late = months_on(shock, -CALM_BEFORE_MONTHS), months_on(shock, 1)
    first, last = (days[0], days[-1]) if days.len() else (None, None)
    if first is not None and last is not None and last >= shock:
        if first < cut:
            return cut, False
        if last >= late and int((days < late).sum()) >= FEWEST_DAYS and infer_step(days) == DAY:
            return late, True
    raise BadInput(
        f"面板从 {first!s} 到 {last!s}，回放不了 {shock}：冲击之前至少要有一年半的校准期（按日的面板至少 {FEWEST_DAYS} 天），面板要到冲击之后",
        en=f"the panel {first!s}..{last!s} cannot replay {shock}: a year and a half before it is needed, {FEWEST_DAYS} days of a daily panel",
        remedy_zh="换一个落在面板里的日期", remedy_en="choose a day inside the panel", code="E_SHOCK_OUTSIDE",
    )  # fmt: skip


def months_on(day: date, months: int) -> date:
    """First day of the month that lies so many months later (earlier when negative).

    >>> months_on(date(2008, 1, 15), -2)
    datetime.date(2007, 11, 1)
    """
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _table(
    panel: pl.DataFrame, alerts: pl.DataFrame, ids: pl.Series, shock: date, over: int, direction: str | Mapping[str, str],
    keys: pl.DataFrame | None, reserve: list[Plan] | None, on: date | None,
) -> pl.DataFrame:  # fmt: skip
    known = pl.DataFrame({"unique_id": ids}) if keys is None else keys
    plan = {(r["unique_id"], r["ds"]): r for r in reversed(match_plans(alerts, known, on=on, reserve=reserve).to_dicts())}
    by_id: dict[str, list[dict[str, Any]]] = {}
    for row in alerts.sort("ds").to_dicts():
        by_id.setdefault(row["unique_id"], []).append(row)
    rows = []
    for name in ids:
        side = direction if isinstance(direction, str) else direction.get(name, "down")
        turn = _turn(panel.filter(pl.col("unique_id") == name), shock, over, rising=side == "up")
        rows.append({"unique_id": name} | turn | _lights(by_id.get(name, []), plan, turn["peak"]))
    return pl.DataFrame(rows, schema=SCHEMA)


def _lights(rows: list[dict[str, Any]], plan: Mapping[tuple[str, date], dict[str, Any]], peak: date | None) -> dict[str, Any]:
    """When each level was first reached, the lead over the peak, and the plan that the strongest row would have opened."""
    at = {level: next((r["ds"] for r in rows if LEVELS.index(r["level"]) >= LEVELS.index(level)), None) for level in LEVELS}
    if not rows:
        return at | {"first": None, "lead_months": None, "rows": 0, "plan_id": None, "plan_title": None, "evidence_zh": None, "evidence_en": None}
    top = max(rows, key=lambda r: (LEVELS.index(r["level"]), -r["ds"].toordinal()))
    opened = plan.get((top["unique_id"], top["ds"]), {})
    said = json.loads(rows[0]["evidence"])
    first = rows[0]["ds"]
    lead = None if peak is None else (first.year - peak.year) * 12 + first.month - peak.month
    return at | {
        "first": first, "lead_months": lead, "rows": len(rows), "plan_id": opened.get("plan_id"), "plan_title": opened.get("plan_title"),
        "evidence_zh": said["zh"], "evidence_en": said["en"],
    }  # fmt: skip


def _turn(series: pl.DataFrame, shock: date, smoothed_over: int, *, rising: bool) -> dict[str, Any]:
    """Peak, trough and size of the largest fall that began around the shock, looked up afterwards; all None when it is under 2 %.

    smoothed_over: periods of the centred mean. A quick recovery may end above the old peak, so the highest value around the shock is not asked for.
    """
    mean = pl.col("y").rolling_mean(smoothed_over, min_samples=smoothed_over).shift(-(smoothed_over // 2))
    y = series.sort("ds").select(pl.col("ds").cast(pl.Date), mean.alias("s")).filter(pl.col("s") > 0)
    low, high = (months_on(shock, m) for m in WINDOW_OF_PEAK)
    days, level = y["ds"].to_list(), y["s"].to_numpy() * (-1.0 if rising else 1.0)
    best: tuple[float, int, int] = (0.0, -1, -1)
    for t in (i for i, day in enumerate(days) if low <= day <= high):
        end = bisect_right(days, months_on(days[t], AFTER_MONTHS))
        if t + 1 < end:
            worst = t + 1 + int(np.argmin(level[t + 1 : end]))
            best = max(best, (float((level[t] - level[worst]) / abs(level[t])), t, worst))
    fall, peak, trough = best
    if fall < LEAST_FALL:
        return {"peak": None, "trough": None, "fall": None}
    return {"peak": days[peak], "trough": days[trough], "fall": round(fall if rising else -fall, 4)}


def _smoothed_over(days: pl.Series, *, seasonal: bool) -> int:
    """Periods of the mean that peaks are looked for in: a year where there is a season, else three months, or four weeks of a finer panel."""
    step = infer_step(days)
    return step.season if seasonal else 3 if step in (MONTH, QUARTER) else step.per_year // 13


def _counts(table: pl.DataFrame) -> dict[str, Any]:
    fell = table.filter(pl.col("peak").is_not_null())
    lit = fell.filter(pl.col("first").is_not_null())
    median = lit["lead_months"].drop_nulls().median()
    return {
        "fell": fell.height, "lit_of_fallen": lit.height,
        "lit_without_fall": table.filter(pl.col("peak").is_null() & pl.col("first").is_not_null()).height,
        "median_lead_months": float(median) if isinstance(median, int | float) else None,
        "lit_by_level": {level: table[level].count() for level in LEVELS},
    }  # fmt: skip


def as_json(result: Replay) -> dict[str, Any]:
    """The replay as plain values: `summary`, `rows` (as the table, days as text)."""
    rows = [{k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()} for row in result.table.to_dicts()]
    return {"summary": result.summary, "rows": rows}


__all__ = ["LEVELS", "SHOCKS", "Replay", "as_json", "months_on", "replay", "shock_day"]
