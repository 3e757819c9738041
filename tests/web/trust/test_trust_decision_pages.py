"""Pages of decisions: one's own with reasons and receipt, the auditor's replay, and verification that needs neither login nor database."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leye.kernel.decision import Outcome, Subject
from leye.office.decisions.batch import BatchRun, PersonMarks, decide_batch
from leye.office.decisions.erase import erase
from leye.office.decisions.gate import decide
from leye.office.decisions.heads import pinned_keys
from leye.office.decisions.models import Decision
from leye.office.decisions.receipts import receipt_of
from leye.trust.receipts import check_receipt
from leye.trust.subtree import Mark
from tests_support.decisions import ALGO, AT, VERSION, an_offer

MINE, OTHER = "P00000012", "P00000013"


@pytest.fixture
def worker(register: None, signed_in: Callable[..., Client]) -> Client:
    """A rider who stands for P00000012."""
    return signed_in("worker", subject=MINE)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_list_shows_one_s_own_newest_first(worker: Client) -> None:
    first, second, other = decide(an_offer(MINE)), decide(an_offer(MINE, outcome=Outcome("withheld"))), decide(an_offer(OTHER))
    page = text_of(worker.get(reverse("my-decisions")))
    assert "关于您，一共有 2 条决定" in page and "未派" in page
    assert page.index(str(second.decision_id)) < page.index(str(first.decision_id))
    assert str(other.decision_id) not in page
    csv = text_of(worker.get(reverse("my-decisions-csv")))
    assert csv.count("\n") == 3 and str(first.decision_id) in csv


def test_the_page_says_why_from_what_and_offers_objection_and_receipt(worker: Client) -> None:
    sealed = decide(an_offer(MINE))
    page = text_of(worker.get(reverse("my-decision", args=[sealed.decision_id])))
    for said in ("派给", "离取货点最近，320 米", "报送的规则说明 platform.dispatch", "接单片区", "440605-01", "申诉", "下载回执", "佛运达"):
        assert said in page, said
    assert "25-44" not in page, "protected attributes are not part of it"


def test_receipt_and_opening_are_files_that_check(worker: Client) -> None:
    sealed = decide(an_offer(MINE))
    receipt = worker.get(reverse("my-receipt", args=[sealed.decision_id]))
    assert receipt["Content-Disposition"].endswith('.tlog-proof"')
    opening = json.loads(text_of(worker.get(reverse("my-opening", args=[sealed.decision_id]))))
    assert check_receipt(text_of(receipt), pinned_keys(), opening).index == sealed.leaf_index


def test_somebody_else_s_decision_is_not_found_in_any_form(worker: Client) -> None:
    other = decide(an_offer(OTHER))
    for name in ("my-decision", "my-receipt", "my-opening"):
        assert worker.get(reverse(name, args=[other.decision_id])).status_code == 404


def test_a_batch_shows_its_outcomes(worker: Client) -> None:
    marks = tuple(Mark(f"O{i:08d}", Outcome("offered", -5.0, 62_000 + i), ("nearest",)) for i in range(60))
    decide_batch(BatchRun(ALGO, VERSION, "dispatch", ("zone",), "r1", AT), [PersonMarks(Subject("person", MINE), marks, {"zone": "x"})])
    row = Decision.objects.get(run_id="r1")
    assert "60 项结果" in text_of(worker.get(reverse("my-decisions")))
    page = text_of(worker.get(reverse("my-decision", args=[row.pk])))
    assert ">O00000049</th>" in page and ">O00000050</th>" not in page and "只列出前 50 项" in page
    assert "{distance_m}" not in page, "a batch shows the words without figures"


def test_erased_and_corrected_are_said(worker: Client, user_of: Callable[..., Any]) -> None:
    sealed = decide(an_offer(MINE))
    corrected = decide(an_offer(MINE, outcome=Outcome("offered_premium"), follows=str(sealed.decision_id)))
    page = text_of(worker.get(reverse("my-decision", args=[sealed.decision_id])))
    assert "这条决定已经更正" in page and str(corrected.decision_id) in page
    erase(str(sealed.decision_id), ground="本人申请 17 号", acting_user=user_of("admin", "admin"), at=AT)
    assert worker.get(reverse("my-decision", args=[sealed.decision_id])).status_code == 404, "nobody's any more, the log has it"


def test_an_account_without_a_file_is_told_what_to_do(register: None, signed_in: Callable[..., Client]) -> None:
    assert "带身份证" in text_of(signed_in("seeker").get(reverse("my-decisions")))


def test_replay_by_number_and_its_refusal(register: None, signed_in: Callable[..., Client]) -> None:
    sealed = decide(an_offer(MINE))
    auditor = signed_in("auditor")
    assert "重看那条决定" in text_of(auditor.get(reverse("replay-index")))
    found = auditor.get(reverse("replay-index"), {"number": str(sealed.leaf_index)})
    assert found["Location"] == reverse("replay", args=[sealed.decision_id])
    page = text_of(auditor.get(found["Location"]))
    for said in ("回放一致，证明有效", "320", "25-44", "没有外面的见证"):
        assert said in page, said
    assert check_receipt(text_of(auditor.get(reverse("replay-receipt", args=[sealed.decision_id]))), pinned_keys()).index == sealed.leaf_index
    refused = auditor.get(reverse("replay-index"), {"number": "0' OR 1=1 --"})
    assert refused.status_code == 404 and "没有找到" in text_of(refused)


def test_verification_needs_neither_login_nor_database(register: None, client: Client, django_assert_num_queries: Any) -> None:
    receipt = receipt_of(str(decide(an_offer(MINE)).decision_id))
    with django_assert_num_queries(0):
        assert "核对一份回执" in text_of(client.get(reverse("verify")))
        sound = client.post(reverse("verify"), {"receipt": receipt.replace("\n", "\r\n")})
        assert sound.status_code == 200 and "回执是真的" in text_of(sound) and "platform.dispatch" in text_of(sound)
        upload = BytesIO(receipt.encode())
        upload.name = "x.tlog-proof"
        assert "回执是真的" in text_of(client.post(reverse("verify"), {"file": upload}))
        own = client.post(reverse("verify"), {"receipt": receipt, "keys": pinned_keys()[0].text()})
        assert "回执是真的" in text_of(own)


SPOILT = [
    (lambda r: "", "还没有放回执"),
    (lambda r: "hello", "这不是回执"),
    (lambda r: r.replace("index ", "index 0"), "这不是回执"),
    (lambda r: r[:-20] + "A" * 19 + "\n", ""),
    (lambda r: "<script>alert(1)</script>" + r, "这不是回执"),
]


@pytest.mark.parametrize(("spoil", "said"), SPOILT, ids=["empty", "a word", "leading zero", "signature", "markup"])
def test_a_spoilt_receipt_is_refused_in_words(spoil: Callable[[str], str], said: str, register: None, client: Client) -> None:
    receipt = receipt_of(str(decide(an_offer(MINE)).decision_id))
    answer = client.post(reverse("verify"), {"receipt": spoil(receipt)})
    assert answer.status_code in {400, 409, 422}
    page = text_of(answer)
    assert "回执是真的" not in page and said in page and "<script>alert" not in page


def test_a_receipt_of_another_log_and_a_bad_key_are_refused(register: None, client: Client) -> None:
    from leye.trust.notes import SigningKey

    receipt = receipt_of(str(decide(an_offer(MINE)).decision_id))
    foreign = SigningKey.draw(pinned_keys()[0].name, b"\x07" * 32).verifier.text()
    assert "回执是真的" not in text_of(client.post(reverse("verify"), {"receipt": receipt, "keys": foreign}))
    assert client.post(reverse("verify"), {"receipt": receipt, "keys": "nonsense"}).status_code in {400, 422}


def test_the_api_says_what_the_pages_say(worker: Client, signed_in: Callable[..., Client]) -> None:
    mine, other = decide(an_offer(MINE)), decide(an_offer(OTHER))
    listed = worker.get("/api/my/decisions").json()
    assert (listed["total"], listed["items"][0]["id"]) == (1, str(mine.decision_id))
    detail = worker.get(f"/api/my/decisions/{mine.decision_id}").json()
    assert detail["reasons"][0]["code"] == "nearest" and detail["inputs"]["zone"] == "440605-01" and not detail["is_erased"]
    assert worker.get(f"/api/my/decisions/{other.decision_id}").status_code == 404
    assert check_receipt(text_of(worker.get(f"/api/my/decisions/{mine.decision_id}/receipt")), pinned_keys()).index == mine.leaf_index
    replayed = signed_in("auditor").get(f"/api/decisions/{other.leaf_index}/replay").json()
    assert replayed["is_equal"] and replayed["record"]["algo"] == ALGO and replayed["size"] == other.leaf_index + 1
    assert worker.get(f"/api/decisions/{mine.leaf_index}/replay").status_code == 403


def test_the_signed_head_is_public(register: None, client: Client) -> None:
    sealed = decide(an_offer(MINE))
    head = client.get("/api/public/log").json()
    assert head["checkpoint"].split("\n")[1] == str(sealed.leaf_index + 1)
    assert head["keys"] == [key.text() for key in pinned_keys()]
