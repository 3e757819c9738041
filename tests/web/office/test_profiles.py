"""Profiles in the institution: handed in, confirmed, put back, withdrawn, deleted; who sees what; the table of people."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from leye.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from leye.lake import open_lake
from leye.match.columns import PEOPLE
from leye.match.profile import Claim
from leye.office.outbox.models import AuditEntry, OutboxEvent
from leye.office.privacy.models import ReadAccess
from leye.office.profiles import actions, queries
from leye.office.profiles.frame import evidence, profile_frame
from leye.office.profiles.models import Profile, Resume, Version

pytestmark = pytest.mark.django_db
ON = date(2025, 8, 31)
TEXT = "李小红，女，32岁，汉族。2015年毕业于顺德职业技术学院会计专业，大专学历。会用Excel，有会计证。月薪6000元左右，不上夜班。"
CLAIMS = [Claim("skills", "会计核算"), Claim("education", "junior_college"), Claim("pay_min_fen", 600_000), Claim("pay_period", "month")]
MATCH = {f: ["match"] for f in ("skills", "education", "pay_min_fen", "pay_period")}


@pytest.fixture
def city(settings: Any, city_data: Path) -> Path:
    """The made-up city's tables."""
    folder = Path(settings.LEYE_DATA)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(city_data / "city", folder / "city")
    return folder


@pytest.fixture
def seeker(user_of: Callable[..., Any], city: Path) -> Any:
    """A user who stands for the first person that asked for work."""
    person = pl.read_parquet(city / "city" / "seekers.parquet")["person_id"][0]
    return user_of("seeker", subject=person)


def test_a_resume_is_kept_encrypted_and_read_anew(seeker: Any, at: datetime) -> None:
    resume = actions.hand_in("", b"", TEXT, acting_user=seeker, at=at)
    assert "李小红".encode() not in bytes(Resume.objects.get().sealed)
    read = queries.own_resume(seeker, resume.pk)
    assert read.text == TEXT
    assert {(c.field, c.value) for c in read.claims} >= {("education", "junior_college"), ("skills", "会计核算"), ("pay_min_fen", 600_000)}
    assert all(read.text[s.start : s.end] == s.value for s in read.slots if s.source == "model")
    assert not Profile.objects.exists(), "nothing counts before it is confirmed"
    entry = AuditEntry.objects.get(verb="resume.handed_in")
    assert "李小红" not in str(entry.detail) and OutboxEvent.objects.filter(name="resume.handed_in").exists()


def test_versions_go_forward_and_back(seeker: Any, at: datetime) -> None:
    actions.confirm(CLAIMS, acting_user=seeker, at=at, shared=MATCH, seen=0)
    actions.confirm(CLAIMS[:1], acting_user=seeker, at=at, seen=1)
    assert queries.own_profile(seeker).claims == CLAIMS[:1]
    actions.restore(1, acting_user=seeker, at=at)
    assert queries.own_profile(seeker).claims == CLAIMS
    with pytest.raises(Conflict) as refused:
        actions.confirm(CLAIMS, acting_user=seeker, at=at, seen=2)
    assert refused.value.code == "E_PROFILE_CHANGED" and refused.value.remedy_en != refused.value.en
    actions.confirm(CLAIMS, acting_user=seeker, at=at, seen=1)
    assert queries.own_profile(seeker).number == 3, "a number is never given twice"
    with pytest.raises(NotFound):
        actions.restore(9, acting_user=seeker, at=at)


def test_withdrawing_and_deleting(seeker: Any, at: datetime, city: Path) -> None:
    actions.hand_in("", b"", TEXT, acting_user=seeker, at=at)
    actions.confirm(CLAIMS, acting_user=seeker, at=at, shared=MATCH)
    assert seeker.subject in profile_frame(open_lake(city), ON)["person_id"]
    actions.withdraw(acting_user=seeker, at=at)
    assert seeker.subject not in profile_frame(open_lake(city), ON)["person_id"]
    assert evidence(open_lake(city), seeker.subject, ON) == []
    assert actions.delete(acting_user=seeker, at=at) == 2
    assert not Version.objects.exists() and not Resume.objects.exists()
    assert queries.own_profile(seeker).claims == []


def test_what_the_matching_sees(seeker: Any, at: datetime, city: Path) -> None:
    lake = open_lake(city)
    before = profile_frame(lake, ON)
    assert before.schema == pl.Schema(PEOPLE) and before["person_id"].is_sorted() and before["person_id"].is_unique().all()
    register = before.row(by_predicate=pl.col("person_id") == seeker.subject, named=True)
    assert register["target_codes"] and register["pay_min_fen"]
    assert {c.evidence for c in evidence(lake, seeker.subject, ON)} >= {"register"}
    actions.confirm(CLAIMS, acting_user=seeker, at=at, shared=MATCH | {"education": ["counsellor"]})
    row = profile_frame(lake, ON).row(by_predicate=pl.col("person_id") == seeker.subject, named=True)
    assert (row["skills"], row["skill_levels"], row["education"], row["pay_min_fen"]) == (["会计核算"], [2], None, 600_000)
    assert profile_frame(lake, ON).equals(profile_frame(lake, ON))


