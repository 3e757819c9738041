"""What an explanation says, worked by hand: lines, distances, the next step, the form of the answer."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leye.kernel.errors import BadInput, NotFound
from leye.policy import PackSet, load, shipped
from leye.policy.explain import FactSource, explain
from leye.policy.explain.text import text_of

ON = date(2025, 7, 15)
WORKER = {
    "person_id": "王某", "sex": "M", "birth": "1980-05-01", "employment_status": "employed", "firm_kind": "enterprise", "ui_total_months": 10,
    "cert_level": 4, "cert_on": "2025-06-01", "cert_paid_by": "none", "cert_best_paid_level": 0, "skill_up_times_year": 0, "ui_claiming": False,
}  # fmt: skip

SMALL = """
policy: probe
name: 试验
name_en: Probe
about: person
pays: none
status: verified
source: 试验办法 第一条
versions:
  - from: 2024-01-01
    to: 2026-06-30
    region: CN
    who:
      {who}
    unit: once
    amount_fen: 100000
"""


def pack_of(tmp_path: Path, who: str, **more: str) -> PackSet:
    """The national facts with one policy whose rule is `who` (YAML, one line)."""
    folder = tmp_path / "probe"
    folder.mkdir()
    (folder / "pack.yaml").write_text("pack: probe\nname: 试验\nregion: CN\nextends: cn\n", encoding="utf-8")
    (folder / "probe.yaml").write_text(SMALL.replace("{who}", who), encoding="utf-8")
    return load([folder])


def one(packs: PackSet, facts: dict[str, Any], on: date = ON, policy: str = "probe", **more: Any) -> Any:
    return explain(packs, facts, on, policy=policy, **more)[0]


def test_the_contract_of_the_notes() -> None:
    """The worked example: two months short, expected in September, source and day of a value, the register to ask."""
    facts = {k: v for k, v in WORKER.items() if k != "cert_on"}
    sources = {"employment_status": FactSource("社保库", "2025-07-01")}
    found = one(shipped(), facts, policy="skill_up", sources=sources)
    text = text_of([found], ON)
    assert text.splitlines()[0] == "王某 2025-07-15 技能提升补贴：不符合（差2个月）"
    assert " ✔ 企业在职职工或领取失业保险金人员" in text
    assert "✔ 在职（就业状态=在职，来源：社保库 2025-07-01）  依据 2025年4月延续实施通知" in text
    months = " ✘ 参加失业保险累计满12个月（失业保险历年缴费月数=10个月）：差2个月，若继续缴费，预计2025年9月满足  依据 2025年4月延续实施通知"
    assert months in text
    assert " ? 证书已经核发（证书核发日期=未知，请核实：技能等级证书库）  依据 人社部发〔2017〕40号" in text
    last = " 下一步：有1项不满足：参加失业保险累计满12个月（差2个月，若继续缴费，预计2025年9月满足）。另有2项还不知道。"
    assert text.splitlines()[-1] == last


def test_with_all_known_the_promise_is_made() -> None:
    found = one(shipped(), WORKER, policy="skill_up")
    assert found.next == (
        "只差这一项：参加失业保险累计满12个月（差2个月，若继续缴费，预计2025年9月满足）。其他情况不变，2025-09-01起符合，届时由系统自动复核。"
    )


def test_no_promise_beyond_the_end_of_a_policy() -> None:
    found = one(shipped(), WORKER | {"ui_total_months": 2}, policy="skill_up")
    assert "但该政策2025-12-31到期，赶不上" in found.next and "起符合" not in found.next


def test_contributions_do_not_grow_without_a_job() -> None:
    facts = WORKER | {"employment_status": "unemployed", "ui_claiming": True}
    near = next(line.near for line in one(shipped(), facts, policy="skill_up").lines if line.fact == "ui_total_months")
    assert (near.text, near.turns_on, near.to) == ("差2个月", None, 12)


MAN_OF_1966 = {"sex": "M", "birth": "1966-08-01"}

DISTANCES = [
    ("{when: age >= 60, say: 满60岁}", {"birth": "1968-02-29"}, "还要2年8个月，2028-02-29起满足", "a birthday that is there"),
    ("{when: age >= 57, say: 满57岁}", {"birth": "1968-08-15"}, "还要1个月，2025-08-15起满足", "a month to the day"),
    ("{when: age >= 57, say: 满57岁}", {"birth": "1968-07-16"}, "还要1天，2025-07-16起满足", "a birthday tomorrow"),
    ("{when: age >= 58, say: 满58岁}", {"birth": "1968-02-29"}, "还要8个月，2026-03-01起满足", "born on a day that this year lacks"),
    ("{when: months_since(graduated_on) >= 12, say: 满一年}", {"graduated_on": "2024-08-31"}, "还要2个月，2025-08-31起满足", "months since a day"),
    ("{when: months_since(cert_on) >= 1, say: 满一个月}", {"cert_on": "2025-07-31"}, "还要2个月，2025-08-31起满足", "a month from the last of July"),
    ("{when: months_to_retirement < 12, say: 不足一年}", MAN_OF_1966, "还要7个月，2026-02-01起满足", "towards retirement in 2027-01"),
    ("{when: monthly_wage_fen >= 250000, say: 工资}", {"monthly_wage_fen": 200000}, "差500元", "money in yuan"),
    ("{when: monthly_wage_fen < 250000, say: 工资}", {"monthly_wage_fen": 250000}, "多0.01元", "one fen too much"),
    ("{when: contract_months > 12, say: 合同}", {"contract_months": 12}, "差1个月", "more than"),
    ("{when: public_post_times <= 2, say: 次数}", {"public_post_times": 3}, "多1次", "too many"),
    ("{when: firm_layoffs_last_year * 100 <= firm_staff * 20, say: 裁员率}", {"firm_layoffs_last_year": 7, "firm_staff": 30}, "多1人", "6 of 30"),
    ("{when: training_times_year < 3, say: 每年三次}", {"training_times_year": 3}, "多1次，每年重新计次，2026-01-01起可再享受", "anew each year"),
    ("{when: firm_ui_paid_months >= 12, say: 缴费}", {"firm_ui_paid_months": 9}, "差3个月，若单位继续缴费，预计2025年10月满足", "grows by itself"),
    ("{when: months_to_retirement > loan_term_months, say: 期限}", MAN_OF_1966 | {"loan_term_months": 20}, "多3个月", "a shorter loan"),
    ("{when: not (ui_claimed_months >= 12), say: 未领完}", {"ui_claimed_months": 13}, "多2个月", "a negated comparison"),
    ("{when: 0 <= months_since(cert_on) < 12, say: 一年内}", {"cert_on": "2025-07-20"}, "还要5天，2025-07-20起满足", "a chain with one side short"),
    ("{when: 'contract_months >= iff(contract_months > 12, 24, 13)', say: 合同}", {"contract_months": 12}, None, "the change moves the goal"),
    ("{when: disability_grade >= 1, say: 残疾}", {"disability_grade": 0}, None, "grades have no distance"),
    ("{when: dibao, say: 低保}", {"dibao": False}, None, "yes or no has no distance"),
    ("{when: sex == 'F', say: 女}", {"sex": "M"}, None, "words have no distance"),
    ("{when: months_since(cert_on) < 12, say: 一年内}", {"cert_on": "2024-01-01"}, None, "time only leads away"),
    ("{when: ui_claimed_months >= 30, say: 超出}", {"ui_claimed_months": 20}, None, "no allowed value is enough"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "facts", "text", "why"), DISTANCES, ids=[d[-1] for d in DISTANCES])
def test_distances(who: str, facts: dict[str, Any], text: str | None, why: str, tmp_path: Path) -> None:
    found = one(pack_of(tmp_path, who), facts)
    assert found.verdict is False
    assert (found.lines[0].near.text if found.lines[0].near else None) == text


GROUPS = [
    ("all: [{when: dibao, say: 甲}, {any: [{when: veteran, say: 乙}, {when: graduate, say: 丙}]}]", ["clause 0", "any 0", "clause 1", "clause 1"]),
    ("any: [{when: veteran, say: 乙}, {when: graduate, say: 丙}]", ["any 0", "clause 1", "clause 1"]),
    ("at_least: 2\n      of: [{when: veteran, say: 乙}, {when: graduate, say: 丙}, {when: dibao, say: 甲}]", ["at_least 0", *["clause 1"] * 3]),
    ("not: {when: veteran, say: 乙}", ["not 0", "clause 1"]),
    ("{when: veteran, say: 乙}", ["clause 0"]),
]


@pytest.mark.parametrize(("who", "kinds"), GROUPS, ids=[g[0][:9] for g in GROUPS])
def test_groups_have_a_line_of_their_own(who: str, kinds: list[str], tmp_path: Path) -> None:
    found = one(pack_of(tmp_path, who), {"veteran": False, "dibao": True})
    assert [f"{line.kind} {line.level}" for line in found.lines] == kinds
    assert all(line.text for line in found.lines)


def test_group_texts_and_verdicts(tmp_path: Path) -> None:
    who = "at_least: 2\n      of: [{when: veteran, say: 乙}, {when: graduate, say: 丙}, {not: {when: dibao, say: 甲}}]"
    packs = pack_of(tmp_path, who)
    found = one(packs, {"veteran": True, "dibao": True})
    assert [(line.text, line.verdict) for line in found.lines] == [
        ("以下3项至少满足2项", None), ("乙", True), ("丙", None), ("没有以下情形", False), ("甲", True),
    ]  # fmt: skip
    english = one(packs, {"veteran": True, "dibao": True}, language="en")
    assert [line.text for line in english.lines if line.kind != "clause"] == ["at least 2 of the following 3", "not the following"]


def test_several_ways_are_said_with_the_nearest(tmp_path: Path) -> None:
    who = "any: [{when: ui_total_months >= 24, say: 缴满两年}, {when: age >= 50, say: 满50岁}, {when: veteran, say: 退役}]"
    facts = {"ui_total_months": 20, "birth": "1975-09-10", "veteran": False, "employment_status": "employed"}
    found = one(pack_of(tmp_path, who), facts)
    assert found.next.startswith("3项里满足一项就行，最近的是：满50岁（还要2个月，2025-09-10起满足）。其他情况不变，2025-09-10起符合")


def test_a_change_that_breaks_another_condition_promises_nothing(tmp_path: Path) -> None:
    who = "all: [{when: age >= 60, say: 满60岁}, {when: months_to_retirement > 36, say: 离退休还早}]"
    found = one(pack_of(tmp_path, who), {"sex": "M", "birth": "1965-08-01"})
    assert found.verdict is False and "届时其他条件要重新核对" not in found.next, "both fail today"
    who = "all: [{when: contract_months >= 12, say: 一年}, {when: contract_months <= 6, say: 半年}]"
    (tmp_path / "b").mkdir()
    found = one(pack_of(tmp_path / "b", who), {"contract_months": 3})
    assert "改变这一项会影响其他条件，要重新核对" in found.next


def test_unknown_asks_the_question_that_may_settle_it(tmp_path: Path) -> None:
    who = "all: [{any: [{when: veteran, say: 乙}, {when: graduate, say: 丙}]}, {when: dibao, say: 低保}]"
    found = one(pack_of(tmp_path, who), {})
    assert found.answer.missing == ("dibao", "veteran", "graduate")
    assert found.next == "还有3项待核实，先问：您家在领最低生活保障（低保）吗？（看低保证，或查民政）"
    assert one(pack_of(_fresh(tmp_path), "{when: dibao, say: 低保}"), {}).next == "请核实：您家在领最低生活保障（低保）吗？（看低保证，或查民政）"


def _fresh(tmp_path: Path) -> Path:
    folder = tmp_path / "fresh"
    folder.mkdir()
    return folder


OUTSIDE = [
    (date(2023, 12, 31), "该政策自2024-01-01起执行。", "not yet"),
    (date(2026, 7, 1), "该政策2026-06-30到期，有新政策时再核对。", "over"),
]


@pytest.mark.parametrize(("on", "text", "why"), OUTSIDE, ids=[o[-1] for o in OUTSIDE])
def test_a_policy_not_in_force(on: date, text: str, why: str, tmp_path: Path) -> None:
    found = one(pack_of(tmp_path, "{when: dibao, say: 低保}"), {"dibao": True}, on)
    assert (found.verdict, found.next, found.unit) == (False, text, None)
    row = found.as_dict()
    assert row["clauses"] == [
        {
            "text": "不在有效期", "verdict": "no", "fact": None, "value": None, "basis": "试验办法 第一条", "kind": "clause", "level": 0,
            "said": "有效期2024-01-01至2026-06-30", "from": "2024-01-01", "to": "2026-06-30",
        }
    ]  # fmt: skip
    assert row["missing"] == [] and row["amount_fen"] is None


def test_both_days_of_a_version_belong_to_it(tmp_path: Path) -> None:
    packs = pack_of(tmp_path, "{when: dibao, say: 低保}")
    assert [one(packs, {"dibao": True}, on).verdict for on in (date(2024, 1, 1), date(2026, 6, 30))] == [True, True]


def test_the_form_of_the_answer() -> None:
    row = one(shipped(), WORKER, policy="skill_up").as_dict()
    assert {"policy", "verdict", "amount_fen", "clauses", "missing", "next", "months", "unit", "choice", "status"} <= set(row)
    assert (row["person_id"], row["policy"], row["verdict"], row["status"]) == ("王某", "skill_up", "no", "verified")
    clause = next(c for c in row["clauses"] if c["fact"] == "cert_on")
    assert (clause["value"], clause["verdict"]) == ("2025-06-01", "yes"), "dates as ISO text"
    assert all({"text", "verdict", "fact", "value", "basis"} <= set(c) for c in row["clauses"])
    assert json.loads(json.dumps(row, ensure_ascii=False))["clauses"][0]["text"] == "企业在职职工或领取失业保险金人员"


def test_the_reference_page_names_every_key_and_code() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "explanation.md").read_text(encoding="utf-8")
    rows = [e.as_dict() for e in explain(shipped(), WORKER, ON)]
    clauses = [c for r in rows for c in r["clauses"]]
    near = next(c["near"] for c in clauses if "near" in c)
    for key in {*(k for r in rows for k in r), *(k for c in clauses for k in c), *near} - {"short"}:
        assert re.search(rf"[`,{{ ]{key}[`,}} ]", page), key
    package = Path(__file__).parents[3] / "src" / "leye" / "policy" / "explain"
    used = {c for f in package.glob("*.py") for c in re.findall(r'"(E_[A-Z_]+)"', f.read_text(encoding="utf-8"))}
    assert used - {c for c in used if f"`{c}`" in page} == {"E_FACT_UNKNOWN"}, "a fact that questions.yaml invents is the linter's"


def test_nothing_of_an_answer_is_shared_with_the_next() -> None:
    first, second = (one(shipped(), WORKER, policy="skill_up").as_dict() for _ in range(2))
    first["clauses"][0]["text"] = "changed"
    first["clauses"][5]["near"]["text"] = "changed"
    first["notes"].clear()
    third = one(shipped(), WORKER, policy="skill_up").as_dict()
    assert second == third


def test_a_figure_of_the_place_carries_its_document() -> None:
    facts = {"region": "CN-440305", "employment_status": "employed", "full_time": True, "monthly_wage_fen": 200000}
    line = one(shipped(), facts, date(2025, 8, 31), policy="min_wage").lines[-1]
    assert line.said == "月工资=2,000元，当地最低工资=2,520元" and "2025-03-01起" in line.source
    own = one(shipped(), facts | {"local_min_wage_fen": 252000}, date(2025, 8, 31), policy="min_wage").lines[-1]
    assert (own.said, own.source) == (line.said, ""), "a value of the row is not the place's document"
    assert one(shipped(), facts, date(2025, 8, 31), policy="min_wage").lines[-1].source == line.source, "and is not kept for the next person"


def test_rows_are_kept_for_equal_people_only() -> None:
    """What was said of one person is not said of the next whose value has another origin, or who lacks other facts."""

    def source(facts: dict[str, Any], policy: str, on: date) -> str:
        row = one(shipped(), facts, on, policy=policy).as_dict()
        return str(next(c for c in reversed(row["clauses"]) if c.get("facts")).get("source", ""))

    facts = {"region": "CN-440305", "employment_status": "employed", "full_time": True, "monthly_wage_fen": 200000}
    place = source(facts, "min_wage", date(2025, 8, 31))
    assert place and source(facts | {"local_min_wage_fen": 252000}, "min_wage", date(2025, 8, 31)) == ""
    assert source(facts, "min_wage", date(2025, 8, 31)) == place

    def who_knows(known: dict[str, Any]) -> str:
        row = one(shipped(), known, policy="hire_once").as_dict()
        return str(next(c["source"] for c in row["clauses"] if c["fact"] == "grad_group_at_hire"))

    assert who_knows({}) == "劳动用工备案、教育、社保库"
    assert who_knows({"graduate": True, "hire_on": "2025-03-01", "jobless_since_graduation": True}) == "教育"
    assert who_knows({}) == "劳动用工备案、教育、社保库"


GROUP_OF_PEOPLE = [
    ({"registered_unemployed": True}, "属于创业担保贷款重点群体=是：已登记失业=是", "the first that holds"),
    ({"registered_unemployed": False, "veteran": True}, "属于创业担保贷款重点群体=是：自主就业退役士兵=是", "a later one"),
    (
        {
            "registered_unemployed": False, "hard_to_employ": False, "poverty_alleviated": False, "land_lost": False,
            "loan_group_other": False, "graduate": False,
        },
        "属于创业担保贷款重点群体=未知：自主就业退役士兵=未知", "the one that is not known",
    ),
    (
        {
            "registered_unemployed": False, "hard_to_employ": False, "veteran": False, "poverty_alleviated": False, "land_lost": False,
            "loan_group_other": False, "graduate": True, "graduated_on": "2015-06-30",
        },
        "属于创业担保贷款重点群体=否：已登记失业=否，已认定就业困难人员=否，自主就业退役士兵=否，脱贫人口(含防返贫监测对象)=否，失地农民=否，"
        "其他创业担保贷款重点群体=否，毕业日期=2015-06-30",
        "all that fail, and of the graduate the day",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "said", "why"), GROUP_OF_PEOPLE, ids=[g[-1] for g in GROUP_OF_PEOPLE])
def test_a_group_of_people_says_by_what(facts: dict[str, Any], said: str, why: str) -> None:
    found = one(shipped(), facts, policy="startup_loan_interest")
    line = next(line for line in found.lines if line.fact == "loan_group")
    assert line.said == said
    assert next(c["said"] for c in found.as_dict()["clauses"] if c["fact"] == "loan_group") == said


def test_the_first_day_is_searched_whatever_is_guessed() -> None:
    from datetime import timedelta

    from leye.policy.explain.days import ON as DAY
    from leye.policy.explain.days import first_day

    turns = date(2025, 9, 10)
    env: dict[str, Any] = {DAY: ON}

    def holds(e: dict[str, Any]) -> bool:
        return bool(e[DAY] >= turns)

    for guess in (None, turns, turns + timedelta(days=1), turns - timedelta(days=1), date(2030, 1, 1), ON):
        assert first_day(holds, env, ON, date(2026, 1, 1), guess=guess) == turns
    assert first_day(holds, env, ON, turns - timedelta(days=1)) is None and env[DAY] == ON


def test_a_yes_says_where_to_go_with_what_by_when() -> None:
    found = one(shipped(), WORKER | {"ui_total_months": 12, "cert_on": "2024-09-10"}, policy="skill_up")
    assert found.verdict is True and found.answer.amount_fen == 150000
    assert found.next.startswith("可以办理：") and "带上" in found.next and "2025-09-10前办理" in found.next
    assert "技能提升补贴：符合（1,500元）" in text_of([found], ON)


def test_an_unverified_policy_says_so_first() -> None:
    facts = {
        "in_training": True,
        "hard_to_employ": True,
        "poverty_alleviated": False,
        "zero_employment_family": False,
        "employment_status": "unemployed",
    }
    found = one(shipped(), facts, policy="training_living")
    assert found.verdict is True and found.next.startswith("依据待核实，办理前先问经办机构。")


def test_region_of_the_facts_goes_before_that_of_the_question() -> None:
    facts = {"ui_contribution_months": 40, "ui_unused_months": 0, "ui_claimed_months": 2, "sex": "M", "birth": "1980-05-01"}
    facts |= {"registered_unemployed": True, "job_search_willing": True, "left_job_reason": "contract_end"}
    national = one(shipped(), facts, policy="ui_benefit")
    there = one(shipped(), facts, policy="ui_benefit", region="CN-4403")
    row = one(shipped(), facts | {"region": "CN"}, policy="ui_benefit", region="CN-4403")
    assert [e.answer.months for e in (national, there, row)] == [10, 1, 10]
    assert [e.as_dict()["region"] for e in (national, there, row)] == ["CN", "CN-4403", "CN"]


def test_english_says_the_same() -> None:
    found = one(shipped(), WORKER, policy="skill_up", language="en")
    assert found.next == (
        "Only this is missing: Unemployment insurance paid for 12 months in all (2 months short, expected 2025-09, if contributions go on). "
        "The system looks again on 2025-09-01, all else equal it holds then."
    )
    text = text_of([found], ON)
    assert "✘ Unemployment insurance paid for 12 months in all (Months of unemployment insurance in all=10 months): 2 months short" in text


def test_a_policy_or_language_that_does_not_exist() -> None:
    with pytest.raises(NotFound) as error:
        explain(shipped(), WORKER, ON, policy="nix")
    assert error.value.code == "E_POLICY_UNKNOWN" and "skill_up" in error.value.remedy_zh
    from leye.policy.explain.labels import language_of

    with pytest.raises(BadInput):
        language_of("de")


@pytest.mark.parametrize("on", [date(1, 1, 1), date(1900, 1, 1), date(2099, 12, 31), date(9999, 12, 31)])
def test_days_at_the_ends_of_the_calendar(on: date) -> None:
    from leye.policy.explain import first_questions, questions_of

    found = explain(shipped(), {"birth": "1980-05-01", "sex": "M"}, on)
    assert len([e.as_dict() for e in found]) == len(shipped().policies)
    assert questions_of(found) is not None and first_questions(found) is not None
