"""Candidates: ranked, sealed one by one as they are shown, nameless, invited, and explained to both sides."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from django.test import Client

from leye.kernel.errors import Conflict, NotFound
from leye.office.applications.candidates import ALGO, invite_candidate, reach_of, shortlist
from leye.office.applications.models import Application, Candidate
from leye.office.decisions.models import Decision
from leye.office.privacy.models import ReadAccess
from leye.office.vacancies.actions import save
from leye.office.vacancies.models import Vacancy
from match_town import NOW, SEEKER, TYPED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


@pytest.fixture(autouse=True)
def night(monkeypatch: pytest.MonkeyPatch, town: Path) -> Any:
    """Three people who look for work, and a published run that says so."""
    people = {
        "person_id": ["P00000001", "P00000002", "P00000005"],
        "text": ["做过六年会计，会纳税申报和账务处理。", "做过三年出纳，会账务处理。", "做过厨师，会炒菜。"],
        "wanted_occupation": ["2060301", "2060301", "4030201"],
        "wanted_wage_fen": [600000, 500000, 900000],
        "available_on": [date(2025, 9, 1)] * 3,
    }
    pl.DataFrame(people).write_parquet(town / "seekers.parquet")
    snapshot = SimpleNamespace(run_id="20250831T000000-0000aaaa", lake=SimpleNamespace(data=town.parent))
    monkeypatch.setattr("leye.office.applications.candidates.published_snapshot", lambda: snapshot)
    monkeypatch.setattr("leye.office.applications.candidates.rules_day", lambda: date(2025, 8, 31))
    monkeypatch.setattr("leye.office.applications.ranking.seekers_of", lambda s, on: frame())
    monkeypatch.setattr("leye.office.applications.candidates.seekers_of", lambda s, on: frame())
    return snapshot


def frame() -> pl.DataFrame:
    """What the night's table of people holds of them."""
    from leye.match.columns import PEOPLE

    rows = [
        {"person_id": "P00000001", "target_codes": ["2060301"], "skills": ["纳税申报"], "education": "bachelor", "relevant_years": 6.0},
        {"person_id": "P00000002", "target_codes": ["2060301"], "education": "junior_college", "relevant_years": 3.0},
        {"person_id": "P00000005", "target_codes": ["4030201"], "education": "junior_high", "relevant_years": 0.0},
    ]
    wishes = {"cities": ["440600"], "pay_min_fen": 500000, "pay_period": "month"}
    return pl.DataFrame([tuple((r | wishes).get(n) for n in PEOPLE) for r in rows], schema=PEOPLE, orient="row")


def test_what_is_shown_is_sealed_once_and_nothing_more(posted: Vacancy, employer: Any) -> None:
    found = shortlist(employer, posted.pk, NOW)
    assert [r.candidate.position for r in found.rows] == list(range(1, len(found.rows) + 1)) and found.rows
    sealed = Decision.objects.filter(algo=ALGO)
    assert sealed.count() == Candidate.objects.count() == len(found.rows)
    again = shortlist(employer, posted.pk, NOW)
    assert [r.candidate.pk for r in again.rows] == [r.candidate.pk for r in found.rows] and sealed.count() == len(found.rows)
    assert ReadAccess.objects.filter(purpose="candidate_list").count() == len(found.rows), "a look a day"
    assert all(r.zh and r.en for r in found.rows)


def test_who_does_not_pass_a_hard_condition_is_not_shown_and_the_demand_is_named(posted: Vacancy, employer: Any) -> None:
    found = shortlist(employer, posted.pk, NOW)
    shown = {r.candidate.subject_key for r in found.rows}
    from leye.office.decisions.subjects import subject_key, subject_of

    assert subject_key(subject_of("P00000005")) not in shown
    assert {"education_min", "relevant_years_min"} & {name for name, _n in found.excluded}


def test_a_new_version_makes_a_new_list_and_the_old_one_cannot_invite(posted: Vacancy, employer: Any) -> None:
    old = shortlist(employer, posted.pk, NOW).rows[0].candidate
    save(TYPED | {"pay": "6500-8000元/月"}, acting_user=employer, at=NOW, vacancy_id=posted.pk)
    with pytest.raises(Conflict) as caught:
        invite_candidate(posted.pk, old.pk, words="", acting_user=employer, at=NOW)
    assert caught.value.code == "E_CANDIDATE"


