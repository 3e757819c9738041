"""Pages of vacancies and applications: each works without scripts, says what to do next, and shows nobody what is not theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from leye.office.applications.actions import apply
from leye.office.applications.models import Application
from leye.office.vacancies.models import Vacancy
from match_town import NOW, SEEKER, TYPED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_ranking(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many it reaches is asked of the matching room, which has tests of its own."""
    monkeypatch.setattr("leye.site.firm.post.reach_of_draft", lambda draft, reading: (3, 7))


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_employer_posts_in_five_fields(employer: Any) -> None:
    client = client_of(employer)
    form = client.get("/post")
    assert form.status_code == 200 and 'name="description"' in text_of(form)
    shown = text_of(client.post("/post", TYPED | {"do": "check"}))
    assert "3 人不被必须的条件排除（在找工作的 7 人里）" in shown and Vacancy.objects.count() == 0, "a look writes nothing"
    sent = client.post("/post", TYPED | {"do": "publish"})
    vacancy = Vacancy.objects.get()
    assert (sent.status_code, sent["Location"], vacancy.state) == (302, f"/vacancies/{vacancy.pk}/candidates", "open")
    assert "会计" in text_of(client.get("/vacancies")) and "招聘中" in text_of(client.get(f"/vacancies/{vacancy.pk}"))


def test_wrong_fields_come_back_with_links_and_what_was_typed(employer: Any) -> None:
    answer = client_of(employer).post("/post", TYPED | {"headcount": "很多", "title": "", "do": "publish"})
    shown = text_of(answer)
    assert answer.status_code == 400 and 'href="#title"' in shown and 'href="#headcount"' in shown
    assert "汾水街190号" in shown and Vacancy.objects.count() == 0


def test_unlawful_words_are_named_with_clause_and_rewrite_and_the_draft_is_kept(employer: Any) -> None:
    answer = client_of(employer).post("/post", TYPED | {"description": TYPED["description"] + "限女性，35岁以下。", "do": "publish"})
    shown = text_of(answer)
    assert answer.status_code == 409 and "妇女权益保障法" in shown and "四十三条" in shown and "限女性" in shown
    assert Vacancy.objects.get().state == "draft"


def test_the_preview_alone_is_the_answer_to_a_script(employer: Any) -> None:
    shown = text_of(client_of(employer).post("/post/check", TYPED))
    assert "<html" not in shown and "求职者会看到的" in shown


def test_script_in_an_advert_is_shown_as_text(employer: Any) -> None:
    evil = TYPED | {"title": "<script>alert(1)</script>", "description": "<img src=x onerror=alert(1)> 负责账务处理和纳税申报"}
    client = client_of(employer)
    client.post("/post", evil | {"do": "save"})
    for page in ("/vacancies", f"/vacancies/{Vacancy.objects.get().pk}"):
        shown = text_of(client.get(page))
        assert "<script>alert" not in shown and "<img src=x" not in shown and "&lt;" in shown


def test_another_firms_pages_are_not_there(posted: Vacancy, rival: Any, employer: Any) -> None:
    theirs, mine = client_of(rival), client_of(employer)
    for tail in ("", "/edit", "/candidates", "/candidates.csv"):
        assert theirs.get(f"/vacancies/{posted.pk}{tail}").status_code == theirs.get(f"/vacancies/{uuid4()}{tail}").status_code == 404
    for verb in ("publish", "pause", "close", "restore", "x"):
        assert theirs.post(f"/vacancies/{posted.pk}/do/{verb}", {"closing": "dropped"}).status_code == 404
    assert theirs.post(f"/vacancies/{posted.pk}/save", TYPED).status_code == 404
    assert mine.post(f"/vacancies/{posted.pk}/do/x").status_code == 409, "a step that is none"
    assert Vacancy.objects.get().state == "open" and text_of(theirs.get("/vacancies.csv")).count("\n") == 1


def test_tampered_answers_are_dropped(employer: Any) -> None:
    client_of(employer).post("/post", TYPED | {"answer.shift": "always", "answer.hard": "sex", "answer.form": "full_time", "do": "save"})
    assert Vacancy.objects.get().versions.get().answers == {"form": "full_time"}


