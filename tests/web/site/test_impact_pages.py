"""AI impact and reviews of projects: empty, refused, signed by a second person, followed, withdrawn; the proof verifies; nothing hidden is told."""

from __future__ import annotations

import csv
import io
import json
import shutil
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from leye.impact.adoption import Assumed
from leye.kernel.errors import BadInput, Conflict, NotAllowed
from leye.office.impact import actions
from leye.office.impact.index import City, adoption_now, city_of, insured_in
from leye.office.impact.models import AdoptionRow, ProjectReview
from leye.office.published import published_snapshot

AT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
FORM = {
    "name": "新厂", "firm": "某公司", "region": "440605", "section": "C", "starts": "2025-09-01", "staff": "300", "created": "6290101 30",
    "created_by": "2025-12-01", "evidence": "contract", "displaced": "3010205 10\n", "displaced_from": "2025-10-01", "displaced_to": "2026-09-30",
    "retrained": "5", "papers": "合同 3 号",
}  # fmt: skip


@pytest.fixture
def full_city(city_data: Any, settings: Any, register: None) -> Any:
    """A published run of the whole nightly, in this test's own folder."""
    shutil.copytree(city_data, settings.LEYE_DATA, dirs_exist_ok=True)
    return published_snapshot()


def table(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def filed(signed_in: Any, **change: str) -> ProjectReview:
    answer = signed_in("analyst").post("/impact/reviews", {**FORM, **change})
    assert answer.status_code == 302, answer.content.decode()
    return ProjectReview.objects.latest("made_at")


@pytest.mark.parametrize("address", ["/impact", "/insight/impact", "/impact/reviews"])
def test_pages_before_the_first_run(address: str, signed_in: Any) -> None:
    text = signed_in("analyst").get(address).content.decode()
    assert "还没有跑过数据" in text or "还没有评估过项目" in text
    assert signed_in("analyst").get("/impact.csv").status_code == 200


@pytest.mark.parametrize("address", ["/impact", "/insight/impact"])
@pytest.mark.parametrize("by", ["region", "industry", "occupation", "grp"])
def test_cells_with_their_ranges_and_the_same_figures_in_the_download(address: str, by: str, full_city: Any, signed_in: Any, soup: Any) -> None:
    client = signed_in("analyst")
    page = soup(client.get(address, {"by": by}))
    assert "指数" in page.h1.text
    rows = table(client.get(f"{address}.csv", {"by": by}))
    assert len(rows) == len(page.select("table.cards")[0].select("tbody tr"))
    told = [r for r in rows if r["index_mid"]]
    assert told and all(float(r["index_low"]) <= float(r["index_mid"]) <= float(r["index_high"]) for r in told)
    assert all(r["n"] == "" for r in rows if r["hidden"] == "True")
    assert all(int(r["n"]) >= 10 for r in told)


def test_the_change_is_split_and_said(full_city: Any, signed_in: Any, soup: Any) -> None:
    page = soup(signed_in("analyst").get("/impact"))
    figure = page.select_one("figure.chart")
    assert "指数" in figure.figcaption.text and len(figure.select("tbody tr")) == 4
    _before, _after, found = city_of(full_city).change()
    assert sum(e.mid for e in found.effects.values()) == pytest.approx(found.after.mid - found.before.mid, abs=1e-12)


def test_hidden_counts_change_no_figure(full_city: Any) -> None:
    """The attack: other people in the hidden cells, the shown ones as they are, must leave every figure as it was."""
    before = City(full_city, adoption_now())
    cube = full_city.frame("cube")
    moved = pl.when(pl.col("hidden")).then(pl.col("n") + 7).otherwise(pl.col("n")).alias("n")
    other = type(full_city)(full_city.lake, full_city.run)
    other.__dict__["_frames"] = {**full_city.__dict__.get("_frames", {}), "cube": cube.with_columns(moved)}
    after = City(other, adoption_now())
    for axis in ("region", "industry", "occupation", "grp"):
        assert before.along(axis, {}) == after.along(axis, {})


def test_one_occupation_is_found_and_unknown_words_are_said(full_city: Any, signed_in: Any) -> None:
    client = signed_in("analyst")
    assert "会计专业人员" in client.get("/impact", {"q": "会计"}).content.decode()
    assert "没有找到" in client.get("/impact", {"q": "<b>没有这个"}).content.decode()


def test_the_open_page_has_no_forms_that_change_anything(full_city: Any, client: Any, soup: Any) -> None:
    page = soup(client.get("/insight/impact"))
    assert [f["method"] for f in page.select("main form")] == ["get"]
    assert client.get("/impact").status_code == 302


def test_an_assumption_is_replaced_with_its_reason(full_city: Any, signed_in: Any) -> None:
    client = signed_in("analyst")
    before = city_of(full_city).of(("all", "C", "all", "all")).index.index.mid
    asked = {"section": "C", "on": "2025-08-31", "low": "10", "mid": "20", "high": "40", "reason": "本市抽样调查 2025"}
    assert client.post("/impact/adoption", {**asked, "reason": "好"}).status_code == 400
    assert client.post("/impact/adoption", {**asked, "low": "30"}).status_code == 400
    assert client.post("/impact/adoption", {**asked, "on": "明天"}).status_code == 400
    assert client.post("/impact/adoption", {**asked, "section": "Z"}).status_code == 400
    assert not AdoptionRow.objects.exists()
    assert client.post("/impact/adoption", asked).status_code == 302
    after = city_of(full_city).of(("all", "C", "all", "all")).index.index.mid
    assert after > 2 * before
    assert "本市抽样调查 2025" in client.get("/impact").content.decode()
    assert signed_in("auditor").post("/impact/adoption", asked).status_code in (403, 404)


def test_a_project_from_form_to_signature_follow_up_and_withdrawal(full_city: Any, signed_in: Any, user_of: Any, client: Any) -> None:
    review = filed(signed_in)
    address = f"/impact/reviews/{review.pk}"
    text = signed_in("analyst").get(address).content.decode()
    assert "影响小" in text and "+19" in text and "自己填的不能自己签" in text
    assert review.insured == insured_in(full_city, "440605", "C") is not None
    assert signed_in("analyst").post(address + "/sign").status_code == 403
    assert signed_in("analyst").post(address + "/follow", {"on": "2026-01-01"}).status_code == 400
    second = signed_in("analyst", username="second")
    assert second.post(address + "/sign").status_code == 302
    review.refresh_from_db()
    assert review.state == "signed" and review.signed_by.username == "second"
    proof = second.get(address + "/receipt").content.decode()
    checked = client.post("/verify", {"receipt": proof}).content.decode()
    assert "回执是真的" in checked and str(review.pk) in checked
    count = {"on": "2025-08-01", "created": "12", "displaced": "10", "retrained": "5", "source": "参保记录"}
    assert second.post(address + "/follow", {**count, "retrained": "11"}).status_code == 400
    assert second.post(address + "/follow", {**count, "created": "多"}).status_code == 400
    assert second.post(address + "/follow", count).status_code == 302
    assert "还没到兑现的日子" in second.get(address).content.decode()
    actions.follow_up(review.pk, on=date(2025, 12, 2), created=12, displaced=14, retrained=5, source="现场", acting_user=user_of("analyst"), at=AT)
    text = second.get(address).content.decode()
    assert "多半没兑现" in text and "多减了 4 个" in text
    assert table(second.get("/impact/reviews.csv"))[0]["standing"] == "broken"
    assert second.get(address + ".docx").content[:2] == b"PK"
    assert second.post(address + "/withdraw", {"reason": "好"}).status_code == 400
    assert second.post(address + "/withdraw", {"reason": "项目取消了"}).status_code == 302
    assert second.post(address + "/withdraw", {"reason": "项目取消了"}).status_code == 409
    assert "项目取消了" in second.get(address).content.decode()


REFUSED = [
    ({"created": "会计三人"}, "要写成"), ({"created": "1234567 3"}, "没有代码"), ({"created": "2060300 0"}, "人数"), ({"starts": ""}, "开工日期"),
    ({"starts": "下月"}, "不是日期"), ({"staff": "很多"}, "不是整数"), ({"retrained": "11"}, "转岗"), ({"name": " "}, "名称"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), REFUSED, ids=[r[1] + str(i) for i, r in enumerate(REFUSED)])
def test_a_form_that_cannot_be_assessed_comes_back_with_what_is_wrong(change: dict[str, str], said: str, full_city: Any, signed_in: Any) -> None:
    answer = signed_in("analyst").post("/impact/reviews", {**FORM, **change})
    assert answer.status_code in (400, 404) and said in answer.content.decode()
    assert "某公司" in answer.content.decode(), "what was typed is still there"
    assert not ProjectReview.objects.exists()


def test_script_in_a_name_is_text(full_city: Any, signed_in: Any) -> None:
    review = filed(signed_in, name="<script>alert(1)</script>")
    assert "<script>alert" not in signed_in("analyst").get(f"/impact/reviews/{review.pk}").content.decode()


def test_a_changed_review_is_not_signed(full_city: Any, signed_in: Any, user_of: Any) -> None:
    review = filed(signed_in)
    ProjectReview.objects.filter(pk=review.pk).update(assessment=review.assessment | {"net_low": 99})
    with pytest.raises(Conflict, match="E_REVIEW_STALE"):
        actions.sign(review.pk, acting_user=user_of("analyst", username="second"), at=AT)


def test_only_analysts_file_and_a_district_sees_its_own(full_city: Any, signed_in: Any, user_of: Any) -> None:
    review = filed(signed_in)
    with pytest.raises(NotAllowed):
        actions.sign(review.pk, acting_user=user_of("auditor"), at=AT)
    assert signed_in("auditor").post("/impact/reviews", FORM).status_code == 404
    assert signed_in("analyst", region="440606").get(f"/impact/reviews/{review.pk}").status_code == 404
    assert signed_in("analyst", region="440605").get(f"/impact/reviews/{review.pk}").status_code == 200
    assert signed_in("analyst", region="440606").post("/impact/reviews", FORM).status_code == 404


def test_a_count_before_its_day_is_refused(full_city: Any, signed_in: Any, user_of: Any) -> None:
    review = filed(signed_in)
    actions.sign(review.pk, acting_user=user_of("analyst", username="second"), at=AT)
    with pytest.raises(BadInput, match="E_FIELD"):
        actions.follow_up(review.pk, on=date(2026, 2, 1), created=1, displaced=0, retrained=0, source="x", acting_user=user_of("analyst"), at=AT)
    with pytest.raises(BadInput, match="E_REASON"):
        actions.set_adoption("C", date(2025, 1, 1), Assumed(0.1, 0.2, 0.3), reason=" ", acting_user=user_of("analyst"), at=AT)


def test_the_same_over_http(full_city: Any, signed_in: Any, client: Any) -> None:
    one = signed_in("analyst")
    cells = one.get("/api/impact?by=region").json()
    assert cells["total"] == len(cells["items"]) and cells["items"][0]["index"]["low"] <= cells["items"][0]["index"]["high"]
    assert client.get("/api/public/impact").json()["items"]
    effects = one.get("/api/impact/change").json()["change"]["effects"]
    assert set(effects) == {"structure", "exposure", "adoption"}
    assert one.get("/api/impact/exposure/2060300").json()["confidence"] == "high"
    assert one.get("/api/impact/exposure/9999999").status_code == 404

    def post(address: str, body: dict[str, Any], who: Any = one) -> Any:
        return who.post(address, json.dumps(body), content_type="application/json")

    project = {
        "region": "440605", "section": "C", "starts": "2025-09-01", "created": [{"occupation": "6290101", "heads": 5}], "created_by": "2026-01-01"
    }  # fmt: skip
    assert post("/api/impact/reviews", {"name": "厂", "firm": "某", "project": {}}).json()["code"] == "E_PROJECT"
    made = post("/api/impact/reviews", {"name": "厂", "firm": "某", "project": project}).json()
    assert made["state"] == "draft" and made["assessment"]["grade"] == "conditions"
    assert post(f"/api/impact/reviews/{made['id']}/sign", {}).json()["code"] == "E_OWN_DRAFT"
    second = signed_in("analyst", username="second")
    assert post(f"/api/impact/reviews/{made['id']}/sign", {}, second).json()["state"] == "signed"
    asked = {"on": "2025-08-31", "created": 5, "displaced": 0, "retrained": 0, "source": "参保"}
    assert post(f"/api/impact/reviews/{made['id']}/follow", asked).json()["standing"]["real"] == 5
    assert post(f"/api/impact/reviews/{made['id']}/withdraw", {"reason": "不办了吧"}).json()["state"] == "withdrawn"
    asked = {"section": "C", "on": "2025-08-31", "low": 0.1, "mid": 0.2, "high": 0.4, "reason": "抽样调查"}
    assert post("/api/impact/adoption", asked).json()["mid"] == 0.2
    assert one.get("/api/impact/reviews").json()["total"] == 1
    assert one.get(f"/api/impact/reviews/{made['id']}").json()["firm"] == "某"
