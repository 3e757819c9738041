"""What holds for a breaker whatever happens to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leye.kernel.errors import Conflict
from leye.trust.breaker import CLOSE_AFTER, JUDGEMENTS, STATISTICS, STEPS, TRIP_AFTER, Event, Standing, advance, replay

AT = datetime(2025, 9, 1, tzinfo=UTC)
VERBS = [*STEPS, *JUDGEMENTS, *STATISTICS]


@st.composite
def courses(draw: st.DrawFn) -> list[Event]:
    """Events that were accepted, as the office keeps them: a refused order leaves nothing behind."""
    kept: list[Event] = []
    standing = Standing()
    for number, verb in enumerate(draw(st.lists(st.sampled_from(VERBS + ["agreed"] * 6), max_size=60))):
        at = AT + timedelta(minutes=number)
        before = draw(st.one_of(st.none(), st.integers(0, 90)))
        decided_at = at - timedelta(minutes=before) if before is not None and verb in JUDGEMENTS else None
        event = Event(verb, at, None if verb in STATISTICS else 3, draw(st.sampled_from(["", "a", "b", "c", "d"])), decided_at)
        try:
            standing = advance(standing, event)
        except Conflict:
            continue
        kept.append(event)
    return kept


@given(courses())
def test_replay_gives_the_same_standings_from_any_cut(course: list[Event]) -> None:
    whole = replay(course)
    assert replay(course) == whole and len(whole) == len(course)
    for cut in range(len(course) + 1):
        standing = whole[cut - 1] if cut else Standing()
        for event, expected in zip(course[cut:], whole[cut:], strict=True):
            standing = advance(standing, event)
            assert standing == expected


@given(courses())
def test_only_a_person_leads_out_of_open_and_never_straight_to_closed(course: list[Event]) -> None:
    before = Standing()
    for event, after in zip(course, replay(course), strict=True):
        if before.state == "open" and after.state != "open":
            assert (event.verb, after.state) == ("restart", "half_open") and event.by is not None
        if after.state == "closed" and before.state != "closed":
            assert before.state in ("dual", "half_open") and event.by is not None
        before = after


@given(courses())
def test_counts_stay_below_what_moves_the_state(course: list[Event]) -> None:
    for standing in replay(course):
        assert 0 <= standing.misjudged < TRIP_AFTER and 0 <= standing.agreed < CLOSE_AFTER
        assert len(set(standing.counted)) == len(standing.counted) <= standing.misjudged
        assert standing.agreed == 0 or standing.state == "half_open"
        assert (standing.since is None) == (standing.cause == "")


@given(courses())
def test_a_slow_reference_agrees(course: list[Event]) -> None:
    assert [s.state for s in replay(course)] == slow_states(course)


def slow_states(course: list[Event]) -> list[str]:
    """The rules again, looked up in the whole history at every event instead of carried along."""
    states: list[str] = []
    for n, event in enumerate(course):
        state = states[-1] if states else "closed"
        moved_at = next((i for i in range(n - 1, -1, -1) if states[i] != (states[i - 1] if i else "closed")), -1)
        if event.verb in STEPS:
            state = STEPS[event.verb][state]  # type: ignore[index]
        elif event.verb == "drift_seen":
            state = "dual" if state == "closed" else state
        elif event.verb == "drift_tripped":
            state = "open"
        elif state == "half_open" and was_counted(course, n):
            trial = [course[i].verb for i in range(moved_at + 1, n + 1) if course[i].verb in JUDGEMENTS and was_counted(course, i)]
            run = 0
            for verb in trial:
                run = run + 1 if verb == "agreed" else 0
            state = "open" if event.verb == "misjudged" else "closed" if run >= CLOSE_AFTER else state
        elif state in ("closed", "dual") and event.verb == "misjudged" and was_counted(course, n):
            state = "open" if run_of_misjudgements(course[: n + 1], states) >= TRIP_AFTER else state
        states.append(state)
    return states


def run_of_misjudgements(course: list[Event], states: list[str]) -> int:
    """Different decisions called misjudged since the last agreement or since the breaker was last open."""
    run, seen = 0, set()
    for i in range(len(course) - 1, -1, -1):
        state_before = states[i - 1] if i else "closed"
        verb = course[i].verb
        if state_before == "open" or (i < len(states) and states[i] == "open"):
            break
        if verb == "agreed" and was_counted(course, i):
            break
        if verb == "misjudged" and was_counted(course, i) and state_before != "half_open":
            run += course[i].decision == "" or course[i].decision not in seen
            seen |= {course[i].decision} - {""}
    return run


def was_counted(course: list[Event], i: int) -> bool:
    """Judged by the restart that was the last one when the event came, not by later ones."""
    since = next((course[j].at for j in range(i - 1, -1, -1) if course[j].verb == "restart"), None)
    decided_at = course[i].decided_at
    return since is None or decided_at is None or decided_at >= since
