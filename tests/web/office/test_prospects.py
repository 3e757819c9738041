"""Profiles in the institution: sealed before they are shown, bound to the grid, overridden with a reason, opted out of, judged by the analyst."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from leye.kernel.decision import Subject
from leye.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from leye.lake import open_lake
from leye.office.decisions.models import Decision
from leye.office.decisions.queries import evidence_of
from leye.office.decisions.refusals import GateRefused
from leye.office.decisions.subjects import subject_key
from leye.office.entitlements.lists import today_list
from leye.office.nightly.risk_step import write_risk
from leye.office.outbox.models import AuditEntry, OutboxEvent
from leye.office.privacy.models import ReadAccess
from leye.office.prospects import actions, queries
from leye.office.prospects.models import OptOut, Override, ProfileRun
from leye.office.prospects.sealing import ALGO, seal_profiles
from leye.office.registry.models import Version

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(settings: Any, register: None, city_data: Path) -> Path:
    """The published city, its profiles sealed with the test's own keys."""
    folder = Path(settings.LEYE_DATA)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("city", "snapshots"):
        shutil.copytree(city_data / name, folder / name)
    shutil.copy(city_data / "published.json", folder)
    return folder


def run_of(city: Path) -> str:
    published = open_lake(city).published()
    assert published is not None
    return published.run_id


@pytest.fixture
def sealed(city: Path) -> pl.DataFrame:
    """The table of profiles, sealed."""
    assert seal_profiles(open_lake(city), run_of(city)) > 0
    return open_lake(city).scan("risk").collect()


@pytest.fixture
def someone(city: Path, sealed: pl.DataFrame) -> dict[str, Any]:
    """Somebody registered unemployed at attention or priority, with counsellor and district."""
    people = pl.read_parquet(city / "city" / "people.parquet").select("person_id", "grid_id")
    grids = pl.read_parquet(city / "city" / "grids.parquet").select("grid_id", "counsellor_id")
    rows = sealed.join(people, on="person_id").join(grids, on="grid_id").filter(pl.col("level") != "ordinary", pl.col("question") == "no_job")
    return rows.sort("person_id").row(0, named=True)


@pytest.fixture
def counsellor(someone: dict[str, Any], user_of: Callable[..., Any]) -> Any:
    return user_of("counsellor", "grid", region=someone["region"].removeprefix("CN-"), subject=someone["counsellor_id"])


@pytest.fixture
def person(someone: dict[str, Any], user_of: Callable[..., Any]) -> Any:
    return user_of("seeker", "person", region=someone["region"].removeprefix("CN-"), subject=someone["person_id"])


