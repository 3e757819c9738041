"""The rules of one place and day compiled for explanations.

The verdict of every policy, its amount, months and missing facts are those of `Evaluator`: the same closures give them. What costs time to say
(lines, the next step) is made when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property, lru_cache

from leye.policy.bind import bind, clauses_of
from leye.policy.choice import choices
from leye.policy.explain.conditions import Condition
from leye.policy.explain.days import DayEvaluator
from leye.policy.explain.explanation import Explanation, Person
from leye.policy.explain.labels import Labels
from leye.policy.explain.near_words import NearWords
from leye.policy.explain.person_file import FactSource
from leye.policy.explain.plan import plan_of, rivals_of
from leye.policy.explain.possible import thresholds
from leye.policy.explain.sentences import Sentences
from leye.policy.expression import Node
from leye.policy.facts import FactValue
from leye.policy.lookup import all_prefixes, prefixes_of
from leye.policy.pack import PackSet
from leye.policy.scalar import Closure


class Explainer:
    """One place, one day, one language. conditions: every condition of every policy, equal ones once."""

    def __init__(self, packs: PackSet, on: date, region: str, language: str) -> None:
        self.packs, self.on, self.region = packs, on, region
        bound = bind(packs, on, region)
        self.evaluator = DayEvaluator(bound)
        self.labels = Labels(packs, language)
        self.english = self.labels.is_english
        self.sentences = Sentences(self.labels)
        self.conditions: list[Condition] = []
        numbers: dict[Node, int] = {}
        words = NearWords(self.labels)
        for policy in bound.policies:
            for clause in clauses_of(policy.who) if policy.who is not None else ():
                if clause.node not in numbers:
                    numbers[clause.node] = len(self.conditions)
                    self.conditions.append(Condition(clause.node, self.evaluator, self.labels, words))
        self.holds: list[Closure] = [c.holds for c in self.conditions]
        self.plans = [
            plan_of(packs, p, on, region, self.conditions, numbers, self.evaluator, rivals_of(p, bound.policies), english=self.english)
            for p in bound.policies
        ]
        self.money = [(self._maybe(p.amount), self._maybe(p.months)) for p in bound.policies]
        self.order = bound.facts.order

    def _maybe(self, node: Node | None) -> Closure | None:
        return None if node is None else self.evaluator.closure(node)

    @cached_property
    def edges(self) -> dict[str, set[int]]:
        """Numbers at which the rules of the place turn, by fact."""
        return thresholds(self.evaluator.bound)

    def explain(
        self,
        facts: Mapping[str, FactValue],
        *,
        policy: str | None = None,
        sources: Mapping[str, FactSource] | None = None,
        region: str | None = None,
    ) -> list[Explanation]:
        """All policies of the pack for one person, or one of them.

        facts: checked values (`person_facts`) · sources: where they come from · region: the place asked about, shown where the facts name none.
        """
        person = Person(self, self.evaluator.env(facts), sources or {}, str(facts.get("region") or region or self.region))
        found = [Explanation(person, plan, *money) for plan, money in zip(self.plans, self.money, strict=True)]
        person.explanations = {e.policy: e for e in found}
        yes = [e.answer for e in found if e.verdict]
        for name, choice in choices(yes).items() if len(yes) > 1 else ():
            person.explanations[name].choice = choice
        return found if policy is None else [person.explanations[policy]]


def explainer(packs: PackSet, on: date, region: str = "CN", language: str = "zh") -> Explainer:
    """The compiled rules of a place, kept: compiling costs some ten milliseconds, an explanation a fraction of one."""
    return _explainer(packs, on, rule_place(packs, region), language)


_explainer = lru_cache(maxsize=256)(Explainer)


def rule_place(packs: PackSet, region: str) -> str:
    """The longest prefix of a region for which the packs say anything of its own: places below it share its rules."""
    named = _named_places(packs)
    return next(place for place in prefixes_of(region) if place in named)


@lru_cache(maxsize=16)
def _named_places(packs: PackSet) -> frozenset[str]:
    return frozenset(all_prefixes(packs) | {p.region for p in packs.packs})
