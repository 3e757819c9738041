"""What-if pages: figures equal the command line's, drafts are kept once, a second person signs, everything leaves its traces."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

AT = datetime(2025, 9, 1, 1, tzinfo=UTC)
FORM = {"policy": "skill_up", "region": "CN", "p.level3_fen": "1500", "p.ui_months_min": "6", "name": "三级降到一千五"}


@pytest.fixture
def city(settings: Any, own_data_folder: None, city_data: Path, db: None) -> Path:
    """A copy of the city's people and its published run."""
    data = Path(settings.LEYE_DATA)
    shutil.copytree(city_data, data, dirs_exist_ok=True)
    return data


@pytest.fixture
def analyst(signed_in: Any, city: Path) -> Any:
    return signed_in("analyst", username="lin", shown="林分析员")


def text_of(answer: Any) -> str:
    """The reform that a result page carries on."""
    return html.unescape(re.search(r'name="text" value="(.*?)"', answer.content.decode(), re.S)[1])  # type: ignore[index]


def saved(client: Any, form: dict[str, str] = FORM) -> str:
    """Simulate and save; the address of the scenario."""
    return str(client.post("/simulate/save", {"text": text_of(client.post("/simulate", form)), "name": form.get("name", "")})["Location"])


def test_the_pages_figures_equal_the_command_lines(analyst: Any, city: Path, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from leye.cli.policy import app
    from leye.office.reforms.models import Scenario

    answer = analyst.post("/simulate", FORM)
    assert answer.status_code == 200
    file = tmp_path / "r.yaml"
    file.write_text(text_of(answer), encoding="utf-8")
    on = json.loads((city / "city" / "manifest.json").read_text())["on"]
    command = [
        "simulate",
        str(city / "city" / "people.parquet"),
        "--reform",
        str(file),
        "--on",
        on,
        "--by",
        "region,sex,age_band",
        "--json",
    ]
    record = ["--record", str(city / "city")] if (city / "city" / "payments.parquet").exists() else []
    told = CliRunner().invoke(app, [*command, *record, "--out", str(tmp_path / "out")])
    assert told.exit_code == 0, told.output
    said = json.loads(told.stdout)
    analyst.post("/simulate/save", {"text": text_of(answer)})
    body = Scenario.objects.get().body
    assert json.loads(json.dumps(body)) == said
    page = BeautifulSoup(answer.content, "html.parser")
    row = next(r for r in page.select("#main tbody tr") if r.th and "技能提升补贴" in r.th.text)
    before = next(r for r in said["policies"] if r["policy"] == "skill_up")
    assert f"{before['yes_before']:,} → {before['yes_after']:,}" in row.text
    assert f"{said['losers']:,} 人受损" in page.h1.text


def test_the_form_shows_value_cap_and_source_beside_each_number(analyst: Any) -> None:
    page = BeautifulSoup(analyst.get("/simulate?policy=skill_up&region=CN").content, "html.parser")
    field = page.select_one('[name="p.level3_fen"]')
    assert field["value"] == "2000"
    assert re.search(r"现行 2000，上限 2000 · .+", page.select_one(f"#{field['aria-describedby']}").text)
    assert len(page.select("[name^=drop]")) == len(page.select("[name^='c.']")) == 13
    assert page.select_one("#until")["value"] == "2025-12-31"
    second = page.select_one("#d-2").find_parent("li").text
    assert "满足其一即可" in second, "to drop one of several that are enough makes the rule narrower"


def test_dropping_rewriting_and_adding_conditions(analyst: Any) -> None:
    from leye.policy.simulate import reform_of_text

    form = {"policy": "ss_flex_hard", "region": "CN", "drop.1": "1", "c.2": "hard_to_employ or dibao", "add": "age >= 30", "add_say": "满三十岁",
            "until": "2026-12-31", "budget.employment_fund": "12.5", "take_up.base": "50", "take_up.low": "40", "take_up.high": "60"}  # fmt: skip
    answer = analyst.post("/simulate", form)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    reform = reform_of_text(text_of(answer))
    kinds = [next(k for k in ("add_clause", "clause", "drop_clause", "end_on") if k in c) for c in reform.changes]
    assert kinds == ["add_clause", "clause", "drop_clause", "end_on"]
    assert (dict(reform.budgets), reform.take_up.base) == ({"employment_fund": 12_500_000}, 0.5)  # type: ignore[union-attr]
    assert "就业补助资金" in answer.content.decode()


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"policy": "skill_up", "region": "CN"}, "还没有改任何一项"),
        ({"policy": "skill_up", "region": "CN", "p.level3_fen": "两千"}, "这里要数字"),
        ({"policy": "skill_up", "region": "CN", "p.level3_fen": "9000"}, "高于上限 200000"),
        ({"policy": "skill_up", "region": "CN", "c.1": "nix > 3"}, "nix"),
        ({"text": "reform: r\nchanges:\n  - {policy: skill_up, dropclause: 1}\n"}, "drop_clause"),
    ],
    ids=["nothing", "no number", "cap", "expression", "key"],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(analyst: Any, form: dict[str, str], says: str) -> None:
    answer = analyst.post("/simulate", form)
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code in (400, 422)
    assert says in page.select_one("[role=alert]").text
    for name in ("p.level3_fen", "c.1"):
        if name in form:
            assert page.select_one(f'[name="{name}"]')["value"] == form[name]
    if "text" in form:
        assert form["text"].strip() in page.select_one("#text").text


