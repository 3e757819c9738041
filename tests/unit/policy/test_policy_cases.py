"""Worked cases of packs: what is compared, what is told when one comes out otherwise, and words for verdicts."""

from __future__ import annotations

from pathlib import Path

import pytest

from leye.kernel.errors import BadInput
from leye.policy import cases, load
from leye.policy.words import VERDICT_WORDS, VERDICT_ZH, verdict_of, verdict_word

HEAD = "pack: own\nname: {zh: 某市, en: A city}\nregion: CN-4403\nextends: cn\n"
POLICY = """policy: own_grant
name: 补贴
about: person
pays: employment_fund
status: verified
source: [测试文件]
versions:
  - from: 2025-01-01
    to: 2025-12-31
    region: CN-4403
    who: {all: [{when: 已登记失业, say: 已登记失业}, {when: 周岁年龄 >= 16, say: 年满16周岁}]}
    unit: month
    amount_fen: local_min_wage_fen
    months: 6
%s
tests:
"""


def report(tmp_path: Path, *rows: str, extra: str = "", beside: str = "") -> cases.CaseReport:
    """The report of one small pack with these cases."""
    folder = tmp_path / "own"
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(HEAD, encoding="utf-8")
    (folder / "own_grant.yaml").write_text(POLICY % extra + "".join(f"  - {row}\n" for row in rows), encoding="utf-8")
    if beside:
        (folder / "cases.yaml").write_text(f"cases:\n  - {beside}\n", encoding="utf-8")
    return cases.run(load([folder]), only=["own"])


FACTS = "name: 例, on: 2025-07-15, facts: {region: CN-4403, registered_unemployed: true, birth: 2000-01-01, local_min_wage_fen: 252000}"

COMPARED = [
    ("{verdict: 符合, amount_fen: 252000, months: 6, missing: []}", {}, {}, "everything agrees"),
    ("{verdict: yes}", {}, {}, "English words are the same"),
    ("{verdict: 不符合}", {"verdict": "no"}, {"verdict": "yes"}, "another verdict"),
    ("{verdict: 符合, amount_fen: 252001}", {"amount_fen": 252001}, {"amount_fen": 252000}, "one fen off"),
    ("{amount_fen: null}", {"amount_fen": None}, {"amount_fen": 252000}, "an amount where none is expected"),
    ("{months: 5, amount_fen: 252000}", {"months": 5}, {"months": 6}, "only what differs is told"),
    ("{missing: [birth]}", {"missing": ["birth"]}, {"missing": []}, "nothing is missing"),
    ("{choice: null}", {}, {}, "no choice where nothing competes"),
]


@pytest.mark.parametrize(("expect", "expected", "found", "why"), COMPARED, ids=[c[-1] for c in COMPARED])
def test_expectations_are_compared_key_by_key(expect: str, expected: dict[str, object], found: dict[str, object], why: str, tmp_path: Path) -> None:
    made = report(tmp_path, f"{{{FACTS}, expect: {expect}}}")
    assert made.cases == 1 and made.policies == 1
    assert [(f.expected, f.found) for f in made.failures] == ([(expected, found)] if expected else [])


def test_a_failure_names_file_line_policy_and_case(tmp_path: Path) -> None:
    made = report(tmp_path, f"{{{FACTS}, expect: {{verdict: 符合}}}}", f"{{{FACTS}, expect: {{verdict: 待核实}}}}")
    assert made.as_dict() == {
        "policies": 1,
        "cases": 2,
        "failed": 1,
        "failures": [
            {
                "policy": "own_grant",
                "name": "例",
                "file": "own/own_grant.yaml",
                "line": 18,
                "expected": {"verdict": "unknown"},
                "found": {"verdict": "yes"},
            }
        ],
    }


def test_facts_go_by_chinese_names_and_missing_is_a_set(tmp_path: Path) -> None:
    facts = "name: 例, on: 2025-07-15, facts: {参保地区划: CN-440305, 就业状态: 失业}"
    made = report(tmp_path, f"{{{facts}, expect: {{verdict: 待核实, missing: [出生日期, registered_unemployed]}}}}")
    assert made.failures == ()


