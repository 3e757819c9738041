"""The daily list: own grids only, heaviest first, one press records, and what a card says is true when it is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from leye.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from leye.office.entitlements import contacts
from leye.office.entitlements.lists import UNWILLING_FOR, today_list
from leye.office.entitlements.models import Claim, Contact, State
from leye.office.outbox.models import AuditEntry, OutboxEvent
from leye.office.privacy.models import ReadAccess
from tests_support.push_city import ASKED, FAR, FLEXIBLE, GRID, HIRED, JOBLESS, NEIGHBOUR, SKILLED, STORIES
from tests_support.push_office import AT, account, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(settings: Any, register: None) -> Path:
    return publish(settings)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`clock(days=1)` lets the pages' clock stand a day after the city's morning."""

    def stand(**later: int) -> None:
        for place in ("leye.site.desk.today", "leye.api.entitlements"):
            monkeypatch.setattr(f"{place}.now", lambda: AT + timedelta(**later))

    stand()
    return stand


def people(name: str = "mine", days: int = 0) -> list[str]:
    return [c.person_id for c in today_list(account(name), AT + timedelta(days=days)).open]


def signed(name: str) -> Client:
    client = Client()
    client.force_login(account(name))
    return client


def press(person: str, result: str, name: str = "mine", days: int = 0, **more: Any) -> Contact:
    return contacts.press(person, result, acting_user=account(name), at=AT + timedelta(days=days), **more)


def test_each_counsellor_has_the_own_grids_heaviest_first(city: Path) -> None:
    assert people() == [JOBLESS, FLEXIBLE, ASKED, SKILLED]
    assert people("other") == [NEIGHBOUR]
    assert people("far") == [FAR]
    assert people("unlinked") == []
    assert HIRED not in people(), "what a firm claims is on no counsellor's list"


def test_the_weights_are_those_of_the_formula(city: Path) -> None:
    cards = {c.person_id: c for c in today_list(account("mine"), AT).open}
    assert cards[JOBLESS].weight == 6 * 187_200
    assert cards[FLEXIBLE].weight == 12 * 80_000
    assert cards[SKILLED].weight == round(150_000 * (1 + 30 / 37))
    assert (cards[SKILLED].deadline, cards[SKILLED].is_new(date(2025, 8, 31))) == (date(2025, 9, 7), True)
    assert cards[ASKED].expected_fen == 0, "an unknown is no money yet"


def test_the_page_shows_name_money_question_papers_deadline_and_phone_and_records_the_look(city: Path, clock: Any) -> None:
    answer = signed("mine").get(reverse("today"))
    soup = BeautifulSoup(answer.content.decode(), "html.parser")
    cards = soup.select(".card")
    assert [c.h2.a.text for c in cards] == [STORIES[p]["name"] for p in people()]
    assert "还有 4 位要联系" in soup.h1.text
    jobless, _, asked, skilled = (c.get_text(" ", strip=True) for c in cards)
    assert "每月 1,872 元，还可领 6 个月" in jobless
    assert "tel:13800000000" in str(cards[0])
    assert "问一句：" in asked
    assert "9月7日 前申请（还有 7 天）" in skilled
    assert "证书" in skilled
    read = ReadAccess.objects.filter(purpose="daily_list")
    assert read.count() == 4
    assert {"name", "phone"} <= set(read[0].columns)
    signed("mine").get(reverse("today"))
    assert read.count() == 4, "once a day and person"


def test_no_name_and_no_phone_leaves_by_the_table_or_the_api(city: Path, clock: Any) -> None:
    for answer in (signed("mine").get(reverse("today-csv")), signed("mine").get("/api/today")):
        text = answer.content.decode()
        assert answer.status_code == 200
        assert JOBLESS in text
        assert not any(str(s["name"]) in text for s in STORIES.values())
        assert "13800000000" not in text


def test_one_press_takes_the_card_off_and_the_next_has_the_focus(city: Path, clock: Any) -> None:
    client = signed("mine")
    answer = client.post(reverse("today-press", args=[JOBLESS]), {"result": "done", "policy": "ui_benefit"})
    assert answer.status_code == 302
    page = BeautifulSoup(client.get(answer["Location"]).content.decode(), "html.parser")
    first = page.select_one(".card")
    assert (first["id"], first.has_attr("autofocus")) == (f"card-{FLEXIBLE}", True)
    assert "记下了：办了" in page.text
    assert page.select_one(f"form[action='{reverse('today-undo', args=[Contact.objects.get().pk])}']")


RESULTS = [
    ("done", [], State.CONTACTED, "told: gone until the mark says something else"),
    ("applied", [], State.APPLIED, "applied: gone for good"),
    ("no_answer", [1], None, "no answer: tomorrow"),
    ("later", [3], None, "another day: in three days"),
    ("unwilling", [UNWILLING_FOR.days], None, "unwilling: in half a year"),
]


@pytest.mark.parametrize(("result", "back", "state", "why"), RESULTS, ids=[r[0] for r in RESULTS])
def test_what_each_button_does(city: Path, result: str, back: list[int], state: State | None, why: str) -> None:
    press(JOBLESS, result)
    assert JOBLESS not in people()
    for day in back:
        assert JOBLESS not in people(days=day - 1)
        assert JOBLESS in people(days=day)
    if not back:
        assert JOBLESS not in people(days=400)
    assert [c.state for c in Claim.objects.filter(policy="ui_benefit")] == ([state] if state else [])
    assert AuditEntry.objects.filter(verb="contact.recorded").count() == 1
    assert OutboxEvent.objects.filter(name="contact.recorded").count() == 1


