"""Objections on pages and over the API: each role sees its own, each form works without scripts, each refusal says what to do."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from leye.kernel.decision import Outcome, Subject
from leye.office.decisions.batch import BatchRun, PersonMarks, decide_batch
from leye.office.decisions.gate import decide
from leye.office.decisions.models import Decision
from leye.office.objections.actions import ask_for_more, raise_objection, take_objection, uphold
from leye.office.objections.models import Objection
from leye.office.objections.reminders import remind
from leye.office.objections.retention import erase_old_words
from leye.office.outbox.models import AuditEntry, OutboxEvent
from leye.office.privacy.models import ReadAccess
from leye.office.review.models import BreakerEvent
from leye.trust.subtree import Mark
from tests_support.decisions import ALGO, VERSION, an_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
PERSON = "P00000012"
NOW = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)
WORDS = "我那天没有拒单，平台记错了"


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The clock stands; `day(at)` moves it."""

    def move(at: datetime) -> None:
        monkeypatch.setenv("LEYE_NOW", at.isoformat())

    move(NOW)
    return move


@pytest.fixture
def worker(user_of: Callable[..., Any]) -> Any:
    found = user_of("worker", "worker")
    found.subject = PERSON
    found.save()
    return found


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def decision(worker: Any) -> Decision:
    return Decision.objects.get(pk=decide(an_offer(PERSON)).decision_id)


@pytest.fixture
def raised(worker: Any, decision: Decision) -> Objection:
    return raise_objection(decision.pk, category="wrong_facts", words=WORDS, acting_user=worker, at=NOW)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_two_clicks_from_the_outcome(worker: Any, decision: Decision) -> None:
    client = client_of(worker)
    shown = text_of(client, f"/my/decisions/{decision.pk}")
    assert f'action="/my/decisions/{decision.pk}/object"' in shown and "我要申诉" in shown
    answer = client.post(f"/my/decisions/{decision.pk}/object", {"category": "wrong_facts", "words": WORDS})
    raised = Objection.objects.get()
    assert answer["Location"] == f"/my/objections/{raised.pk}"
    page = text_of(client, answer["Location"])
    assert "等人受理" in page and WORDS in page and "还有 30 天" in page and "2025年10月1日" in page
    assert "正在办，2025年10月1日前答复您" in text_of(client, f"/my/decisions/{decision.pk}"), "the form makes room for where it stands"
    assert "您有 1 件申诉在办" in text_of(client, "/my/objections")
    assert client.get(f"/my/objections/{raised.pk}/receipt").content.startswith(b"c2sp.org/tlog-proof@v1")


def test_a_refusal_keeps_what_was_written(worker: Any, decision: Decision) -> None:
    client = client_of(worker)
    answer = client.post(f"/my/decisions/{decision.pk}/object", {"category": "unfair", "words": "不"})
    page = answer.content.decode()
    assert answer.status_code == 400 and "还没写清楚哪里不对" in page and "至少写 4 个字" in page
    assert '<option value="unfair" selected>' in page and ">不</textarea>" in page and "<details open>" in page
    assert client.post(f"/my/decisions/{decision.pk}/object", {"category": "nonsense", "words": WORDS}).status_code == 400
    assert Objection.objects.count() == 0


def test_the_words_are_text_and_never_markup(worker: Any, decision: Decision) -> None:
    client = client_of(worker)
    client.post(f"/my/decisions/{decision.pk}/object", {"category": "other", "words": "<script>alert(1)</script>"})
    page = text_of(client, f"/my/objections/{Objection.objects.get().pk}")
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


