"""Programme places: computed by the worker, signed by a second person, sealed for everyone concerned, never for entitlements."""

from __future__ import annotations

import csv
import io
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from bs4 import BeautifulSoup

from tests_support.programmes import TEXT, history

AT = datetime(2025, 9, 1, 1, tzinfo=UTC)
FORM = {"text": TEXT, "budget.employment_fund": "30000", "floor.disabled": "5", "own.women": "1", "name": "秋季培训", "seed": "3"}


@pytest.fixture
def city(settings: Any, own_data_folder: None, city_data: Path, register: None) -> Path:
    """A copy of the city's people and its published run, with a history long enough to learn from."""
    data = Path(settings.LEYE_DATA)
    shutil.copytree(city_data, data, dirs_exist_ok=True)
    history(pl.read_parquet(data / "city" / "people.parquet"), AT.date()).write_parquet(data / "city" / "programmes.parquet")
    return data


_COMPUTED: dict[str, tuple[Any, bytes]] = {}


@pytest.fixture(autouse=True)
def computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal questions on equal tables are computed once for all tests here; the file of outcomes is put into each one's own folder."""
    from leye.office.programmes import computing, job

    def remembered(asked: Any, progress: Any) -> Any:
        key = json.dumps([asked.as_dict(), [computing.file_sha256(computing.table(n)) for n in ("people", "programmes")]])
        if key not in _COMPUTED:
            found = computing.compute(asked, progress)
            _COMPUTED[key] = (found, computing.outcomes_file(found.outcomes_sha256).read_bytes())
        found, outcomes = _COMPUTED[key]
        file = computing.outcomes_file(found.outcomes_sha256)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(outcomes)
        return found

    monkeypatch.setattr(job, "compute", remembered)


@pytest.fixture
def analyst(signed_in: Any, city: Path) -> Any:
    return signed_in("analyst", username="lin", shown="林分析员")


@pytest.fixture
def other(signed_in: Any, city: Path) -> Any:
    return signed_in("analyst", username="wu", shown="吴分析员")


def computed(client: Any, form: dict[str, str] = FORM) -> str:
    """Ask, let the worker work; the address of the plan."""
    from leye.office.jobs.models import JobRun
    from leye.office.jobs.perform import perform

    answer = client.post("/policy/optimise", form)
    assert answer.status_code == 302, BeautifulSoup(answer.content, "html.parser").select_one("#main").text[:500]
    perform(JobRun.objects.filter(kind="programmes").latest("asked_at").pk)
    return str(client.get(answer["Location"])["Location"])


