"""The breaker of one algorithm in one region: closed → dual → open → half_open → closed, as a pure function of its events.

closed: the machine decides, a small share is reviewed · dual (双轨): people review beside it · open (熔断): people decide
· half_open: the machine decides again, on trial. Whoever replays the events gets the same standings, so that the log alone shows why a breaker stood
where it stood.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from leye.kernel.errors import BadInput, Conflict

State = Literal["closed", "dual", "open", "half_open"]
STATES: tuple[State, ...] = get_args(State)

TRIP_AFTER = 3
"""Declared misjudgements in a row that open the breaker (the circuit breaker of the platform's demands: three in a row, then people)."""

CLOSE_AFTER = 20
"""Agreements in a row that close it after a restart. Chosen by us: 20 without a disagreement leave at most 14 % wrong (95 %, Clopper-Pearson)."""

JUDGEMENTS = ("agreed", "disagreed", "misjudged")
STATISTICS = ("drift_seen", "drift_tripped")
STEPS: dict[str, dict[State, State]] = {
    "watch": {"closed": "dual"},
    "unwatch": {"dual": "closed"},
    "open": {"closed": "open", "dual": "open", "half_open": "open"},
    "restart": {"open": "half_open"},
}
"""What a person may order -> from which state to which. Only `restart` leads out of open: no statistic and no lapse of time does."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a breaker.

    verb: of STEPS, JUDGEMENTS or STATISTICS · by: account number, None for a statistic · decision: id of the judged decision, empty when none is
    named · decided_at: when that decision was sealed; None counts as now.
    """

    verb: str
    at: datetime
    by: int | None = None
    decision: str = ""
    decided_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.verb not in STEPS and self.verb not in JUDGEMENTS + STATISTICS:
            raise BadInput(f"没有这一步：{self.verb}", en=f"no such step: {self.verb}", remedy_zh="从页面上选", remedy_en="choose from the page")
        if (self.by is None) != (self.verb in STATISTICS):
            raise ValueError(f"{self.verb} is {'a statistic' if self.by is not None else 'done by somebody'}")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a breaker stands. since: when it got there, None from the beginning · cause: verb of the event that brought it there.

    misjudged: declared misjudgements since the last agreement, named decisions in `counted` · agreed: agreements in a row since the restart
    · counts_from: decisions sealed before this instant count no more, because the breaker was restarted after them.
    """

    state: State = "closed"
    since: datetime | None = None
    cause: str = ""
    misjudged: int = 0
    agreed: int = 0
    counted: tuple[str, ...] = ()
    counts_from: datetime | None = None


def advance(standing: Standing, event: Event) -> Standing:
    """The next standing. Raises Conflict (E_BREAKER_STEP) when a person orders a step that does not lead on from here."""
    if event.verb in STEPS:
        target = STEPS[event.verb].get(standing.state)
        if target is None:
            raise _no_step(standing.state)
        return _moved(standing, target, event)
    if event.verb == "drift_seen":
        return _moved(standing, "dual", event) if standing.state == "closed" else standing
    if event.verb == "drift_tripped":
        return standing if standing.state == "open" else _moved(standing, "open", event)
    return _judged(standing, event)


def replay(events: Iterable[Event]) -> list[Standing]:
    """The standing after each event, from a closed breaker on."""
    found, standing = [], Standing()
    for event in events:
        standing = advance(standing, event)
        found.append(standing)
    return found


def _judged(standing: Standing, event: Event) -> Standing:
    """A person's word about one decision. In a run of misjudgements only an agreement breaks the run: a disagreement that nobody calls a
    misjudgement is no proof that the machine was right (chosen by us, on the side of caution)."""
    is_stale = standing.counts_from is not None and event.decided_at is not None and event.decided_at < standing.counts_from
    if standing.state == "open" or is_stale:
        return standing
    if event.verb == "agreed":
        return _agreed(standing, event)
    if event.verb == "disagreed":
        return replace(standing, agreed=0)
    return _misjudged(standing, event)


def _agreed(standing: Standing, event: Event) -> Standing:
    calm = replace(standing, misjudged=0, counted=())
    if standing.state != "half_open":
        return calm
    calm = replace(calm, agreed=standing.agreed + 1)
    return _moved(calm, "closed", event) if calm.agreed >= CLOSE_AFTER else calm


def _misjudged(standing: Standing, event: Event) -> Standing:
    if event.decision and event.decision in standing.counted:
        return standing  # one decision, declared by its reviewer and by its objector, is one misjudgement
    if standing.state == "half_open":
        return _moved(standing, "open", event)  # on trial one is enough
    counted = (*standing.counted, event.decision) if event.decision else standing.counted
    worse = replace(standing, misjudged=standing.misjudged + 1, counted=counted)
    return _moved(worse, "open", event) if worse.misjudged >= TRIP_AFTER else worse


def _moved(standing: Standing, target: State, event: Event) -> Standing:
    moved = replace(standing, state=target, since=event.at, cause=event.verb, agreed=0)
    if target == "open":
        return replace(moved, misjudged=0, counted=())
    return replace(moved, counts_from=event.at) if target == "half_open" else moved


def _no_step(state: State) -> Conflict:
    may = [verb for verb, ways in STEPS.items() if state in ways]
    return Conflict(
        "熔断器现在的状态做不了这一步",
        en=f"the breaker is {state}, which this step does not lead on from",
        remedy_zh="刷新看最新状态，按页面上的按钮办",
        remedy_en=f"reload; possible now: {', '.join(may)}",
        code="E_BREAKER_STEP",
    )
