"""The pages of promotion: every step as a form, refusals in their place, charts with their table, CSV, both languages, roles."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

AT = datetime(2025, 9, 1, 1, tzinfo=UTC)
POLICY = "ss_flex_hard"


def later(days: int) -> datetime:
    return AT + timedelta(days=days)


def test_the_list_is_empty_with_its_next_step(promoted_city: Path, signed_in: Any, clock: Any) -> None:
    page = signed_in("analyst").get(reverse("promotion"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "还没有宣传过" in text
    assert 'value="skill_up"' in text
    assert 'value="hire_once"' not in text, "an unverified policy is not offered"
    assert "没有 eligible、notices 两张表" in text


def test_from_draft_to_stop_by_forms(promoted_city: Path, signed_in: Any, user_of: Any, clock: Any) -> None:
    from leye.office.promotion.models import Campaign

    analyst, admin = signed_in("analyst"), signed_in("admin")
    made = analyst.post(reverse("promotion-draft"), {"policy": POLICY, "channel": ["sms", "poster"]})
    campaign = Campaign.objects.get()
    assert made["Location"] == reverse("campaign", args=[campaign.pk])
    text = analyst.get(made["Location"]).content.decode()
    assert "等另一位同事签发" in text
    assert "您可能可以领社保补贴" in text
    assert "还没有核实的" in text
    assert analyst.post(reverse("campaign-sign", args=[campaign.pk]), {"seen": campaign.text_sha256}).status_code == 403
    assert admin.post(reverse("campaign-sign", args=[campaign.pk]), {"seen": campaign.text_sha256}).status_code == 302
    asked = analyst.get(made["Location"], {"start": "2025-09-01", "steps": "6", "weeks": "8", "effect": "6"}).content.decode()
    assert "八成把握能看出的最小效果" in asked
    assert "抽签并开始" in asked
    plan = {"start": "2025-09-01", "steps": "6", "weeks": "8", "effect": "6"}
    assert analyst.post(reverse("campaign-schedule", args=[campaign.pk]), plan).status_code == 302
    clock(14)
    assert analyst.post(reverse("campaign-send", args=[campaign.pk])).status_code == 302
    text = analyst.get(made["Location"]).content.decode()
    assert "交出的批次" in text
    assert "sha256" in text
    assert admin.post(reverse("campaign-stop", args=[campaign.pk]), {"reason": "文字要改"}).status_code == 302
    assert "已停止" in analyst.get(made["Location"]).content.decode()
    assert analyst.get(reverse("promotion-csv")).content.decode().count(str(campaign.pk)) == 1


@pytest.mark.parametrize(
    ("name", "form", "said"),
    [
        ("campaign-schedule", {"start": "soon"}, "排期没填对"),
        ("campaign-schedule", {"start": "2020-01-01"}, "已经过去"),
        ("campaign-send", {}, "做不了这一步"),
        ("campaign-stop", {"reason": ""}, "理由"),
    ],
)
def test_refusals_stand_on_the_page(signed: Any, signed_in: Any, clock: Any, name: str, form: dict[str, str], said: str) -> None:
    answer = signed_in("analyst").post(reverse(name, args=[signed.pk]), form)
    assert answer.status_code in (400, 409)
    assert said in answer.content.decode()
    assert "社保补贴" in answer.content.decode()


def test_a_plan_that_cannot_be_is_refused_beside_its_form(signed: Any, signed_in: Any, clock: Any) -> None:
    text = signed_in("analyst").get(reverse("campaign", args=[signed.pk]), {"start": "2025-09-01", "steps": "40"}).content.decode()
    assert "至少要 41 个" in text
    assert 'value="40"' in text


def test_receipts_by_file_and_pasted(running: Any, signed_in: Any, clock: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from leye.office.promotion.delivery import deliver_all_due
    from leye.office.promotion.models import Recipient

    deliver_all_due(later(14))
    told = list(Recipient.objects.exclude(handed_on=None).filter(failed="")[:2])
    clock(16)
    analyst, address = signed_in("analyst"), reverse("campaign-receipts", args=[running.pk])
    body = f"message_id,delivered_on,opened_on,failed\n{told[0].pk},2025-09-15,,\n"
    assert analyst.post(address, {"file": SimpleUploadedFile("r.csv", body.encode("utf-8-sig"))}).status_code == 302
    assert analyst.post(address, {"text": f"message_id,failed\n{told[1].pk},out of use"}).status_code == 302
    assert Recipient.objects.get(pk=told[0].pk).delivered_on == date(2025, 9, 15)
    assert Recipient.objects.get(pk=told[1].pk).failed == "out of use"
    for bad in ({"text": "x"}, {"text": "message_id\n7"}, {"file": SimpleUploadedFile("r.csv", b"\xff\xfe\x00")}):
        assert analyst.post(address, bad).status_code == 400


def test_a_running_campaign_shows_its_schedule_and_evaluation(running: Any, signed_in: Any, clock: Any) -> None:
    from leye.office.promotion.delivery import deliver_all_due

    for day in range(14, 56, 7):
        deliver_all_due(later(day))
    clock(60)
    analyst = signed_in("analyst")
    text = analyst.get(reverse("campaign", args=[running.pk])).content.decode()
    assert "看不出多了还是少了申请" in text
    assert "<svg" in text
    assert "人太少，不显示" in text
    for table, rows in (("weeks", 7), ("funnel", 15), ("schedule", 7)):
        answer = analyst.get(reverse("campaign-csv", args=[running.pk, table]))
        assert answer.status_code == 200
        assert len(answer.content.decode().strip().split("\n")) >= rows
    assert analyst.get(reverse("campaign-csv", args=[running.pk, "names"])).status_code == 404
    assert analyst.post(reverse("campaign-look-up", args=[running.pk])).status_code == 302


def test_no_name_phone_or_number_of_a_person_stands_on_the_pages(running: Any, signed_in: Any, clock: Any) -> None:
    from leye.office.promotion.delivery import deliver_all_due

    deliver_all_due(later(14))
    clock(20)
    analyst = signed_in("analyst")
    for address in (reverse("campaign", args=[running.pk]), reverse("promotion"), reverse("campaign-csv", args=[running.pk, "funnel"])):
        text = analyst.get(address).content.decode()
        assert "1540000" not in text
        assert "P000000" not in text


@pytest.fixture
def reported(settings: Any, own_data_folder: None, db: None) -> Path:
    """The tables that departments report, from a city."""
    from leye.city.build import build_city

    folder = Path(settings.LEYE_DATA) / "city"
    folder.mkdir(parents=True)
    town = build_city(20_000, seed=7, on=date(2025, 8, 31))
    for name in ("people", "eligible", "notices"):
        town.tables[name].write_parquet(folder / f"{name}.parquet")
    return folder


def test_reported_roll_outs_show_effect_chart_and_funnel(reported: Path, signed_in: Any, clock: Any) -> None:
    analyst = signed_in("analyst")
    text = analyst.get(reverse("promotion")).content.decode()
    assert "看得出，有用" in text
    assert "看不出" in text
    page = analyst.get(reverse("roll-out", args=[POLICY])).content.decode()
    assert "通知后 4 周，每百人多 7.7 人申请（九成五把握 3.8 到 11.6）" in page
    assert "通知前第 1 周" in page
    assert "按性别" in page
    assert "eligible.parquet sha256" in page
    quiet = analyst.get(reverse("roll-out", args=["startup_loan"])).content.decode()
    assert "看不出多了还是少了申请" in quiet
    assert analyst.get(reverse("roll-out", args=["nothing"])).status_code == 404
    weeks = analyst.get(reverse("roll-out-csv", args=[POLICY, "weeks"])).content.decode()
    assert weeks.startswith("\ufeffpolicy,week,people,value")


def test_the_interactive_chart_has_its_definition(reported: Path, signed_in: Any, clock: Any) -> None:
    import re

    analyst = signed_in("analyst")
    page = analyst.get(reverse("roll-out", args=[POLICY])).content.decode()
    address = re.search(r'data-chart="([^"]+)"', page)[1].replace("&amp;", "&")  # type: ignore[index]
    spec = analyst.get(address)
    assert spec.status_code == 200
    assert spec.json()["$schema"].startswith("https://vega")
    assert analyst.get(reverse("promotion-chart"), {"id": "../../x"}).status_code == 404


def test_english_pages_have_no_chinese_sentence_of_ours(reported: Path, signed_in: Any, clock: Any) -> None:
    analyst = signed_in("analyst")
    analyst.cookies["leye_lang"] = "en"
    text = analyst.get(reverse("roll-out", args=[POLICY])).content.decode()
    assert "of 100 more apply" in text
    assert "通知后" not in text


def test_other_roles_and_strangers(running: Any, signed_in: Any, client: Any, clock: Any) -> None:
    address = reverse("campaign", args=[running.pk])
    assert client.get(address).status_code == 302
    for role in ("counsellor", "seeker", "employer", "operator"):
        assert signed_in(role).get(address).status_code == 403
    auditor = signed_in("auditor").get(address)
    assert auditor.status_code == 200
    assert "马上停止" not in auditor.content.decode()
    assert signed_in("auditor").post(reverse("campaign-stop", args=[running.pk]), {"reason": "不行"}).status_code == 403
    assert signed_in("analyst").get(reverse("campaign", args=["00000000-0000-0000-0000-000000000007"])).status_code == 404


def test_a_policy_s_page_shows_its_notice_and_an_unverified_one_none(promoted_city: Path, client: Any, clock: Any) -> None:
    told = client.get("/policies/skill_up").content.decode()
    assert "公告文字" in told
    assert "您可能可以领技能提升补贴。" in told
    assert "公告文字" not in client.get("/policies/hire_once").content.decode()