def sealed(other: Any, address: str) -> Any:
    """Sign as the second person and let the worker seal; the plan."""
    from leye.office.jobs.models import JobRun
    from leye.office.jobs.perform import perform
    from leye.office.programmes.models import ProgrammePlan

    assert other.post(f"{address}/sign").status_code == 302
    job = JobRun.objects.get(kind="placements")
    perform(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    return ProgrammePlan.objects.get()


def test_a_plan_shows_what_works_where_money_goes_and_what_floors_cost(analyst: Any) -> None:
    from leye.office.programmes.models import ProgrammePlan

    address = computed(analyst)
    page = BeautifulSoup(analyst.get(address).content, "html.parser")
    plan = ProgrammePlan.objects.get()
    assert plan.body["allocation"]["placed"] == 20 and "建议安排 20 人" in page.h1.text
    rows = {r.th.text: r.text for r in page.select("section")[0].select("tbody tr")}
    assert "有效" in rows["培训名额"] and "没有证据表明有效" in rows["招聘会交通补贴"]
    assert "残疾人 保底比例" in page.text and "女性 保底比例" in page.text and "15万元" not in page.h1.text
    assert "等另一位分析员来签" in page.text and not page.select(f'form[action="{address}/sign"]')
    assert [r["placed"] for r in plan.body["programmes"]] == [True, False]


def test_the_figures_are_those_of_the_command(analyst: Any, city: Path, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from leye.cli.policy import app
    from leye.office.programmes.models import ProgrammePlan

    computed(analyst)
    (tmp_path / "p.yaml").write_text(TEXT, encoding="utf-8")
    on = json.loads((city / "city" / "manifest.json").read_text())["on"]
    words = ["optimise", str(city / "city" / "people.parquet"), "--programmes", str(tmp_path / "p.yaml"), "--on", on, "--seed", "3", "--json"]
    words += ["--history", str(city / "city" / "programmes.parquet"), "--budget", "employment_fund=30000", "--out", str(tmp_path / "out")]
    told = CliRunner().invoke(app, [*words, "--floor", "disabled=5%", "--floor", "women=eligible"])
    assert told.exit_code == 0, told.output
    assert json.loads(json.dumps(ProgrammePlan.objects.get().body)) == json.loads(told.stdout)


def test_a_second_person_signs_and_everyone_concerned_has_an_outcome(analyst: Any, other: Any) -> None:
    from leye.office.decisions.models import Decision
    from leye.office.outbox.models import AuditEntry

    address = computed(analyst)
    assert analyst.post(f"{address}/sign").status_code == 403, "nobody signs their own"
    plan = sealed(other, address)
    eligible = next(p["eligible"] for p in plan.body["programmes"] if p["placed"])
    rows = Decision.objects.filter(algo="policy.placement")
    assert plan.sealed_people == rows.count() == eligible > 20
    assert AuditEntry.objects.filter(verb="programmes.sealed").count() == 1
    assert "逐人留痕" in analyst.get(address).content.decode()
    assert other.post(f"{address}/sign").status_code == 409, "signed once"
    assert analyst.post(f"{address}/withdraw", {"reason": "想再算一次"}).status_code == 409, "people were told"


def test_what_is_sealed_is_what_was_signed(analyst: Any, other: Any) -> None:
    from leye.office.decisions.evidence import opened
    from leye.office.decisions.models import Decision

    address = computed(analyst)
    plan = sealed(other, address)
    table = csv.DictReader(io.StringIO(other.get(f"{address}/placements.csv").content.decode("utf-8-sig")))
    listed = {r["person_id"]: r["programme"] for r in table}
    assert len(listed) == 20 and set(listed.values()) == {"training_place"}
    told: dict[str, str] = {}
    for row in Decision.objects.filter(algo="policy.placement"):
        seen = opened(row.pk)
        assert seen is not None and seen.inputs["content"] == plan.content_sha256
        assert seen.marks is not None
        about, value, _, fen, reasons = seen.marks[0]
        assert reasons and (value == "placed") == (about == "training_place")
        if value == "placed":
            told[seen.subject.id] = about
            assert fen == 150_000
        else:
            assert set(reasons) <= {"lot_lost", "others_gain_more", "unlike_history"}
    assert told == listed


def test_the_list_of_placements_waits_for_the_seal_and_each_look_is_kept(analyst: Any, other: Any, signed_in: Any) -> None:
    from leye.office.outbox.models import AuditEntry

    address = computed(analyst)
    assert other.get(f"{address}/placements.csv").status_code == 409
    sealed(other, address)
    assert other.get(f"{address}/placements.csv").status_code == 200
    assert AuditEntry.objects.filter(verb="programmes.placements_read").count() == 1
    assert signed_in("auditor").get(f"{address}/placements.csv").status_code == 403


def test_data_that_changed_are_not_signed_for(analyst: Any, other: Any, city: Path) -> None:
    address = computed(analyst)
    file = city / "city" / "programmes.parquet"
    pl.read_parquet(file).head(3_000).write_parquet(file)
    answer = other.post(f"{address}/sign")
    assert answer.status_code == 409 and "重新算一次再签" in answer.content.decode()


def test_figures_that_were_changed_are_not_signed_for(analyst: Any, other: Any) -> None:
    from leye.office.programmes.models import ProgrammePlan

    address = computed(analyst)
    plan = ProgrammePlan.objects.get()
    plan.body["allocation"]["placed"] = 21
    plan.save(update_fields=["body"])
    assert other.post(f"{address}/sign").status_code == 409


def test_a_draft_is_withdrawn_with_its_reason(analyst: Any) -> None:
    address = computed(analyst)
    assert analyst.post(f"{address}/withdraw", {"reason": "再"}).status_code in (400, 422)
    assert analyst.post(f"{address}/withdraw", {"reason": "预算要改"}).status_code == 302
    assert "预算要改" in analyst.get(address).content.decode()


def test_the_same_plan_twice_is_kept_once(analyst: Any) -> None:
    from leye.office.programmes.models import ProgrammePlan

    assert computed(analyst) == computed(analyst) and ProgrammePlan.objects.count() == 1


def test_a_tree_becomes_a_draft_of_the_bureaus_own_rules(analyst: Any) -> None:
    from leye.office.rules.models import RuleDraft

    address = computed(analyst)
    page = BeautifulSoup(analyst.get(address).content, "html.parser")
    assert "高校毕业生" in page.select_one("section pre").text
    answer = analyst.post(f"{address}/rules/training_place", {"region": "CN-4406"})
    assert answer.status_code == 302, answer.content.decode()[:800]
    draft = RuleDraft.objects.get()
    assert draft.policy == "training_place_by_effect" and draft.region == "CN-4406" and "region: CN-4406" in draft.text
    assert "0 处错误" in analyst.get(answer["Location"]).content.decode() or analyst.get(answer["Location"]).status_code == 200
    assert analyst.post(f"{address}/rules/nothing", {"region": "CN-4406"}).status_code == 404


WRONG = [
    ({"budget.employment_fund": ""}, "没有填预算", "no money"),
    ({"budget.employment_fund": "三万"}, "读不懂", "no number"),
    ({"floor.disabled": "500"}, "不是 0 到 1 的比例", "more than all"),
    ({"text": "programmes: [{id: ui_benefit}]"}, "法定权益", "an entitlement"),
    ({"text": "programmes: [{id: v, who: \"sex == 'M'\", pays: employment_fund, cost_fen: 1}]"}, "受保护的属性", "a protected attribute"),
    ({"text": "nix: 1"}, "没有列出项目", "no programmes"),
]


@pytest.mark.parametrize(("more", "says", "why"), WRONG, ids=[w[-1] for w in WRONG])
def test_what_is_wrong_is_said_and_what_was_typed_stays(analyst: Any, more: dict[str, str], says: str, why: str) -> None:
    answer = analyst.post("/policy/optimise", FORM | more)
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code in (400, 422) and says in page.select_one("[role=alert]").text
    assert page.select_one("#name")["value"] == "秋季培训"


def test_too_little_history_is_refused_by_the_worker_with_the_reason(analyst: Any, city: Path) -> None:
    from leye.office.jobs.models import JobRun
    from leye.office.jobs.perform import perform

    file = city / "city" / "programmes.parquet"
    pl.read_parquet(file).head(120).write_parquet(file)
    address = analyst.post("/policy/optimise", FORM)["Location"]
    perform(JobRun.objects.get().pk)
    page = BeautifulSoup(analyst.get(address).content, "html.parser")
    assert "没有算成" in page.h1.text and "人数太少" in page.select_one("[role=alert]").text


def test_pages_without_tables_say_so(signed_in: Any, db: None) -> None:
    page = BeautifulSoup(signed_in("analyst").get("/policy/optimise").content, "html.parser")
    assert "没有居民表或项目参加记录" in page.text and not page.select("#main form[method=post]")


def test_who_sees_what(analyst: Any, signed_in: Any) -> None:
    address = computed(analyst)
    for role, status in (("auditor", 200), ("counsellor", 403), ("seeker", 403), ("admin", 403)):
        assert signed_in(role).get(address).status_code == status, role
    auditor = signed_in("auditor")
    assert auditor.post("/policy/optimise", FORM).status_code == 403
    assert signed_in("analyst", region="440605").get(address).status_code == 404, "plans speak of the whole city"
    assert analyst.get("/policy/optimise/00000000-0000-7000-8000-000000000000").status_code == 404


def test_tables_and_papers(analyst: Any) -> None:
    address = computed(analyst)
    assert analyst.get("/policy/optimise.csv").content.decode("utf-8-sig").splitlines()[1].count(",") == 11
    prices = list(csv.DictReader(io.StringIO(analyst.get(f"{address}/prices.csv").content.decode("utf-8-sig"))))
    assert [r["kind"] for r in prices] == ["budget", "floor_share", "floor_share"]
    assert b"graduate" in analyst.get(f"{address}/balance.csv").content
    report = analyst.get(f"{address}.md")
    assert report["Content-Type"].startswith("text/markdown") and "项目资金安排建议" in report.content.decode()


def test_pages_are_there_in_english(analyst: Any) -> None:
    address = computed(analyst)
    analyst.cookies.load({"leye_language": "en", "django_language": "en"})
    analyst.post("/preferences", {"language": "en", "next": "/"})
    page = analyst.get(address).content.decode()
    assert "Does each programme work?" in page and "no evidence of an effect" in page


def test_the_api_says_the_same(analyst: Any, other: Any) -> None:
    asked = {
        "text": TEXT,
        "budgets_fen": {"employment_fund": 3_000_000},
        "floors": {"disabled": "5%", "women": "eligible"},
        "seed": 3,
        "name": "秋季培训",
    }
    job = analyst.post("/api/policy/programmes", json.dumps(asked), content_type="application/json")
    assert job.status_code == 200 and job.json()["kind"] == "programmes"
    address = computed(analyst)
    name = address.rsplit("/", 1)[1]
    (row,) = analyst.get("/api/policy/programmes").json()["items"]
    assert (row["id"], row["placed"], row["state"]) == (name, 20, "draft")
    body = analyst.get(f"/api/policy/programmes/{name}").json()
    assert body["figures"]["allocation"]["placed"] == 20 and "training_place" in body["drafts"]
    assert analyst.post(f"/api/policy/programmes/{name}/sign").status_code == 403
    assert analyst.get(f"/api/policy/programmes/{name}/placements").status_code == 409
    sealed(other, address)
    placed = other.get(f"/api/policy/programmes/{name}/placements").json()
    assert placed["total"] == 20 and placed["items"][0]["reasons"]
