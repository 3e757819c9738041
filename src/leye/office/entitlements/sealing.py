"""Marks through the gate: after a night one leaf for each person or firm whose marks, facts or rules changed; at once for whoever answers a question.

A leaf holds the yes and unknown answers with the facts behind each, so that it can be replayed. What is a no is sealed when somebody contests it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from leye.kernel.codes import region_code
from leye.kernel.decision import InputValue, Outcome
from leye.lake import Lake
from leye.office.decisions.batch import BatchRun, PersonMarks, decide_batch, decide_unless_broken
from leye.office.decisions.subjects import subject_of
from leye.office.entitlements.known import standing_of
from leye.office.entitlements.models import SealedRun
from leye.office.entitlements.rules import facts_behind, facts_read
from leye.office.registry.cards import running_version
from leye.office.rules import active_packs
from leye.policy import PackSet, places
from leye.policy.push import firm_rows, overlaid, rules_of_handling
from leye.trust.subtree import Mark

ALGO, PURPOSE = "policy.marks", "entitlement"
AGE_BANDS = ((25, "16-24"), (45, "25-44"), (60, "45-59"))
"""Upper ends of the bands that audits group by, as for dispatches."""


def seal_marks(lake: Lake, run_id: str, data: Path) -> int:
    """Seal what changed since the last sealed run, district by district; returns how many leaves were written. A district whose breaker is open is
    left for the next night. Raises GateRefused on anything else that the gate refuses."""
    if not lake.has("marks", run_id):
        return 0
    manifest: dict[str, Any] = dict(lake.manifest(run_id))
    on, at = date.fromisoformat(manifest["on"]), datetime.fromisoformat(manifest["started_at"])
    packs = active_packs(data)
    reads = tuple(sorted(set().union(*facts_read(packs, on).values())))
    marks, prints = lake.scan("marks", run_id).collect(), lake.scan("mark_prints", run_id).collect()
    rows = _rows(data, packs, on, at)
    regions = marks.select("person_id", "region").unique(maintain_order=True)
    written = 0
    for (region,), people in regions.group_by("region", maintain_order=True):
        district = (region_code(str(region)) if region else "") or ""
        if SealedRun.objects.filter(run_id=run_id, region=district).exists():
            continue
        changed = _changed(lake, district, prints.join(people.select("person_id"), on="person_id", how="semi"))
        mine = marks.join(changed, on="person_id", how="semi", maintain_order="left")
        written += _seal_district(mine, rows, packs, on, BatchRun(ALGO, running_version(ALGO), PURPOSE, reads, run_id, at, district))
    return written


def _seal_district(marks: pl.DataFrame, rows: pl.DataFrame, packs: PackSet, on: date, run: BatchRun) -> int:
    mine = rows.join(marks.select("person_id").unique(), on="person_id", how="semi")
    sealed = decide_unless_broken(run, people_marks(marks, mine, packs, on, run.run_id))
    if sealed is None:
        return 0
    SealedRun.objects.create(run_id=run.run_id, region=run.region, people=sealed.people, at=run.at)
    return sealed.people


def people_marks(marks: pl.DataFrame, rows: pl.DataFrame, packs: PackSet, on: date, run_id: str) -> Iterator[PersonMarks]:
    """All yes and unknown answers of each subject. marks: by subject · rows: their facts, one row a subject."""
    country = places(packs, on)
    facts = {row["person_id"]: row for row in _as_json(rows).iter_rows(named=True)}
    names = ("person_id", "policy", "verdict", "amount_fen", "months", "missing", "choice", "rule")
    columns = marks.select(names)
    held: list[tuple[Any, ...]] = []
    for row in columns.iter_rows():
        if held and held[0][0] != row[0]:
            yield _of_one(held, facts[held[0][0]], packs, on, country.prefix_of(facts[held[0][0]]["region"]), run_id)
            held = []
        held.append(row)
    if held:
        yield _of_one(held, facts[held[0][0]], packs, on, country.prefix_of(facts[held[0][0]]["region"]), run_id)


def _of_one(marks: list[tuple[Any, ...]], facts: Mapping[str, Any], packs: PackSet, on: date, prefix: str, run_id: str) -> PersonMarks:
    inputs: dict[str, InputValue] = {"on": on.isoformat(), "run": run_id}
    said = []
    for _, policy, verdict, amount, months, missing, choice, rule in marks:
        read = {name: facts[name] for name in facts_behind(packs, on, prefix, policy) if facts.get(name) is not None}
        extra = {"months": months, "missing": missing or None, "choice": choice}
        inputs[policy] = {**read, "rule": rule, **{k: v for k, v in extra.items() if v is not None}}
        said.append(Mark(policy, Outcome(verdict, None, amount), reasons(verdict, amount is None and bool(missing), choice or "")))
    return PersonMarks(subject_of(marks[0][0]), tuple(said), inputs, protected(facts, on))


def reasons(verdict: str, is_amount_open: bool, choice: str) -> tuple[str, ...]:
    """Codes of the card for an answer."""
    if verdict == "unknown":
        return ("fact_missing",)
    found = ["clauses_hold"]
    if is_amount_open:
        found.append("amount_open")
    if choice.startswith("gives_way"):
        found.append("gives_way")
    return tuple(found)


def protected(facts: Mapping[str, Any], on: date) -> dict[str, str]:
    """What audits group by; the unknown is left out, and firms have none."""
    found = {"sex": str(facts["sex"])} if facts.get("sex") else {}
    if facts.get("birth"):
        born = date.fromisoformat(str(facts["birth"]))
        years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        found["age_band"] = next((band for end, band in AGE_BANDS if years < end), "60+") if years >= 16 else "0-15"
    return found


def _rows(data: Path, packs: PackSet, on: date, at: datetime) -> pl.DataFrame:
    """Facts of persons and firms as the step saw them: the same registers, and what the office knew at the run's instant."""
    from leye.office.nightly.marks_step import city_tables

    city = city_tables(data)
    assert city is not None
    standing, handling = standing_of(data, packs, at), rules_of_handling(packs)
    people = overlaid(city.people, standing.stated, standing.paid, packs.facts, handling, on)
    columns = [c for c in people.columns if c in packs.facts.facts]
    if city.firms is None:
        return people.select(columns)
    firms = overlaid(firm_rows(city.firms, people, packs.facts), standing.stated, [], packs.facts, handling, on)
    return pl.concat([people.select(columns), firms.select(c for c in firms.columns if c in columns)], how="diagonal_relaxed")


def _changed(lake: Lake, district: str, prints: pl.DataFrame) -> pl.DataFrame:
    """`person_id` of those whose print is not that of the last sealed run of the district."""
    last = SealedRun.objects.filter(region=district).first()
    if last is None or last.run_id not in lake.runs() or not lake.has("mark_prints", last.run_id):
        return prints.select("person_id")
    before = lake.scan("mark_prints", last.run_id).collect()
    return prints.join(before, on=["person_id", "print"], how="anti").select("person_id")


def _as_json(rows: pl.DataFrame) -> pl.DataFrame:
    """Dates as text: what is committed to is JSON."""
    return rows.with_columns(pl.col(pl.Date).dt.to_string("iso"))


def sealed_once(marks: Iterable[PersonMarks], *, region: str, run_id: str, features: tuple[str, ...], at: datetime) -> None:
    """Seal the answers of whoever just changed a fact. Raises GateRefused."""
    decide_batch(BatchRun(ALGO, running_version(ALGO), PURPOSE, features, run_id, at, region), marks)
