"""What is written for a bureau reads back as what was meant: every shipped policy as the beginning of a local one, rows of a form, awkward words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.kernel.errors import BadInput
from leye.policy import Evaluator, bind, cases, load, shipped
from leye.policy.author import COMPARISONS, ConditionRow, PolicyForm, localised_text, policy_text, with_examples
from leye.policy.author.write import scalar
from leye.policy.lint import Bases, lint
from leye.policy.located import Mapping, parse_located

HEAD = "pack: own\nname: {zh: 某地, en: A place}\nregion: CN-4406\nextends: cn\n"
BASES: Bases = {}
FORM = PolicyForm(
    policy="own_grant",
    name="补贴",
    name_en="Grant",
    about="person",
    pays="employment_fund",
    status="verified",
    region="CN-4406",
    start=date(2025, 1, 1),
    end=date(2025, 12, 31),
    sunset="",
    source_doc="某文〔2025〕1号",
    source_article="三",
    benefit="一笔补贴",
    conditions=(ConditionRow("registered_unemployed", "is", "", "已登记失业", number=1),),
    unit="once",
    amount_fen=50_000,
)


def local_text(policy: str, **values: int) -> str:
    """The newest version of a shipped policy as that of CN-4406."""
    packs = shipped()
    known, version = packs.policies[policy], packs.policies[policy].versions[-1]
    start, end, sunset = version.start, version.end, version.sunset
    return localised_text(packs, known, version, region="CN-4406", start=start, end=end, sunset=sunset, values=values, source="某文")


def pack_of(text: str, name: str, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(HEAD, encoding="utf-8")
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("policy", sorted(shipped().policies))
def test_every_shipped_policy_begins_a_local_one_that_says_the_same(policy: str, tmp_path: Path) -> None:
    packs = shipped()
    version = packs.policies[policy].versions[-1]
    folder = pack_of(with_examples(local_text(policy), packs), policy, tmp_path / "own")
    assert [str(f) for f in lint(folder, BASES) if f.is_error] == []
    own = load([folder])
    report = cases.run(own, only=["own"])
    assert report.cases >= 3 and report.failures == ()
    there = own.policies[policy].versions[-1]
    assert (there.region, there.start, there.end, there.unit) == ("CN-4406", version.start, version.end, version.unit)
    ours, theirs = (bind(replace(p, policies={policy: p.policies[policy]}), version.start, r) for p, r in ((own, "CN-4406"), (own, version.region)))
    assert ours.policies[0].who is not None and theirs.policies[0].who is not None
    assert (ours.policies[0].who.node, ours.policies[0].months) == (theirs.policies[0].who.node, theirs.policies[0].months)


def test_a_changed_number_is_the_only_thing_that_changes(tmp_path: Path) -> None:
    own = load([pack_of(local_text("skill_up", level5_fen=90_000), "skill_up", tmp_path / "own")])
    person = {"employment_status": "employed", "firm_kind": "enterprise", "ui_total_months": 20, "cert_level": 5, "cert_on": date(2025, 2, 1),
              "cert_paid_by": "none", "cert_best_paid_level": 0, "skill_up_times_year": 0}  # fmt: skip
    fen = [Evaluator(bind(own, date(2025, 7, 1), r)).answer(dict(person), "skill_up").amount_fen for r in ("CN-4406", "CN-4401")]
    assert fen == [90_000, 100_000]


ROWS = [
    ("registered_unemployed", "is", "", {"registered_unemployed": True}, True, "a flag"),
    ("registered_unemployed", "is_not", "", {"registered_unemployed": True}, False, "not a flag"),
    ("就业状态", "is", "失业", {"employment_status": "unemployed"}, True, "a word of an option, in Chinese"),
    ("就业状态", "is_not", "失业", {"employment_status": "unemployed"}, False, "not an option"),
    ("就业状态", "one_of", "失业、灵活就业", {"employment_status": "flexible"}, True, "one of two"),
    ("就业状态", "one_of", "失业", {"employment_status": "flexible"}, False, "one of one"),
    ("monthly_wage_fen", "less_than", "2,500.50", {"monthly_wage_fen": 250_049}, True, "yuan become fen, one below"),
    ("monthly_wage_fen", "less_than", "2500.5元", {"monthly_wage_fen": 250_050}, False, "yuan become fen, at the edge"),
    ("周岁年龄", "at_least", "16", {"birth": date(2009, 7, 1)}, True, "a derived fact on the birthday"),
    ("ui_total_months", "more_than", "12", {"ui_total_months": 12}, False, "more is not as many"),
    ("ui_total_months", "at_most", "12", {"ui_total_months": 12}, True, "at most is as many"),
    ("cert_level", "equals", "5", {"cert_level": 5}, True, "equals"),
    ("graduated_on", "on_or_after", "2025-06-30", {"graduated_on": date(2025, 6, 30)}, True, "on the day itself"),
    ("graduated_on", "on_or_before", "2025-06-30", {"graduated_on": date(2025, 7, 1)}, False, "the day after"),
    ("失业登记日期", "months_passed", "6", {"registered_unemployed_since": date(2025, 1, 1)}, True, "six months to the day"),
    ("失业登记日期", "months_not_passed", "6个月", {"registered_unemployed_since": date(2025, 1, 2)}, True, "a day short of six"),
]


@pytest.mark.parametrize(("fact", "way", "value", "person", "verdict", "why"), ROWS, ids=[r[-1] for r in ROWS])
def test_a_row_means_what_it_says(fact: str, way: str, value: str, person: dict[str, Any], verdict: bool, why: str, tmp_path: Path) -> None:
    form = replace(FORM, conditions=(ConditionRow(fact, way, value, "法条", number=1),))
    own = load([pack_of(policy_text(form, shipped()), "own_grant", tmp_path / "own")])
    evaluator = Evaluator(bind(own, date(2025, 7, 1), "CN-440605"))
    answer = evaluator.answer(evaluator.env(person), "own_grant")
    assert answer.verdict is verdict
    assert answer.amount_fen == (50_000 if verdict else None)


WRONG = [
    ("nobody", "is", "", "没有“nobody”", "a fact that is none"),
    ("registered_unemployed", "at_least", "1", "不能这样比", "a flag is not counted"),
    ("就业状态", "is", "待业", "不是这个事实的选项", "a word that is no option"),
    ("就业状态", "is", "失业、灵活就业", "不是这个事实的选项", "two words where one is wanted"),
    ("monthly_wage_fen", "less_than", "0.005", "不是金额", "half a fen"),
    ("ui_total_months", "at_least", "十二", "不是整数", "a number in words"),
    ("ui_total_months", "at_least", "NaN", "不是整数", "no number at all"),
    ("female_retire_base", "equals", "60", "没有 60 这个值", "a number that is none of its values"),
    ("graduated_on", "on_or_after", "2025-06-31", "不是日期", "a day that does not exist"),
    ("graduated_on", "months_passed", "-6", "不是月数", "months backwards"),
]


@pytest.mark.parametrize(("fact", "way", "value", "word", "why"), WRONG, ids=[w[-1] for w in WRONG])
def test_a_row_that_cannot_be_written_is_named(fact: str, way: str, value: str, word: str, why: str) -> None:
    form = replace(FORM, conditions=(FORM.conditions[0], ConditionRow(fact, way, value, "法条", number=2)))
    with pytest.raises(BadInput, match="第 2 个条件") as error:
        policy_text(form, shipped())
    assert word in error.value.zh and error.value.remedy_zh and error.value.remedy_en


@given(st.text(max_size=40).filter(lambda s: s.strip() == s))
def test_any_words_stay_the_words_they_were(words: str) -> None:
    found = parse_located(f"say: {scalar(words)}\nlist: [{scalar(words)}, {scalar(words)}]\nmap: {{a: {scalar(words)}}}\n")
    assert isinstance(found, Mapping)
    assert found["say"] == words and list(found["list"]) == [words, words] and found["map"] == {"a": words}


FACTS = [f for f in shipped().facts if f.type in ("bool", "int", "fen", "enum")]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_rows_of_any_facts_give_a_file_that_reads_and_whose_examples_come_out(data: st.DataObject) -> None:
    rows = []
    for number in range(1, data.draw(st.integers(1, 4)) + 1):
        fact = data.draw(st.sampled_from(FACTS))
        way = data.draw(st.sampled_from([k for k, c in COMPARISONS.items() if fact.base in c.types]))
        value = "" if fact.type == "bool" else data.draw(st.sampled_from(fact.allowed)) if fact.type == "enum" else _number(fact, data)
        rows.append(ConditionRow(fact.id, way, value, f"条件{number}", data.draw(st.sampled_from(["all", "any"])), number=number))
    text = with_examples(policy_text(replace(FORM, conditions=tuple(rows)), shipped()), shipped())
    import tempfile

    with tempfile.TemporaryDirectory() as parent:
        folder = pack_of(text, "own_grant", Path(parent) / "own")
        codes = {f.code for f in lint(folder, BASES) if f.is_error}
        assert codes <= {"E_NEVER", "E_CONTRADICTION", "E_UNREACHABLE", "E_NO_CASES", "E_FEW_CASES", "E_CASES_ONE_SIDED"}
        assert cases.run(load([folder]), only=["own"]).failures == ()


def _number(fact: Any, data: st.DataObject) -> str:
    value = data.draw(st.integers(fact.low, fact.high)) if fact.is_range else int(data.draw(st.sampled_from(fact.allowed)))
    return f"{value // 100}.{value % 100:02d}" if fact.type == "fen" else str(value)