def test_a_number_beyond_the_cap_passes_with_its_reason(analyst: Any) -> None:
    answer = analyst.post("/simulate", FORM | {"p.level3_fen": "3000", "beyond_cap": "上位法放宽"})
    assert answer.status_code == 200 and "假设上位法修改：上位法放宽" in answer.content.decode()


def test_another_policy_is_added_to_the_reform(analyst: Any) -> None:
    first = text_of(analyst.post("/simulate", FORM))
    form = analyst.post("/simulate/more", {"base": first, "policy": "ss_flex_hard"})
    assert form.status_code == 200 and "接在前面的方案上改" in form.content.decode()
    second = text_of(analyst.post("/simulate", {"base": first, "policy": "ss_flex_hard", "region": "CN", "p.share_num": "1"}))
    assert second.startswith(first.split("changes:")[0]) and "share_num" in second and "level3_fen" in second


def test_saved_once_signed_by_another_withdrawn_with_reason(analyst: Any, signed_in: Any) -> None:
    from leye.office.decisions.models import SealedEvent
    from leye.office.outbox.models import AuditEntry, OutboxEvent
    from leye.office.reforms.models import Scenario, State

    address = saved(analyst)
    assert saved(analyst) == address, "a second press keeps no second draft"
    scenario = Scenario.objects.get()
    refused = analyst.post(f"{address}/sign")
    assert refused.status_code == 403 and "自己写的方案不能自己签" in refused.content.decode()
    other = signed_in("analyst", username="wu", shown="吴分析员")
    assert "签署这个草案" in other.get(address).content.decode() and "签署这个草案" not in analyst.get(address).content.decode()
    assert other.post(f"{address}/sign").status_code == 302
    scenario.refresh_from_db()
    sealed = SealedEvent.objects.get(leaf_index=scenario.leaf_index)
    assert (scenario.state, scenario.signed_by.username, sealed.kind) == (State.SIGNED, "wu", "reform.signed")
    assert {sealed.payload[k] for k in ("text_sha256", "body_sha256")} == {scenario.text_sha256, scenario.body_sha256}
    assert other.post(f"{address}/sign").status_code == 409, "signed once"
    assert analyst.post(f"{address}/withdraw", {"reason": "不"}).status_code in (400, 422)
    assert analyst.post(f"{address}/withdraw", {"reason": "财政部门意见未到"}).status_code == 302
    assert SealedEvent.objects.filter(kind="reform.withdrawn").count() == 1
    assert list(AuditEntry.objects.filter(verb__startswith="reform.").order_by("id").values_list("verb", flat=True)) == [
        "reform.saved",
        "reform.signed",
        "reform.withdrawn",
    ]
    assert OutboxEvent.objects.filter(name="reform.changed").count() == 3


def test_nobody_signs_what_changed_since(analyst: Any, signed_in: Any, city: Path) -> None:
    from leye.office.reforms.models import Scenario

    address, other = saved(analyst), signed_in("analyst", username="wu")
    body = Scenario.objects.get().body
    Scenario.objects.update(body=body | {"winners": body["winners"] + 1})
    assert "数字对不上" in other.post(f"{address}/sign").content.decode()
    Scenario.objects.update(body=body)
    people = city / "city" / "people.parquet"
    people.write_bytes(people.read_bytes() + b" ")
    assert "居民数据变了" in other.post(f"{address}/sign").content.decode()


def test_the_database_refuses_a_signature_by_the_author(analyst: Any) -> None:
    from django.db import IntegrityError, transaction

    from leye.office.reforms.models import Scenario

    saved(analyst)
    scenario = Scenario.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Scenario.objects.update(signed_by=scenario.made_by)


def test_tables_report_and_text_leave_as_files(analyst: Any) -> None:
    address = saved(analyst)
    for table in ("policies", "groups", "months", "expected", "margins", "funds"):
        rows = list(csv.reader(io.StringIO(analyst.get(f"{address}/{table}.csv").content.decode("utf-8-sig"))))
        assert len(rows) > 1 and len({len(r) for r in rows}) == 1, table
    assert analyst.get(f"{address}/nix.csv").status_code == 404
    assert analyst.get(f"{address}.docx").content[:2] == b"PK"
    assert analyst.get(f"{address}.yaml").content.decode().startswith("reform: 三级降到一千五")
    rows = list(csv.DictReader(io.StringIO(analyst.get("/simulate.csv").content.decode("utf-8-sig"))))
    assert (rows[0]["name"], rows[0]["state"], rows[0]["made_by"]) == ("三级降到一千五", "draft", "林分析员")