def test_nothing_protected_reaches_the_table(city: Path, db: None) -> None:
    """Another name, sex, birth, registration, and other words about them, change no byte of the table."""
    lake = open_lake(city)
    before = profile_frame(lake, ON)
    file = city / "city" / "people.parquet"
    people = pl.read_parquet(file)
    people.with_columns(
        pl.lit("M").alias("sex"), pl.lit(date(1950, 1, 1)).alias("birth"), pl.lit("张三").alias("name"), pl.lit("rural").alias("hukou_type")
    ).write_parquet(file)
    wishes = city / "city" / "seekers.parquet"
    seekers = pl.read_parquet(wishes)
    seekers.with_columns(pl.col("text").str.replace_all(r"\d\d岁", "19岁").str.replace_all("，女，", "，男，")).write_parquet(wishes)
    assert profile_frame(lake, ON).equals(before)
    assert not before["text"].drop_nulls().str.contains(r"\d岁|，[男女]，|孩子").any()


def test_a_counsellor_sees_what_is_shared_and_the_look_is_recorded(seeker: Any, at: datetime, city: Path, user_of: Callable[..., Any]) -> None:
    actions.confirm(CLAIMS, acting_user=seeker, at=at, shared={"skills": ["counsellor"], "education": ["match"]})
    desk = user_of("counsellor")
    assert [c.field for c in queries.person_profile(desk, seeker.subject, at)] == ["skills"]
    assert ReadAccess.objects.get().columns == ["skills"]
    region = pl.read_parquet(city / "city" / "people.parquet").filter(pl.col("person_id") == seeker.subject)["region"][0]
    other = next(r for r in ("440604", "440605") if not (region or "").endswith(r))
    with pytest.raises(NotFound):
        queries.person_profile(user_of("counsellor", region=other), seeker.subject, at)
    actions.withdraw(acting_user=seeker, at=at)
    with pytest.raises(NotFound):
        queries.person_profile(desk, seeker.subject, at)
    assert ReadAccess.objects.count() == 1


def test_somebody_elses_and_empty_ones(seeker: Any, at: datetime, user_of: Callable[..., Any]) -> None:
    resume = actions.hand_in("", b"", TEXT, acting_user=seeker, at=at)
    stranger = user_of("worker")
    with pytest.raises(NotFound):
        queries.own_resume(stranger, resume.pk)
    with pytest.raises(NotFound):
        actions.confirm(CLAIMS, acting_user=stranger, at=at, resume_id=resume.pk)
    with pytest.raises(NotAllowed):
        actions.hand_in("", b"", TEXT, acting_user=user_of("employer"), at=at)
    with pytest.raises(BadInput) as refused:
        actions.hand_in("", b"", "  ", acting_user=seeker, at=at)
    assert refused.value.code == "E_RESUME_EMPTY"
    with pytest.raises(BadInput) as many:
        actions.confirm([Claim("skills", f"技能{k}") for k in range(301)], acting_user=seeker, at=at)
    assert many.value.code == "E_PROFILE_SIZE"


def test_old_documents_make_room(seeker: Any, at: datetime) -> None:
    for _ in range(actions.MOST_RESUMES + 2):
        actions.hand_in("", b"", TEXT, acting_user=seeker, at=at)
    assert Resume.objects.count() == actions.MOST_RESUMES


def test_a_counsellor_who_saw_the_original_raises_the_evidence(seeker: Any, signed_in: Any, user_of: Any, city: Path, at: datetime) -> None:
    row = pl.read_parquet(city / "city" / "people.parquet").filter(pl.col("person_id") == seeker.subject).row(0, named=True)
    grid = pl.read_parquet(city / "city" / "grids.parquet").filter(pl.col("grid_id") == row["grid_id"]).row(0, named=True)
    desk = user_of("counsellor", "own-desk", subject=grid["counsellor_id"], region=row["region"].removeprefix("CN-"))
    told = {f: ["counsellor"] for f in ("education", "skills", "certificates")}
    actions.confirm([*CLAIMS, Claim("certificates", "会计证")], acting_user=seeker, at=at, shared=told)
    made = actions.attest(seeker.subject, "education", "junior_college", acting_user=desk, at=at)
    assert {c.field: c.evidence for c in queries.own_profile(seeker).claims}["education"] == "certificate"
    entry = AuditEntry.objects.get(verb="profile.attested")
    assert (entry.detail["field"], entry.detail["seen_on"], made.number) == ("education", "2025-09-01", 2) and "junior" not in str(entry.detail)
    client = signed_in("counsellor", username="own-desk")
    page = client.get(f"/people/{seeker.subject}/profile").content.decode()
    assert page.count("/profile/attest") == 1, "the education is attested, a skill has no paper, the certificate is left"
    assert f"/people/{seeker.subject}/profile" in client.get(f"/people/{seeker.subject}").content.decode()
    client.post(f"/people/{seeker.subject}/profile/attest", {"field": "certificates", "value": "会计证"})
    assert {c.evidence for c in queries.own_profile(seeker).claims if c.field == "certificates"} == {"certificate"}
    actions.restore(1, acting_user=seeker, at=at)
    assert {c.evidence for c in queries.own_profile(seeker).claims} == {"self"}
    for field, value, error in (("skills", "会计核算", BadInput), ("education", "doctor", NotFound), ("major", "会计", NotFound)):
        with pytest.raises(error):
            actions.attest(seeker.subject, field, value, acting_user=desk, at=at)
    with pytest.raises(NotFound):
        actions.attest(seeker.subject, "education", "junior_college", acting_user=user_of("counsellor", "far", subject="C99999999"), at=at)
    with pytest.raises(NotAllowed):
        actions.attest(seeker.subject, "education", "junior_college", acting_user=seeker, at=at)
