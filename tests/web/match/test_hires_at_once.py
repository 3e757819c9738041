"""Two people at the same moment, on a database with real row locks: the last post goes once, and who was slower hears why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import settings

from leye.kernel.errors import Conflict
from leye.office.applications.actions import apply, move
from leye.office.applications.models import Application, Step
from leye.office.searches import actions as searches
from leye.office.searches.criteria import Criteria
from leye.office.searches.models import SavedSearch
from leye.office.vacancies.models import Vacancy
from match_town import FIRM, NOW, OTHER_SEEKER, SEEKER
from tests_support.at_once import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="row locks: PostgreSQL"),
]
START = date(2025, 9, 8)


def refusals(found: list[Any]) -> list[str]:
    """Codes of the polite refusals; anything else that was raised fails the test."""
    assert all(isinstance(f, Conflict) or not isinstance(f, Exception) for f in found), found
    return [f.code for f in found if isinstance(f, Conflict)]


def test_two_desks_offer_and_two_people_take_the_last_post(posted: Vacancy, employer: Any, seeker: Any, user_of: Any) -> None:
    desk = user_of("employer", "second-desk", subject=FIRM, region="440604")
    second = user_of("seeker", "second", subject=OTHER_SEEKER, region="440604")
    sent = [apply(u.subject, str(posted.pk), acting_user=u, at=NOW) for u in (seeker, second)]
    offer = {"at": NOW, "words": "月薪七千", "start_on": START}
    both = [(who, one) for who in (employer, desk) for one in sent]
    assert refusals(at_once([lambda w=w, a=a: move(a.pk, "offer", acting_user=w, **offer) for w, a in both])) == ["E_APPLICATION_STEP"] * 2
    found = at_once([lambda a=a, u=u: move(a.pk, "accept", acting_user=u, at=NOW) for a, u in zip(sent, (seeker, second), strict=True)])
    assert refusals(found) == ["E_APPLICATION_STEP"], "the other became obsolete with the last post"
    vacancy = Vacancy.objects.get()
    assert (vacancy.filled, vacancy.state, vacancy.closing) == (1, "closed", "filled")
    assert sorted(a.state for a in Application.objects.all()) == ["accepted", "obsolete"]
    assert Step.objects.filter(verb="accept").count() == Step.objects.filter(verb="obsolete").count() == 1


def test_six_clicks_are_one_application(posted: Vacancy, seeker: Any) -> None:
    found = at_once([lambda: apply(SEEKER, str(posted.pk), acting_user=seeker, at=NOW)] * 6)
    assert refusals(found) == ["E_APPLICATION_OPEN"] * 5 and Application.objects.count() == Step.objects.count() == 1


def test_two_clicks_do_not_keep_more_searches_than_an_account_may(seeker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "MOST", 2)
    keep = lambda: searches.keep(Criteria(q="会计"), name="", notify="daily", seen=[], acting_user=seeker, at=NOW)  # noqa: E731
    assert len(refusals(at_once([keep] * 4))) == 2 and SavedSearch.objects.count() == 2
