"""Who may open which page: the right role 200, another role 403, a stranger is asked to sign in before anything is looked up."""

from __future__ import annotations

from typing import Any

import pytest

from leye.office.permissions import PERMISSIONS
from leye.site.addresses import series_url
from published_fixture import H_ID

PAGES = [
    # address, permission
    ("/cockpit", "cockpit.view"),
    ("/cockpit.csv", "cockpit.view"),
    ("/alerts", "alerts.view"),
    ("/alerts.csv", "alerts.view"),
    ("/alerts/{alert}", "alerts.view"),
    ("/plans", "plans.view"),
    ("/plans/hotel_catering", "plans.view"),
    ("/series", "series.view"),
    (series_url(H_ID), "series.view"),
    (series_url(H_ID) + ".csv", "series.view"),
    ("/data", "data.view"),
    ("/data/quarantine.csv", "data.view"),
    ("/reports", "reports.view"),
    ("/fairness", "fairness.view"),
    ("/fairness/own", "fairness.view"),
    ("/reports/{run}", "reports.view"),
]
OPEN = ["/", "/login", "/help", "/accessibility", "/privacy", "/healthz"]


@pytest.mark.parametrize(("address", "permission"), PAGES, ids=[p[0] for p in PAGES])
def test_right_role_other_role_stranger(address: str, permission: str, city: Any, signed_in: Any, client: Any) -> None:
    from leye.office.alerts.models import Alert

    address = address.format(alert=Alert.objects.get(unique_id=H_ID).pk, run=city.run_id)
    holders = PERMISSIONS[permission]
    assert signed_in("analyst").get(address).status_code == 200
    refused = signed_in("worker").get(address)
    assert refused.status_code == 403
    assert "这一步不在您的职责里" in refused.content.decode()
    stranger = client.get(address)
    assert stranger.status_code == 302 and stranger["Location"].startswith("/login?next=")
    assert "analyst" in holders and "worker" not in holders


@pytest.mark.parametrize("address", OPEN)
def test_open_pages_answer_strangers_before_the_first_run(address: str, client: Any, db: None) -> None:
    assert client.get(address).status_code == 200


WORK = ("cockpit", "alerts", "alert", "plans", "plan", "series", "data", "reports", "report")
"""First part of the names of the pages that this table walks; the other rooms' pages are walked by their own tests, all of them by tests/security."""


def test_every_page_of_this_list_is_every_page(city: Any) -> None:
    from leye.site.urls import urlpatterns

    gets = {p.name for p in urlpatterns if getattr(p, "name", None) and p.name.split("-")[0] in WORK} - {
        "alert-assign", "alert-undo", "alert-start", "alert-step", "alert-close", "alert-false", "data-correct", "data-replay", "report-download",
        "data-requests", "data-requests-csv", "data-request",
        "alert-replays", "alert-replay", "alert-replay-csv", "alert-replay-run", "alert-replay-take-in", "alert-drill", "alert-drill-step",
    }  # fmt: skip
    assert gets == {
        "cockpit", "cockpit-csv", "alerts", "alerts-csv", "alert", "plans", "plan", "series-index", "series", "series-csv", "data", "data-csv",
        "reports", "report",
    }  # fmt: skip


def test_a_counsellor_of_another_district_does_not_learn_that_an_alert_exists(city: Any, signed_in: Any) -> None:
    from leye.office.alerts.models import Alert

    alert = Alert.objects.get(unique_id="postings/440605/H/all/all")
    assert signed_in("counsellor", region="440605").get(f"/alerts/{alert.pk}").status_code == 200
    other = signed_in("counsellor", region="440606").get(f"/alerts/{alert.pk}")
    nobody = signed_in("counsellor", region="440606").get("/alerts/00000000-0000-7000-8000-000000000000")
    assert other.status_code == nobody.status_code == 404


@pytest.mark.parametrize("address", ["/cockpit", "/alerts", "/series", "/data", "/plans", "/reports"])
def test_before_the_first_run_pages_say_what_to_do(address: str, signed_in: Any) -> None:
    answer = signed_in("analyst").get(address)
    assert answer.status_code == 200
    assert any(text in answer.content.decode() for text in ("还没有跑过数据", "没有待处置的预警", "政策储备里有"))


def test_wrong_addresses_and_unknown_things_are_said_in_words(city: Any, signed_in: Any) -> None:
    analyst = signed_in("analyst")
    for address, words in [
        ("/nowhere", "没有这个页面"),
        ("/series/no%2Fsuch", "快照里没有序列"),
        ("/plans/none", "没有预案"),
        ("/reports/20200101T000000-00000000", "没有运行"),
        ("/alerts?page=999&level=purple&state=gone", "条预警等着处置"),
        ("/charts/20200101T000000-00000000?kind=fan&id=x", "旧的运行"),
    ]:
        answer = analyst.get(address)
        assert words in answer.content.decode(), address
        assert answer.status_code == (200 if address.startswith("/alerts") else 404), address
        assert "Traceback" not in answer.content.decode()
