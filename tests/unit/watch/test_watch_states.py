"""The table of an alarm's handling: who may go where, and what has to be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leye.kernel.errors import BadInput, Conflict, LeyeError, NotAllowed
from leye.watch.states import FINAL, STATES, TRANSITIONS, allowed, transition

ROLES = ("analyst", "counsellor", "seeker", "worker", "employer", "provider", "operator", "auditor", "admin")

ANSWERS = [
    ("assign", "open", "analyst", {"owner"}, "assigned", "the main way begins"),
    ("begin", "assigned", "counsellor", set(), "acting", "the owner begins"),
    ("close", "acting", "counsellor", {"evidence"}, "closed", "closing with evidence"),
    ("reassign", "assigned", "counsellor", {"owner"}, "assigned", "given to a colleague"),
    ("dismiss", "open", "analyst", {"reason"}, "false_alarm", "an analyst may call it false"),
    ("reopen", "closed", "analyst", {"reason"}, "open", "closed too early"),
    ("close", "acting", "counsellor", set(), BadInput, "no closing without evidence"),
    ("dismiss", "open", "counsellor", {"reason"}, NotAllowed, "a counsellor may not call it false"),
    ("dismiss", "acting", "analyst", set(), BadInput, "false without a reason"),
    ("assign", "assigned", "analyst", {"owner"}, Conflict, "someone was quicker"),
    ("close", "open", "analyst", {"evidence"}, Conflict, "nothing was done yet"),
    ("close", "closed", "analyst", {"evidence"}, Conflict, "closed is closed"),
    ("assign", "open", "admin", {"owner"}, NotAllowed, "administrators do not handle alarms"),
    ("explode", "open", "analyst", set(), BadInput, "no such step"),
    ("assign", "nowhere", "analyst", {"owner"}, BadInput, "no such state"),
]


@pytest.mark.parametrize(("name", "state", "role", "given_", "answer", "_why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_transition_answers(name: str, state: str, role: str, given_: set[str], answer: str | type[LeyeError], _why: str) -> None:
    if isinstance(answer, str):
        assert transition(name, state, role=role, given=given_).target == answer
    else:
        with pytest.raises(answer) as refused:
            transition(name, state, role=role, given=given_)
        assert refused.value.zh


def test_names_and_sources_are_unique_and_every_state_can_be_reached() -> None:
    assert len({(t.name, t.source) for t in TRANSITIONS}) == len(TRANSITIONS)
    reached = {"open"}
    for _ in STATES:
        reached |= {t.target for t in TRANSITIONS if t.source in reached}
    assert reached == set(STATES)


@given(st.lists(st.tuples(st.sampled_from(sorted({t.name for t in TRANSITIONS})), st.sampled_from(ROLES)), max_size=20))
def test_any_walk_stays_in_the_table_and_leaves_a_final_state_only_by_reopening(walk: list[tuple[str, str]]) -> None:
    state = "open"
    for name, role in walk:
        may = {t.name for t in allowed(state, role)}
        try:
            step = transition(name, state, role=role, given={"owner", "evidence", "reason"})
        except (Conflict, NotAllowed):
            assert name not in may
            continue
        assert name in may and step.target in STATES and (state not in FINAL or (name, role) == ("reopen", "analyst"))
        state = step.target


@given(st.sampled_from(TRANSITIONS), st.sets(st.sampled_from(["owner", "evidence", "reason"])))
def test_nothing_needed_may_be_left_out(step: object, handed: set[str]) -> None:
    from leye.watch.states import Transition

    assert isinstance(step, Transition)
    role = min(step.roles)
    if step.needs <= handed:
        assert transition(step.name, step.source, role=role, given=handed) == step
    else:
        with pytest.raises(BadInput):
            transition(step.name, step.source, role=role, given=handed)