def test_somebody_elses_is_not_found_whatever_is_asked(user_of: Callable[..., Any], decision: Decision, raised: Objection) -> None:
    other = user_of("seeker", "seeker")
    other.subject = "P00000099"
    other.save()
    client, nobody = client_of(other), uuid4()
    for name in (decision.pk, nobody):
        answers = client.post(f"/my/decisions/{name}/object", {"category": "other", "words": WORDS}), client.get(f"/my/decisions/{name}")
        assert [a.status_code for a in answers] == [404, 404]
    for name in (raised.pk, nobody):
        assert client.get(f"/my/objections/{name}").status_code == 404
        assert client.get(f"/my/objections/{name}/receipt").status_code == 404
        assert client.post(f"/my/objections/{name}/answer", {"words": WORDS}).status_code == 404
        assert client.post(f"/my/objections/{name}/withdraw").status_code == 404
        assert client.get(f"/api/my/objections/{name}").status_code == 404
    assert "您还没有申诉过" in text_of(client, "/my/objections")
    assert Objection.objects.count() == 1


def test_the_desk_takes_asks_and_corrects(user_of: Callable[..., Any], worker: Any, raised: Objection) -> None:
    desk, mine = client_of(user_of("counsellor", "counsellor")), client_of(worker)
    assert "1 件申诉在办" in text_of(desk, "/objections")
    shown = text_of(desk, f"/objections/{raised.pk}")
    assert WORDS in shown and "320 米" in shown and "受理" in shown
    assert ReadAccess.objects.get().purpose == "objection", "what the desk reads is recorded"
    desk.post(f"/objections/{raised.pk}/take")
    desk.post(f"/objections/{raised.pk}/ask", {"words": "哪一天的单？"})
    assert "哪一天的单？" in text_of(mine, f"/my/objections/{raised.pk}")
    mine.post(f"/my/objections/{raised.pk}/answer", {"words": "八月三十一日上午"})
    assert "八月三十一日上午" in text_of(desk, f"/objections/{raised.pk}")
    answer = desk.post(
        f"/objections/{raised.pk}/correct", {"outcome": "offered_premium", "code": "tier_line_met", "words": "核对后达到公布线", "misjudged": "1"}
    )
    assert answer.status_code == 302
    raised.refresh_from_db()
    new = raised.decided_as
    assert new is not None and (raised.state, new.outcome, new.follows_id) == ("corrected", "offered_premium", raised.decision_id)
    assert "已更正" in text_of(mine, f"/my/objections/{raised.pk}") and str(new.pk) in text_of(mine, f"/my/objections/{raised.pk}")
    assert str(raised.decision_id) in text_of(mine, f"/my/decisions/{new.pk}"), "the new decision links to the old"
    assert str(new.pk) in text_of(mine, f"/my/decisions/{raised.decision_id}"), "and the old to the new"
    assert BreakerEvent.objects.get().verb == "misjudged"
    verbs = ["raised", "taken", "asked", "answered", "corrected"]
    assert list(raised.steps.values_list("verb", flat=True)) == verbs
    assert list(AuditEntry.objects.filter(verb__startswith="objection.").order_by("id").values_list("verb", flat=True)) == [
        f"objection.{v}" for v in verbs
    ]
    assert OutboxEvent.objects.filter(name__startswith="objection.").count() == len(verbs)


def test_a_correction_to_the_same_is_refused_on_the_page(user_of: Callable[..., Any], raised: Objection) -> None:
    desk = client_of(user_of("counsellor", "counsellor"))
    desk.post(f"/objections/{raised.pk}/take")
    answer = desk.post(f"/objections/{raised.pk}/correct", {"outcome": "offered", "words": "没有变化的更正"})
    assert answer.status_code == 400 and "和原来一样" in answer.content.decode()
    answer = desk.post(f"/objections/{raised.pk}/correct", {"outcome": "nonsense", "words": "没有这样的结果"})
    assert answer.status_code == 400
    assert Decision.objects.count() == 1


def test_a_late_one_is_red_and_counted(user_of: Callable[..., Any], raised: Objection, day: Callable[[datetime], None]) -> None:
    desk = client_of(user_of("counsellor", "counsellor"))
    assert "lamp-green" in text_of(desk, "/objections")
    day(NOW + timedelta(days=20))
    assert "lamp-yellow" in text_of(desk, "/objections")
    day(NOW + timedelta(days=30))
    last = text_of(desk, "/objections")
    assert "lamp-orange" in last and "还有 0 天" in last, "the thirtieth day is still in time"
    day(NOW + timedelta(days=31))
    late = text_of(desk, "/objections")
    assert "lamp-red" in late and "1 件申诉过了期限" in late and "晚了 1 天" in late


