"""The pages of résumé and profile: what was read is marked and escaped, every field can be put right, each step works as a plain form."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.urls import reverse

from leye.kernel.errors import BadInput
from leye.match.profile import Claim
from leye.office.profiles.models import Profile, Resume
from leye.office.profiles.queries import own_profile
from leye.site.me.profile_forms import claims_from_form, form_values
from leye.site.me.resume import pieces

pytestmark = pytest.mark.django_db
TEXT = "做过养老护理员8年，会护理老人。养老护理员证有效期至2027年5月。<script>alert(1)</script>\n月薪6500元左右，想在佛山找活，初中文化。"


@pytest.fixture
def seeker(user_of: Callable[..., Any], signed_in: Callable[..., Any]) -> Any:
    """A client of a seeker, with the user as attribute."""
    client = signed_in("seeker")
    client.user = user_of("seeker")
    return client


def test_from_the_file_to_the_profile(seeker: Any, soup: Any) -> None:
    file = io.BytesIO()
    document = docx.Document()
    for line in TEXT.split("\n"):
        document.add_paragraph(line)
    document.save(file)
    answer = seeker.post(reverse("my-resume-hand-in"), {"file": SimpleUploadedFile("简历.docx", file.getvalue())}, follow=True)
    page = soup(answer)
    assert "读出" in page.h1.text and page.find("script", string="alert(1)") is None
    marked = [m.text for m in page.select("mark")]
    assert {"养老护理", "养老护理员证", "初中文化", "佛山"} <= set(marked)
    form = page.select_one("form.stacked")
    assert "2027-05-31" in form.select_one("[name=certificates]").text
    sent = {"seen": "0", "skills": "老年人照护、做饭", "certificates": "养老护理员证 2027-05-31", "education": "junior_high", "pay_min_fen": "6500",
            "pay_period": "month", "cities": "佛山", "forms": ["full_time"], "consent": "1"}  # fmt: skip
    page = soup(seeker.post(form["action"], sent, follow=True))
    shown = own_profile(seeker.user)
    assert {(c.field, c.value) for c in shown.claims} == {
        ("skills", "老年人照护"), ("skills", "家常菜制作"), ("certificates", "养老护理员证"), ("education", "junior_high"), ("pay_min_fen", 650_000),
        ("pay_period", "month"), ("cities", "440600"), ("forms", "full_time"),
    }  # fmt: skip
    assert next(c for c in shown.claims if c.value == "老年人照护").start is not None, "where it was read stays"
    assert all(shown.shared[c.field] == ["match"] for c in shown.claims)
    assert "8 项" in page.h1.text


def test_the_job_that_is_wished_for_is_coded_and_can_be_typed_as_people_say_it(seeker: Any, soup: Any) -> None:
    page = soup(seeker.post(reverse("my-resume-hand-in"), {"text": "求职意向：会计\n大专，会账务处理"}, follow=True))
    assert page.select_one("[name=target_codes]").text.strip() == "会计专业人员" and "会计" in [m.text for m in page.select("mark")]
    seeker.post(reverse("my-profile-save"), {"seen": "0", "target_codes": "电工、会计专业人员"})
    assert [c.value for c in own_profile(seeker.user).claims if c.field == "target_codes"] == ["6310103", "2060300"]
    assert seeker.post(reverse("my-profile-save"), {"seen": "1", "target_codes": "呜呜啦啦"}).status_code == 400


def test_without_consent_nothing_is_matched(seeker: Any) -> None:
    seeker.post(reverse("my-resume-hand-in"), {"text": TEXT})
    seeker.post(reverse("my-resume-confirm", args=[Resume.objects.get().pk]), {"seen": "0", "skills": "做饭"})
    assert own_profile(seeker.user).shared == {}


def test_a_wrong_field_keeps_what_was_typed(seeker: Any, soup: Any) -> None:
    answer = seeker.post(reverse("my-profile-save"), {"seen": "0", "skills": "做饭", "pay_min_fen": "999999999"})
    assert answer.status_code == 400
    page = soup(answer)
    assert page.select_one("[name=skills]").text == "做饭" and page.select_one("[name=pay_min_fen]")["value"] == "999999999"
    assert not Profile.objects.exists()


def test_refused_files_say_what_to_do(seeker: Any, soup: Any) -> None:
    answer = seeker.post(reverse("my-resume-hand-in"), {"file": SimpleUploadedFile("a.exe", b"MZ")})
    assert answer.status_code == 400 and ".docx" in soup(answer).select_one("main").text


def test_sharing_versions_stopping_and_deleting(seeker: Any, soup: Any) -> None:
    seeker.post(reverse("my-profile-save"), {"seen": "0", "skills": "做饭"})
    seeker.post(reverse("my-profile-save"), {"seen": "1", "skills": "电焊"})
    seeker.post(reverse("my-profile-share"), {"share-skills-match": "1", "share-skills-employer": "1", "share-name-match": "1"})
    assert own_profile(seeker.user).shared == {"skills": ["match", "employer"]}
    seeker.post(reverse("my-profile-restore", args=[1]))
    assert [c.value for c in own_profile(seeker.user).claims] == ["家常菜制作"]
    assert "家常菜制作" in seeker.get(reverse("my-profile-csv")).content.decode("utf-8-sig")
    seeker.post(reverse("my-profile-withdraw"))
    assert "停用" in soup(seeker.get(reverse("my-profile"))).h1.text
    seeker.post(reverse("my-profile-delete"))
    assert own_profile(seeker.user).versions, "without the box nothing is deleted"
    seeker.post(reverse("my-profile-delete"), {"sure": "1"})
    assert not own_profile(seeker.user).versions


def test_the_api_takes_the_same_steps(seeker: Any) -> None:
    made = seeker.post("/api/my/resume", {"text": TEXT}, content_type="application/json")
    assert made.status_code == 200 and any(c["value"] == "老年人照护" for c in made.json()["claims"])
    body = {"claims": made.json()["claims"], "resume_id": made.json()["id"], "seen": 0, "shared": {"skills": ["match"]}}
    saved = seeker.post("/api/my/profile", body, content_type="application/json")
    assert saved.status_code == 200 and saved.json()["number"] == 1
    assert seeker.post("/api/my/profile", body, content_type="application/json").status_code == 409
    for bad in ({"field": "sex", "value": "F"}, {"field": "skills", "value": "电焊", "evidence": "certificate"}, {"field": "skills", "value": [1]},
                {"field": "available_from", "value": "soon"}, {"field": "certificates", "value": "电工证", "until": "x"}):  # fmt: skip
        refused = seeker.post("/api/my/profile", {"claims": [bad]}, content_type="application/json")
        assert (refused.status_code, refused.json()["code"]) == (400, "E_PROFILE_VALUE"), bad
    assert seeker.post("/api/my/profile/delete", {}, content_type="application/json").json()["claims"] == []


def test_form_and_claims_are_inverse() -> None:
    claims = [
        Claim("skills", "电焊"),
        Claim("certificates", "电工证", until=date(2027, 5, 31)), Claim("target_codes", "6180204"), Claim("cities", "440600"),
        Claim("shifts", "day"), Claim("education", "bachelor"), Claim("total_years", 3.5), Claim("pay_min_fen", 650_050), Claim("relocate", False),
        Claim("available_from", date(2025, 9, 1)), Claim("skill_grade", 0), Claim("trainings", "育婴员班", "training"),
    ]  # fmt: skip
    form = QueryDict(mutable=True)
    for field, value in form_values(claims).items():
        form.setlist(field, value if isinstance(value, list) else [value])
    kept = Claim("lat", 23.0, "register")
    assert sorted(map(str, claims_from_form(form, [kept]))) == sorted(map(str, [*claims, kept]))


IMPOSSIBLE = [("target_codes", "东一二三"), ("cities", "月球"), ("total_years", "很多"), ("available_from", "明天"), ("education", "x")]


@pytest.mark.parametrize(("field", "value"), IMPOSSIBLE)
def test_what_cannot_be_is_refused_by_name(field: str, value: str) -> None:
    with pytest.raises(BadInput) as refused:
        claims_from_form(_form(field, value), [])
    assert refused.value.code == "E_PROFILE_VALUE" and field in refused.value.zh


def _form(field: str, value: str) -> QueryDict:
    form = QueryDict(mutable=True)
    form[field] = value
    return form


def test_spans_that_overlap_are_marked_by_both() -> None:
    assert pieces("会电焊工", [(1, 3, "skills"), (1, 4, "title")]) == [("会", ""), ("电焊", "skills title"), ("工", "title")]
    assert pieces("", []) == []
