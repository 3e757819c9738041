"""What a plan means for each person who may have one of its programmes: placed or not, and the codes that say why."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from leye.policy.optimise.allocate import Allocation
from leye.policy.optimise.arrays import Bools, Floats
from leye.policy.optimise.prices import clean_prices
from leye.policy.optimise.problem import NONE
from leye.policy.optimise.run import Run, drawn

SCHEMA: dict[str, Any] = {
    "person_id": pl.String, "programme": pl.String, "effect": pl.Float64, "cost_fen": pl.Int64, "reasons": pl.List(pl.String), "region": pl.String,
}  # fmt: skip
REASONS = ("gains_enough", "for_floor", "drawn_by_lot", "lot_lost", "others_gain_more", "unlike_history")
"""Codes. Placed: gains_enough (worth its money), for_floor (placed because a floor or quota asks for it), with drawn_by_lot where equals were not.
Not placed: lot_lost (equals were), others_gain_more, unlike_history (nobody like them was ever compared)."""


def outcomes(run: Run) -> pl.DataFrame:
    """One row a person who may have a placed programme: `person_id, programme` (null: not placed), `effect, cost_fen` of the place, `reasons`,
    `region`; in the order of the people, empty when nothing is placed."""
    found = run.allocation
    if found is None:
        return pl.DataFrame(schema=SCHEMA)
    placed = [j for j, f in enumerate(run.findings) if f.placed]
    may = run.candidates.eligible[:, placed].any(axis=1)
    who = np.flatnonzero(may)
    choice = found.choice[who]
    assigned = run.assignments.select("person_id", "programme", "effect", "cost_fen")
    rows = pl.DataFrame({
        "person_id": run.candidates.person_id.gather(who), "reasons": _reasons(found, drawn(found.problem, found.choice))[who],
        "region": run.candidates.region.gather(who),
    })  # fmt: skip
    joined = rows.join(assigned, on="person_id", how="left", maintain_order="left").select(list(SCHEMA))
    assert joined["programme"].is_not_null().sum() == int((choice != NONE).sum())
    return joined.cast(pl.Schema(SCHEMA))


def _reasons(found: Allocation, by_lot: Bools) -> pl.Series:
    """(n,) lists of codes."""
    problem, choice = found.problem, found.choice
    worth = _worth_its_money(found)
    can = np.isfinite(problem.gain).any(axis=0)
    has = choice != NONE
    first = np.select([has & worth, has, can & by_lot, can], ["gains_enough", "for_floor", "lot_lost", "others_gain_more"], default="unlike_history")
    lots = has & by_lot
    return pl.DataFrame({"first": first, "lot": lots}).select(
        pl.when("lot").then(pl.concat_list("first", pl.lit("drawn_by_lot"))).otherwise(pl.concat_list("first")).alias("reasons")
    )["reasons"]


def _worth_its_money(found: Allocation) -> Bools:
    """(n,) whether the place gains at least what its money would elsewhere: at the prices of the funds alone, floors left out."""
    problem, funds = found.problem, len(found.problem.funds)
    prices = clean_prices(found)[:funds]
    net: Floats = np.full(problem.people, -np.inf)
    for j in range(len(problem.options)):
        here = found.choice == j
        spent = sum(price * (c if isinstance(c, int) else c[here]) for price, c in zip(prices, problem.cost[j], strict=True))
        net[here] = problem.gain[j][here] - spent
    return np.asarray(net >= -1e-9)