def test_another_district_sees_it_when_it_is_escalated(user_of: Callable[..., Any], raised: Objection) -> None:
    elsewhere = client_of(user_of("counsellor", "far", region="440606"))
    assert elsewhere.get(f"/objections/{raised.pk}").status_code == 404
    assert elsewhere.post(f"/objections/{raised.pk}/take").status_code == 404
    remind(NOW + timedelta(days=28))
    page = text_of(elsewhere, f"/objections/{raised.pk}")
    assert "到二十八天，全市可见" in page
    assert "快到期，已上报" in text_of(elsewhere, "/objections")


def test_the_auditor_reads_and_acts_on_nothing(user_of: Callable[..., Any], raised: Objection) -> None:
    auditor = client_of(user_of("auditor", "auditor"))
    page = text_of(auditor, f"/objections/{raised.pk}")
    assert "<form" not in page.split("<main")[1]
    for verb in ("take", "ask", "return", "uphold", "correct"):
        assert auditor.post(f"/objections/{raised.pk}/{verb}", {"words": "审计员来办"}).status_code == 403


def test_the_table_names_nobody_but_the_handler(user_of: Callable[..., Any], worker: Any, raised: Objection) -> None:
    counsellor = user_of("counsellor", "counsellor")
    take_objection(raised.pk, acting_user=counsellor, at=NOW)
    answer = client_of(counsellor).get("/objections.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(r["objection_id"], r["state"], r["due_on"], r["handler"]) for r in rows] == [(str(raised.pk), "taken", "2025-10-01", str(counsellor))]
    for secret in (WORDS, PERSON, str(worker)):
        assert secret not in answer.content.decode()
    own = client_of(worker).get("/my/objections.csv")
    assert str(raised.pk) in own.content.decode() and "attachment" in own["Content-Disposition"]


FILTERS = ["' OR 1=1 --", "raised' UNION SELECT password FROM accounts_user --", "\x00", "%00", "<script>"]


@pytest.mark.parametrize("evil", FILTERS)
def test_filters_are_no_way_in(evil: str, user_of: Callable[..., Any], raised: Objection) -> None:
    desk = client_of(user_of("counsellor", "counsellor"))
    for address in ("/objections", "/objections.csv", "/review", "/breakers"):
        answer = desk.get(address, {"state": evil, "mine": evil, "page": evil})
        assert answer.status_code in {200, 403}, "a counsellor has no breakers; nothing breaks"
        assert b"md5$" not in answer.content and b"pbkdf2" not in answer.content and b"<script>" not in answer.content


def test_an_item_of_a_batch_is_corrected_by_itself(user_of: Callable[..., Any], worker: Any) -> None:
    marks = (Mark("O00000001", Outcome("offered", None, 500), ("nearest",)), Mark("O00000002", Outcome("withheld"), ("another_nearer",)))
    person = PersonMarks(Subject("person", PERSON), marks, {"O00000001": {"hour": 8}, "O00000002": {"hour": 9, "distance_m": 40}})
    decide_batch(BatchRun(ALGO, VERSION, "dispatch", ("hour", "distance_m"), "r1", NOW), [person])
    batch, mine = Decision.objects.get(), client_of(worker)
    assert '<option value="O00000002">O00000002 · 未派' in text_of(mine, f"/my/decisions/{batch.pk}")
    mine.post(f"/my/decisions/{batch.pk}/object", {"category": "wrong_facts", "words": WORDS, "item": "O00000002"})
    raised, desk = Objection.objects.get(), client_of(user_of("analyst", "analyst"))
    desk.post(f"/objections/{raised.pk}/take")
    page = text_of(desk, f"/objections/{raised.pk}")
    assert "未派 · O00000002" in page and '<option value="withheld">' not in page, "the old outcome is no correction"
    desk.post(f"/objections/{raised.pk}/correct", {"outcome": "offered", "code": "nearest", "words": "当时离得最近，应当派给"})
    new = Decision.objects.exclude(pk=batch.pk).get()
    assert (new.outcome, new.follows_id, new.kind) == ("offered", batch.pk, "decision")
    assert "40" in text_of(mine, f"/my/decisions/{new.pk}")


def test_the_api_does_the_same(user_of: Callable[..., Any], worker: Any, decision: Decision) -> None:
    mine, desk = client_of(worker), client_of(user_of("counsellor", "counsellor"))
    made = mine.post(f"/api/my/decisions/{decision.pk}/object", {"category": "human_wanted"}, "application/json").json()
    assert (made["state"], made["due_on"], made["may"]) == ("raised", "2025-10-01", ["answer", "withdraw"])
    again = mine.post(f"/api/my/decisions/{decision.pk}/object", {"category": "other", "words": WORDS}, "application/json")
    assert (again.status_code, again.json()["code"]) == (409, "E_OBJECTION_OPEN")
    name = made["id"]
    assert [o["id"] for o in desk.get("/api/objections").json()["items"]] == [name]
    assert desk.post(f"/api/objections/{name}/take").json()["may"] == ["correct", "uphold", "ask", "return"]
    done = desk.post(f"/api/objections/{name}/uphold", {"text": "人看过了，结果一样", "reason_code": "nearest"}, "application/json").json()
    new = Decision.objects.get(pk=done["new_decision_id"])
    assert (done["state"], new.outcome, new.follows_id) == ("upheld", decision.outcome, decision.pk), "a person decided it anew"
    assert mine.get(f"/api/my/objections/{name}").json()["steps"][-1]["words"] == "人看过了，结果一样"
    late = desk.post(f"/api/objections/{name}/correct", {"text": WORDS, "outcome": "withheld"}, "application/json")
    assert (late.status_code, late.json()["code"]) == (409, "E_OBJECTION_STEP")


def test_the_person_takes_it_back(worker: Any, user_of: Callable[..., Any], raised: Objection) -> None:
    counsellor = user_of("counsellor", "counsellor")
    take_objection(raised.pk, acting_user=counsellor, at=NOW)
    ask_for_more(raised.pk, question="请补充当天的截图", acting_user=counsellor, at=NOW)
    mine = client_of(worker)
    assert mine.post(f"/my/objections/{raised.pk}/withdraw").status_code == 302
    assert "本人撤回" in text_of(mine, f"/my/objections/{raised.pk}")
    refused = client_of(counsellor).post(f"/objections/{raised.pk}/uphold", {"words": "晚了一步的答复"})
    assert refused.status_code == 409 and "本人撤回" in refused.content.decode()
    assert mine.post(f"/my/objections/{raised.pk}/answer", {"words": WORDS}).status_code == 409


def test_words_go_when_their_time_is_over(worker: Any, user_of: Callable[..., Any], raised: Objection) -> None:
    counsellor = user_of("counsellor", "counsellor")
    take_objection(raised.pk, acting_user=counsellor, at=NOW)
    assert erase_old_words(NOW + timedelta(days=3_000)) == 0, "not while it is open"
    uphold(raised.pk, reason="核对过，距离没有算错", acting_user=counsellor, at=NOW + timedelta(days=5))
    assert erase_old_words(NOW + timedelta(days=3 * 365)) == 0, "three years at least"
    assert erase_old_words(NOW + timedelta(days=3 * 366 + 6)) == 3
    assert erase_old_words(NOW + timedelta(days=3 * 366 + 6)) == 0
    page = text_of(client_of(worker), f"/my/objections/{raised.pk}")
    assert WORDS not in page and "提出申诉" in page and "维持原决定" in page, "the course stays"
    assert client_of(worker).get(f"/my/objections/{raised.pk}/receipt").status_code == 200
