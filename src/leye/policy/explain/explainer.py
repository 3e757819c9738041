"""The rules of one place and day compiled for explanations, and the explanation of one person.

The verdict of every policy, its amount, months and missing facts are those of `Evaluator`: the same closures give them. What costs time to say
(lines, the next step) is made when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from leye.policy.bind import bind, clauses_of
from leye.policy.choice import choices
from leye.policy.explain.answer import Json, Line, NearMiss
from leye.policy.explain.conditions import Condition
from leye.policy.explain.days import DayEvaluator
from leye.policy.explain.kleene import Verdict, verdicts_of
from leye.policy.explain.labels import Labels
from leye.policy.explain.lines import lines_of
from leye.policy.explain.near_words import NearWords
from leye.policy.explain.next_step import Nearest, nearest_of, next_step
from leye.policy.explain.person_file import FactSource
from leye.policy.explain.plan import Plan, plan_of
from leye.policy.explain.sentences import Sentences
from leye.policy.expression import Node
from leye.policy.facts import FactValue
from leye.policy.pack import PackSet
from leye.policy.scalar import Answer, Closure, Env
from leye.policy.words import verdict_word


class Explainer:
    """One place, one day, one language."""

    def __init__(self, packs: PackSet, on: date, region: str, language: str) -> None:
        self.packs, self.on, self.region = packs, on, region
        bound = bind(packs, on, region)
        self.evaluator = DayEvaluator(bound)
        self.labels = Labels(packs, language)
        self.english = self.labels.is_english
        self.conditions: list[Condition] = []
        self._numbers: dict[Node, int] = {}
        self.sentences = Sentences(self.labels)
        words = NearWords(self.labels)
        for policy in bound.policies:
            for clause in clauses_of(policy.who) if policy.who is not None else ():
                if clause.node not in self._numbers:
                    self._numbers[clause.node] = len(self.conditions)
                    self.conditions.append(Condition(clause.node, self.evaluator, self.labels, words))
        self._holds: list[Closure] = [c.holds for c in self.conditions]
        self.plans = [plan_of(packs, p, on, region, self._numbers.__getitem__, english=self.english) for p in bound.policies]
        self._money = [(self._maybe(p.amount), self._maybe(p.months)) for p in bound.policies]
        self._order = bound.facts.order

    def _maybe(self, node: Node | None) -> Closure | None:
        return None if node is None else self.evaluator.closure(node)

    def explain(
        self, facts: Mapping[str, FactValue], *, policy: str | None = None, sources: Mapping[str, FactSource] | None = None
    ) -> list[Explanation]:
        """All policies of the pack for one person, or one of them. facts: checked values (`person_facts`)."""
        person = Person(self, self.evaluator.env(facts), sources or {})
        found = [self._one(person, *it) for it in zip(self.plans, self._money, strict=True)]
        chosen = choices([e.answer for e in found])
        for e in found:
            e.choice = chosen.get(e.policy)
        person.explanations = {e.policy: e for e in found}
        return found if policy is None else [person.explanations[policy]]

    def _one(self, person: Person, plan: Plan, money: tuple[Closure | None, Closure | None]) -> Explanation:
        if not plan.nodes:
            return Explanation(person, plan, [], Answer(plan.bound, False, None, None, ()))
        found = verdicts_of(plan.nodes, person.verdicts)
        if found[0] is False:
            return Explanation(person, plan, found, Answer(plan.bound, False, None, None, ()))
        amount, months = money
        fen = None if amount is None else amount(person.env)
        missing: tuple[str, ...] = ()
        if found[0] is None:
            missing = self._missing(person, plan, found)
        elif fen is None and plan.bound.amount is not None:
            missing = self.evaluator.missing(plan.bound.amount, person.env)
        return Explanation(person, plan, found, Answer(plan.bound, found[0], fen, None if months is None else months(person.env), missing))

    def _missing(self, person: Person, plan: Plan, found: Sequence[Verdict]) -> tuple[str, ...]:
        """Facts of undecided conditions that stand under undecided groups only."""
        facts: set[str] = set()
        todo = [0]
        while todo:
            node = plan.nodes[todo.pop()]
            if node.condition >= 0:
                facts.update(person.missing(node.condition))
            else:
                todo.extend(p for p in node.parts if found[p] is None)
        return tuple(sorted(facts, key=self._order.__getitem__))


class Person:
    """One person's values, and what was said about single conditions: policies share them."""

    def __init__(self, explainer: Explainer, env: Env, sources: Mapping[str, FactSource]) -> None:
        self.explainer, self.env, self.sources = explainer, env, sources
        self.verdicts: list[Verdict] = [holds(env) for holds in explainer._holds]
        self.explanations: dict[str, Explanation] = {}
        self._missing: dict[int, tuple[str, ...]] = {}
        self._near: dict[int, NearMiss | None] = {}

    def missing(self, condition: int) -> tuple[str, ...]:
        """Unknown facts of an undecided condition."""
        if condition not in self._missing:
            self._missing[condition] = self.explainer.evaluator.missing(self.explainer.conditions[condition].node, self.env)
        return self._missing[condition]

    def near(self, condition: int) -> NearMiss | None:
        """The near miss of a failing condition."""
        if condition not in self._near:
            near = self.explainer.conditions[condition].near
            self._near[condition] = None if near is None or self.verdicts[condition] is not False else near(self.env)
        return self._near[condition]