def test_two_employers_race_for_the_same_version(posted: Vacancy, employer: Any) -> None:
    one, two = client_of(employer), client_of(employer)
    form = TYPED | {"seen_version": "1", "do": "save"}
    assert one.post(f"/vacancies/{posted.pk}/save", form | {"pay": "6500-8000元/月"}).status_code == 302
    late = two.post(f"/vacancies/{posted.pk}/save", form | {"pay": "9000元/月"})
    assert late.status_code == 409 and "9000元/月" in text_of(late), "what was typed is still there"


def test_the_three_sides_of_one_application(posted: Vacancy, seeker: Any, employer: Any, counsellor: Any) -> None:
    mine, firm, desk = client_of(seeker), client_of(employer), client_of(counsellor)
    sent = mine.post("/my/applications/apply", {"job_id": str(posted.pk), "words": "我做过六年会计"})
    one = Application.objects.get()
    assert sent["Location"] == f"/my/applications/{one.pk}"
    seen = text_of(firm.get(f"/firm/applications/{one.pk}"))
    assert "我做过六年会计" in seen and "甲一" not in seen and "13800000000" not in seen
    firm.post(f"/firm/applications/{one.pk}/interview", {"words": "周三下午两点来公司"})
    assert "周三下午两点来公司" in text_of(mine.get(f"/my/applications/{one.pk}"))
    assert "甲一" in text_of(desk.get(f"/applications/{one.pk}")) and "会计" in text_of(desk.get("/applications"))
    assert desk.post(f"/applications/{one.pk}/cancel", {}).status_code == 400, "without consent"
    mine.post(f"/my/applications/{one.pk}/share")
    assert "甲一" in text_of(firm.get(f"/firm/applications/{one.pk}"))
    firm.post(f"/firm/applications/{one.pk}/offer", {"words": "月薪七千双休", "start_on": "2025-09-08"})
    mine.post(f"/my/applications/{one.pk}/accept")
    assert Application.objects.get().state == "accepted"
    assert "/firm/policies" in text_of(firm.get(f"/firm/applications/{one.pk}"))


def test_refusals_stand_on_the_page_where_they_belong(posted: Vacancy, seeker: Any, employer: Any) -> None:
    one = apply(SEEKER, str(posted.pk), acting_user=seeker, at=NOW)
    firm = client_of(employer)
    answer = firm.post(f"/firm/applications/{one.pk}/refuse", {"reason": "skills", "words": "我们只招男的"})
    assert answer.status_code == 400 and "不能作为不录用的理由" in text_of(answer)
    assert firm.post(f"/firm/applications/{one.pk}/accept").status_code == 409
    assert firm.post(f"/firm/applications/{uuid4()}/take").status_code == 404


def test_the_desk_sends_with_consent(posted: Vacancy, counsellor: Any) -> None:
    desk = client_of(counsellor)
    form = {"person_id": SEEKER, "job_id": str(posted.pk), "words": "", "consent": "9月1日电话同意"}
    bare = desk.post("/applications/send", form | {"consent": ""})
    assert bare.status_code == 400 and f'value="{SEEKER}"' in text_of(bare)
    assert desk.post("/applications/send", form | {"person_id": "P00000005"}).status_code == 404
    assert desk.post("/applications/send", form).status_code == 302


LISTS = [
    ("seeker", "/my/applications", "还没有应聘过"),
    ("employer", "/firm/applications", "现在没有应聘"),
    ("counsellor", "/applications", "现在没有应聘"),
]


@pytest.mark.parametrize(("role", "address", "words"), LISTS, ids=[r[0] for r in LISTS])
def test_empty_lists_say_what_to_do(role: str, address: str, words: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(role)
    assert words in text_of(client_of(user).get(address)) and client_of(user).get(address + ".csv").status_code == 200


def test_an_account_without_a_firm_or_person_is_told_what_to_do(user_of: Callable[..., Any]) -> None:
    lone = client_of(user_of("employer", "lone"))
    assert "还没有和单位连上" in text_of(lone.get("/vacancies")) and "还没有和单位连上" in text_of(lone.get("/post"))
    nobody = client_of(user_of("seeker", "nobody"))
    assert nobody.get("/my/applications").status_code == 200
    assert nobody.post("/my/applications/apply", {"job_id": "J00000001"}).status_code == 403


def test_pages_in_english(employer: Any, posted: Vacancy) -> None:
    client = client_of(employer)
    client.cookies["django_language"] = "en"
    assert client.get(f"/vacancies/{posted.pk}").status_code == 200