UNREADABLE = [
    (FACTS.replace("birth:", "births:"), "{verdict: 符合}", "births", "a fact that nobody knows"),
    (FACTS.replace("2000-01-01", "1900-01-01"), "{verdict: 符合}", "允许范围", "a value outside the range"),
    (FACTS, "{verdict: 同意}", "同意", "a word that is no verdict"),
    (FACTS, "{amount: 1}", "amount", "a key that nobody knows"),
    (FACTS, "{missing: [nobody]}", "nobody", "a missing fact that does not exist"),
]


@pytest.mark.parametrize(("facts", "expect", "word", "why"), UNREADABLE, ids=[c[-1] for c in UNREADABLE])
def test_a_case_that_cannot_be_read_fails_with_its_reason(facts: str, expect: str, word: str, why: str, tmp_path: Path) -> None:
    made = report(tmp_path, f"{{{facts}, expect: {expect}}}")
    assert len(made.failures) == 1
    assert word in str(made.failures[0].found["error"])


def test_a_day_outside_every_version_is_a_no(tmp_path: Path) -> None:
    assert (
        report(tmp_path, f"{{{FACTS.replace('2025-07-15', '2026-01-01')}, expect: {{verdict: 不符合, amount_fen: null, missing: []}}}}").failures
        == ()
    )


def test_cases_beside_the_policy_count_and_strangers_fail(tmp_path: Path) -> None:
    made = report(tmp_path, f"{{{FACTS}, expect: {{verdict: 符合}}}}", beside=f"{{policy: nobody, {FACTS}, expect: {{verdict: 符合}}}}")
    assert made.cases == 2 and made.failures[0].policy == "nobody"
    assert "nobody" in str(made.failures[0].found["error"])


def test_a_choice_looks_at_all_policies(tmp_path: Path) -> None:
    """Two subsidies of one month: the larger is chosen, the smaller gives way to it."""
    facts = (
        "name: 例, on: 2025-07-15, facts: {region: CN-4403, registered_unemployed: true, birth: 1980-01-01, sex: M, local_min_wage_fen: 252000, "
        "employment_status: flexible, hard_to_employ: true, ss_paid_month_fen: 120000, ss_subsidy_this_month: none, subsidised_months: 0}"
    )
    extra = "exclusive: [{group: social_insurance_subsidy, scope: same_month, rule: max_benefit}]"
    made = report(tmp_path, f"{{{facts}, expect: {{choice: give way to ss_flex_hard}}}}", extra=extra)
    assert made.failures == (), "6 months of 2,520 yuan against 36 months of 800"


def test_derived_facts_have_cases_too() -> None:
    packs = load(["cn"])
    derived = sum(len(d.cases) for d in packs.derived.values())
    every = cases.run(packs)
    assert derived > 30
    assert every.cases == derived + sum(len(p.cases) for p in packs.policies.values()) + len(packs.cases)
    assert every.failures == ()
    assert every.policies == 36


def test_a_wrong_derived_case_is_told(tmp_path: Path) -> None:
    text = (
        "derived:\n  - {fact: ui_base, is: 'iff(ui_contribution_months < 12, 0, 1)', source: 测试文件, tests: "
        "[{name: 十二个月, on: 2025-07-15, facts: {region: CN-4403, ui_contribution_months: 12}, expect: 2}]}\n"
    )
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "pack.yaml").write_text(HEAD, encoding="utf-8")
    (folder / "derived.yaml").write_text(text, encoding="utf-8")
    made = cases.run(load([folder]), only=["own"])
    assert [(f.policy, f.expected, f.found) for f in made.failures] == [("ui_base", {"value": 2}, {"value": 1})]


def test_verdict_words_go_both_ways() -> None:
    assert {w: verdict_word(verdict_of(w)) for w in VERDICT_WORDS} == {**{w: w for w in VERDICT_ZH}, **{zh: w for w, zh in VERDICT_ZH.items()}}
    with pytest.raises(BadInput, match="E_WORD_UNKNOWN"):
        verdict_of("也许")