def test_an_invitation_goes_to_the_person_and_names_its_decision(posted: Vacancy, employer: Any, seeker: Any) -> None:
    first = shortlist(employer, posted.pk, NOW).rows[0].candidate
    made = invite_candidate(posted.pk, first.pk, words="想请您来谈谈", acting_user=employer, at=NOW)
    assert (made.state, made.decision_id) == ("invited", first.decision_id)
    client = Client()
    client.force_login(seeker)
    assert f"/my/decisions/{made.decision_id}" in client.get(f"/my/applications/{made.pk}").content.decode()
    assert client.get(f"/my/decisions/{made.decision_id}").status_code == 200


def test_candidates_of_another_firm_cannot_be_seen_or_invited(posted: Vacancy, employer: Any, rival: Any) -> None:
    first = shortlist(employer, posted.pk, NOW).rows[0].candidate
    with pytest.raises(NotFound):
        shortlist(rival, posted.pk, NOW)
    with pytest.raises(NotFound):
        invite_candidate(posted.pk, first.pk, words="", acting_user=rival, at=NOW)
    assert Application.objects.count() == 0


def test_the_page_shows_reasons_and_nothing_of_who_they_are(posted: Vacancy, employer: Any) -> None:
    client = Client()
    client.force_login(employer)
    shown = client.get(f"/vacancies/{posted.pk}/candidates").content.decode() + client.get(f"/vacancies/{posted.pk}/candidates.csv").content.decode()
    assert "候选人 1" in shown
    for told in ("甲一", "乙二", SEEKER, "1380000", "女", "农业户口", "1990-"):
        assert told not in shown.replace("看不到姓名、性别、年龄和婚育", ""), told


def test_a_draft_shows_nobody(employer: Any) -> None:
    draft = save(TYPED, acting_user=employer, at=NOW)
    assert shortlist(employer, draft.pk, NOW).rows == () and Decision.objects.filter(algo=ALGO).count() == 0


def test_reach_counts_and_seals_nothing(posted: Vacancy) -> None:
    from leye.office.vacancies.queries import job_row

    reach = reach_of(job_row(posted, posted.versions.get()))
    assert reach == (2, 3) and Candidate.objects.count() == 0


def _profile(user_of: Any, subject: str, *fields: str, name: str = "seen") -> Any:
    """A profile that shows some fields to employers and all to matching."""
    from leye.match.profile import FIELDS, Claim
    from leye.office.profiles.actions import confirm

    user = user_of("seeker", name, subject=subject, region="440604")
    confirm([Claim("education", "bachelor")], acting_user=user, at=NOW, shared={f: ["match", *(["employer"] if f in fields else [])] for f in FIELDS})
    return user


def test_a_reason_stands_only_while_its_field_is_shown_to_employers(posted: Vacancy, employer: Any, user_of: Any) -> None:
    from leye.office.profiles.actions import share

    user = _profile(user_of, SEEKER, "education")
    said = " ".join(shortlist(employer, posted.pk, NOW).rows[0].zh)
    assert "本科" in said and "纳税申报" not in said and "5000" not in said and "6年" not in said
    share({"skills": ["match", "employer"]}, acting_user=user, at=NOW)
    said = " ".join(shortlist(employer, posted.pk, NOW).rows[0].zh)
    assert "纳税申报" in said and "本科" not in said, "asked at every look, not when the list was made"
    client = Client()
    client.force_login(employer)
    assert "本科" not in client.get(f"/vacancies/{posted.pk}/candidates").content.decode()
    told = client.get(f"/api/vacancies/{posted.pk}/candidates").json()["items"]
    assert "纳税申报" in " ".join(told[0]["reasons_zh"]) and "本科" not in str(told)


def test_who_shows_nothing_is_listed_without_a_detail_and_who_withdrew_is_gone(posted: Vacancy, employer: Any, user_of: Any) -> None:
    from leye.office.applications.candidates import WITHHELD
    from leye.office.profiles.actions import withdraw

    rows = shortlist(employer, posted.pk, NOW).rows
    assert [(r.zh, r.en, r.hard) for r in rows] == [((WITHHELD[0],), (WITHHELD[1],), ())] * 2
    user = _profile(user_of, SEEKER)
    withdraw(acting_user=user, at=NOW)
    assert [r.candidate.position for r in shortlist(employer, posted.pk, NOW).rows] == [2]
    with pytest.raises(Conflict) as caught:
        invite_candidate(posted.pk, rows[0].candidate.pk, words="", acting_user=employer, at=NOW)
    assert caught.value.code == "E_CANDIDATE"


def test_every_feature_of_a_reason_has_its_fields() -> None:
    from leye.match.profile import FIELDS
    from leye.office.applications.visible import FIELDS_OF, may_tell

    assert {f for fields in FIELDS_OF.values() for f in fields} <= set(FIELDS)
    assert not may_tell("something_new", FIELDS) and may_tell("skills", {"skills"})
