"""One person under the rules of a place, and one policy for that person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from leye.policy.explain.answer import Json, Line, NearMiss
from leye.policy.explain.kleene import Verdict
from leye.policy.explain.lines import lines_of, rows_of
from leye.policy.explain.next_step import Nearest, nearest_of, next_step
from leye.policy.explain.person_file import FactSource
from leye.policy.explain.plan import Plan
from leye.policy.scalar import Answer, Closure, Env
from leye.policy.words import verdict_word

if TYPE_CHECKING:
    from leye.policy.explain.explainer import Explainer


class Person:
    """One person's values, and what was found out about single conditions: policies share them.

    region: where the person is insured, or the place that was asked for · verdicts: by condition number · explanations: by policy.
    """

    def __init__(self, explainer: Explainer, env: Env, sources: Mapping[str, FactSource], region: str) -> None:
        self.explainer, self.env, self.sources, self.region = explainer, env, sources, region
        self.verdicts: list[Verdict] = [holds(env) for holds in explainer.holds]
        self.explanations: dict[str, Explanation] = {}
        self._missing: dict[int, tuple[str, ...]] = {}
        self._near: dict[int, NearMiss | None] = {}
        self._near_rows: dict[int, Json | None] = {}

    def missing(self, condition: int) -> tuple[str, ...]:
        """Unknown facts of an undecided condition."""
        if condition not in self._missing:
            self._missing[condition] = self.explainer.evaluator.missing(self.explainer.conditions[condition].node, self.env)
        return self._missing[condition]

    def near(self, condition: int) -> NearMiss | None:
        """The near miss of a condition that fails; None for others."""
        if condition not in self._near:
            near = self.explainer.conditions[condition].near
            self._near[condition] = None if near is None or self.verdicts[condition] is not False else near(self.env)
        return self._near[condition]

    def near_row(self, condition: int) -> Json | None:
        """Its JSON form, a copy."""
        if condition not in self._near_rows:
            near = self.near(condition)
            self._near_rows[condition] = None if near is None else near.as_dict()
        row = self._near_rows[condition]
        return None if row is None else row.copy()


class Explanation:
    """One policy for one person.

    verdict: True yes, False no, None unknown · choice: chosen, gives_way:<policy> or open where several yes compete (`leye.policy.choice`).
    """

    def __init__(self, person: Person, plan: Plan, amount: Closure | None, months: Closure | None) -> None:
        self.person, self.plan = person, plan
        self.policy: str = plan.bound.policy.id
        self.choice: str | None = None
        self.shape = None if plan.shapes is None else plan.shapes.of(person.verdicts)
        self.verdict: Verdict = False if self.shape is None else self.shape.verdicts[0]
        self._amount, self._months = amount, months
        # kept by hand: functools.cached_property locks in Python 3.11, which cost as much as what it kept (bench/policy/explain_cost.py)
        self._answer: Answer | None = None
        self._lines: tuple[Line, ...] | None = None
        self._next: str | None = None

    @property
    def answer(self) -> Answer:
        """What `Evaluator` answers: verdict, amount, months, missing facts."""
        if self._answer is None:
            self._answer = self._answered()
        return self._answer

    def _answered(self) -> Answer:
        bound, person, verdict = self.plan.bound, self.person, self.verdict
        if self.shape is None or verdict is False:
            return Answer(bound, False, None, None, ())
        fen = None if self._amount is None else self._amount(person.env)
        missing: tuple[str, ...] = ()
        if verdict is None:
            facts = {f for c in self.shape.undecided for f in person.missing(c)}
            missing = tuple(sorted(facts, key=person.explainer.order.__getitem__))
        elif fen is None and bound.amount is not None:
            missing = person.explainer.evaluator.missing(bound.amount, person.env)
        return Answer(bound, verdict, fen, None if self._months is None else self._months(person.env), missing)

    @property
    def name(self) -> str:
        """Name in the language of the explanation."""
        return self.plan.name

    @property
    def unit(self) -> str | None:
        """month, year, once, loan, status, rate, deferral or cover; None for a policy not in force."""
        version = self.plan.bound.version
        return None if version is None else version.unit

    @property
    def status(self) -> str:
        """Of the policy: verified or unverified. An unverified one is never pushed."""
        return str(self.plan.head["status"])

    @property
    def doubts(self) -> tuple[str, ...]:
        """What was not seen in a document: `status`, `dates` of the version, `values` of the place."""
        return tuple(key for key in ("status", "dates", "values") if self.plan.head[key] != "verified")

    @property
    def nearest(self) -> Nearest | None:
        """The one failing condition of a no, the nearest where several would do; None where two or more must change."""
        return nearest_of(self)

    @property
    def lines(self) -> tuple[Line, ...]:
        """One line a node of the rule; for a policy not in force one line that says so."""
        if self._lines is None:
            self._lines = lines_of(self)
        return self._lines

    @property
    def next(self) -> str:
        """What to do now, one sentence or a few."""
        if self._next is None:
            self._next = next_step(self)
        return self._next

    def as_dict(self) -> Json:
        """JSON form (docs/reference/explanation.md); nothing in it is shared."""
        person_id = self.person.env.get("person_id")
        found: Json = {} if person_id is None else {"person_id": person_id}
        found.update(self.plan.head)
        found["verdict"] = verdict_word(self.verdict)
        found["choice"], found["region"] = self.choice, self.person.region
        missing: list[str] = []
        if self.verdict is not False:
            answer = self.answer
            found["amount_fen"], found["months"], missing = answer.amount_fen, answer.months, list(answer.missing)
        found["clauses"] = rows_of(self)
        found["missing"] = missing
        found["next"] = self.next
        found["notes"] = list(self.plan.note_texts)
        return found
