"""Thirty and ninety days after a hire: each side says it once, when it is due; learning never sees what was not known yet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from leye.kernel.errors import BadInput, NotFound
from leye.office.applications.actions import apply, move, undo
from leye.office.applications.models import Application, Stay
from leye.office.applications.stays import events, say_stay, stays_due, stays_due_now
from leye.office.outbox.models import AuditEntry
from match_town import NOW, SEEKER

pytestmark = pytest.mark.django_db
START = date(2025, 9, 8)


@pytest.fixture
def hired(posted: Any, employer: Any, seeker: Any) -> Application:
    sent = apply(SEEKER, str(posted.pk), acting_user=seeker, at=NOW)
    move(sent.pk, "offer", acting_user=employer, at=NOW, words="月薪七千", start_on=START)
    return move(sent.pk, "accept", acting_user=seeker, at=NOW)


@pytest.mark.parametrize(("after", "due"), [(0, []), (29, []), (30, [30]), (89, [30]), (90, [30, 90]), (400, [30, 90])])
def test_it_is_asked_from_the_day_on(after: int, due: list[int], hired: Application) -> None:
    assert stays_due(hired, "person", START + timedelta(days=after)) == due == stays_due(hired, "firm", START + timedelta(days=after))


def test_each_side_says_it_once_and_never_ahead(hired: Application, employer: Any, seeker: Any, rival: Any) -> None:
    late = NOW + timedelta(days=38)
    for days, at in ((30, late - timedelta(days=2)), (90, late), (31, late)):
        with pytest.raises(BadInput) as caught:
            say_stay(hired.pk, days=days, is_there=True, acting_user=seeker, at=at)
        assert caught.value.code == "E_STAY_DAY"
    with pytest.raises(NotFound):
        say_stay(hired.pk, days=30, is_there=True, acting_user=rival, at=late)
    made = say_stay(hired.pk, days=30, is_there=True, acting_user=seeker, at=late)
    assert made.happened_on == START + timedelta(days=30) and stays_due_now(hired, "person", late) == []
    with pytest.raises(BadInput):
        say_stay(hired.pk, days=30, is_there=False, acting_user=seeker, at=late)
    say_stay(hired.pk, days=30, is_there=False, acting_user=employer, at=late)
    assert Stay.objects.count() == 2, "the two sides may disagree, and both stand"
    assert AuditEntry.objects.filter(verb="application.stay").count() == 2


def test_nobody_is_asked_about_who_was_not_hired(posted: Any, seeker: Any) -> None:
    sent = apply(SEEKER, str(posted.pk), acting_user=seeker, at=NOW)
    assert stays_due(sent, "person", START + timedelta(days=200)) == []


def test_events_hold_what_was_known_and_nothing_later(hired: Application, seeker: Any) -> None:
    late = NOW + timedelta(days=50)
    say_stay(hired.pk, days=30, is_there=False, acting_user=seeker, at=late)
    early = events(late - timedelta(seconds=1))
    assert early["event"].to_list() == ["accept", "offer", "sent"], "one instant, by name"
    every = events(late)
    row = every.row(-1, named=True)
    assert (row["event"], row["at"].date(), row["known_at"], row["person_id"]) == ("gone_30", START + timedelta(days=30), late, SEEKER)
    assert row["at"] < late - timedelta(seconds=1) < row["known_at"], "it had happened, and nobody had said so"
    for until in (NOW - timedelta(days=1), NOW, late - timedelta(days=1), late, late + timedelta(days=9)):
        known = events(until)
        assert known.equals(every.head(known.height)) and (known["known_at"] <= until).all()


def test_a_step_taken_back_later_stood_before_and_is_gone_after(posted: Any, employer: Any, seeker: Any) -> None:
    sent = apply(SEEKER, str(posted.pk), acting_user=seeker, at=NOW)
    move(sent.pk, "refuse", acting_user=employer, at=NOW + timedelta(minutes=5), reason="skills", words="技能还有差距")
    undo(sent.pk, acting_user=employer, at=NOW + timedelta(minutes=10))
    assert events(NOW + timedelta(minutes=7))["event"].to_list() == ["sent", "refuse"]
    assert events(NOW + timedelta(minutes=10))["event"].to_list() == ["sent"]


def test_what_the_office_knows_becomes_an_outcome_of_its_showing(hired: Application, employer: Any) -> None:
    import polars as pl

    from leye.match.learning import from_steps, read_events

    later = NOW + timedelta(days=60)
    say_stay(hired.pk, days=30, is_there=False, acting_user=employer, at=later)
    known = events(later)
    shown = known.head(1).select("person_id", "job_id", pl.lit(NOW - timedelta(days=1)).alias("shown_at"))
    (row,) = read_events(from_steps(known, shown)).iter_rows(named=True)
    assert row["applied_at"] == row["answered_at"] == row["hired_at"] == NOW and row["left_at"].date() == START + timedelta(days=30)