def signed(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_profile_is_sealed_once_with_reasons_and_groups_apart(city: Path, sealed: pl.DataFrame) -> None:
    rows = Decision.objects.filter(algo=ALGO)
    assert rows.count() == sealed["person_id"].n_unique()
    seen = evidence_of(rows.first())
    assert seen is not None and all(m[4] for m in seen.marks), "every outcome says why"
    assert "sex" not in str(seen.inputs)
    assert seal_profiles(open_lake(city), run_of(city)) == 0, "sealing again changes nothing"


def test_what_the_gate_refuses_is_not_shown(city: Path, user_of: Callable[..., Any]) -> None:
    Version.objects.filter(algo=ALGO).update(state="suspended")
    with pytest.raises(GateRefused):
        seal_profiles(open_lake(city), run_of(city))
    some = open_lake(city).scan("risk").collect()["person_id"].to_list()[:50]
    assert ProfileRun.objects.count() == 0
    assert queries.prospects_of(some) == {}


def test_the_list_is_of_the_own_grids_most_urgent_first_and_the_look_is_recorded(
    counsellor: Any, someone: dict[str, Any], user_of: Callable[..., Any]
) -> None:
    found = queries.help_list(counsellor)
    assert someone["person_id"] in [p.person_id for p in found]
    assert [p.rank for p in found] == sorted((p.rank for p in found), reverse=True)
    assert all(p.level != "ordinary" for p in found)
    assert queries.help_list(user_of("counsellor", "elsewhere", region="440607", subject="C99999999")) == []
    answer = signed(counsellor).get(reverse("help-list"))
    assert answer.status_code == 200
    assert ReadAccess.objects.filter(reader=counsellor, purpose="daily_list").exists()
    table = signed(counsellor).get(reverse("help-list-csv")).content.decode()
    assert someone["person_id"] in table


def test_the_persons_page_shows_level_and_reasons_and_records_it(counsellor: Any, someone: dict[str, Any]) -> None:
    answer = signed(counsellor).get(reverse("person", args=[someone["person_id"]]))
    text = BeautifulSoup(answer.content.decode(), "html.parser").get_text()
    assert "失业风险（提醒）" in text and "由您判断" in text
    assert ReadAccess.objects.filter(reader=counsellor, columns=["unemployment_risk"]).exists()


def test_an_override_needs_a_reason_stands_alone_and_can_be_taken_back(counsellor: Any, someone: dict[str, Any], at: datetime) -> None:
    who = someone["person_id"]
    other = "ordinary"
    for level, reason, code in (("nix", "有把握", "E_RISK_LEVEL"), (other, "好", "E_REASON")):
        with pytest.raises(BadInput) as refused:
            actions.override(who, "no_job", level=level, reason=reason, acting_user=counsellor, at=at)
        assert refused.value.code == code
    with pytest.raises(Conflict):
        actions.override(who, "no_job", level=someone["level"], reason="已经面试通过", acting_user=counsellor, at=at)
    made = actions.override(who, "no_job", level=other, reason="已经面试通过，下周上班", acting_user=counsellor, at=at)
    assert queries.prospects_of([who])[who][0].level == other
    assert (made.decision.algo, made.machine_level) == (ALGO, someone["level"])
    with pytest.raises(Conflict) as twice:
        actions.override(who, "no_job", level="priority", reason="另有情况", acting_user=counsellor, at=at)
    assert twice.value.code == "E_RISK_STANDING"
    actions.undo(made.pk, acting_user=counsellor, at=at)
    assert queries.prospects_of([who])[who][0].level == someone["level"]
    with pytest.raises(Conflict):
        actions.undo(made.pk, acting_user=counsellor, at=at)
    assert list(AuditEntry.objects.filter(object_kind="override").order_by("id").values_list("verb", flat=True)) == [
        "risk.overridden",
        "risk.override_undone",
    ]
    assert OutboxEvent.objects.filter(name__startswith="risk.overrid").count() == 2


def test_overrides_of_other_grids_and_by_other_roles_are_refused(someone: dict[str, Any], user_of: Callable[..., Any], at: datetime) -> None:
    stranger = user_of("counsellor", "stranger", region=someone["region"].removeprefix("CN-"), subject="C99999999")
    with pytest.raises(NotFound):
        actions.override(someone["person_id"], "no_job", level="ordinary", reason="没有看过这个人", acting_user=stranger, at=at)
    with pytest.raises(NotAllowed):
        actions.override(someone["person_id"], "no_job", level="ordinary", reason="没有看过这个人", acting_user=user_of("analyst"), at=at)
    assert Override.objects.count() == 0


def test_the_form_on_the_persons_page_changes_and_undoes(counsellor: Any, someone: dict[str, Any]) -> None:
    client, who = signed(counsellor), someone["person_id"]
    refused = client.post(reverse("risk-override", args=[who]), {"question": "no_job", "level": "ordinary", "reason": "好"})
    assert refused.status_code == 400 and "没有写改级的理由" in refused.content.decode()
    done = client.post(reverse("risk-override", args=[who]), {"question": "no_job", "level": "ordinary", "reason": "已经面试通过"})
    assert done.status_code == 302
    assert "已经面试通过" in client.get(reverse("person", args=[who])).content.decode()
    assert client.post(reverse("risk-undo", args=[who, Override.objects.get().pk])).status_code == 302


def test_the_own_page_says_what_it_is_for_and_names_no_protected_attribute(person: Any, someone: dict[str, Any]) -> None:
    page = BeautifulSoup(signed(person).get(reverse("my-outlook")).content.decode(), "html.parser")
    text = page.get_text()
    assert "绝不能做什么" in text and "不会让您少一项政策" in text and "退出" in text
    assert page.find("a", href=lambda h: h and h.startswith("/my/decisions/")), "the way to object"
    assert queries.own_prospects(person)[0][0].decision.subject_key == subject_key(Subject("person", someone["person_id"]))


def test_opting_out_hides_at_once_and_the_next_night_computes_nothing(
    person: Any, someone: dict[str, Any], counsellor: Any, city: Path, at: datetime
) -> None:
    before = [c.person_id for c in today_list(counsellor, at).open]
    actions.opt_out(acting_user=person, at=at)
    assert queries.own_prospects(person) == ([], True)
    assert someone["person_id"] not in [p.person_id for p in queries.help_list(counsellor)]
    assert set(before) == {c.person_id for c in today_list(counsellor, at).open}, "nobody loses a card by opting out"
    with pytest.raises(Conflict):
        actions.opt_out(acting_user=person, at=at)
    assert "恢复提示" in signed(person).get(reverse("my-outlook")).content.decode()
    lake = open_lake(city)
    with lake.begin("20250902T010000-00000000", at=at, on="2025-08-31", code_hash="x") as run:
        assert write_risk(city, run, datetime(2025, 8, 31).date())
        assert someone["person_id"] not in run.scan("risk").collect()["person_id"].to_list()
    actions.opt_in(acting_user=person, at=at)
    assert OptOut.objects.filter(back_at=None).count() == 0


def test_the_daily_list_keeps_everybody_whatever_the_levels(counsellor: Any, at: datetime) -> None:
    with_levels = {c.person_id for c in today_list(counsellor, at).open}
    ProfileRun.objects.all().delete()
    assert {c.person_id for c in today_list(counsellor, at).open} == with_levels


def test_the_analyst_sees_calibration_gaps_and_overrides_and_small_groups_stay_hidden(
    counsellor: Any, someone: dict[str, Any], user_of: Callable[..., Any], at: datetime
) -> None:
    actions.override(someone["person_id"], "no_job", level="ordinary", reason="已经面试通过", acting_user=counsellor, at=at)
    client = signed(user_of("analyst"))
    text = client.get(reverse("risk-quality")).content.decode()
    assert "已经面试通过" in text and someone["person_id"] not in text
    gaps = client.get(reverse("risk-csv", args=["gaps"])).content.decode()
    for line in gaps.splitlines()[1:]:
        assert not line.endswith("True") or ",,,,,," in line
    assert client.get(reverse("risk-csv", args=["nix"])).status_code == 404
    assert signed(counsellor).get(reverse("risk-quality")).status_code == 403
