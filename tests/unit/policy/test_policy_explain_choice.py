"""Which of several benefits one takes: the rule of the exclusion group, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leye.policy import Answer, BoundPolicy, shipped
from leye.policy.choice import choices, value_fen
from leye.policy.pack import Exclusion

BASE = shipped().policies["skill_up"]


def answer(
    name: str, fen: int | None, groups: dict[str, str], *, months: int | None = None, verdict: bool | None = True, order: tuple[str, ...] = ()
) -> Answer:
    """A policy's answer; groups: name -> rule; with months it is monthly."""
    exclusive = tuple(Exclusion(group, "once", rule, order) for group, rule in groups.items())
    policy = replace(BASE, id=name, exclusive=exclusive)
    version = replace(BASE.versions[0], unit="once" if months is None else "month", exclusive=())
    return Answer(BoundPolicy(policy, version, None, None, None), verdict, fen, months, ())


MAX, CHOOSE, FIRST = {"g": "max_benefit"}, {"g": "choose"}, {"g": "priority"}
TABLE: list[tuple[list[Answer], dict[str, str], str]] = [
    ([answer("a", 100, MAX)], {}, "alone nothing is to choose"),
    ([answer("a", 100, MAX), answer("b", 100, {"h": "max_benefit"})], {}, "other groups do not touch"),
    ([answer("a", 100, MAX), answer("b", 90, MAX)], {"a": "chosen", "b": "gives_way:a"}, "the larger one"),
    ([answer("a", 100, MAX), answer("b", 90, MAX, months=2)], {"a": "gives_way:b", "b": "chosen"}, "monthly times months"),
    ([answer("a", 100, MAX), answer("b", 100, MAX)], {"a": "open", "b": "open"}, "equal amounts are the person's choice"),
    ([answer("a", 100, MAX), answer("b", None, MAX)], {"a": "open", "b": "open"}, "an unknown amount decides nothing"),
    ([answer("a", 100, CHOOSE), answer("b", 90, CHOOSE)], {"a": "open", "b": "open"}, "the law lets the person choose"),
    ([answer("a", 100, MAX), answer("b", 200, MAX, verdict=None)], {}, "what is unknown does not compete"),
    ([answer("a", 100, MAX), answer("b", 200, MAX, verdict=False)], {}, "what is refused does not compete"),
    (
        [answer("a", 1, FIRST, order=("b", "a")), answer("b", None, FIRST, order=("b", "a"))],
        {"a": "gives_way:b", "b": "chosen"}, "by order, amounts do not matter",
    ),
    (
        [answer(n, 1, FIRST, order=("z",)) for n in ("a", "b")], {"a": "open", "b": "open"}, "two that the order does not name",
    ),
    (
        [answer("a", 300, {"g": "max_benefit"}), answer("b", 200, {"g": "max_benefit", "h": "max_benefit"}), answer("c", 100, {"h": "max_benefit"})],
        {"a": "chosen", "b": "gives_way:a", "c": "chosen"}, "what lost elsewhere pushes nobody out",
    ),
    (
        [answer("a", 300, {"g": "choose"}), answer("b", 200, {"g": "choose", "h": "max_benefit"}), answer("c", 100, {"h": "max_benefit"})],
        {"a": "open", "b": "open", "c": "open"}, "while one is open its rivals are",
    ),
    (
        [answer(n, fen, MAX) for n, fen in (("a", 1), ("b", 2), ("c", 3))],
        {"a": "gives_way:c", "b": "gives_way:c", "c": "chosen"}, "three in one group",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "expected", "why"), TABLE, ids=[t[-1] for t in TABLE])
def test_choices(answers: list[Answer], expected: dict[str, str], why: str) -> None:
    assert choices(answers) == expected


VALUES = [(100, None, 100), (100, 3, 300), (None, 3, None), (100, 0, 0)]


@pytest.mark.parametrize(("fen", "months", "value"), VALUES)
def test_value(fen: int | None, months: int | None, value: int | None) -> None:
    assert value_fen(answer("a", fen, MAX, months=months)) == value


def test_a_monthly_benefit_without_months_has_no_value() -> None:
    monthly = answer("a", 100, MAX, months=1)
    assert value_fen(replace(monthly, months=None)) is None


@st.composite
def fields(draw: st.DrawFn) -> list[Answer]:
    rules = st.sampled_from(["max_benefit", "choose", "priority"])
    groups = {g: draw(rules) for g in ("g", "h", "i")}
    found = []
    for name in "abcdef":
        mine = draw(st.sets(st.sampled_from(sorted(groups)), max_size=2))
        fen = draw(st.one_of(st.none(), st.integers(0, 5)))
        found.append(
            answer(name, fen, {g: groups[g] for g in sorted(mine)}, order=("b", "a", "c"), verdict=draw(st.sampled_from([True, True, False, None])))
        )
    return found


@given(fields(), st.randoms(use_true_random=False))
def test_what_holds_for_every_field(answers: list[Answer], dice: Any) -> None:
    found = choices(answers)
    by_id = {a.policy.policy.id: a for a in answers}
    groups = {n: {x.group for x in a.policy.policy.exclusive} for n, a in by_id.items()}
    chosen = {n for n, c in found.items() if c == "chosen"}
    for name, choice in found.items():
        rivals = {n for n, a in by_id.items() if n != name and a.verdict and groups[n] & groups[name]}
        assert by_id[name].verdict and rivals, "only yes answers with a rival"
        if choice.startswith("gives_way:"):
            assert choice.removeprefix("gives_way:") in chosen & rivals
        if choice == "chosen":
            assert not rivals & chosen, "never two of one group"
    mixed = list(answers)
    dice.shuffle(mixed)
    assert choices(mixed) == found, "the order of the answers does not matter"


def test_the_shipped_packs() -> None:
    """A claimant of the skill-upgrade subsidy who may also have the training subsidy for the same certificate: the larger one."""
    from leye.policy.explain import explain

    facts = {
        "region": "CN-440305", "employment_status": "employed", "firm_kind": "enterprise", "ui_total_months": 20, "cert_level": 3,
        "cert_on": "2025-06-01",
        "cert_paid_by": "none", "cert_best_paid_level": 0, "skill_up_times_year": 0, "training_times_year": 0, "rural_transfer": True,
        "local_subsidy_fen": 120_000,
    }  # fmt: skip
    found = {e.policy: e for e in explain(shipped(), facts, date(2025, 7, 15))}
    assert (found["skill_up"].choice, found["training"].choice) == ("chosen", "gives_way:skill_up")
    assert found["training"].next.endswith("与“技能提升补贴”不能同时享受，建议办“技能提升补贴”。")
    assert found["ui_benefit"].choice is None
    dearer = {e.policy: e.choice for e in explain(shipped(), facts | {"local_subsidy_fen": 250_000}, date(2025, 7, 15))}
    assert (dearer["skill_up"], dearer["training"]) == ("gives_way:training", "chosen")
    unknown = {
        e.policy: e for e in explain(shipped(), {k: v for k, v in facts.items() if k != "local_subsidy_fen"} | {"region": "CN-54"}, date(2025, 7, 15))
    }
    assert (unknown["skill_up"].choice, unknown["training"].choice) == ("open", "open")
    assert "只能选一项" in unknown["skill_up"].next
