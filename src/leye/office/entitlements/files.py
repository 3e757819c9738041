"""One person's or firm's facts: the register's row with answers and payments laid over it. Whoever shows them to staff records the read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings

from leye.kernel.decision import Subject
from leye.office.decisions.subjects import subject_key, subject_of
from leye.office.entitlements.known import standing_of_one
from leye.office.privacy.reads import people_file
from leye.office.rules import active_packs
from leye.policy import PackSet
from leye.policy.push import firm_rows, rules_of_handling
from leye.policy.push.overlay import Paid, person_overlaid


@dataclass(frozen=True)
class FactFile:
    """register: what departments say, unknown as None · facts: with answers and payments · paid: payments behind the changed facts · row: other
    columns of the person's row, such as `name` and `grid_id`."""

    subject: Subject
    register: Mapping[str, Any]
    facts: Mapping[str, Any]
    paid: tuple[Paid, ...] = ()
    row: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Keyed pseudonym."""
        return subject_key(self.subject)

    def is_filled(self, fact: str) -> bool:
        """Whether the value comes from an answer or a payment and not from a register."""
        return self.facts.get(fact) != self.register.get(fact)


def data_folder() -> Path:
    """The data folder of the settings."""
    return Path(settings.LEYE_DATA)


def packs_here() -> PackSet:
    """The packs in force in this data folder."""
    return active_packs(data_folder())


def rules_day() -> date:
    """The day on which rules are asked: that of the published run, the city's today without one."""
    from leye.office.entitlements.known import register_day
    from leye.office.published import published_snapshot

    snapshot = published_snapshot()
    return date.fromisoformat(snapshot.run.on) if snapshot is not None and snapshot.run.on else register_day(data_folder())


def fact_files(ids: Sequence[str], packs: PackSet, on: date) -> dict[str, FactFile]:
    """Files of several persons by id, in one scan; those that are not there are absent."""
    file = people_file()
    if not ids or not file.exists():
        return {}
    rows = pl.scan_parquet(file).filter(pl.col("person_id").is_in(list(ids))).collect()
    return {row["person_id"]: _file(subject_of(row["person_id"]), row, packs, on) for row in rows.iter_rows(named=True)}


def fact_file(subject_id: str, packs: PackSet, on: date) -> FactFile | None:
    """The file of a person or firm; None when there is none."""
    subject = subject_of(subject_id)
    if subject.kind == "person":
        return fact_files([subject_id], packs, on).get(subject_id)
    row = _firm_row(subject_id, packs)
    return None if row is None else _file(subject, row, packs, on)


def _firm_row(firm_id: str, packs: PackSet) -> dict[str, Any] | None:
    file = data_folder() / "city" / "firms.parquet"
    if not file.exists():
        return None
    firms = pl.scan_parquet(file).filter(pl.col("firm_id") == firm_id).collect()
    if not firms.height:
        return None
    columns = ["region", *(f.id for f in packs.facts if f.kind == "local")]
    people = pl.scan_parquet(people_file()) if people_file().exists() else pl.LazyFrame(schema={"region": pl.String})
    local = people.select(c for c in columns if c in people.collect_schema().names()).filter(pl.col("region").str.ends_with(firms["region"][0]))
    rows = firm_rows(firms, local.collect(), packs.facts)
    return rows.row(0, named=True) | {"name": firms["name"][0], "org_id": firms["org_id"][0], "firm_id": firm_id}


def _file(subject: Subject, row: dict[str, Any], packs: PackSet, on: date) -> FactFile:
    register = {fact.id: row.get(fact.id) for fact in packs.facts}
    standing = standing_of_one(subject_key(subject), data_folder(), packs)
    other = {name: value for name, value in row.items() if name not in packs.facts.facts}
    facts = person_overlaid(register | {"firm_id": row.get("firm_id")}, standing.stated, standing.paid, packs.facts, rules_of_handling(packs), on)
    facts.pop("firm_id", None)
    return FactFile(subject, register, facts, standing.paid, other)
