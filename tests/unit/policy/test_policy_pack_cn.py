"""The national pack by itself: its cases, its wording, its caps, its exclusions, and the retirement tables worked out anew."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from leye.policy import Evaluator, PackSet, Policy, Version, bind, load
from leye.policy.cases import run
from leye.policy.choice import choices
from leye.policy.expression import And, Or
from leye.policy.pack import MONEY_UNITS, Clause, ClauseNode, Group, leaves

ENTITLED = (
    "ui_benefit", "ui_older_continue", "ui_older_pension", "ui_medical", "ui_rural_lump", "ui_hardship", "skill_up", "ui_refund", "ui_rate_cut",
    "si_deferral", "expand_post", "ss_quarter", "ss_hire_hard", "ss_flex_hard", "ss_hire_grad", "ss_flex_grad", "public_post", "public_post_ss",
    "recognise_hard", "job_seek_once", "startup_loan", "startup_loan_firm", "startup_loan_interest", "tax_self_key", "tax_hire_key",
    "tax_self_veteran", "tax_hire_veteran", "gig_injury", "min_wage", "statutory_retirement", "dibao_gradual",
)  # fmt: skip
"""Rights: who meets the conditions has them; never weighed against each other."""
CHOICES = ("internship", "training", "startup_once")
"""Programmes with a budget and a choice."""
TO_BE_CHECKED = ("training_living", "hire_once")
"""Programmes of the same kind whose basis is unverified: not weighed before the document is read."""
EXCLUSIVE = {
    "social_insurance_subsidy": {"ss_quarter", "ss_hire_hard", "ss_flex_hard", "ss_hire_grad", "ss_flex_grad", "public_post_ss"},
    "same_certificate": {"skill_up", "training"},
    "tax_self": {"tax_self_key", "tax_self_veteran"},
    "tax_hire": {"tax_hire_key", "tax_hire_veteran"},
    "hire_once_or_expand": {"hire_once", "expand_post"},
    "job_seek_once": {"job_seek_once"},
    "startup_once": {"startup_once"},
}
CAPS = {
    ("skill_up", "level5_fen"): 100_000, ("skill_up", "level4_fen"): 150_000, ("skill_up", "level3_fen"): 200_000,
    ("expand_post", "per_head_fen"): 150_000, ("ui_refund", "large_pct"): 30, ("ui_refund", "small_pct"): 60,
    ("ui_refund", "large_affected_pct"): 50, ("ui_refund", "small_affected_pct"): 90, ("ss_quarter", "share_pct"): 25,
    ("ss_quarter", "term_months"): 12, ("startup_loan", "cap_fen"): 30_000_000, ("startup_loan", "term_months_max"): 36,
    ("startup_loan_firm", "cap_fen"): 400_000_000, ("startup_loan_firm", "term_months_max"): 24, ("startup_loan_interest", "share_pct"): 50,
    ("tax_hire_veteran", "per_head_fen"): 900_000, ("ss_flex_hard", "share_num"): 2, ("ss_flex_grad", "share_num"): 2,
}  # fmt: skip
"""What the law allows at most: no value of a pack or a reform may lie above."""


@pytest.fixture(scope="module")
def pack() -> PackSet:
    return load(["cn"])


def versions(pack: PackSet) -> Iterator[tuple[Policy, Version]]:
    return ((p, v) for p in pack.policies.values() for v in p.versions)


def groups(node: ClauseNode) -> Iterator[Group]:
    if isinstance(node, Group):
        yield node
        for part in node.parts:
            yield from groups(part)


def test_every_worked_case_comes_out(pack: PackSet) -> None:
    report = run(pack)
    assert [f.as_dict() for f in report.failures] == []
    assert report.policies == 36


def test_every_policy_has_a_yes_a_no_and_an_unknown(pack: PackSet) -> None:
    counts = {p.id: Counter(str(c.expect["verdict"]) for c in p.cases) for p in pack.policies.values()}
    assert [name for name, found in counts.items() if min(found[v] for v in ("符合", "不符合", "待核实")) < 1 or found.total() < 4] == []
    assert sum(found.total() for found in counts.values()) >= 160
    assert [c.name for p in pack.policies.values() for c in p.cases if c.expect["verdict"] == "待核实" and "missing" not in c.expect] == []


def test_case_names_are_told_once_a_policy(pack: PackSet) -> None:
    names = Counter((p.id, c.name) for p in pack.policies.values() for c in p.cases)
    assert [name for name, count in names.items() if count > 1] == []


def test_every_condition_is_one_sentence_in_two_languages_with_its_source(pack: PackSet) -> None:
    for policy, version in versions(pack):
        for clause in leaves(version.who):
            assert clause.say and clause.say_en and clause.basis, f"{policy.id}: {clause.text}"
            assert not isinstance(clause.when, And | Or), f"{policy.id}: two conditions in one clause: {clause.text}"
            assert re.search(r"[\u4e00-\u9fff]", clause.say) and not re.search(r"[\u4e00-\u9fff]", clause.say_en), f"{policy.id}: {clause.say}"


def test_every_choice_between_groups_says_what_it_is(pack: PackSet) -> None:
    nested = [(p.id, g) for p, v in versions(pack) for g in groups(v.who) if g is not v.who]
    assert [(name, g.kind) for name, g in nested if not (g.say and g.say_en)] == []


def test_every_policy_tells_what_it_gives_where_to_go_and_what_to_bring(pack: PackSet) -> None:
    for policy in pack.policies.values():
        assert policy.benefit_zh and policy.benefit_en and policy.name_en, policy.id
        assert policy.apply.where_zh and policy.apply.where_en and policy.apply.documents_zh and all(policy.apply.documents_en), policy.id
        assert policy.sources and all(s.doc for s in policy.sources), policy.id


def test_what_is_not_a_right_to_the_letter_says_ask_the_local_guide(pack: PackSet) -> None:
    """The papers are our suggestion; only an ended policy needs none."""
    assert [p.id for p in pack.policies.values() if "当地办事指南为准" not in p.apply.where_zh] == ["ui_hardship"]


def test_every_version_ends_or_says_why_not_and_absent_money_is_explained(pack: PackSet) -> None:
    for policy, version in versions(pack):
        assert (version.end is None) == bool(version.sunset), f"{policy.id} {version.start}"
        if version.amount is None and version.unit in MONEY_UNITS:
            assert version.amount_why_zh and version.amount_why_en, f"{policy.id} {version.start}"


def test_every_number_of_the_law_has_bounds_a_name_and_a_reference(pack: PackSet) -> None:
    for policy, version in versions(pack):
        for name, parameter in version.parameters.items():
            assert parameter.zh and parameter.unit and parameter.low is not None and parameter.high is not None, f"{policy.id}.{name}"
            for value in parameter.values:
                assert value.ref and value.start <= version.start, f"{policy.id}.{name}: no value on the first day"
                assert value.value is not None and parameter.low <= value.value <= parameter.high, f"{policy.id}.{name}"


def test_no_bound_lies_above_the_national_cap(pack: PackSet) -> None:
    highs = {(p.id, n): q.high for p, v in versions(pack) for n, q in v.parameters.items() if (p.id, n) in CAPS}
    assert highs == CAPS


def test_rights_and_programmes_are_told_apart(pack: PackSet) -> None:
    assert {p.id for p in pack.policies.values() if p.discretionary} == set(CHOICES)
    assert {p.id for p in pack.policies.values() if not p.discretionary} == {*ENTITLED, *TO_BE_CHECKED}
    assert [name for name in TO_BE_CHECKED if pack.policies[name].status != "unverified"] == []


def test_exclusion_groups_have_their_members_and_one_rule_each(pack: PackSet) -> None:
    found: dict[str, set[str]] = {}
    rules: dict[str, set[tuple[str, str]]] = {}
    for policy in pack.policies.values():
        for exclusion in policy.exclusive:
            found.setdefault(exclusion.group, set()).add(policy.id)
            rules.setdefault(exclusion.group, set()).add((exclusion.scope, exclusion.rule))
    assert found == EXCLUSIVE
    assert [group for group, ways in rules.items() if len(ways) != 1] == []


def test_qinghai_alone_forbids_the_older_claimant_a_second_subsidy(pack: PackSet) -> None:
    older = pack.policies["ui_older_pension"]
    assert {v.region: [e.group for e in v.exclusive] for v in older.versions} == {"CN": [], "CN-63": ["social_insurance_subsidy"]}


def test_a_flexible_claimant_near_retirement_chooses_in_qinghai_only(pack: PackSet) -> None:
    """5 months x 950 yuan of pension contributions against 5 months x 800 yuan of the flexible worker's subsidy."""
    person = {
        "sex": "M", "birth": date(1965, 10, 1), "ui_claiming": True, "pension_paid_personally": True, "local_pension_min_fen": 95_000,
        "ss_subsidy_this_month": "none", "employment_status": "flexible", "hard_to_employ": True, "ss_paid_month_fen": 120_000,
        "subsidised_months": 0,
    }  # fmt: skip
    chosen = {}
    for region in ("CN-62", "CN-6301"):
        evaluator = Evaluator(bind(pack, date(2025, 8, 31), region))
        chosen[region] = choices(evaluator.answers(evaluator.env(person)))
    assert chosen == {"CN-62": {}, "CN-6301": {"ui_older_pension": "chosen", "ss_flex_hard": "gives_way:ui_older_pension"}}


