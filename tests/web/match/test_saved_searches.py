"""Kept searches: keep, change, look, delete and bring back; new adverts are told once a turn; nobody sees another's."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from leye.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from leye.office.outbox.models import AuditEntry, OutboxEvent
from leye.office.searches import actions, telling
from leye.office.searches.bank import bank_of
from leye.office.searches.criteria import Criteria
from leye.office.searches.models import SavedSearch
from leye.office.searches.queries import own_search, own_searches
from leye.office.vacancies.feed import COLUMNS
from match_town import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`show("会计", "出纳")` puts adverts of these titles in the bank; J0, J1 and so on."""

    def put(*titles: str) -> None:
        row = dict.fromkeys(COLUMNS) | {"text": "", "city": "440600", "region": "440604", "flags": [], "posted_on": date(2025, 8, 20)}
        rows = [row | {"job_id": f"J{k}", "title": title} for k, title in enumerate(titles)]
        made = bank_of(pl.DataFrame([tuple(r[c] for c in COLUMNS) for r in rows], schema=COLUMNS, orient="row"), date(2025, 8, 31), "run-1")
        for module in ("queries", "telling"):
            monkeypatch.setattr(f"leye.office.searches.{module}.bank_now", lambda: made)

    put("会计")
    return put


def kept(user: Any, q: str = "会计", notify: str = "daily", at: Any = NOW) -> SavedSearch:
    return actions.keep(Criteria(q=q), name="", notify=notify, seen=["J0"], acting_user=user, at=at)


def test_what_is_looked_for_lies_encrypted_and_is_told_to_its_owner(show: Any, seeker: Any, user_of: Any) -> None:
    made = kept(seeker)
    assert "会计".encode() not in bytes(made.sealed) and [(k.name, k.hits, k.new) for k in own_searches(seeker)] == [("会计", ("J0",), ())]
    show("会计", "主办会计")
    assert own_search(seeker, made.pk).new == ("J1",)
    other = user_of("seeker", "other", subject="P00000002")
    for step in (
        lambda: own_search(other, made.pk), lambda: actions.delete(made.pk, acting_user=other, at=NOW),
        lambda: actions.change(made.pk, name="x", notify="none", acting_user=other, at=NOW), lambda: own_search(seeker, uuid.uuid4()),
        lambda: actions.looked(made.pk, [], acting_user=other, at=NOW), lambda: actions.bring_back(made.pk, acting_user=other, at=NOW),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            step()
    with pytest.raises(NotAllowed):
        kept(user_of("employer", "firm", subject="F00000001"))
    assert own_searches(other) == [] and own_search(seeker, made.pk).name == "会计"


def test_the_night_tells_what_is_new_once_a_turn(show: Any, seeker: Any) -> None:
    daily, weekly, never = (kept(seeker, notify=n) for n in ("daily", "weekly", "none"))
    assert telling.tell_searches(NOW + DAY) == 0, "nothing new"
    show("会计", "主办会计")
    assert telling.tell_searches(NOW + DAY) == 0, "told this day already"
    assert (telling.tell_searches(NOW + 2 * DAY), telling.tell_searches(NOW + 2 * DAY)) == (1, 0)
    assert telling.tell_searches(NOW + 7 * DAY) == 2
    told = {s.pk: s.told for s in SavedSearch.objects.all()}
    assert told == {daily.pk: 1, weekly.pk: 1, never.pk: 0}
    event = OutboxEvent.objects.filter(name="search.told").first()
    assert event is not None and "会计" not in str(event.payload)
    actions.looked(daily.pk, ["J0", "J1"], acting_user=seeker, at=NOW + 7 * DAY)
    assert SavedSearch.objects.get(pk=daily.pk).told == 0 and telling.tell_searches(NOW + 8 * DAY) == 0


def test_deleted_is_hidden_brought_back_and_in_the_end_erased(show: Any, seeker: Any) -> None:
    made = kept(seeker)
    for _twice in range(2):
        actions.delete(made.pk, acting_user=seeker, at=NOW)
    with pytest.raises(NotFound):
        own_search(seeker, made.pk)
    show("会计", "主办会计")
    assert telling.tell_searches(NOW + DAY) == 0 and SavedSearch.objects.count() == 1
    actions.bring_back(made.pk, acting_user=seeker, at=NOW)
    assert own_search(seeker, made.pk).hits
    verbs = list(AuditEntry.objects.filter(object_id=str(made.pk)).order_by("id").values_list("verb", flat=True))
    assert verbs == ["search.kept", "search.deleted", "search.restored"], "twice is once"
    actions.delete(made.pk, acting_user=seeker, at=NOW)
    telling.tell_searches(NOW + 2 * DAY)
    with pytest.raises(NotFound):
        actions.bring_back(made.pk, acting_user=seeker, at=NOW)


def test_what_cannot_be_kept_is_refused_by_name(show: Any, seeker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput):
        actions.keep(Criteria(), name="", notify="daily", seen=[], acting_user=seeker, at=NOW)
    with pytest.raises(BadInput):
        kept(seeker, notify="hourly")
    made = kept(seeker)
    with pytest.raises(BadInput):
        actions.change(made.pk, name="  ", notify="daily", acting_user=seeker, at=NOW)
    assert actions.change(made.pk, name="新名字", notify="none", acting_user=seeker, at=NOW).notify == "none"
    monkeypatch.setattr(actions, "MOST", 1)
    with pytest.raises(Conflict):
        kept(seeker)
