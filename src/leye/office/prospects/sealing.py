"""Profiles through the gate: after a night one leaf for everyone whose profile changed, with its reasons; pages show what is sealed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import polars as pl

from leye.kernel.codes import region_code
from leye.kernel.decision import InputValue, Outcome
from leye.lake import Lake
from leye.office.decisions.batch import BatchRun, PersonMarks, decide_unless_broken
from leye.office.decisions.subjects import subject_of
from leye.office.programmes.groups import audit_groups
from leye.office.prospects.models import ProfileRun
from leye.office.registry.cards import features_of, running_version
from leye.trust.subtree import Mark

ALGO, PURPOSE = "risk.unemployment", "help_priority"
NOTHING = "nothing_stands_out"
SAYS = ("person_id", "question", "level", "p_6", "p_12")


def seal_profiles(lake: Lake, run_id: str) -> int:
    """Seal what changed since the last sealed run, district by district; returns how many leaves were written. A district whose breaker is open keeps
    showing nothing. Raises GateRefused on anything else that the gate refuses."""
    if not lake.has("risk", run_id):
        return 0
    manifest: dict[str, Any] = dict(lake.manifest(run_id))
    on, at = date.fromisoformat(manifest["on"]), datetime.fromisoformat(manifest["started_at"])
    version = running_version(ALGO)
    features = features_of(ALGO, version)
    written = 0
    for (region,), rows in lake.scan("risk", run_id).collect().group_by("region", maintain_order=True):
        district = (region_code(str(region)) if region else "") or ""
        if ProfileRun.objects.filter(run_id=run_id, region=district).exists():
            continue
        changed = rows.join(_changed(lake, district, rows), on="person_id", how="semi", maintain_order="left")
        written += _seal(changed, BatchRun(ALGO, version, PURPOSE, features, run_id, at, district), on)
    return written


def _seal(rows: pl.DataFrame, run: BatchRun, on: date) -> int:
    sealed = decide_unless_broken(run, people_profiles(rows, on, run.run_id))
    if sealed is None:
        return 0
    ProfileRun.objects.create(run_id=run.run_id, region=run.region, people=sealed.people, at=run.at)
    return sealed.people


def people_profiles(rows: pl.DataFrame, on: date, run_id: str) -> Iterator[PersonMarks]:
    """One subject a person with the answers to the questions about them, in order of the table."""
    groups = audit_groups(rows["person_id"].unique(), on)
    mine: dict[str, list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):  # a frame for each of 20,000 people costs more than all the rest of sealing them
        mine.setdefault(row["person_id"], []).append(row)
    for person, lines in mine.items():
        inputs: dict[str, InputValue] = {"on": on.isoformat(), "run": run_id}
        for line in lines:
            said = {name: round(line[name], 6) for name in ("p_6", "p_12", "low_12", "high_12")}
            inputs[line["question"]] = {**said, "contributions": json.loads(line["contributions"])}
        yield PersonMarks(subject_of(person), tuple(_mark(line) for line in lines), inputs, groups.get(person, {}))


def _mark(line: dict[str, Any]) -> Mark:
    codes = [*(f"{code}_up" for code in line["up"]), *(f"{code}_down" for code in line["down"])]
    return Mark(line["question"], Outcome(line["level"], line["p_12"]), tuple(codes) or (NOTHING,))


def _changed(lake: Lake, district: str, rows: pl.DataFrame) -> pl.DataFrame:
    """`person_id` of those whose profile is not that of the last sealed run of the district."""
    last = ProfileRun.objects.filter(region=district).first()
    if last is None or last.run_id not in lake.runs() or not lake.has("risk", last.run_id):
        return rows.select("person_id").unique(maintain_order=True)
    before = lake.scan("risk", last.run_id).collect()
    return rows.join(before, on=list(SAYS), how="anti").select("person_id").unique(maintain_order=True)
