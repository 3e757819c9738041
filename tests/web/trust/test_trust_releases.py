"""Noisy releases: charged once, answered again from the record, refused over budget, sealed, shown."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from leye.kernel.errors import BadInput, NotAllowed, NotFound
from tests_support.releases import write_people

pytest.importorskip("opendp", reason="the extra `privacy` is not installed")

AT = datetime(2025, 9, 1, 1, tzinfo=UTC)


@pytest.fixture
def city(settings: Any, own_data_folder: None, db: None) -> Path:
    """The file of people."""
    return write_people(Path(settings.LEYE_DATA))


@pytest.fixture
def ask(city: Path, user_of: Any) -> Any:
    """`ask("sex", epsilon=0.5)` releases as an analyst."""
    from leye.office.privacy.releases import release

    def make(*by: str, epsilon: float = 0.5, at: datetime = AT, **where: str) -> Any:
        return release("people", by=by, where=where, epsilon=epsilon, acting_user=user_of("analyst"), at=at)

    return make


def left(at: datetime = AT, year: int = 2025) -> float:
    from leye.office.privacy.releases import budgets

    return round(next(b["left"] for b in budgets(at) if b["year"] == year), 6)


def test_row_charge_audit_event_and_leaf_are_one(ask: Any) -> None:
    from leye.office.decisions.models import SealedEvent
    from leye.office.outbox.models import AuditEntry, OutboxEvent
    from leye.office.privacy.models import Budget

    made, was_there = ask("sex", epsilon=0.5)
    sealed = SealedEvent.objects.get(leaf_index=made.leaf_index)
    assert (was_there, sealed.kind, sealed.payload["release_id"], sealed.payload["epsilon_micro"]) == (
        False,
        "privacy.released",
        str(made.pk),
        500_000,
    )
    assert Budget.objects.get(dataset="people", year=2025).spent_micro == 500_000
    assert AuditEntry.objects.get(verb="privacy.released").object_id == str(made.pk)
    assert OutboxEvent.objects.get(name="privacy.released").payload["release_id"] == str(made.pk)
    assert [row[0] for row in made.cells] == ["M", "F", "unknown"]


def test_noise_is_near_the_truth_and_the_log_holds_no_count(ask: Any) -> None:
    from leye.office.decisions.models import SealedEvent

    made, _ = ask("sex", epsilon=1.0)
    truth = {"M": 160 - 1, "F": 240, "unknown": 1}
    assert all(abs(n - truth[sex]) < 60 for sex, n in made.cells)  # scale 2: 60 is thirty scales away, about 1e-13
    assert all(str(row) not in str(SealedEvent.objects.get(leaf_index=made.leaf_index).payload) for row in made.cells)


def test_an_equal_question_is_answered_from_the_record(ask: Any) -> None:
    first, _ = ask("sex", "region", epsilon=0.5)
    again, was_there = ask("region", "sex", epsilon=0.5)  # the order of groups is no other question
    less, less_was_there = ask("sex", "region", epsilon=0.1)
    assert (again.pk, was_there, less.pk, less_was_there, left()) == (first.pk, True, first.pk, True, 1.5)


def test_more_epsilon_is_another_release_and_so_are_new_data(ask: Any, city: Path) -> None:
    first, _ = ask("sex", epsilon=0.2)
    better, was_there = ask("sex", epsilon=0.5)
    assert (better.pk != first.pk, was_there, left()) == (True, False, 1.3)
    write_people(city.parent.parent, [{"person_id": "P1", "region": "CN-440604", "sex": "F", "birth": None, "hukou_local": None}])
    newer, was_there = ask("sex", epsilon=0.1)
    assert (newer.pk not in {first.pk, better.pk}, was_there, left()) == (True, False, 1.2)


def test_over_budget_is_refused_with_what_is_left(ask: Any) -> None:
    from leye.office.privacy.models import Release
    from leye.office.privacy.releases import BudgetSpent

    for by in ("sex", "region", "hukou_local"):
        ask(by, epsilon=0.6)
    with pytest.raises(BudgetSpent, match=r"0\.2") as refused:
        ask("age_band", epsilon=0.3)
    assert (refused.value.code, Release.objects.count(), left()) == ("E_BUDGET", 3, 0.2)
    ask("age_band", epsilon=0.2)  # exactly what is left
    assert left() == 0
    assert ask("sex", epsilon=0.6)[1]  # what was released stays to be had


def test_the_next_year_has_a_budget_of_its_own(ask: Any) -> None:
    for by in ("sex", "region"):
        ask(by, epsilon=1.0)
    next_year = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight of New Year in Beijing
    assert ask("age_band", epsilon=0.5, at=next_year)[0].budget.year == 2026
    assert left(next_year, 2026) == 1.5


def test_a_changed_pack_gives_nothing_back(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from leye.office.privacy import releases

    ask("sex", epsilon=1.0)
    richer = {code: replace(known, epsilon_micro=9_000_000) for code, known in releases.datasets_here().items()}
    monkeypatch.setattr(releases, "datasets_of", lambda region: richer)
    monkeypatch.setattr(releases, "dataset_called", lambda code, region: richer[code])
    with pytest.raises(releases.BudgetSpent):
        ask("region", epsilon=1.5)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE privacy_budget SET spent_micro = 0",
        "UPDATE privacy_budget SET total_micro = 90000000",
        "UPDATE privacy_budget SET year = 2024",
        "DELETE FROM privacy_budget",
        "DELETE FROM privacy_release",
        "UPDATE privacy_release SET epsilon_micro = 1",
        "UPDATE privacy_budget SET spent_micro = 3000000",
    ],
)
def test_the_tables_refuse_to_give_back(ask: Any, statement: str) -> None:
    ask("sex", epsilon=0.5)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_whoever_drops_the_guard_is_found_by_the_log(ask: Any) -> None:
    from importlib import import_module

    from leye.office.privacy.releases import BudgetDiffers, budgets

    undo = import_module("leye.office.privacy.migrations.0002_append_only").UNDO

    ask("sex", epsilon=0.5)
    with connection.cursor() as cursor:
        for statement in undo[connection.vendor]:
            cursor.execute(statement)
        cursor.execute("DELETE FROM privacy_release")
        cursor.execute("UPDATE privacy_budget SET spent_micro = 0")
    assert [b["agrees"] for b in budgets(AT)] == [False]
    with pytest.raises(BudgetDiffers):
        ask("region", epsilon=0.1)


def test_nothing_is_charged_when_the_leaf_fails(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from leye.office.privacy import releases
    from leye.office.privacy.models import Budget, Release

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no leaf")

    monkeypatch.setattr(releases, "seal_event", broken)
    with pytest.raises(RuntimeError):
        ask("sex")
    assert (Budget.objects.count(), Release.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("by", "where", "epsilon", "code"),
    [
        (("name",), {}, 0.5, "E_RELEASE"),
        (("sex", "sex"), {}, 0.5, "E_RELEASE"),
        (("sex",), {"sex": "F"}, 0.5, "E_RELEASE"),
        (("sex",), {"region": "' OR 1=1 --"}, 0.5, "E_RELEASE"),
        (("region", "sex", "age_band", "hukou_local"), {}, 0.5, "E_RELEASE"),
        (("sex",), {}, 0.0, "E_EPSILON"),
        (("sex",), {}, -1.0, "E_EPSILON"),
        (("sex",), {}, float("nan"), "E_EPSILON"),
        (("sex",), {}, float("inf"), "E_EPSILON"),
        (("sex",), {}, 2.5, "E_EPSILON"),
        (("sex",), {}, 0.001, "E_EPSILON"),
    ],
)
def test_bad_questions_cost_nothing(ask: Any, by: tuple[str, ...], where: dict[str, str], epsilon: float, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        ask(*by, epsilon=epsilon, **where)
    assert (refused.value.code, left()) == (code, 2.0)


def test_only_analysts_release(city: Path, user_of: Any) -> None:
    from leye.office.privacy.releases import release, release_called

    for role in ("auditor", "admin", "counsellor", "seeker"):
        with pytest.raises(NotAllowed):
            release("people", by=["sex"], epsilon=0.1, acting_user=user_of(role), at=AT)
    with pytest.raises(NotFound):
        release_called(user_of("auditor"), "0198f000-7000-7abc-8def-0123456789ab")


def test_without_the_extra_the_refusal_says_how_to_install_it(ask: Any, signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from leye.office.privacy.models import Budget
    from leye.trust.privacy import noise

    def gone() -> None:
        raise ImportError

    monkeypatch.setattr(noise, "_import", gone)
    noise.forget()
    try:
        with pytest.raises(noise.NoNoise) as refused:
            ask("sex")
        assert (refused.value.code, "leye[privacy]" in refused.value.remedy_zh, Budget.objects.count()) == ("E_EXTRA", True, 0)
        shown = signed_in("analyst").get("/releases").content.decode()
        assert "没有安装 OpenDP" in shown
        assert 'name="epsilon"' not in shown
    finally:
        monkeypatch.undo()
        noise.forget()


def test_the_page_from_form_to_table(city: Path, signed_in: Any) -> None:
    client = signed_in("analyst")
    empty = client.get("/releases").content.decode()
    assert "还剩 ε 2" in empty
    assert "还没有发布过" in empty
    assert "每格误差" in empty
    made = client.post("/releases/make", {"by": ["sex", "region", ""], "where": "hukou_local=true", "epsilon": "0.5"}, follow=True)
    text = made.content.decode()
    assert made.redirect_chain[-1][0].startswith("/releases/")
    assert all(word in text for word in ("居民 按区、性别（本地户籍 是）", "禅城区", "女", "已经发布，花了 ε 0.5"))
    again = client.post("/releases/make", {"by": ["region", "sex", ""], "where": "hukou_local=true", "epsilon": "0.5"}, follow=True)
    assert "没有再花预算" in again.content.decode()
    listed = client.get("/releases").content.decode()
    assert "还剩 ε 1.5" in listed


def test_the_page_refuses_with_words(city: Path, signed_in: Any) -> None:
    client = signed_in("analyst")
    for sent, words in (
        ({"by": ["name"], "epsilon": "0.5"}, "不能按"),
        ({"by": ["sex"], "epsilon": "abc"}, "隐私开销要在"),
        ({"by": ["sex"], "where": "region=x", "epsilon": "0.5"}, "没有这个取值"),
        ({}, "隐私开销要在"),
    ):
        refused = client.post("/releases/make", sent)
        assert (refused.status_code, words in refused.content.decode()) == (400, True), sent


def test_over_budget_on_the_page(city: Path, signed_in: Any) -> None:
    client = signed_in("analyst")
    for by in ("sex", "region"):
        client.post("/releases/make", {"by": [by], "epsilon": "1"})
    refused = client.post("/releases/make", {"by": ["age_band"], "epsilon": "0.5"})
    assert refused.status_code >= 400
    assert "只剩 0" in refused.content.decode()
    assert "用完了" in client.get("/releases").content.decode()


def test_tables_to_carry(city: Path, signed_in: Any) -> None:
    client = signed_in("analyst")
    client.post("/releases/make", {"by": ["sex"], "epsilon": "0.5"})
    rows = list(csv.DictReader(io.StringIO(client.get("/releases.csv").content.decode("utf-8-sig"))))
    assert (len(rows), json.loads(rows[0]["query"])["by"], rows[0]["epsilon"]) == (1, ["sex"], "0.5")
    cells = list(csv.DictReader(io.StringIO(client.get(f"/releases/{rows[0]['release_id']}.csv").content.decode("utf-8-sig"))))
    assert [c["sex"] for c in cells] == ["M", "F", "unknown"]
    assert {c["accuracy_95"] for c in cells} == {rows[0]["accuracy"]}


def test_others_read_but_do_not_make(city: Path, signed_in: Any) -> None:
    signed_in("analyst").post("/releases/make", {"by": ["sex"], "epsilon": "0.5"})
    for role in ("auditor", "admin"):
        client = signed_in(role)
        assert "加噪并发布" not in client.get("/releases").content.decode()
        assert client.post("/releases/make", {"by": ["sex"], "epsilon": "0.5"}).status_code == 403
    assert signed_in("seeker").get("/releases").status_code == 403


def test_without_a_city_the_page_says_what_to_do(own_data_folder: None, db: None, signed_in: Any) -> None:
    shown = signed_in("analyst").get("/releases")
    assert (shown.status_code, "还没有能发布的数据" in shown.content.decode()) == (200, True)


def test_a_person_with_two_ids_and_a_repeated_row(ask: Any, city: Path) -> None:
    """One row an id; the noise covers a person with two of them."""
    made, _ = ask("sex", epsilon=0.5)
    assert made.scale == pytest.approx(2 / 0.5)


def test_the_api_from_budget_to_cells(city: Path, signed_in: Any) -> None:
    client = signed_in("analyst")
    asked = {"by": ["sex"], "where": {"hukou_local": "true"}, "epsilon": 0.5}

    def post(**changes: Any) -> Any:
        return client.post("/api/releases", json.dumps(asked | changes), content_type="application/json")

    made, again = post().json(), post().json()
    assert (made["charged"], again["charged"], again["cells"]) == (True, False, made["cells"])
    assert made["release"]["query"] == {"dataset": "people", "by": ["sex"], "where": {"hukou_local": "true"}}
    assert client.get("/api/privacy-budgets").json()[0]["left"] == 1.5
    listed = client.get("/api/releases").json()
    assert (listed["total"], listed["items"][0]["id"]) == (1, made["release"]["id"])
    assert client.get(f"/api/releases/{made['release']['id']}").json()["cells"] == made["cells"]
    assert client.get("/api/releases/0198f000-7000-7abc-8def-0123456789ab").status_code == 404
    for changes, status, code in (
        ({"epsilon": 1.6}, 422, "E_BUDGET"),
        ({"by": ["id_number"]}, 400, "E_RELEASE"),
        ({"dataset": "x' OR '1'='1"}, 400, "E_DATASET"),
        ({"epsilon": "much"}, 422, "E_BAD_REQUEST"),
        ({"by": ["sex"] * 9}, 422, "E_BAD_REQUEST"),
    ):
        refused = post(**changes)
        assert (refused.status_code, refused.json()["code"]) == (status, code), changes


def test_the_api_refuses_who_may_not(city: Path, signed_in: Any) -> None:
    body = json.dumps({"by": ["sex"], "epsilon": 0.5})
    for role, status in (("auditor", 403), ("seeker", 403)):
        assert signed_in(role).post("/api/releases", body, content_type="application/json").status_code == status
    assert signed_in("seeker").get("/api/releases").status_code == 403
    assert signed_in("auditor").get("/api/releases").status_code == 200


SPOILT = [
    ('UPDATE privacy_release SET cells = \'[["M", 1], ["F", 2], ["unknown", 3]]\'', "a number"),
    ("UPDATE privacy_release SET epsilon_micro = 10000", "the price"),
    ('UPDATE privacy_release SET query = \'{"by":["hukou_local"],"dataset":"people","where":{}}\'', "the question"),
    ("UPDATE privacy_release SET data_sha256 = ''", "the data"),
    ("UPDATE privacy_release SET leaf_index = leaf_index + 1000", "the place"),
    ("DELETE FROM privacy_release", "taken out"),
]


@pytest.mark.parametrize(("statement", "why"), SPOILT, ids=[s[-1] for s in SPOILT])
def test_verify_names_a_changed_release(ask: Any, statement: str, why: str) -> None:
    from importlib import import_module

    from leye.office.privacy.release_checks import first_false_release

    made, _ = ask("sex", epsilon=0.5)
    assert first_false_release() is None
    with connection.cursor() as cursor:
        for undo in import_module("leye.office.privacy.migrations.0002_append_only").UNDO[connection.vendor]:
            cursor.execute(undo)
        cursor.execute(statement)
    found = first_false_release()
    assert found is not None and (found["index"], found["kind"]) == (made.leaf_index, "release_row")
