"""The breaker step by step: each answer worked by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from leye.kernel.errors import BadInput, Conflict
from leye.trust.breaker import CLOSE_AFTER, STEPS, TRIP_AFTER, Event, Standing, advance, replay

AT = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)
OPERATOR = 7


def events(text: str) -> list[Event]:
    """`watch misjudged@a drift_seen`: one event a minute; after @ the decision, after < minutes before now that it was sealed."""
    found = []
    for minute, word in enumerate(text.split()):
        verb, _, rest = word.partition("@")
        decision, _, before = rest.partition("<")
        at = AT + timedelta(minutes=minute)
        by = None if verb.startswith("drift") else OPERATOR
        found.append(Event(verb, at, by, decision, at - timedelta(minutes=float(before)) if before else None))
    return found


def last(text: str) -> Standing:
    return replay(events(text))[-1]


ANSWERS = [
    ("misjudged", "closed", "one is not three"),
    ("misjudged misjudged", "closed", "two are not three"),
    ("misjudged misjudged misjudged", "open", "three in a row open"),
    ("misjudged misjudged agreed misjudged misjudged", "closed", "an agreement breaks the run"),
    ("misjudged misjudged disagreed misjudged", "open", "a disagreement does not break the run"),
    ("disagreed disagreed disagreed disagreed", "closed", "nobody called it a misjudgement"),
    ("misjudged@a misjudged@a misjudged@a", "closed", "one decision declared three times is one"),
    ("misjudged@a misjudged@b misjudged@a misjudged@c", "open", "three different ones"),
    ("watch misjudged misjudged misjudged", "open", "in dual too"),
    ("watch", "dual", "a person starts the dual track"),
    ("watch unwatch", "closed", "a person ends it"),
    ("drift_seen", "dual", "a change that is seen brings people beside the machine"),
    ("drift_seen drift_seen", "dual", "seen twice is not worse"),
    ("drift_tripped", "open", "a large change opens"),
    ("watch drift_tripped", "open", "from dual as well"),
    ("open", "open", "a person opens"),
    ("open drift_seen agreed agreed misjudged", "open", "nothing but a person leads out of open"),
    ("open restart", "half_open", "a person restarts"),
    ("open restart misjudged", "open", "on trial one is enough"),
    ("open restart drift_tripped", "open", "on trial a large change opens again"),
    ("open restart disagreed", "half_open", "a plain disagreement does not open again"),
    ("open restart open", "open", "a person may open it again"),
    ("open restart" + " agreed" * CLOSE_AFTER, "closed", "enough agreements close"),
    ("open restart" + " agreed" * (CLOSE_AFTER - 1), "half_open", "one too few"),
    ("open restart" + " agreed" * (CLOSE_AFTER - 1) + " disagreed agreed", "half_open", "a disagreement starts the count anew"),
    ("open restart misjudged@x<5", "half_open", "what was sealed before the restart says nothing of the trial"),
    ("misjudged misjudged open restart" + " agreed" * CLOSE_AFTER + " misjudged", "closed", "the old run is forgotten once it opened"),
]


@pytest.mark.parametrize(("course", "state", "why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_where_it_stands(course: str, state: str, why: str) -> None:
    assert last(course).state == state


def test_standing_says_since_when_and_by_what() -> None:
    standing = last("misjudged misjudged misjudged agreed")
    assert (standing.since, standing.cause, standing.misjudged) == (AT + timedelta(minutes=2), "misjudged", 0)
    assert (TRIP_AFTER, last("misjudged@a misjudged@b").counted) == (3, ("a", "b"))


@pytest.mark.parametrize("state", ["closed", "dual", "open", "half_open"])
@pytest.mark.parametrize("verb", list(STEPS))
def test_a_step_that_does_not_lead_on_is_refused_with_what_does(state: str, verb: str) -> None:
    standing = Standing(state=state)  # type: ignore[arg-type]
    event = Event(verb, AT, OPERATOR)
    if state in STEPS[verb]:
        assert advance(standing, event).state == STEPS[verb][state]  # type: ignore[index]
        return
    with pytest.raises(Conflict) as refused:
        advance(standing, event)
    assert refused.value.code == "E_BREAKER_STEP" and refused.value.remedy_zh


def test_events_that_cannot_be() -> None:
    with pytest.raises(BadInput):
        Event("explode", AT, OPERATOR)
    with pytest.raises(ValueError, match="done by somebody"):
        Event("restart", AT)
    with pytest.raises(ValueError, match="statistic"):
        Event("drift_seen", AT, OPERATOR)


def test_a_clock_set_back_changes_no_order() -> None:
    """Order is the order of the events, never of their times."""
    first = events("open restart")
    back = Event("misjudged", AT - timedelta(days=9), OPERATOR)
    assert replay([*first, back])[-1].state == "open"
