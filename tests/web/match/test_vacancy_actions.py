"""Vacancies from draft to closed: versions, states, the clock, and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from leye.kernel.errors import BadInput, Conflict, LeyeError, NotAllowed, NotFound
from leye.office.outbox.models import AuditEntry, OutboxEvent
from leye.office.vacancies.actions import close, extend, pause, publish, restore, resume, save
from leye.office.vacancies.expiry import look
from leye.office.vacancies.feed import COLUMNS
from leye.office.vacancies.models import Vacancy
from leye.office.vacancies.queries import job_called, open_jobs, own_vacancies, why_closed
from match_town import NOW, TYPED

pytestmark = pytest.mark.django_db
ON = date(2025, 9, 1)


def test_a_draft_is_saved_sent_and_seen_by_its_name_everywhere(employer: Any) -> None:
    draft = save(TYPED, acting_user=employer, at=NOW)
    assert (draft.state, draft.version, draft.region, draft.id.version) == ("draft", 1, "440604", 7)
    assert str(draft.pk) not in open_jobs(None, ON)["job_id"].to_list(), "a draft is nobody's business"
    sent = publish(draft.pk, acting_user=employer, at=NOW)
    assert (sent.state, sent.closes_on) == ("open", date(2025, 10, 1))
    row = open_jobs(None, ON).filter(job_id=str(draft.pk)).to_dicts()[0]
    assert (row["title"], row["firm_id"], row["city"], row["region"], row["source"], row["headcount"]) == (
        "会计", employer.subject, "440600", "440604", "bank", 1,
    )  # fmt: skip
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["vacancy.saved", "vacancy.opened"]
    assert list(OutboxEvent.objects.values_list("name", flat=True)) == ["vacancy.saved", "vacancy.opened"]


def test_every_open_job_is_in_one_table(posted: Vacancy) -> None:
    jobs = open_jobs(None, date(2025, 8, 31))
    assert jobs.columns == list(COLUMNS) and jobs["job_id"].is_sorted()
    assert set(jobs["source"]) == {"bank", "feed"}
    assert "J00000002" not in jobs["job_id"].to_list(), "closed on the 20th"
    assert jobs.filter(job_id="J00000001")["pay_max_fen"].item() == 800000


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"title": " "}, "title"),
        ({"headcount": "0"}, "headcount"),
        ({"headcount": "三"}, "headcount"),
        ({"description": "好"}, "description"),
        ({"pay": "x" * 61}, "pay"),
        ({"place": ""}, "place"),
    ],
)
def test_wrong_fields_are_named(wrong: dict[str, str], named: str, employer: Any) -> None:
    with pytest.raises(BadInput) as caught:
        save(TYPED | wrong, acting_user=employer, at=NOW)
    assert caught.value.code == "E_VACANCY_FIELDS" and [p.column for p in caught.value.places] == [named]
    assert Vacancy.objects.count() == 0


def test_versions_are_kept_and_an_old_one_comes_back_as_a_new_one(employer: Any) -> None:
    first = save(TYPED, acting_user=employer, at=NOW)
    save(TYPED, acting_user=employer, at=NOW, vacancy_id=first.pk)
    assert Vacancy.objects.get().version == 1, "nothing changed"
    save(TYPED | {"pay": "7000-9000元/月"}, acting_user=employer, at=NOW, vacancy_id=first.pk, seen_version=1)
    with pytest.raises(Conflict) as caught:
        save(TYPED | {"pay": "5000元/月"}, acting_user=employer, at=NOW, vacancy_id=first.pk, seen_version=1)
    assert caught.value.code == "E_VACANCY_CHANGED"
    back = restore(first.pk, 1, acting_user=employer, at=NOW)
    assert back.version == 3 and back.versions.get(number=3).pay == TYPED["pay"]
    with pytest.raises(BadInput):
        restore(first.pk, 9, acting_user=employer, at=NOW)


def test_states_and_their_ways_back(posted: Vacancy, employer: Any) -> None:
    assert pause(posted.pk, acting_user=employer, at=NOW).state == "paused"
    assert why_closed(str(posted.pk), NOW, None, ON) == ("暂停招聘", "is paused")
    assert resume(posted.pk, acting_user=employer, at=NOW).state == "open"
    assert why_closed(str(posted.pk), NOW, None, ON) is None
    with pytest.raises(BadInput):
        close(posted.pk, closing="x", acting_user=employer, at=NOW)
    assert close(posted.pk, closing="dropped", acting_user=employer, at=NOW).state == "closed"
    with pytest.raises(Conflict):
        pause(posted.pk, acting_user=employer, at=NOW)
    assert publish(posted.pk, acting_user=employer, at=NOW).state == "open"


@pytest.mark.parametrize(
    ("day", "fits"), [(date(2025, 8, 31), False), (date(2025, 9, 1), True), (date(2025, 11, 30), True), (date(2025, 12, 1), False)]
)
def test_the_last_day_is_within_ninety_days(day: date, fits: bool, posted: Vacancy, employer: Any) -> None:
    if fits:
        assert extend(posted.pk, acting_user=employer, at=NOW, closes_on=day).closes_on == day
    else:
        with pytest.raises(BadInput):
            extend(posted.pk, acting_user=employer, at=NOW, closes_on=day)


def test_the_clock_reminds_once_and_expires(posted: Vacancy) -> None:
    assert look(NOW).reminded == 0
    late = NOW + timedelta(days=26)
    assert (look(late).reminded, look(late).reminded) == (1, 0)
    over = NOW + timedelta(days=31)
    assert not posted.is_open_on(date(2025, 10, 2)), "before the night has marked it"
    assert (look(over).expired, look(over).expired) == (1, 0)
    assert Vacancy.objects.get().state == "expired"
    assert why_closed(str(posted.pk), over, None, ON) == ("已经到期", "has expired")


STEPS: list[tuple[str, Callable[[Any, Any], object]]] = [
    ("save", lambda v, u: save(TYPED, acting_user=u, at=NOW, vacancy_id=v)),
    ("publish", lambda v, u: publish(v, acting_user=u, at=NOW)),
    ("pause", lambda v, u: pause(v, acting_user=u, at=NOW)),
    ("extend", lambda v, u: extend(v, acting_user=u, at=NOW)),
    ("close", lambda v, u: close(v, closing="dropped", acting_user=u, at=NOW)),
    ("restore", lambda v, u: restore(v, 1, acting_user=u, at=NOW)),
]


@pytest.mark.parametrize(("name", "step"), STEPS, ids=[s[0] for s in STEPS])
def test_another_firms_vacancy_is_as_one_that_does_not_exist(name: str, step: Any, posted: Vacancy, rival: Any, seeker: Any) -> None:
    answers = []
    for target in (posted.pk, uuid4()):
        with pytest.raises(NotFound) as caught:
            step(target, rival)
        answers.append(str(caught.value))
    assert answers[0] == answers[1]
    with pytest.raises(NotAllowed):
        step(posted.pk, seeker)


def test_an_account_without_a_firm_is_told_how_to_get_one(user_of: Any) -> None:
    lone = user_of("employer", "lone")
    with pytest.raises(LeyeError) as caught:
        save(TYPED, acting_user=lone, at=NOW)
    assert caught.value.code == "E_VACANCY_FIRM" and list(own_vacancies(lone)) == []


def test_a_draft_answers_nobody_and_nonsense_is_no_job(employer: Any) -> None:
    draft = save(TYPED, acting_user=employer, at=NOW)
    assert job_called(str(draft.pk), None, ON) is None and job_called("x'; drop", None, ON) is None
