"""What a nightly seals: its advice, and the dispatches that the demo city's platform hands in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from leye.kernel.decision import Outcome, Subject
from leye.lake import Lake
from leye.office.decisions.batch import BatchRun, BatchSealed, PersonMarks, decide_batch
from leye.office.decisions.models import Decision
from leye.office.registry.cards import features_of, running_version
from leye.trust.subtree import Mark

ADVICE, ADVICE_PURPOSE = "watch.advice", "response_advice"


def seal_advice(lake: Lake, run_id: str, *, at: datetime) -> BatchSealed | None:
    """One leaf a series that is lit, over its advice; sealing a run again changes nothing. Raises GateRefused."""
    if Decision.objects.filter(run_id=run_id, algo=ADVICE).exists() or not lake.has("advice", run_id):
        return None
    version = running_version(ADVICE)
    run = BatchRun(ADVICE, version, ADVICE_PURPOSE, features_of(ADVICE, version), run_id, at)
    return decide_batch(run, _advised(lake, run_id))


def _advised(lake: Lake, run_id: str) -> Iterator[PersonMarks]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in lake.scan("advice", run_id).collect().iter_rows(named=True):
        rows.setdefault(row["unique_id"], []).append({k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()})
    for unique_id, lines in rows.items():
        yield PersonMarks(Subject("series", unique_id), tuple(_mark(line) for line in lines), {"run": run_id, "lamp": lines[0]["ds"]})


def _mark(line: dict[str, Any]) -> Mark:
    is_costed = line["status"] == "estimated"
    outcome = Outcome("advised" if is_costed else "advised_without_cost", None, line["cost_fen"])
    return Mark(f"{line['plan_id']}/{line['grp']}", outcome, ("plan_matches", "cost_estimated" if is_costed else "cost_not_computed"))
