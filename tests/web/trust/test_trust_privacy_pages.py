"""One's own data and who read it, the auditor's record, the desk's requests: as pages."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from bs4 import BeautifulSoup

from leye.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from leye.office.decisions.models import SealedEvent
from leye.office.outbox.models import AuditEntry, OutboxEvent
from leye.office.privacy.actions import answer_request, ask_for_change, open_request
from leye.office.privacy.models import DataRequest, ReadAccess
from leye.office.privacy.reads import read_file
from tests_support.decisions import AT
from tests_support.residents import ANN, ANN_ROW, BOB, write_people

pytestmark = pytest.mark.django_db
WORDS = "手机号早就换了，新的是 13700137000"


@pytest.fixture(autouse=True)
def people(settings: Any, own_data_folder: None) -> Path:
    """Ann and Bob."""
    return write_people(settings.LEYE_DATA)


@pytest.fixture(autouse=True, scope="module")
def compiled_catalogues() -> None:
    """English pages need the compiled catalogue."""
    from leye.site.build import compile_catalogues

    compile_catalogues()


@pytest.fixture
def ann(user_of: Callable[..., Any]) -> Any:
    return user_of("seeker", "ann", subject=ANN, region="440605")


@pytest.fixture
def counsellor(user_of: Callable[..., Any]) -> Any:
    return user_of("counsellor", "chen", region="440605", shown="陈专员", desk="南海区就业服务站")


def page_of(answer: Any, status: int = 200) -> BeautifulSoup:
    assert answer.status_code == status, answer.content.decode()[:500]
    return BeautifulSoup(answer.content.decode(), "html.parser")


def test_a_person_sees_who_looked_and_why(ann: Any, counsellor: Any, client: Any) -> None:
    read_file(ANN, "case_work", counsellor, AT)
    read_file(BOB, "identity_check", counsellor, AT)
    client.force_login(ann)
    page = page_of(client.get("/my/reads"))
    assert page.h1.text == "您的资料被看过 1 次，每一次都写明为什么"
    row = page.tbody.text
    for part in (
        "陈专员",
        "南海区就业服务站",
        "就业专员",
        "就业帮扶",
        "就业促进法",
        "待核对原文",
        "人员编号",
        str(ReadAccess.objects.first().leaf_index),
    ):
        assert part in row
    table = list(csv.DictReader(io.StringIO(client.get("/my/reads.csv").content.decode("utf-8-sig"))))
    assert [(r["reader"], r["purpose"]) for r in table] == [("陈专员", "case_work")]
    assert "phone" in table[0]["columns"].split(";")


def test_empty_states(client: Any, user_of: Callable[..., Any]) -> None:
    client.force_login(user_of("employer"))
    assert "还没有人看过您的资料" in page_of(client.get("/my/reads")).h1.text
    assert "还没有和您的档案连上" in page_of(client.get("/my/data")).text
    client.force_login(user_of("worker", subject=BOB))
    assert "都会出现在这里" in page_of(client.get("/my/reads")).text
    client.force_login(user_of("employer", "firm", subject="F00000003"))
    assert "单位账号没有个人档案" in page_of(client.get("/my/data")).text
    client.force_login(user_of("auditor"))
    assert "没有这样的读取" in page_of(client.get("/reads")).text
    client.force_login(user_of("analyst"))
    assert "没有等答复" in page_of(client.get("/data-requests")).h1.text


def test_a_person_sees_and_carries_the_whole_file(ann: Any, client: Any) -> None:
    client.force_login(ann)
    page = page_of(client.get("/my/data"))
    shown = dict(zip((t.text for t in page.select("dl.facts dt")), (d.text for d in page.select("dl.facts dd")), strict=True))
    assert shown["姓名"] == "黄秀英" and shown["低保对象"] == "是" and shown["月工资"] == "¥5,200.00" and shown["出生日期"] == "1990年1月1日"
    assert ANN_ROW["id_number"] not in page.text and shown["身份证号"].endswith("1239"), "not in full on a screen"
    said = json.loads(client.get("/my/data.json").content)
    assert said["person_id"] == ANN and said["facts"]["id_number"] == ANN_ROW["id_number"] and said["facts"]["birth"] == "1990-01-01"
    answer = client.get("/my/data.csv")
    assert answer["Cache-Control"] == "no-store"
    rows = {r["column"]: r["value"] for r in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert rows["id_number"] == ANN_ROW["id_number"] and rows["veteran"] == ""
    assert len(rows) == len(said["facts"])
    assert ReadAccess.objects.filter(purpose="own_data").count() == 3, "seeing it is recorded too"


def test_nobody_carries_a_file_that_is_not_theirs(client: Any, user_of: Callable[..., Any]) -> None:
    for role, subject in (("seeker", ""), ("employer", "F00000004"), ("worker", "F00000003"), ("worker", "P99999999")):
        client.force_login(user_of(role, f"{role}-{subject}", subject=subject))
        assert client.get("/my/data.json").status_code in {403, 404}
    assert not ReadAccess.objects.exists()


def test_a_request_runs_its_course(ann: Any, counsellor: Any, client: Any, user_of: Callable[..., Any]) -> None:
    client.force_login(ann)
    assert client.post("/my/data/ask", {"kind": "correct", "column": "phone", "words": WORDS}).status_code == 302
    asked = DataRequest.objects.get()
    assert asked.region == "440605" and WORDS.encode() not in bytes(asked.words_sealed)
    again = page_of(client.post("/my/data/ask", {"kind": "correct", "column": "phone", "words": WORDS}), 409)
    assert "正在办" in again.find(role="alert").text and WORDS in again.textarea.text, "what was typed is still there"

    client.force_login(user_of("counsellor", "elsewhere", region="440606"))
    assert client.get(f"/data-requests/{asked.pk}").status_code == 404
    assert "没有等答复" in client.get("/data-requests").content.decode()

    client.force_login(counsellor)
    assert "电话" in page_of(client.get("/data-requests")).tbody.text
    assert WORDS not in client.get("/data-requests.csv").content.decode()
    assert WORDS in page_of(client.get(f"/data-requests/{asked.pk}")).blockquote.text
    read = ReadAccess.objects.get(purpose="request_handling")
    assert read.reader == counsellor and read.region == "440605"
    assert "4 到 1000" in page_of(client.post(f"/data-requests/{asked.pk}", {"grant": "1", "answer": "好"}), 400).text
    assert client.post(f"/data-requests/{asked.pk}", {"grant": "1", "answer": "公安已经改好，下月数据更新"}).status_code == 302
    late = page_of(client.post(f"/data-requests/{asked.pk}", {"grant": "0", "answer": "不予办理的理由"}), 409)
    assert "陈专员" in late.find(role="alert").text

    client.force_login(ann)
    page = page_of(client.get("/my/data"))
    assert "公安已经改好" in page.tbody.text and "已办" in page.tbody.text
    assert list(SealedEvent.objects.filter(kind__startswith="data_request").values_list("kind", flat=True)) == [
        "data_request.asked",
        "data_request.answered",
    ]
    said = json.dumps([list(AuditEntry.objects.values_list("detail")), list(OutboxEvent.objects.values_list("payload"))], default=str)
    assert "13700137000" not in said and ANN not in said


def test_what_may_be_asked(ann: Any, user_of: Callable[..., Any]) -> None:
    def ask(who: Any = ann, kind: str = "correct", column: str = "phone", words: str = WORDS) -> DataRequest:
        return ask_for_change(kind, column=column, words=words, acting_user=who, at=AT)

    for bad in ({"kind": "sell"}, {"column": "password"}, {"column": ""}, {"words": "错"}, {"words": "错" * 1001}, {"words": "   "}):
        with pytest.raises(BadInput) as refused:
            ask(**bad)
        assert refused.value.code == "E_REQUEST" and refused.value.remedy_en
    with pytest.raises(NotFound):
        ask(who=user_of("worker"))
    with pytest.raises(NotAllowed):
        ask(who=user_of("analyst"))
    assert not DataRequest.objects.exists() and not SealedEvent.objects.exists()
    whole = ask(kind="erase", column="")
    assert whole.due - whole.at == timedelta(days=15)
    ask(kind="erase", column="phone")
    with pytest.raises(Conflict):
        ask(kind="erase", column="")


def test_only_the_desk_answers(ann: Any, counsellor: Any, user_of: Callable[..., Any]) -> None:
    asked = ask_for_change("correct", column="phone", words=WORDS, acting_user=ann, at=AT)
    with pytest.raises(NotAllowed):
        answer_request(asked.pk, grant=True, answer="已经办好了", acting_user=ann, at=AT)
    with pytest.raises(NotFound):
        answer_request(UUID(int=1), grant=True, answer="已经办好了", acting_user=counsellor, at=AT)
    with pytest.raises(NotAllowed):
        open_request(asked.pk, acting_user=user_of("auditor"), at=AT)


def test_the_auditors_record(counsellor: Any, client: Any, user_of: Callable[..., Any]) -> None:
    read_file(ANN, "case_work", counsellor, AT)
    read_file(BOB, "identity_check", counsellor, AT)
    client.force_login(user_of("auditor"))
    page = page_of(client.get("/reads"))
    assert "共 2 次" in page.text and "外片区" in page.tbody.text
    assert ANN not in page.text and BOB not in page.text, "the list names nobody"
    assert ANN not in client.get("/reads.csv").content.decode()
    found = page_of(
        client.get("/reads", {"subject": BOB, "purpose": "identity_check", "elsewhere": "1", "since": "2025-09-01", "until": "2025-09-01"})
    )
    assert "共 1 次" in found.text
    name = ReadAccess.objects.get(purpose="identity_check").pk
    detail = page_of(client.get(f"/reads/{name}"))
    assert BOB in detail.text and "看了 5 项" in detail.h1.text
    assert ReadAccess.objects.get(purpose="reads_audit").reader.role == "auditor", "tracing a read is a read"
    assert client.get(f"/reads/{UUID(int=3)}").status_code == 404
    table = list(csv.DictReader(io.StringIO(client.get("/reads.csv?purpose=identity_check").content.decode("utf-8-sig"))))
    assert [(r["elsewhere"], r["region"], len(r["subject_key"])) for r in table] == [("True", "440606", 64)]


def test_pager_keeps_the_filter(counsellor: Any, client: Any, user_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leye.site.auditor.reads.PER_PAGE", 2)
    for _ in range(5):
        read_file(ANN, "case_work", counsellor, AT)
    client.force_login(user_of("admin"))
    following = page_of(client.get("/reads?reader=chen")).find("a", rel="next")["href"]
    assert "reader=chen" in following and "page=2" in following
    assert "第 2 页，共 3 页" in page_of(client.get(following)).text


@pytest.mark.parametrize("address", ["/my/reads", "/my/data", "/reads", "/data-requests"])
def test_pages_in_english_and_without_inline_code(address: str, ann: Any, counsellor: Any, client: Any, user_of: Callable[..., Any]) -> None:
    read_file(ANN, "case_work", counsellor, AT)
    ask_for_change("correct", column="phone", words=WORDS, acting_user=ann, at=AT)
    client.force_login({"/reads": user_of("auditor"), "/data-requests": counsellor}.get(address, ann))
    client.cookies["leye_lang"] = "en"
    page = page_of(client.get(address))
    words = "".join(
        t for t in page.main.find_all(string=True) if t.parent.name not in {"option", "code"} and not t.find_parent("form", class_="filters")
    )
    kept = [c for c in words if "\u4e00" <= c <= "\u9fff"]
    assert "".join(kept).replace("陈专员", "").replace("南海区就业服务站", "") in {"", "黄秀英桂城街道号"}, "only what people and places are called"
    assert not page.find_all("style") and not page.find_all(style=True) and not page.find_all("script", src=False)


def test_the_api_says_the_same(ann: Any, counsellor: Any, client: Any, user_of: Callable[..., Any]) -> None:
    read_file(ANN, "case_work", counsellor, AT)
    client.force_login(ann)
    said = client.get("/api/my/reads").json()
    assert (said["total"], said["items"][0]["reader"], said["items"][0]["purpose"]) == (1, "陈专员", "case_work")
    assert client.get("/api/my/data").json()["facts"]["id_number"] == ANN_ROW["id_number"]
    body = {"kind": "correct", "column": "phone", "text": WORDS}
    done = client.post("/api/my/data-requests", body, content_type="application/json")
    assert (done.status_code, done.json()["state"]) == (200, "open")
    again = client.post("/api/my/data-requests", body, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "E_CONFLICT")
    assert client.get("/api/my/data-requests").json()["total"] == 1
    assert client.get("/api/reads").status_code == 403
    client.force_login(user_of("auditor"))
    found = client.get("/api/reads", {"subject": ANN, "purpose": "case_work"}).json()
    assert found["total"] == 1 and ANN not in json.dumps(found)
    assert client.get("/api/reads", {"reader": "' OR 1=1 --"}).json()["total"] == 0
    assert client.get("/api/reads", {"reader": "\x00"}).status_code == 422
    assert client.get("/api/reads", {"purpose": "x'"}).status_code == 422
    assert client.get("/api/reads/odd").json() == []