def test_notes_say_where_they_are_from(pack: PackSet) -> None:
    notes = [
        (p.id, n) for p, v in versions(pack) for n in (*p.notes, *v.notes, *(c.note for c in leaves(v.who)), *(g.note for g in groups(v.who))) if n
    ]
    assert len(notes) >= 30
    assert [name for name, n in notes if not (n.zh and n.en and n.source)] == []
    assert [name for name, n in notes if n.grade not in ("", "A", "B", "C")] == []
    assert [name for name, n in notes if n.zh.startswith("来源有不同说法") and not n.grade] == []


def annexed_table(first: tuple[int, int], base_years: int, step: int, last_delay: int) -> Iterator[tuple[date, int]]:
    """Rows of an annexed table as the text describes them: from the first birth month on, one month later for every `step` months of birth.

    Gives birth and retirement month (year * 12 + month), two years before the table and ten years beyond it.
    """
    year, month, delay, in_step = first[0] - 2, first[1], 0, 0
    while year < first[0] + 22:
        if (year, month) >= first and delay < last_delay:
            if in_step == 0:
                delay += 1
            in_step = (in_step + 1) % step
        yield date(year, month, 15), (year + base_years) * 12 + month + delay
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


TABLES = [
    ({"sex": "M"}, (1965, 1), 60, 4, 36, "附表一 男职工"),
    ({"sex": "F", "female_retire_base": 55}, (1970, 1), 55, 4, 36, "附表二 原55周岁女职工"),
    ({"sex": "F", "female_retire_base": 50}, (1975, 1), 50, 2, 60, "附表三 原50周岁女职工"),
]


