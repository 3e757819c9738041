"""Matches through the gate: after a night one leaf for everyone whose list changed, one outcome a job, each with its reasons."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import polars as pl

from leye.kernel.decision import InputValue, Outcome
from leye.lake import Lake
from leye.office.decisions.batch import BatchRun, PersonMarks, decide_unless_broken
from leye.office.decisions.subjects import subject_of
from leye.office.matches.models import MatchRun, OwnList
from leye.office.programmes.groups import audit_groups
from leye.office.registry.cards import features_of, running_version
from leye.trust.subtree import Mark

ALGO, PURPOSE = "match.rank", "job_suggestions"
OUTCOME = "listed"
SAYS = ("person_id", "job_id", "rank", "score", "reasons")
"""What makes a list another one."""


def seal_matches(lake: Lake, run_id: str) -> int:
    """Seal what changed since the last sealed run, district by district; returns how many leaves were written. A district whose breaker is open keeps
    showing nothing. Raises GateRefused on anything else that the gate refuses."""
    if not lake.has("matches", run_id):
        return 0
    manifest: dict[str, Any] = dict(lake.manifest(run_id))
    on, at = date.fromisoformat(manifest["on"]), datetime.fromisoformat(manifest["started_at"])
    version = running_version(ALGO)
    features, written = features_of(ALGO, version), 0
    for (region,), rows in lake.scan("matches", run_id).collect().group_by("region", maintain_order=True):
        district = str(region or "")
        if MatchRun.objects.filter(run_id=run_id, region=district).exists():
            continue
        changed = rows.join(_changed(lake, district, rows), on="person_id", how="semi", maintain_order="left")
        written += _seal(rows, changed, BatchRun(ALGO, version, PURPOSE, features, run_id, at, district), on)
    return written


def _seal(rows: pl.DataFrame, changed: pl.DataFrame, run: BatchRun, on: date) -> int:
    sealed = decide_unless_broken(run, people_lists(changed, on, run))
    if sealed is None:
        return 0
    MatchRun.objects.create(run_id=run.run_id, region=run.region, people=rows["person_id"].n_unique(), at=run.at)
    return sealed.people


def people_lists(rows: pl.DataFrame, on: date, run: BatchRun) -> Iterator[PersonMarks]:
    """One subject a person with one outcome a job, in order of the list."""
    groups = audit_groups(rows["person_id"].unique(), on)
    mine: dict[str, list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        mine.setdefault(row["person_id"], []).append(row)
    for person, lines in mine.items():
        inputs: dict[str, InputValue] = {"on": on.isoformat(), "run": run.run_id}
        inputs |= {line["job_id"]: {"p_person": line["p_person"], "p_employer": line["p_employer"], "reasons": json.loads(line["reasons"])}
                   for line in lines}  # fmt: skip
        marks = tuple(Mark(line["job_id"], Outcome(OUTCOME, line["score"]), codes_of(json.loads(line["reasons"]))) for line in lines)
        yield PersonMarks(subject_of(person), marks, inputs, groups.get(person, {}))


def codes_of(reasons: Mapping[str, Any]) -> tuple[str, ...]:
    """Reason codes of one pair as the card declares them: whether it fits each side more than the usual pair, and whether a condition is unknown.
    The sentences themselves are sealed with the inputs."""
    codes = [f"{side}_{'up' if reasons[side]['logit'] >= reasons[side]['base'] else 'down'}" for side in ("person", "employer")]
    return (*codes, "hard_unknown") if any(c["verdict"] == "unknown" for c in reasons["hard"]) else tuple(codes)


def _changed(lake: Lake, district: str, rows: pl.DataFrame) -> pl.DataFrame:
    """`person_id` of those whose list is not the last that was sealed of them: a job more, less, moved, or with other reasons."""
    last = MatchRun.objects.filter(region=district).first()
    if last is None or last.run_id not in lake.runs() or not lake.has("matches", last.run_id):
        return rows.select("person_id").unique(maintain_order=True)
    before = lake.scan("matches", last.run_id).filter(pl.col("region").fill_null("") == district).select(SAYS).collect()
    made = _made_by_day(district, last.at, before.schema)
    before = pl.concat([before.join(made, on="person_id", how="anti"), made])
    new = rows.join(before, on=list(SAYS), how="anti").select("person_id")
    gone = before.join(rows, on=list(SAYS), how="anti").select("person_id")
    return pl.concat([new, gone]).unique(maintain_order=True).join(rows, on="person_id", how="semi")


def _made_by_day(district: str, since: datetime, schema: pl.Schema) -> pl.DataFrame:
    """SAYS of the lists that were made and sealed after a run began: what their people saw last. An equal list of the next night needs no leaf."""
    from leye.office.matches.own_list import rows_of

    found = OwnList.objects.filter(region=district, at__gt=since, decision__isnull=False)
    return pl.DataFrame([tuple(row[name] for name in SAYS) for own in found for row in rows_of(own)], schema=schema, orient="row")
