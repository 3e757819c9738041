"""The breakers once more, from the sealed log alone, held against what the office's rows say."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from leye.office.decisions.ledger import open_log
from leye.office.decisions.models import SealedEvent
from leye.office.review.breakers import standing_of
from leye.office.review.models import Breaker
from leye.trust.breaker import Event, Standing, replay

KINDS = ("breaker.changed", "breaker.counted")


def sealed_records(algo: str, region: str) -> list[dict[str, Any]]:
    """Leaves of one breaker as they stand in the log, oldest first. Rows only say where to look; what counts is the leaf."""
    log = open_log()
    places = SealedEvent.objects.filter(kind__in=KINDS).order_by("leaf_index").values_list("leaf_index", flat=True)
    found = [json.loads(log.record(place)) for place in places]
    return [r for r in found if r["payload"]["algo"] == algo and r["payload"].get("region", "") == region]


def events_in(records: Iterable[dict[str, Any]]) -> list[Event]:
    """The events that the leaves speak of."""
    return [_event(record) for record in records]


def first_difference(breaker: Breaker) -> str:
    """What differs between log and office, in words; empty when the log replays to exactly what the office says."""
    records = sealed_records(breaker.algo, breaker.region)
    if len(records) != breaker.events.count():
        return f"留痕 {len(records)} 条，记录 {breaker.events.count()} 条"
    standings = replay(events_in(records))
    for record, standing in zip(records, standings, strict=True):
        if record["payload"]["to_state"] != standing.state:
            return f"第 {record['payload']['number']} 条：留痕写着 {record['payload']['to_state']}，重放是 {standing.state}"
    last = standings[-1] if standings else Standing()
    return "" if last == standing_of(breaker) else "最后的状态和重放不同"


def _event(record: dict[str, Any]) -> Event:
    said = record["payload"]
    decided = said.get("decided_at")
    return Event(
        said["verb"],
        datetime.fromisoformat(record["at"]),
        said.get("by"),
        said.get("decision", ""),
        datetime.fromisoformat(decided) if decided else None,
    )
