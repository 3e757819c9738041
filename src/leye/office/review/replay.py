"""The breakers once more, from the sealed log alone, held against what the office's rows say."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from leye.kernel.errors import CheckFailed, LeyeError
from leye.office.decisions.ledger import open_log
from leye.office.decisions.models import SealedEvent
from leye.office.review.breakers import standing_of
from leye.office.review.models import Breaker
from leye.trust.breaker import Event, Standing, advance

KINDS = ("breaker.changed", "breaker.counted")


def first_difference(breaker: Breaker) -> str:
    """What differs between log and office, in words; empty when the log replays to exactly what the office says."""
    places = _places(breaker.algo, breaker.region)
    events = breaker.events.count()
    if len(places) != events:
        return f"留痕 {len(places)} 条，记录 {events} 条"
    last, said = _replay(places)
    return said or ("" if last == standing_of(breaker) else "现在的状态和重放不同")


def replayed_standing(algo: str, region: str) -> Standing:
    """Where the breaker stands by the log alone. Raises CheckFailed (E_BREAKER_REPLAY) when a leaf is missing or says what cannot follow."""
    last, said = _replay(_places(algo, region))
    if said:
        raise CheckFailed(
            f"熔断器的留痕重放不出来：{said}",
            en=f"the breaker cannot be replayed from the log: {said}",
            remedy_zh="运行 leye trust verify，看第一条坏在哪",
            remedy_en="run leye trust verify to see the first bad entry",
            code="E_BREAKER_REPLAY",
        )
    return last


def _places(algo: str, region: str) -> tuple[int, ...]:
    """Where the breaker's leaves are. The rows only say where to look; what counts is the leaf."""
    found = SealedEvent.objects.filter(kind__in=KINDS, payload__algo=algo, payload__region=region)
    return tuple(found.order_by("leaf_index").values_list("leaf_index", flat=True))


def _replay(places: tuple[int, ...]) -> tuple[Standing, str]:
    """The last standing, and what does not add up. Kept until a leaf is added: a board shows twenty breakers again and again."""
    try:
        newest = open_log().record(places[-1]) if places else b""
    except LeyeError:
        return Standing(), f"留痕 {places[-1]} 缺失"
    return _replayed(places, newest)


@lru_cache(maxsize=256)  # by the newest leaf's bytes; an older one that somebody changed meanwhile is for `leye trust verify` to find
def _replayed(places: tuple[int, ...], newest: bytes) -> tuple[Standing, str]:
    """Leaf by leaf, so that a damaged one is named."""
    log, standing = open_log(), Standing()
    for place in places:
        try:
            record = json.loads(log.record(place))
            standing = advance(standing, _event(record))
            sealed = record["payload"]["to_state"]
        except (LeyeError, LookupError, TypeError, ValueError):
            return standing, f"留痕 {place} 缺失或接不上"
        if sealed != standing.state:
            return standing, f"留痕 {place} 写着 {sealed}，重放是 {standing.state}"
    return standing, ""


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
