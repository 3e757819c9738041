"""Every night: are the newest outcomes of a running algorithm still those of the weeks before? If not, its breaker hears of it.

Only what a machine decided one by one is looked at: outcomes of a batch lie encrypted with their people, and what a person decided says nothing of
the machine. A new version is compared with itself, since it was admitted to decide otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from leye.office.decisions.models import Decision
from leye.office.registry.models import Version
from leye.office.review.breakers import record, standing_of
from leye.office.review.models import Breaker, BreakerEvent
from leye.trust.breaker import Event, Standing, advance
from leye.trust.drift import Look, look

CURRENT, REFERENCE = timedelta(days=7), timedelta(days=28)
"""The newest week is held against the four weeks before it. Chosen by us: whole weeks, so that no day of the week is compared with another."""

MOST = 50_000  # newest decisions of one algorithm that are read; chosen by us: some seconds, and ten bins need no more
_CHUNK = 500  # leaves asked for at a time, below SQLite's limit of parameters


@dataclass(frozen=True, slots=True)
class _Seen:
    leaf_index: int
    region: str
    sealed_at: datetime
    outcome: str
    score: float | None


def watch_drift(at: datetime) -> list[BreakerEvent]:
    """Look at every running algorithm, region by region, or as a whole where no region has enough decisions. Returns what moved a breaker."""
    moved = []
    for version in Version.objects.filter(state="running").order_by("algo", "id"):
        by_region = _counting(version.algo, _seen(version.algo, version.version, at), at)
        looks = {region: _look(rows, at) for region, rows in sorted(by_region.items())}
        if looks and not any(found.findings for found in looks.values()):
            looks = {"": _look([row for rows in by_region.values() for row in rows], at)}
        moved += [event for region, found in looks.items() if (event := _tell(version.algo, region, found, at)) is not None]
    return moved


def _seen(algo: str, version: str, at: datetime) -> Iterator[_Seen]:
    """The machine's single decisions of both windows, oldest first; the score stands in the leaf only."""
    found = Decision.objects.filter(algo=algo, version=version, kind="decision", sealed_at__gt=at - CURRENT - REFERENCE, sealed_at__lte=at)
    newest = found.order_by("-leaf_index").values_list("leaf_index", "region", "sealed_at", "outcome")[:MOST]
    rows = list(reversed(newest))
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        records = _records([row[0] for row in chunk])
        for index, region, sealed_at, outcome in chunk:
            said = json.loads(records[index])
            if not said.get("review"):
                yield _Seen(index, region, sealed_at, outcome, said.get("score"))


def _records(places: Sequence[int]) -> dict[int, bytes]:
    marks = ", ".join(["%s"] * len(places))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT idx, record FROM trust_leaf WHERE idx IN ({marks})", list(places))  # noqa: S608 - marks only
        return {index: bytes(record) for index, record in cursor.fetchall()}


def _counting(algo: str, found: Iterable[_Seen], at: datetime) -> dict[str, list[_Seen]]:
    """By region. After a restart only what was decided since counts as new: what opened the breaker must not open it again."""
    by_region: dict[str, list[_Seen]] = {}
    restarted: dict[str, datetime] = {}
    everywhere = _standing(algo, "").counts_from or datetime.min.replace(tzinfo=UTC)
    for row in found:
        if row.region not in by_region:
            by_region[row.region], restarted[row.region] = [], max(everywhere, _standing(algo, row.region).counts_from or everywhere)
        if row.sealed_at <= at - CURRENT or row.sealed_at >= restarted[row.region]:
            by_region[row.region].append(row)
    return by_region


def _look(rows: Sequence[_Seen], at: datetime) -> Look:
    """The newest week against the weeks before, each in the order of the log."""
    ordered = sorted(rows, key=lambda r: r.leaf_index)
    old, new = ([r for r in ordered if (r.sealed_at > at - CURRENT) is is_new] for is_new in (False, True))
    return look(_scores(old), _scores(new), [r.outcome for r in old], [r.outcome for r in new])


def _tell(algo: str, region: str, found: Look, at: datetime) -> BreakerEvent | None:
    """Keep the event when it moves the breaker; a breaker that people watch already is not told every night."""
    if found.level == "none":
        return None
    event = Event(f"drift_{found.level}", at)
    with transaction.atomic():
        standing = _standing(algo, region)
        if advance(standing, event).state == standing.state:
            return None
        figures = {f.name: {k: round(v, 6) if isinstance(v, float) else v for k, v in asdict(f).items() if k != "name"} for f in found.findings}
        return record(algo, region, event, by=None, detail={"reference": found.n_reference, "current": found.n_current, "findings": figures})


def _standing(algo: str, region: str) -> Standing:
    row = Breaker.objects.filter(algo=algo, region=region).first()
    return standing_of(row) if row is not None else Standing()


def _scores(rows: Sequence[_Seen]) -> list[float]:
    return [float(r.score) for r in rows if r.score is not None]
