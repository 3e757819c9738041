"""Reforms as read and as put onto the packs: what is refused with file, line and remedy; days, places and caps; what a change says in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from leye.kernel.errors import BadInput
from leye.policy import Evaluator, bind
from leye.policy.lookup import version_of
from leye.policy.read_pack import shipped
from leye.policy.simulate import apply, as_text, read_reform, reform_of_text, simulate
from leye.policy.simulate.change_words import words_of
from leye.policy.simulate.compare import Both, columns_of
from leye.policy.simulate.path import monthly_path
from leye.policy.simulate.summary import counted, summarise
from tests_support.policy_people import random_people
from tests_support.policy_reforms import NEW, slow_path

ON = date(2025, 8, 31)

REFUSED = [
    ("reform: r\nchange: []\n", "E_KEY_UNKNOWN", 2, "changes", "a key that is nearly right"),
    ("reform: r\nchanges: []\n", "E_REFORM_EMPTY", 1, "至少一项", "no changes"),
    ("reform: r\nchanges:\n  - {policy: skill_up, parametr: level3_fen, value: 1}\n", "E_KEY_UNKNOWN", 3, "parameter", "a key of a change"),
    ("reform: r\nchanges:\n  - {policy: skill_up}\n", "E_REFORM_CHANGE", 3, "drop_clause", "nothing to change"),
    ("reform: r\nchanges:\n  - {policy: skill_up, amount_fen: 1, months: 2}\n", "E_REFORM_CHANGE", 3, "每项写一种", "two changes at once"),
    ("reform: r\nchanges:\n  - {policy: skill_upp, drop_clause: 1}\n", "E_POLICY_UNKNOWN", 3, "skill_up", "a policy that is not"),
    ("reform: r\nchanges:\n  - {policy: skill_up, parameter: level3, value: 1}\n", "E_PARAMETER_UNKNOWN", 3, "level3_fen", "a number that is not"),
    ("reform: r\nchanges:\n  - {policy: skill_up, drop_clause: 99}\n", "E_CLAUSE_UNKNOWN", 3, "没有第 99 条", "a condition that is not"),
    ("reform: r\nchanges:\n  - {policy: skill_up, parameter: level3_fen, value: 2.5}\n", "E_FRACTION", 3, "分", "yuan in place of fen"),
    ("reform: r\nchanges:\n  - {policy: ui_hardship, drop_clause: 1}\n", "E_REFORM_NOT_IN_FORCE", 3, "extend_to", "a policy that has ended"),
    ("reform: r\nchanges:\n  - {policy: skill_up, extend_to: 2025-01-31}\n", "E_REFORM_CHANGE", 3, "更晚", "an extension backwards"),
    ("reform: r\nchanges:\n  - {policy: skill_up, end_on: 2020-01-31}\n", "E_REFORM_CHANGE", 3, "版本之内", "an end before the beginning"),
    ("reform: r\nbudgets: {ui_found: 1}\nchanges:\n  - {policy: skill_up, drop_clause: 1}\n", "E_KEY_UNKNOWN", 2, "ui_fund", "a fund that is not"),
    (
        "reform: r\ntake_up: {base: 0.9, low: 0.95, high: 0.99}\nchanges:\n  - {policy: skill_up, drop_clause: 1}\n",
        "E_TAKE_UP",
        2,
        "检查",
        "take-up out of order",
    ),
    ("reform: r\nchanges:\n  - {parameter: sex, value: 1}\n", "E_PARAMETER_UNKNOWN", 3, "可用", "a fact that is no figure of a place"),
    ("reform: r\nchanges:\n  - {parameter: local_tax_cap_self_fen, value: 9000000}\n", "E_CAP", 3, "2400000", "above what the fact allows"),
]


@pytest.mark.parametrize(("text", "code", "line", "says", "why"), REFUSED, ids=[r[-1] for r in REFUSED])
def test_what_is_refused_names_code_line_and_remedy(text: str, code: str, line: int, says: str, why: str) -> None:
    with pytest.raises(BadInput) as caught:
        apply(reform_of_text(text, file="r.yaml"), shipped(), ON)
    error = caught.value
    assert (error.code, error.places[0].file, error.places[0].row) == (code, "r.yaml", line)
    assert says in error.zh + error.remedy_zh
    assert error.remedy_zh and error.remedy_en and error.en != error.zh


def test_a_number_beyond_the_cap_names_cap_and_source_and_passes_with_a_reason() -> None:
    over = "reform: r\nchanges:\n  - {policy: skill_up, parameter: level3_fen, value: 300000%s}\n"
    with pytest.raises(BadInput) as caught:
        apply(reform_of_text(over % ""), shipped(), ON)
    assert caught.value.code == "E_CAP"
    assert "200000" in caught.value.zh and "skill_up.yaml" in caught.value.zh
    after = apply(reform_of_text(over % ", beyond_cap: 上位法放宽"), shipped(), ON)
    assert version_of(after.policies["skill_up"], "CN", ON).parameters["level3_fen"].values[0].value == 300_000  # type: ignore[union-attr]


def test_a_change_from_a_later_day_leaves_the_days_before_as_they_were() -> None:
    packs = shipped()
    reform = reform_of_text(
        "reform: r\nfrom: 2025-11-01\nchanges:\n  - {policy: ss_flex_hard, drop_clause: 1}\n"
        "  - {policy: ss_flex_hard, parameter: share_num, value: 1}\n"
    )
    after = apply(reform, packs, ON)
    person = {"employment_status": "employed", "hard_to_employ": True, "ss_paid_month_fen": 90_000, "ss_subsidy_this_month": "none",
              "subsidised_months": 0, "sex": "M", "birth": date(1980, 1, 1)}  # fmt: skip
    answers = {}
    for day in (date(2025, 10, 31), date(2025, 11, 1)):
        evaluator = Evaluator(bind(after, day))
        answer = evaluator.answer(evaluator.env(person), "ss_flex_hard")
        answers[day] = (answer.verdict, answer.amount_fen)
    assert answers == {date(2025, 10, 31): (False, None), date(2025, 11, 1): (True, 30_000)}
    found = simulate(packs, reform, random_people(packs, ON, 300, seed=2).lazy(), ON)
    assert found.on == date(2025, 11, 1), "compared on the first day of the reform"
    months = found.months.group_by("month", maintain_order=True).agg((pl.col("cost_after_fen") - pl.col("cost_before_fen")).sum().alias("d"))["d"]
    assert months.to_list()[:3] == [0, 0, 0], "August to October are the law's"


def test_a_change_for_a_place_leaves_the_others() -> None:
    packs = shipped()
    after = apply(reform_of_text("reform: r\nchanges:\n  - {policy: ss_flex_hard, drop_clause: 1, region: CN-44}\n"), packs, ON)
    kept = [
        version_of(after.policies["ss_flex_hard"], r, ON) is version_of(packs.policies["ss_flex_hard"], r, ON) for r in ("CN", "CN-11", "CN-4406")
    ]
    assert kept == [True, True, False]


def test_a_reform_reads_back_to_the_same() -> None:
    text = "reform: 名\nwhy: 因\nfrom: 2025-10-01\nchanges:\n  - {policy: skill_up, drop_clause: 2}\n  - add_policy: {policy: a, versions: [{from: 2020-01-01}]}\ntake_up: {base: 0.6, low: 0.5, high: 0.7, notified: 0.1}\nbudgets: {ui_fund: 100}\n"  # noqa: E501
    once = reform_of_text(text)
    assert reform_of_text(as_text(once)) == once


def test_words_name_policies_and_numbers() -> None:
    reform = reform_of_text(
        "reform: r\nchanges:\n  - {policy: skill_up, parameter: level3_fen, value: 150000}\n"
        "  - {policy: 技能提升补贴, parameter: 最少参保月数, value: 6}\n"
        "  - {policy: ss_flex_hard, drop_clause: 1}\n  - {parameter: local_min_wage_fen, region: CN-44, value: 250000}\n"
    )
    zh = [z for z, _ in words_of(reform, shipped(), ON)]
    assert zh[0] == "技能提升补贴：高级（三级） 2,000 元 → 1,500 元"
    assert zh[1] == "技能提升补贴：最少参保月数 12 个月 → 6 个月"
    assert zh[2].startswith("社保补贴_灵活就业就业困难人员：去掉第 1 条“")
    assert zh[3].startswith("各项政策（CN-44）：") and zh[3].endswith("2,500 元")


def test_a_place_that_only_one_side_knows_has_the_numbers_of_the_place_around_it() -> None:
    indented = NEW.strip().replace("\n", "\n      ")
    law = apply(reform_of_text(f"reform: law\nchanges:\n  - add_policy:\n      {indented}\n"), shipped(), ON)
    after = apply(reform_of_text("reform: r\nchanges:\n  - {policy: night_bus, parameter: per_month_fen, region: CN-4403, value: 40000}\n"), law, ON)
    people = pl.DataFrame(
        {"person_id": ["a", "b", "c"], "region": ["CN-440305", "CN-4406", "CN-11"], "gig_worker": [True] * 3, "subsidised_months": [18] * 3}
    )
    found = summarise(Both.of(law, after, ON), people.lazy())
    row = found.policies.filter(pl.col("policy") == "night_bus").row(0, named=True)
    assert (row["cost_before_fen"], row["cost_after_fen"]) == (12 * (30_000 + 30_000 + 20_000), 12 * (40_000 + 30_000 + 20_000))
    assert found.whole["winners"] == 1


def test_what_is_paid_by_the_year_comes_again_after_twelve_months() -> None:
    packs = shipped()
    after = apply(reform_of_text("reform: r\nchanges:\n  - {parameter: local_tax_cap_self_fen, region: CN, value: 2400000}\n"), packs, ON)
    both = Both.of(packs, after, ON)
    many = random_people(packs, ON, 2_000, seed=4, nulls=0.05)
    yes = columns_of(both, many.lazy(), keep=("person_id",)).filter(pl.col("y0.tax_self_key") > 0).collect()["_k.person_id"]
    people = many.filter(pl.col("person_id").is_in(yes.implode())).head(12)
    found = monthly_path(both, people.lazy(), months=14)
    assert found.drop("pays").rows() == slow_path(packs, after, list(both.policies), people, ON, 14, None)
    mine = found.filter(pl.col("policy") == "tax_self_key")["paid_after"].to_list()
    assert mine[0] > 0 and mine[12] > 0


def test_counts_alone_equal_the_summary() -> None:
    packs = shipped()
    after = apply(reform_of_text("reform: r\nchanges:\n  - {policy: skill_up, parameter: ui_months_min, value: 6}\n"), packs, ON)
    people = random_people(packs, ON, 2_000, seed=8).lazy()
    for rivals in (True, False):
        both = Both.of(packs, after, ON, rivals=rivals)
        few = counted(both, people)
        assert few.equals(summarise(both, people).policies.select(few.columns))


def test_a_reform_that_touches_nothing_says_so() -> None:
    packs = shipped()
    reform = reform_of_text("reform: r\nchanges:\n  - {parameter: local_fund_reserve_months, region: CN-9999, value: 24}\n")
    found = simulate(packs, reform, random_people(packs, ON, 50, seed=1).lazy(), ON, by=("sex",))
    assert found.summary.whole["winners"] == found.summary.whole["losers"] == 0


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read_reform(tmp_path / "nix.yaml")
    assert caught.value.code == "E_NO_FILE"