@pytest.mark.parametrize(("who", "first", "base", "step", "last", "why"), TABLES, ids=[t[-1] for t in TABLES])
def test_retirement_months_are_those_of_the_annexed_tables(
    pack: PackSet, who: dict[str, str | int], first: tuple[int, int], base: int, step: int, last: int, why: str
) -> None:
    evaluator = Evaluator(bind(pack, date(2025, 1, 1)))
    for birth, month in annexed_table(first, base, step, last):
        assert evaluator.env(who | {"birth": birth})["retirement_month"] == month, f"{why} {birth}"


def test_the_fact_table_has_words_meanings_and_registers(pack: PackSet) -> None:
    assert len(pack.facts) == 96
    for fact in pack.facts:
        assert fact.meaning_zh and fact.meaning_en and fact.source_zh, fact.id
        assert len(fact.values_zh) == (len(fact.allowed) if fact.type == "enum" else 0), fact.id
        assert len(set(fact.values_zh)) == len(fact.values_zh), fact.id


def test_a_clause_reads_like_a_sentence(pack: PackSet) -> None:
    """No ids, no code, no full stop at the end of a sentence that is shown in a list."""
    for policy, version in versions(pack):
        for part in (*leaves(version.who), *groups(version.who)):
            said = part.say if isinstance(part, Clause | Group) else ""
            assert not re.search(r"[a-z]+_[a-z]+|[.。]$|  ", said), f"{policy.id}: {said}"
