"""After an incident (事后追溯): the window is named, every decision in it is fixed by its place in the log, then it is told what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from leye.kernel.errors import BadInput, Conflict
from leye.office.decisions.models import Decision
from leye.office.grounds import account_of
from leye.office.permissions import not_found, require
from leye.office.registry.models import Incident, Version
from leye.office.registry.sealed import locked_version, record, text_hash


def open_incident(
    version_id: int, *, starts_at: datetime, ends_at: datetime, about: str, region: str = "", acting_user: Any, at: datetime
) -> Incident:
    """Open an incident and trace it. region: six digits, empty for everywhere. Raises BadInput (E_WINDOW) on a window turned round or ahead."""
    require(acting_user, "registry.suspend")
    if not starts_at < ends_at or starts_at > at:
        raise BadInput(
            "时段写反了，或还没到",
            en="the window ends before it begins, or lies ahead",
            remedy_zh="起点早于终点，且不晚于现在",
            remedy_en="begin before the end and not later than now",
            code="E_WINDOW",
        )
    why = account_of(about, "事件经过", "what happened")
    with transaction.atomic():
        version = locked_version(version_id)
        places = trace(version, starts_at, ends_at, region)
        spans = as_spans(places)
        hashed = text_hash(",".join(map(str, places)))
        leaf = record(
            "incident",
            version,
            by=acting_user,
            at=at,
            why=why,
            starts_at=starts_at.isoformat(),
            ends_at=ends_at.isoformat(),
            region=region,
            traced=len(places),
            trace=hashed,
        )
        return Incident.objects.create(
            version=version,
            at=at,
            by=acting_user,
            starts_at=starts_at,
            ends_at=ends_at,
            region=region,
            about=why,
            traced=spans,
            trace_hash=hashed,
            leaf_index=leaf,
        )


def close_incident(incident_id: int, *, result: str, acting_user: Any, at: datetime) -> Incident:
    """Say what came of it. Raises Conflict when it was closed before."""
    require(acting_user, "registry.suspend")
    with transaction.atomic():
        incident = Incident.objects.select_for_update().select_related("version").filter(pk=incident_id).first()
        if incident is None:
            raise not_found()
        if incident.closed_at is not None:
            raise Conflict(f"{incident.closed_by} 已经办结", en=f"{incident.closed_by} has closed it", remedy_zh="刷新看结果", remedy_en="reload")
        incident.result = account_of(result, "处理结果", "a result")
        incident.closed_at, incident.closed_by = at, acting_user
        incident.save()
        record("incident_closed", incident.version, by=acting_user, at=at, why=incident.result, incident=incident.leaf_index)
        return incident


def trace(version: Version, starts_at: datetime, ends_at: datetime, region: str = "") -> list[int]:
    """Places in the log of the version's decisions whose instant lies in [starts_at, ends_at), in ascending order."""
    found = Decision.objects.filter(algo=version.algo, version=version.version, at__gte=starts_at, at__lt=ends_at)
    return list((found.filter(region=region) if region else found).order_by("leaf_index").values_list("leaf_index", flat=True))


def as_spans(places: Iterable[int]) -> list[list[int]]:
    """Ascending places as closed spans, which stay short where a window is one stretch of the log.

    >>> as_spans([3, 4, 5, 9])
    [[3, 5], [9, 9]]
    """
    spans: list[list[int]] = []
    for place in places:
        if spans and spans[-1][1] == place - 1:
            spans[-1][1] = place
        else:
            spans.append([place, place])
    return spans


def count_of(spans: Iterable[Iterable[int]]) -> int:
    """How many places the spans hold.

    >>> count_of([[3, 5], [9, 9]])
    4
    """
    return sum(last - first + 1 for first, last in spans)
