"""Explanations against the evaluator, and every promise they make against the rule asked again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leye.policy import Evaluator, PackSet, bind, shipped
from leye.policy.bind import Bound, BoundClause, BoundNode
from leye.policy.choice import choices
from leye.policy.explain import Explanation, NearMiss, explainer
from leye.policy.explain.kleene import failing, turners, verdicts_of
from leye.policy.explain.plan_node import PlanNode
from leye.policy.expression import And, Compare, Const, FactRef, Node, Not, On
from leye.policy.pack import Clause, Group
from tests_support.policy_people import random_people
from tests_support.policy_trees import INTS, OPS, REGIONS, RandomRules, ints
from tests_support.policy_trees import rules as random_rules

DAYS = [date(2022, 12, 31), date(2024, 2, 29), date(2025, 7, 15), date(2025, 12, 31), date(2026, 2, 1)]
PEOPLE = 250
HOMES = ("CN", "CN-44", "CN-440305", "CN-110105", "CN-63", "CN-510104", "CN-540102")


def people_of(rules: PackSet, on: date, *, count: int = PEOPLE, nulls: float = 0.2, seed: int = 5, **more: Any) -> list[dict[str, Any]]:
    rows = random_people(rules, on, count, seed=seed, nulls=nulls, **({"regions": HOMES} | more)).to_dicts()
    return [{k: v for k, v in row.items() if v is not None} for row in rows]


class AnyDay(Evaluator):
    """The rules in force on one day, asked about any: the plain evaluator with a day that can be moved."""

    def __init__(self, bound: Bound) -> None:
        self.today = bound.on
        super().__init__(bound)

    def _compile(self, node: Node) -> Any:
        return (lambda env: self.today) if isinstance(node, On) else super()._compile(node)


@lru_cache(maxsize=64)
def any_day(rules: PackSet, on: date, region: str) -> AnyDay:
    return AnyDay(bind(rules, on, region))


def evaluator_of(rules: PackSet, on: date, region: str, asked_on: date) -> AnyDay:
    """Rules of `on`, asked about another day."""
    found = any_day(rules, on, region)
    found.today = asked_on
    return found


def explained(rules: PackSet, on: date, people: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str, list[Explanation]]]:
    for facts in people:
        region = facts.get("region", "CN")
        yield facts, region, explainer(rules, on, region).explain(facts)


def nodes_in_order(who: BoundNode) -> list[BoundNode]:
    parts = () if isinstance(who, BoundClause) else who.parts
    return [who, *(n for part in parts for n in nodes_in_order(part))]


def assert_equal_to_the_evaluator(rules: PackSet, on: date, people: list[dict[str, Any]]) -> None:
    for facts, region, found in explained(rules, on, people):
        evaluator = evaluator_of(rules, on, region, on)
        env = evaluator.env(facts)
        answers = evaluator.answers(env)
        chosen = choices(answers)
        for e, a in zip(found, answers, strict=True):
            assert (e.verdict, e.answer.amount_fen, e.answer.months, e.answer.missing) == (a.verdict, a.amount_fen, a.months, a.missing), e.policy
            assert (e.policy, e.choice) == (a.policy.policy.id, chosen.get(a.policy.policy.id))
            row = e.as_dict()
            assert (row["amount_fen"], row["months"], row["missing"]) == (a.amount_fen, a.months, list(a.missing))
            if a.policy.who is not None:
                nodes = nodes_in_order(a.policy.who)
                said = [line.verdict for line in e.lines]
                expected = [evaluator.value(n.node, env) for n in nodes]
                assert said == expected[len(nodes) - len(said) :]


@pytest.mark.parametrize("on", DAYS, ids=[d.isoformat() for d in DAYS])
def test_explanation_and_evaluator_are_one(on: date) -> None:
    assert_equal_to_the_evaluator(shipped(), on, people_of(shipped(), on))


@st.composite
def compared_rules(draw: st.DrawFn) -> RandomRules:
    """Random rules whose versions are groups of comparisons of numbers, so that there is something to fall short of."""
    drawn: RandomRules = draw(random_rules(shipped().facts))
    plain = st.sampled_from([FactRef(n, "int") for n in INTS])
    sides = st.one_of(plain, ints(1), ints(2))

    def who() -> Group:
        kinds = st.builds(Compare, OPS, sides, st.one_of(st.integers(-5, 60).map(lambda v: Const(v, "int")), sides))
        when = st.one_of(kinds, kinds.map(Not), st.lists(kinds, min_size=2, max_size=3).map(lambda p: And(tuple(p))))
        return Group(draw(st.sampled_from(["all", "any"])), tuple(Clause(node, "", "条件") for node in draw(st.lists(when, min_size=2, max_size=4))))

    policy = drawn.packs.policies["random"]
    versions = tuple(replace(v, who=who()) for v in policy.versions)
    return RandomRules(replace(drawn.packs, policies={"random": replace(policy, versions=versions)}))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(random_rules(shipped().facts), compared_rules(), compared_rules()), st.integers(0, 2**32 - 1))
def test_rules_that_nobody_wrote(drawn: RandomRules, seed: int) -> None:
    on = date(2025, 2, 28)
    people = people_of(drawn.packs, on, count=25, nulls=0.15, seed=seed, steered=0, regions=REGIONS)
    assert_equal_to_the_evaluator(drawn.packs, on, people)
    for facts, region, _, node, near in misses(drawn.packs, on, people):
        assert_true_and_least(drawn.packs, on, facts, region, node, near)


Miss = tuple[dict[str, Any], str, Explanation, BoundClause, NearMiss]


def misses(rules: PackSet, on: date, people: list[dict[str, Any]]) -> Iterator[Miss]:
    """Every failing condition that has a distance."""
    for facts, region, found in explained(rules, on, people):
        for e in found:
            if e.plan.bound.who is None:
                continue
            nodes = nodes_in_order(e.plan.bound.who)
            for line, node in zip(reversed(e.lines), reversed(nodes), strict=False):
                if line.near is not None:
                    assert isinstance(node, BoundClause)
                    yield facts, region, e, node, line.near


def assert_true_and_least(rules: PackSet, on: date, facts: dict[str, Any], region: str, node: BoundClause, near: NearMiss) -> str:
    """The condition holds after the change, or on the day; it does not a step, or a day, before. Returns the kind of the distance."""

    def holds(person: dict[str, Any], day: date) -> bool | None:
        evaluator = evaluator_of(rules, on, region, day)
        found: bool | None = evaluator.value(node.node, evaluator.env(person))
        return found

    assert holds(facts, on) is False
    if near.to is None:
        assert near.turns_on is not None and near.turns_on > on and near.by > 0
        assert holds(facts, near.turns_on) is True
        assert holds(facts, near.turns_on - timedelta(days=1)) is False
        return "time"
    changed = facts | {near.fact: near.to}
    assert near.by == abs(near.to - facts[near.fact]) and near.over == (near.to < facts[near.fact])
    assert holds(changed, on) is True
    assert holds(facts | {near.fact: near.to + (1 if near.over else -1)}, on) is not True
    if near.turns_on is None:
        return "change"
    assert holds(changed, near.turns_on) is True
    return "growth"


@pytest.mark.parametrize("on", DAYS, ids=[d.isoformat() for d in DAYS])
def test_every_distance_is_true_and_the_least(on: date) -> None:
    rules, seen = shipped(), dict.fromkeys(("time", "change", "growth"), 0)
    for facts, region, _, node, near in misses(rules, on, people_of(rules, on, nulls=0.05)):
        seen[assert_true_and_least(rules, on, facts, region, node, near)] += 1
    assert min(seen.values()) > (10 if on.year in (2024, 2025) else 0), seen


@pytest.mark.parametrize("on", DAYS, ids=[d.isoformat() for d in DAYS])
def test_every_promise_of_a_yes_is_kept(on: date) -> None:
    """起符合 and 满足后即符合 are said only where the whole rule holds then and the policy is still in force; 到期 only where it is not."""
    rules, kept = shipped(), {"promised": 0, "not": 0, "ended": 0}
    for facts, region, found in explained(rules, on, people_of(rules, on, nulls=0.02, count=400)):
        for e in found:
            nearest = e.nearest
            if nearest is None or nearest.near is None or not nearest.is_alone:
                assert "起符合" not in e.next and "满足后即符合" not in e.next
                continue
            near, version = nearest.near, e.plan.bound.version
            day = near.turns_on or on
            evaluator = evaluator_of(rules, on, region, day)
            changed = facts if near.to is None else facts | {near.fact: near.to}
            whole = evaluator.answer(evaluator.env(changed), e.policy).verdict is True
            ended = version is not None and version.end is not None and day > version.end
            promised = "起符合" in e.next or "满足后即符合" in e.next
            assert promised == (whole and not ended), (e.policy, e.next)
            assert ended == ("赶不上" in e.next)
            kept["ended" if ended else "promised" if promised else "not"] += 1
    assert kept["promised"] > 20


def plan_nodes() -> st.SearchStrategy[list[PlanNode]]:
    """Random rules laid out flat; condition numbers count up."""
    clause = st.just(Clause(None, "", ""))  # type: ignore[arg-type]

    def groups(parts: Any) -> Any:
        many = st.lists(parts, min_size=1, max_size=4).map(tuple)
        return st.one_of(
            many.map(lambda p: Group("all", p)), many.map(lambda p: Group("any", p)), parts.map(lambda p: Group("not", (p,))),
            many.flatmap(lambda p: st.integers(1, len(p)).map(lambda k: Group("at_least", p, k))),
        )  # fmt: skip

    return st.recursive(clause, groups, max_leaves=7).map(flat)


def flat(tree: Any) -> list[PlanNode]:
    nodes: list[PlanNode] = []
    conditions = iter(range(100))

    def lay(part: Any) -> int:
        at = len(nodes)
        if isinstance(part, Clause):
            nodes.append(PlanNode("clause", 0, "", "", "", next(conditions), ()))
        else:
            nodes.append(PlanNode(part.kind, 0, "", "", "", -1, (), part.k))
            nodes[at].parts = tuple(lay(p) for p in part.parts)
        return at

    lay(tree)
    return nodes


def completions(values: list[bool | None]) -> Iterator[list[bool]]:
    """Every way in which the unknown may turn out."""
    if None not in values:
        yield values  # type: ignore[misc]
        return
    at = values.index(None)
    for value in (True, False):
        yield from completions([*values[:at], value, *values[at + 1 :]])


@settings(max_examples=300, deadline=None)
@given(plan_nodes(), st.data())
def test_groups_are_kleene_and_the_conditions_that_turn_them_are_all_of_them(nodes: list[PlanNode], data: Any) -> None:
    leaves = [n for n in nodes if n.condition >= 0]
    values = data.draw(st.lists(st.sampled_from([True, False, None]), min_size=len(leaves), max_size=len(leaves)))
    found = verdicts_of(nodes, values)
    outcomes = {verdicts_of(nodes, filled)[0] for filled in completions(values)}
    if found[0] is not None:
        assert outcomes == {found[0]}, "strong Kleene logic is sound"
    turned = {i for i, v in enumerate(values) if v is not None and verdicts_of(nodes, [*values[:i], not v, *values[i + 1 :]])[0] is True}
    said = {nodes[at].condition for at in turners(nodes, found)}
    assert said == (turned if found[0] is False else said if found[0] is None else set())
    assert bool(failing(nodes, found)) == (found[0] is False)
    if found[0] is False:
        for at in turners(nodes, found, lenient=True):
            i = nodes[at].condition
            flipped = [*values[:i], not values[i], *values[i + 1 :]]
            assert any(verdicts_of(nodes, filled)[0] for filled in completions(flipped))