def test_a_press_records_who_what_when_and_names_nobody(city: Path) -> None:
    contact = press(SKILLED, "applied")
    assert (contact.grid_id, contact.policies, contact.counsellor.username) == (GRID, ["skill_up"], "mine")
    assert SKILLED not in str(vars(contact))
    claim = Claim.objects.get()
    assert SKILLED.encode() not in bytes(claim.sealed)
    assert (claim.expected_fen, claim.item, claim.applied_by.username) == (150_000, "cert:4:2024-09-08", "mine")


def test_an_unknown_is_asked_and_not_claimed(city: Path) -> None:
    press(ASKED, "applied")
    assert Claim.objects.count() == 0


def test_undo_puts_the_card_back_as_long_as_nothing_followed(city: Path) -> None:
    contact = press(JOBLESS, "applied")
    contacts.undo(contact.pk, acting_user=account("mine"), at=AT)
    assert JOBLESS in people()
    assert Claim.objects.get().state == State.WITHDRAWN
    with pytest.raises(Conflict):
        contacts.undo(contact.pk, acting_user=account("mine"), at=AT)
    again = press(JOBLESS, "applied")
    with pytest.raises(NotFound):
        contacts.undo(again.pk, acting_user=account("other"), at=AT)
    with pytest.raises(Conflict):
        contacts.undo(again.pk, acting_user=account("mine"), at=AT + timedelta(days=1))
    Claim.objects.filter(state=State.APPLIED).update(state=State.APPROVED)
    with pytest.raises(Conflict) as refused:
        contacts.undo(again.pk, acting_user=account("mine"), at=AT)
    assert refused.value.code == "E_UNDO"


def test_undoing_an_application_goes_back_to_told(city: Path) -> None:
    press(JOBLESS, "done")
    Contact.objects.update(undone_at=AT)  # the card is back for the test; the claim stays told
    applied = press(JOBLESS, "applied")
    assert [s.to_state for s in Claim.objects.get().steps.all()] == ["contacted", "applied"]
    contacts.undo(applied.pk, acting_user=account("mine"), at=AT)
    assert Claim.objects.get().state == State.CONTACTED


def test_a_changed_mark_brings_a_told_card_back(city: Path, settings: Any) -> None:
    press(SKILLED, "done")
    push = city / "snapshots"
    run = next(push.iterdir()) / "push.parquet"
    frame = pl.read_parquet(run)
    newer = pl.when(pl.col("person_id") == SKILLED).then(pl.lit(date(2025, 9, 1))).otherwise(pl.col("changed_on")).alias("changed_on")
    assert SKILLED not in people()
    frame.with_columns(newer).write_parquet(run)
    from leye.office import published

    published._held.clear()
    assert SKILLED in people()


def test_two_presses_at_once_make_one_claim(city: Path) -> None:
    press(JOBLESS, "applied")
    with pytest.raises(NotFound):
        press(JOBLESS, "applied")
    assert Claim.objects.count() == 1


def test_refusals(city: Path) -> None:
    with pytest.raises(BadInput) as refused:
        press(JOBLESS, "nonsense")
    assert refused.value.code == "E_CONTACT"
    for somebody in (NEIGHBOUR, FAR, "P99999999", ""):
        with pytest.raises(NotFound):
            press(somebody, "done")
    with pytest.raises(NotAllowed):
        press(JOBLESS, "done", name="asked")
    with pytest.raises(Conflict) as done:
        press(JOBLESS, "done", policies=["skill_up"])
    assert done.value.code == "E_CARD_DONE"


def test_a_card_says_what_the_rules_say_now(city: Path, clock: Any) -> None:
    from leye.office.entitlements.answers import state_facts
    from leye.office.entitlements.models import Source

    state_facts(ASKED, {"left_job_reason": "resigned"}, source=Source.COUNSELLOR, proof="离职证明", by=account("mine"), at=AT)
    soup = BeautifulSoup(signed("mine").get(reverse("today")).content.decode(), "html.parser")
    card = soup.select_one(f"#card-{ASKED}")
    assert "登记有变化" in card.text
    assert "失业保险金" not in card.text


def test_empty_states_say_what_to_do(settings: Any, db: None, clock: Any) -> None:
    assert "还没有分到网格" in signed("unlinked").get(reverse("today")).content.decode()
    assert "还没有跑过数据" in signed("mine").get(reverse("today")).content.decode()


def test_when_all_is_done_it_says_so(city: Path, clock: Any) -> None:
    for person in people():
        press(person, "done")
    text = signed("mine").get(reverse("today")).content.decode()
    assert "今天的都办完了" in text
    assert "今天办过的（4）" in text


def test_the_page_without_scripts_is_the_page(city: Path, clock: Any) -> None:
    soup = BeautifulSoup(signed("mine").get(reverse("today")).content.decode(), "html.parser")
    forms = soup.select(".card form")
    assert all(f["method"] == "post" and len(f.select("button[name=result]")) == 5 for f in forms)


def test_the_api_presses_and_undoes(city: Path, clock: Any) -> None:
    client = signed("mine")
    found = client.get("/api/today").json()
    assert [c["person_id"] for c in found["items"]] == people()
    answer = client.post(f"/api/today/{JOBLESS}/press", {"result": "later"}, content_type="application/json")
    assert (answer.status_code, answer.json()["again_on"]) == (200, "2025-09-04")
    assert client.post(f"/api/today/contacts/{answer.json()['id']}/undo").status_code == 200
    assert client.post(f"/api/today/{FAR}/press", {"result": "later"}, content_type="application/json").status_code == 404
