"""Moves, courses and the skill radar in the browser's eyes: options, receipt, unknown jobs, filters, empty states, English."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import published_fixture
from leye.kernel.errors import BadInput
from leye.lake import open_lake
from leye.match.places import great_circle_km
from leye.match.profile import Claim
from leye.match.radar import FORECAST
from leye.match.transitions.courses import courses, courses_for, read_courses
from leye.office.accounts.models import User
from leye.office.clock import now
from leye.office.decisions.models import Decision
from leye.office.guidance.moves import Asked, guide
from leye.office.guidance.own import own_of
from leye.office.nightly.skills_step import radar_of
from leye.office.profiles.actions import confirm, withdraw
from leye.office.published import published_snapshot

RADAR = pl.DataFrame(
    [("welding", date(2025, 11, 1), 20.0, 15.0, 26.0, 10.0, "year_ago", "rising"), ("office", date(2025, 11, 1), 9.0, 6.0, 12.0, 9.0, "year_ago",
    "steady")],
    schema=FORECAST, orient="row",
)  # fmt: skip


@pytest.fixture
def city(settings: Any, own_data_folder: None, register: None) -> Any:
    from leye.site.build import compile_catalogues

    compile_catalogues()
    published_fixture.write_city(settings.LEYE_DATA, skill_radar=RADAR)
    people = settings.LEYE_DATA / "city"
    people.mkdir(exist_ok=True)
    pl.DataFrame({"person_id": ["P00000007"], "occupation": ["4010204"], "region": ["440605"], "sex": ["F"]}).write_parquet(people / "people.parquet")
    return published_snapshot()


@pytest.fixture
def soup() -> Any:
    from bs4 import BeautifulSoup

    return lambda answer: BeautifulSoup(answer.content.decode(), "html.parser")


def test_options_name_what_is_missing_and_nothing_is_sealed_by_looking(city: Any, signed_in: Any) -> None:
    page = signed_in("counsellor").get("/moves", {"job": "收银员"}).content.decode()
    assert page.count('<section aria-labelledby="m-') == len(guide(Asked("收银员")).options) >= 2
    for words in ("未经核实", "演示数据", "不排第一名", "三个公开来源", "课程"):
        assert words in page
    assert "要回执" not in page and not Decision.objects.exists()


def test_an_unknown_job_offers_the_nearest_three(city: Any, signed_in: Any, soup: Any) -> None:
    page = soup(signed_in("analyst").get("/moves", {"job": "超市收银大姐"}))
    assert len(page.select("main ul li a")) == 3 and "/moves?job=4010204" in page.select("main ul li a")[0]["href"]
    strange = signed_in("analyst").get("/moves", {"job": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in strange


def test_own_list_goes_through_the_gate_with_a_receipt(city: Any, signed_in: Any) -> None:
    client = signed_in("seeker", subject="P00000007")
    first = client.get("/moves").content.decode()
    assert "从收银员出发" in first, "the register knows the job"
    answer = client.post("/moves/own", {"job": "4010204", "skills": "会办公软件", "education": "bachelor"}, follow=True)
    row = Decision.objects.get()
    assert (row.algo, row.outcome, row.purpose) == ("match.moves", "options_shown", "career_guidance")
    assert f"/my/decisions/{row.pk}" in answer.content.decode()
    told = client.get(f"/my/decisions/{row.pk}").content.decode()
    assert "已会" in told and "性别" not in told.split("<main")[1].split("受保护")[0]
    assert client.get(f"/my/decisions/{row.pk}/receipt").status_code == 200
    other = signed_in("worker", subject="P00000008")
    assert other.get(f"/my/decisions/{row.pk}").status_code == 404


def test_own_list_needs_a_person_and_a_job(city: Any, signed_in: Any) -> None:
    assert signed_in("seeker").post("/moves/own", {"job": "4010204"}).status_code == 404
    assert signed_in("worker", subject="P00000007").post("/moves/own", {"job": "魔术师助理"}).status_code == 404
    assert signed_in("analyst").post("/moves/own", {"job": "4010204"}).status_code == 403
    assert not Decision.objects.exists()


def test_a_confirmed_profile_fills_the_form_and_adds_words_only(city: Any, signed_in: Any, soup: Any) -> None:
    client = signed_in("seeker", subject="P00000007")
    before = [o.move.target.code for o in guide(Asked("会计", "数据标注", "bachelor")).options]
    user = User.objects.get(subject="P00000007")
    said = [
        Claim("current_code", "2060300"), Claim("skills", "数据标注", level=3), Claim("education", "bachelor"), Claim("pay_min_fen", 99_000_000),
        Claim("lat", 22.8), Claim("lon", 113.29),
    ]  # fmt: skip
    confirm(said, acting_user=user, at=now())
    page = soup(client.get("/moves"))
    assert "从会计出发" in page.h1.text and page.select_one("#skills")["value"] == "数据标注" and "确认过的资料" in page.text
    assert "公里" in page.text and "从您资料里的住处算" in page.text
    found = guide(Asked("会计", "数据标注", "bachelor"), own_of(user))
    assert [o.move.target.code for o in found.options] == before, "home and pay move no option"
    far = [f.km for o in found.options for _label, offers in o.courses for f in offers]
    assert far and all(km is not None for km in far)
    assert not guide(Asked("会计"), own_of(user)).levels, "an emptied field stays empty"
    withdraw(acting_user=user, at=now())
    assert own_of(user).skills == {} and own_of(user).home.region == "440605", "then only the register speaks"


def test_protected_facts_change_nothing(city: Any, settings: Any, signed_in: Any) -> None:
    client = signed_in("seeker", subject="P00000007")
    before = client.get("/moves.csv").content
    file = settings.LEYE_DATA / "city" / "people.parquet"
    pl.read_parquet(file).with_columns(sex=pl.lit("M"), region=pl.lit("440608")).write_parquet(file)
    assert client.get("/moves.csv").content == before


def test_the_csv_has_the_options(city: Any, signed_in: Any) -> None:
    text = signed_in("analyst").get("/moves.csv", {"job": "会计"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [r["code"] for r in rows] == [o.move.target.code for o in guide(Asked("会计")).options]
    assert signed_in("analyst").get("/api/moves", {"job": "会计"}).json()["options"][0]["code"] == rows[0]["code"]
    assert signed_in("analyst").get("/api/moves", {"job": "飞船舰长"}).json()["code"] == "E_PROFILE_UNKNOWN"


def test_radar_marks_own_skills_and_says_when_nothing_is_seen(city: Any, signed_in: Any, soup: Any) -> None:
    page = soup(signed_in("seeker").get("/skills-radar", {"own": "会用电脑，办公软件"}))
    assert "1 项要的人在变多" in page.select_one("h1").text
    first = page.select("tbody tr")[0].text
    assert "我会" in first and "看不出变化" in first
    rows = signed_in("seeker").get("/api/skills-radar").json()["items"]
    assert {r["skill"]: r["verdict"] for r in rows} == {"welding": "rising", "office": "steady"}


def test_before_the_first_run_the_pages_answer(signed_in: Any, client: Any) -> None:
    for address in ("/moves", "/moves?job=收银员", "/skills-radar", "/skills-radar.csv", "/moves.csv"):
        assert signed_in("seeker").get(address).status_code == 200
    assert client.get("/courses").status_code == 200


def test_courses_are_open_filtered_and_marked_as_demo(city: Any, client: Any) -> None:
    page = client.get("/courses", {"skill": "数据标注", "free": "1"}).content.decode()
    assert "演示数据" in page and "人工智能训练师" in page and "采购与供应链" not in page
    assert "没有这样的课" in client.get("/courses", {"skill": "开飞船"}).content.decode()
    rows = list(csv.DictReader(io.StringIO(client.get("/courses/all.csv").content.decode("utf-8-sig"))))
    assert len(rows) == len(courses()) == client.get("/api/public/courses").json()["total"]


def test_pages_speak_english(city: Any, signed_in: Any, client: Any) -> None:
    asked = signed_in("analyst")
    asked.cookies["leye_lang"] = "en"
    page = asked.get("/moves", {"job": "会计"}).content.decode()
    assert "ways to go" in page and "unverified" in page


def test_courses_for_weighs_way_and_wait() -> None:
    on = date(2025, 10, 1)
    far_south, far_north = courses_for("老年人照护", 22.8, 113.29, on), courses_for("老年人照护", 23.01, 113.12, on)
    assert far_south[0].course.region == "440606" and far_north[0].course.region == "440604"
    assert all(o.start >= on and (o.start - o.course.first_start).days % (7 * o.course.every_weeks) == 0 for o in far_south)
    assert courses_for("开飞船", on=on) == [] and courses_for("审计", on=on)[0].km is None
    one = courses()[0]
    assert one.next_start(one.first_start + timedelta(days=1)) == one.first_start + timedelta(weeks=one.every_weeks)
    assert great_circle_km(23.0, 113.0, 23.0, 113.0) == 0.0


def test_a_wrong_course_is_refused_with_its_line(tmp_path: Path) -> None:
    head = "id,name,provider,skills,hours,mode,region,lat,lon,address,first_start,every_weeks,fee_yuan,subsidised\n"
    for row in ("K1,a,b,审计,40,zoom,,,,,2025-09-01,2,0,yes", "K1,a,b,审计,40,online,,,,,morgen,2,0,yes", "K1,a"):
        (tmp_path / "c.csv").write_text(head + row + "\n", encoding="utf-8")
        with pytest.raises(BadInput) as refused:
            read_courses(tmp_path / "c.csv")
        assert refused.value.code == "E_COURSE" and refused.value.places[0].row == 2


def test_the_night_writes_the_radar_from_whole_months(city_data: Path) -> None:
    rows = open_lake(city_data).scan("skill_radar").collect()
    assert rows.columns == list(FORECAST) and rows.height > 0
    ads = pl.DataFrame({"month": [date(2025, m, 1) for m in (6, 7, 8)], "skills": [["office"]] * 3})
    assert radar_of(ads, date(2025, 8, 15))["ds"].min() == date(2025, 8, 1), "August is not over and is forecast"
    assert radar_of(ads, date(2025, 8, 31))["ds"].min() == date(2025, 9, 1)
    assert radar_of(ads.head(1), date(2025, 8, 31)).is_empty()
