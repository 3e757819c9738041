"""Two desks, one alert, the same moment: one gets it, the other hears who; and events become visible in the order of their ids."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from leye.kernel.errors import Conflict
from leye.office.alerts import actions
from leye.office.alerts.models import Task, Transition
from leye.office.outbox.journal import emit
from leye.office.outbox.models import AuditEntry, OutboxEvent
from tests_support.at_once import at_once

AT = datetime(2025, 9, 1, 1, 30, tzinfo=UTC)
NEEDS_POSTGRES = pytest.mark.skipif(
    "sqlite" in __import__("django.conf").conf.settings.DATABASES["default"]["ENGINE"], reason="row locks: PostgreSQL"
)


@NEEDS_POSTGRES
@pytest.mark.django_db(transaction=True)
def test_two_desks_click_at_once(alert_of: Callable[..., Any], user_of: Callable[..., Any]) -> None:
    alert = alert_of()
    desks = [user_of("analyst", f"desk{i}", shown=f"{i}号台") for i in range(6)]
    found = at_once([lambda d=desk: actions.assign_alert(alert.pk, to=d.pk, acting_user=d, at=AT) for desk in desks])
    winners = [i for i, answer in enumerate(found) if isinstance(answer, Task)]
    losers = [answer for answer in found if isinstance(answer, Conflict)]
    assert (len(winners), len(losers)) == (1, 5), found
    assert all(f"{winners[0]}号台9月1日 09:30派给了" in refused.zh for refused in losers)
    assert (Transition.objects.count(), AuditEntry.objects.filter(verb="alert.assigned").count()) == (1, 1)


@NEEDS_POSTGRES
@pytest.mark.django_db(transaction=True)
def test_no_reader_skips_an_event_that_commits_late() -> None:
    first_is_written, reader_has_looked = threading.Event(), threading.Event()

    def slow() -> int:
        with transaction.atomic():
            number = emit("x.slow", at=AT).pk
            first_is_written.set()
            reader_has_looked.wait(1)
        return number

    def quick() -> int:
        first_is_written.wait(5)
        with transaction.atomic():
            return emit("x.quick", at=AT).pk

    def reader() -> list[str]:
        first_is_written.wait(5)
        seen = list(OutboxEvent.objects.values_list("name", flat=True))
        reader_has_looked.set()
        return seen

    slow_id, quick_id, seen = at_once([slow, quick, reader])
    assert slow_id < quick_id
    assert seen == [], "the quick one waited for the slow one, so no cursor can pass it"