def test_scenarios_side_by_side(analyst: Any) -> None:
    one, two = saved(analyst), saved(analyst, FORM | {"p.level3_fen": "1000", "name": "一千"})
    page = BeautifulSoup(analyst.get(f"/simulate/compare?id={one[-36:]}&id={two[-36:]}").content, "html.parser")
    assert "“一千”花钱最少" in page.h1.text
    assert [c.text.strip() for c in page.select("thead")[0].select("th")] == ["比什么", "三级降到一千五", "一千"]
    assert analyst.get(f"/simulate/compare?id={one[-36:]}").status_code in (400, 422)
    assert analyst.get(f"/simulate/compare?id={one[-36:]}&id=nix").status_code == 404


def test_small_groups_are_hidden_on_the_page(analyst: Any, city: Path) -> None:
    import polars as pl

    people = city / "city" / "people.parquet"
    table = pl.read_parquet(people)
    first = pl.int_range(pl.len()) < 4
    table.with_columns(pl.when(first).then(pl.lit("CN-440699")).otherwise(pl.col("region")).alias("region")).write_parquet(people)
    page = BeautifulSoup(analyst.post("/simulate", FORM).content, "html.parser")
    row = next(r for r in page.select("tr") if r.th and "CN-440699" in r.th.text)
    assert "人太少，不显示" in row.text
    assert len([r for r in page.select("section[aria-labelledby=g-1] tr") if "人太少" in r.text]) == 2, "and the next smallest with it"


def test_a_large_city_goes_to_the_worker(analyst: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from leye.office.jobs.models import JobRun
    from leye.office.jobs.perform import perform
    from leye.office.reforms import simulating

    monkeypatch.setattr(simulating, "MOST_ROWS_AT_ONCE", 100)
    asked = analyst.post("/simulate", FORM)
    waiting = analyst.get(asked["Location"])
    assert (waiting.status_code, waiting["Refresh"]) == (200, "3") and "排队中" in waiting.content.decode()
    perform(JobRun.objects.get().pk)
    done = analyst.get(asked["Location"])
    assert "Refresh" not in done and "人受损" in done.content.decode()
    kept = analyst.post("/simulate/save", {"job": str(JobRun.objects.get().pk), "name": "大城市"})
    assert kept.status_code == 302
    assert analyst.post("/simulate", {"text": "reform: r\nchanges: []\n"}).status_code in (400, 422), "what cannot be read is said at once"


def test_an_auditor_reads_and_changes_nothing(analyst: Any, signed_in: Any) -> None:
    address, auditor = saved(analyst), signed_in("auditor")
    assert auditor.get("/simulate").status_code == 200 and auditor.get(address).status_code == 200
    assert [auditor.post(p, FORM).status_code for p in ("/simulate", "/simulate/save", f"{address}/sign", f"{address}/withdraw")] == [
        404,
        403,
        403,
        403,
    ]
    assert "算一算" not in auditor.get("/simulate?policy=skill_up").content.decode()


def test_without_residents_the_page_says_what_to_do(signed_in: Any, own_data_folder: None, db: None) -> None:
    page = signed_in("analyst").get("/simulate").content.decode()
    assert "没有居民表" in page and "还没有存过方案" in page
    assert "没有居民表" in signed_in("analyst").post("/simulate", FORM).content.decode()


def test_english_pages_and_labels(analyst: Any) -> None:
    analyst.cookies["leye_lang"] = "en"
    address = saved(analyst)
    han = re.compile(r"[\u4e00-\u9fff]")
    for answer in (analyst.get("/simulate?policy=skill_up"), analyst.get(address), analyst.post("/simulate", FORM)):
        page = BeautifulSoup(answer.content, "html.parser")
        for data in page.select("svg, option, .who, [lang=zh-Hans], pre, textarea, input, [id^=h-], .advice .quiet, h1, .trail, details summary"):
            data.decompose()
        left = [line.strip() for line in page.body.text.splitlines() if han.search(line)]
        left = [t for t in left if "三级降到一千五" not in t and "林分析员" not in t]
        assert not left, left
    for answer in (analyst.get("/simulate?policy=skill_up"), analyst.post("/simulate", FORM)):
        page = BeautifulSoup(answer.content, "html.parser")
        ids = [e["id"] for e in page.select("body [id]") if not e.find_parent("svg")]
        assert len(ids) == len(set(ids))
        for field in page.select("main select, main textarea, main input:not([type=hidden])"):
            assert field.find_parent("label") or page.select_one(f'label[for="{field["id"]}"]') is not None, field
        assert page.select("style, [style], [onclick]") == []
