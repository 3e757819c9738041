"""政策标注: who is entitled to what, what is worth a call, and what contradicts itself, into the tables of the run."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from leye.lake import Lake, Run
from leye.lake.snapshots import file_sha256
from leye.office.entitlements.known import standing_of
from leye.office.entitlements.rules import facts_read
from leye.office.entitlements.sealing import ALGO
from leye.office.registry.cards import features_of, running_version
from leye.office.rules import active_packs
from leye.policy import PackSet
from leye.policy.promote.conflicts import COLUMNS as PAYMENT_COLUMNS
from leye.policy.promote.conflicts import conflicts_in
from leye.policy.push import contradictions, firm_rows, mark_counts, overlaid, push_list, rules_of_handling, with_days
from leye.policy.push.conditions import evaluated
from leye.policy.push.handling import Handlings
from leye.policy.push.standing import Standing
from leye.policy.push.table import mark_city

PEOPLE, FIRMS, GRIDS, PAYMENTS = "people", "firms", "grids", "payments"
MARKS_SAY = ("verdict", "amount_fen", "months", "choice")
PUSH_SAYS = ("verdict", "fact", "amount_fen", "months", "deadline")


@dataclass(frozen=True)
class CityTables:
    """What the step reads of a city. firms, grids, payments: None where the folder has none."""

    people: pl.DataFrame
    firms: pl.DataFrame | None
    grids: pl.DataFrame | None
    payments: pl.DataFrame | None
    inputs: tuple[str, ...]


def write_marks(data: Path, run: Run, on: date) -> bool:
    """Mark the city of a data folder into the run; False when it has no residents. What the office knows counts until the run's instant."""
    city = city_tables(data)
    if city is None:
        return False
    packs = active_packs(data)
    left_out = undeclared(packs, on)
    tables = marks_step(city, packs, on, standing_of(data, packs, run.at), before=run.lake, leave_out=left_out)
    for name, table in tables.items():
        run.write(name, table, step="marks", inputs=city.inputs)
    run.notes["policies_left_out"] = left_out
    return True


def undeclared(packs: PackSet, on: date) -> dict[str, list[str]]:
    """Policies that read a fact which the registered card does not declare, with those facts: the gate would refuse their marks, so none are made.

    Only a bureau's own rules can be among them; the card is amended first, then they are marked.
    """
    declared = set(features_of(ALGO, running_version(ALGO)))
    if not declared:
        return {}  # nothing registered at all: the gate says so itself
    return {name: sorted(facts - declared) for name, facts in facts_read(packs, on).items() if facts - declared}


def city_tables(data: Path) -> CityTables | None:
    """The tables of a folder; None when there are no residents."""
    folder = data / "city"
    files = {name: folder / f"{name}.parquet" for name in (PEOPLE, FIRMS, GRIDS, PAYMENTS)}
    if not files[PEOPLE].exists():
        return None
    found = {name: pl.read_parquet(file) for name, file in files.items() if file.exists()}
    inputs = tuple(f"file:city/{name}.parquet@{file_sha256(files[name])}" for name in found)
    return CityTables(found[PEOPLE], found.get(FIRMS), found.get(GRIDS), found.get(PAYMENTS), inputs)


def marks_step(
    city: CityTables, packs: PackSet, on: date, standing: Standing, *, before: Lake | None = None, leave_out: Collection[str] = ()
) -> dict[str, pl.DataFrame]:
    """`marks`, `mark_prints`, `mark_counts`, `push`, `mark_held`, `mark_conflicts` and `payment_conflicts` of one day.

    before: the lake with the run before, for the days · leave_out: policies that are not marked.
    """
    handling = rules_of_handling(packs)
    people = overlaid(city.people, standing.stated, standing.paid, packs.facts, handling, on)
    firms = None if city.firms is None else overlaid(firm_rows(city.firms, people, packs.facts), standing.stated, [], packs.facts, handling, on)
    marked = mark_city(people, firms, packs, on, leave_out=leave_out)
    marks = with_days(marked.marks, _before(before, "marks"), on, key=("person_id", "policy"), says=MARKS_SAY)
    held = pl.concat([_drawn(people, packs, handling, on), _paid(city.payments, packs, on), standing.held_frame()]).unique(maintain_order=True)
    pushed = push_list(marked.marks, _homes(people, city.grids), packs, handling, standing.questions, held, on, barred=standing.barred)
    return {
        "marks": marks,
        "mark_prints": marked.prints,
        "mark_counts": mark_counts(marked.marks),
        "push": with_days(pushed, _before(before, "push"), on, key=("subject", "person_id", "policy"), says=PUSH_SAYS),
        "mark_held": held,
        "mark_conflicts": contradictions(people, packs, on),
        "payment_conflicts": _doubles(city.payments, packs),
    }


def _before(lake: Lake | None, table: str) -> pl.DataFrame | None:
    """The table of the run that is published now; None on the first night."""
    return lake.scan(table).collect() if lake is not None and lake.has(table) else None


def _homes(people: pl.DataFrame, grids: pl.DataFrame | None) -> pl.DataFrame:
    """`person_id, grid_id, counsellor_id`."""
    grid = pl.col("grid_id") if "grid_id" in people.columns else pl.lit(None, dtype=pl.String).alias("grid_id")
    homes = people.select("person_id", grid)
    if grids is None:
        return homes.with_columns(pl.lit(None, dtype=pl.String).alias("counsellor_id"))
    return homes.join(grids.select("grid_id", "counsellor_id"), on="grid_id", how="left", maintain_order="left")


def _drawn(people: pl.DataFrame, packs: PackSet, handling: Handlings, on: date) -> pl.DataFrame:
    """`person_id, policy, why`: what facts show to be drawn already."""
    conditions = {name: h.already for name, h in handling.policies.items() if h.already is not None}
    found = evaluated(people, conditions, packs.facts, on)
    long = found.unpivot(index="person_id", variable_name="policy", value_name="_is").filter(pl.col("_is"))
    return long.select("person_id", "policy", pl.lit("drawn").alias("why")).sort("person_id", "policy")


def _doubles(payments: pl.DataFrame | None, packs: PackSet) -> pl.DataFrame:
    """What departments paid twice, with the item that each payment collides with."""
    rows = pl.DataFrame(schema=PAYMENT_COLUMNS) if payments is None else payments
    return conflicts_in(rows, packs, source="city/payments.parquet").pairs


def _paid(payments: pl.DataFrame | None, packs: PackSet, on: date) -> pl.DataFrame:
    """`person_id, policy, why`: what departments paid for this month or the last one, this year, or once under the rule in force."""
    schema = {"person_id": pl.String, "policy": pl.String, "why": pl.String}
    if payments is None:
        return pl.DataFrame(schema=schema)
    since = {"month": pl.lit(on).dt.month_start().dt.offset_by("-1mo"), "year": pl.lit(date(on.year, 1, 1))}
    parts = []
    for policy in packs.policies.values():
        version = next((v for v in policy.versions if v.in_force(on)), None)
        is_by_certificate = any(e.scope == "same_certificate" for e in policy.all_exclusive)
        if version is not None and not is_by_certificate:  # which certificate was paid stands in the facts; a payment names none of them
            start = since.get(version.unit, pl.lit(version.start))
            mine = payments.filter(pl.col("policy") == policy.id, pl.col("month").fill_null(pl.col("paid_on")) >= start)
            parts.append(mine.select("person_id", "policy", pl.lit("paid").alias("why")).unique(maintain_order=True))
    return pl.concat([pl.DataFrame(schema=schema), *parts]).sort("person_id", "policy")