@dataclass(eq=False)
class Explanation:
    """One policy for one person. `verdicts` are those of the plan's nodes."""

    person: Person
    plan: Plan
    verdicts: list[Verdict]
    answer: Answer
    choice: str | None = field(default=None)

    @property
    def policy(self) -> str:
        """Id of the policy."""
        return self.plan.bound.policy.id

    @property
    def verdict(self) -> Verdict:
        """True yes, False no, None unknown."""
        return self.answer.verdict

    @property
    def name(self) -> str:
        """Name in the language of the explanation."""
        policy = self.plan.bound.policy
        return policy.name_en if self.person.explainer.english else policy.name

    @property
    def unit(self) -> str | None:
        """month, year, once, loan, status, rate, deferral or cover; None for a policy not in force."""
        version = self.plan.bound.version
        return None if version is None else version.unit

    @cached_property
    def nearest(self) -> Nearest | None:
        """The one failing condition of a no, the nearest where several would do; None where two or more must change."""
        return nearest_of(self)

    @property
    def status(self) -> str:
        """verified or unverified: policy, dates and values of the place."""
        return "verified" if self.plan.bound.is_verified else "unverified"

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """One line a node of the rule; for a policy not in force one line that says so."""
        return lines_of(self)

    @cached_property
    def next(self) -> str:
        """What to do now, one sentence or a few."""
        return next_step(self)

    def as_dict(self) -> Json:
        """JSON form (docs/reference/explanation.md)."""
        answer, version = self.answer, self.plan.bound.version
        found: dict[str, Any] = {
            "policy": self.policy, "name": self.name, "verdict": verdict_word(answer.verdict), "amount_fen": answer.amount_fen,
            "months": answer.months, "unit": self.unit, "choice": self.choice, "status": self.status,
            "region": self.person.explainer.region, "version_from": None if version is None else version.start.isoformat(),
            "clauses": [line.as_dict() for line in self.lines], "missing": list(answer.missing), "next": self.next,
            "notes": list(self.plan.notes),
        }  # fmt: skip
        person_id = self.person.env.get("person_id")
        return {"person_id": person_id, **found} if person_id is not None else found


@lru_cache(maxsize=256)
def explainer(packs: PackSet, on: date, region: str = "CN", language: str = "zh") -> Explainer:
    """The compiled rules of a place, kept: compiling costs some milliseconds, an explanation a fraction of one."""
    return Explainer(packs, on, region, language)
