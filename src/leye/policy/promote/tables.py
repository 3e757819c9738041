"""Estimates and funnels as plain rows, for files, the API and the page: one form everywhere."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import polars as pl

from leye.policy.promote.effect import Estimate, RollOutEffect
from leye.policy.promote.funnel import STAGES, Cell
from leye.policy.promote.power import Power
from leye.policy.promote.schedule import Balance, Turn


def estimate_row(found: Estimate) -> dict[str, float | None]:
    """value, low, high, se, degrees, p; what cannot be said is null."""
    return {name: _number(getattr(found, name)) for name in ("value", "low", "high", "se", "degrees", "p")}


def effect_row(found: RollOutEffect) -> dict[str, Any]:
    """One roll-out whole. `p_lottery` is exact by redrawing the order of the grids; `leads` is the check of the weeks before."""
    return {
        "policy": found.policy,
        "within_weeks": found.within,
        "total": estimate_row(found.total) | {"p_lottery": _number(found.chance)},
        "control_weekly_rate": _number(found.control_rate),
        "grids": found.grids,
        "reached_grids": found.reached_grids,
        "by_week": [{"week": k + 1, "people": n} | estimate_row(e) for k, (e, n) in enumerate(zip(found.by_week, found.people, strict=True))],
        "leads": {"weeks": [{"week": -k - 1} | estimate_row(e) for k, e in enumerate(found.leads)], "p_lottery": _number(found.leads_chance)},
    }


def week_table(effects: Iterable[RollOutEffect]) -> pl.DataFrame:
    """`policy, week, people, value, low, high, se, degrees, p`: week 1 is the first after the notice, -1 the last before it."""
    rows = []
    for found in effects:
        whole = effect_row(found)
        rows += [{"policy": found.policy, "people": None} | row for row in (*reversed(whole["leads"]["weeks"]), *whole["by_week"])]
    names = ("policy", "week", "people", "value", "low", "high", "se", "degrees", "p")
    types = [pl.String, pl.Int64, pl.Int64, *[pl.Float64] * 6]
    return pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)))


def funnel_table(cells: Iterable[Cell]) -> pl.DataFrame:
    """`by, value, hidden`, for each stage the count, its share of the reached with interval, then `without, added, added_low, added_high`."""
    rows = []
    for cell in cells:
        row: dict[str, Any] = {"by": cell.by, "value": cell.value, "hidden": cell.is_hidden}
        by_stage = {s.stage: s for s in cell.steps}
        for stage in STAGES:
            step = by_stage.get(stage)
            row[stage] = step.people if step else None
            if stage != "reached":
                low, high = step.interval if step and step.interval else (None, None)
                row |= {f"{stage}_share": step.share if step else None, f"{stage}_low": low, f"{stage}_high": high}
        row["without"] = cell.without
        row |= {"added": cell.added.value, "added_low": cell.added.low, "added_high": cell.added.high} if cell.added else dict.fromkeys(_ADDED)
        rows.append(row)
    return pl.DataFrame(rows, schema=_funnel_schema())


_ADDED = ("added", "added_low", "added_high")


def _funnel_schema() -> dict[str, Any]:
    schema: dict[str, Any] = {"by": pl.String, "value": pl.String, "hidden": pl.Boolean}
    for stage in STAGES:
        schema[stage] = pl.Int64
        if stage != "reached":
            schema |= {f"{stage}_share": pl.Float64, f"{stage}_low": pl.Float64, f"{stage}_high": pl.Float64}
    return schema | dict.fromkeys(("without", *_ADDED), pl.Float64)


def turn_table(turns: Iterable[Turn]) -> pl.DataFrame:
    """`grid_id, people, block, step, deliver_on`; step and day are null for grids kept to the end."""
    rows = [(t.grid, t.people, t.block, t.step if t.on else None, t.on) for t in turns]
    schema = {"grid_id": pl.String, "people": pl.Int64, "block": pl.Int64, "step": pl.Int64, "deliver_on": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


def plan_row(power: Power, steps: Iterable[Balance]) -> dict[str, Any]:
    """What a plan can see, and how its steps balance."""
    return {
        "se": _number(power.se),
        "degrees": _number(power.degrees),
        "smallest_effect_at_80_percent_power": _number(power.smallest),
        "asked_effect": power.asked,
        "power": _number(power.at),
        "steps": [{"step": b.step, "grids": b.grids, "people": b.people, "mean_people": round(b.mean_people, 2)} for b in steps],
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) or math.isinf(value) else value
