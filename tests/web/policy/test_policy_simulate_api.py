"""Reforms over HTTP: the page's figures, refusals as problem details, signing by a second person."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

TEXT = "reform: 三级降到一千五\nchanges:\n  - {policy: skill_up, parameter: level3_fen, value: 150000}\n"


@pytest.fixture
def city(settings: Any, own_data_folder: None, city_data: Path, db: None) -> Path:
    data = Path(settings.LEYE_DATA)
    shutil.copytree(city_data, data, dirs_exist_ok=True)
    return data


def post(client: Any, path: str, **body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def test_simulate_keeps_nothing_and_equals_what_is_saved(city: Path, signed_in: Any) -> None:
    from leye.office.reforms.models import Scenario

    analyst = signed_in("analyst")
    found = post(analyst, "/api/reforms/simulate", text=TEXT)
    assert found.status_code == 200 and not Scenario.objects.exists()
    kept = post(analyst, "/api/reforms", text=TEXT.replace("\n", "\r\n"))
    assert kept.status_code == 200
    assert kept.json()["body"] == found.json()["body"]
    assert kept.json()["text"] == TEXT, "line ends of browsers do not make another reform"
    listed = analyst.get("/api/reforms").json()
    assert (listed["total"], listed["items"][0]["losers"]) == (1, found.json()["body"]["losers"])
    split = post(analyst, "/api/reforms/simulate", text=TEXT, by=["sex", "monthly_wage_fen_band"]).json()["body"]
    assert set(split["columns"]) == {"sex", "monthly_wage_fen_band"}
    assert split["winners"] == found.json()["body"]["winners"]


def test_refusals_are_problem_details(city: Path, signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from leye.office.reforms import simulating

    analyst = signed_in("analyst")
    bad = post(analyst, "/api/reforms/simulate", text=TEXT.replace("150000", "999000"))
    assert (bad.status_code, bad.json()["code"]) == (400, "E_CAP")
    unknown = post(analyst, "/api/reforms/simulate", text=TEXT, by=["nix"])
    assert unknown.json()["code"] == "E_COLUMN_MISSING"
    monkeypatch.setattr(simulating, "MOST_ROWS_AT_ONCE", 10)
    assert post(analyst, "/api/reforms/simulate", text=TEXT).json()["code"] == "E_TOO_MANY"
    assert post(signed_in("auditor"), "/api/reforms/simulate", text=TEXT).status_code == 403


def test_a_second_person_signs(city: Path, signed_in: Any) -> None:
    analyst, other = signed_in("analyst", username="lin"), signed_in("analyst", username="wu")
    path = f"/api/reforms/{post(analyst, '/api/reforms', text=TEXT, name='甲').json()['scenario']['id']}"
    own = post(analyst, f"{path}/sign")
    assert (own.status_code, own.json()["code"]) == (403, "E_OWN_DRAFT")
    done = post(other, f"{path}/sign").json()["scenario"]
    assert (done["state"], done["signed_by"], done["name"]) == ("signed", "wu", "甲") and done["leaf_index"] is not None
    assert post(other, f"{path}/sign").status_code == 409
    assert post(analyst, f"{path}/withdraw", reason="意见未到").json()["scenario"]["state"] == "withdrawn"
    assert analyst.get(path).json()["scenario"]["state"] == "withdrawn"


def test_an_account_of_one_district_sees_none(city: Path, signed_in: Any) -> None:
    path = f"/api/reforms/{post(signed_in('analyst'), '/api/reforms', text=TEXT).json()['scenario']['id']}"
    district = signed_in("analyst", username="district", region="440605")
    assert district.get("/api/reforms").json()["total"] == 0
    assert (district.get(path).status_code, post(district, f"{path}/sign").status_code) == (404, 404)
