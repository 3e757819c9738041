"""Which questions are worth asking: missing facts by the money that an answer is expected to decide.

Every answer that the rules can tell apart is tried (`possible`), answers that lead to the same verdicts count as one, and all that remain as equally
likely: the expected money is the mean, over them, of the money of the policies that the answer settles, as a yes or as a no.
Money of an unknown policy: its amount if it turns out a yes; of a monthly benefit, times the months still payable, 12 at most (and 12 where the
months are open). Loans count as nothing, for they are paid back; an amount that is not known counts as nothing.
Ties: more policies first, then the order of the fact table. A fact that hangs on another missing one (`after` in questions.yaml) is asked after it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from leye.policy.explain.answer import Json
from leye.policy.explain.explainer import explainer
from leye.policy.explain.explanation import Explanation
from leye.policy.explain.fact_words import ASKED
from leye.policy.explain.person_file import person_facts
from leye.policy.explain.possible import possible_answers
from leye.policy.pack import PackSet
from leye.policy.scalar import Answer

MONTHS_CAP = 12  # chosen by us: a year ahead is what a visit can be planned for, and long benefits should not crowd out the rest
SEARCHED = 12  # candidates among which the best few are searched exactly; chosen by us: 220 sets of three


@dataclass(frozen=True, slots=True)
class Question:
    """One fact to ask for.

    asked: person | employer | office, who can answer · money_fen: money an answer is expected to settle · policies: those that miss it · settles:
    those that miss nothing else · choices: (value, word) to choose from, empty for numbers and dates · after: the fact it hangs on.
    """

    fact: str
    name: str
    ask: str
    paper: str
    asked: str
    type: str
    unit: str
    choices: tuple[tuple[str, str], ...]
    money_fen: int
    policies: tuple[str, ...]
    settles: tuple[str, ...]
    after: str = ""

    def as_dict(self) -> Json:
        """JSON form."""
        return {
            "fact": self.fact, "name": self.name, "ask": self.ask, "paper": self.paper, "asked": self.asked, "type": self.type, "unit": self.unit,
            "choices": [{"value": v, "word": w} for v, w in self.choices], "money_fen": self.money_fen, "policies": list(self.policies),
            "settles": list(self.settles), "after": self.after,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class FirstQuestions:
    """The few questions to begin with. money_fen, policies: what is decided once all of them are answered, whatever the answers are."""

    questions: tuple[Question, ...]
    money_fen: int
    policies: tuple[str, ...]


def questions(
    packs: PackSet, facts: Mapping[str, object], on: date, region: str | None = None, language: str = "zh", asked: Collection[str] = ASKED
) -> list[Question]:
    """Missing facts of a person, the most money first. asked: whom one can ask. Raises BadInput as `explain` does."""
    person = person_facts(facts, packs.facts)
    place = person.facts.get("region") or region or "CN"
    return questions_of(explainer(packs, on, str(place), language).explain(person.facts), asked=asked)


def questions_of(explanations: Sequence[Explanation], asked: Collection[str] = ASKED, aside: Collection[str] = ()) -> list[Question]:
    """The same from explanations of all policies of one person. aside: facts that were asked for in vain."""
    open_ = _open(explanations)
    if not open_:
        return []
    policies: dict[str, list[str]] = {}
    for policy, missing, _ in open_:
        for fact in missing:
            policies.setdefault(fact, []).append(policy)
    settles = {fact: [policy for policy, missing, _ in open_ if missing == (fact,)] for fact in policies}
    found = [_question(explanations[0], f, expected_fen(explanations, f), policies[f], settles[f]) for f in policies]
    order = explanations[0].person.explainer.order
    ranked = sorted((q for q in found if q.asked in asked and q.fact not in aside), key=lambda q: (-q.money_fen, -len(q.policies), order[q.fact]))
    return _flags_first(ranked)


def _flags_first(ranked: list[Question]) -> list[Question]:
    """The ranking with every fact behind the one it hangs on."""
    found: list[Question] = []
    waiting = list(ranked)
    while waiting:
        names = {q.fact for q in waiting}
        at = next((i for i, q in enumerate(waiting) if q.after not in names), 0)
        found.append(waiting.pop(at))
    return found


def expected_fen(explanations: Sequence[Explanation], fact: str) -> int:
    """Expected money that an answer to one question settles, in fen, rounded down."""
    open_ = [e for e in explanations if e.verdict is None and fact in e.answer.missing]
    worth = [worth_fen(e.answer) for e in open_]
    if not any(worth):
        return 0
    person = open_[0].person
    explainer = person.explainer
    outcomes: set[tuple[bool | None, ...]] = set()
    for value in possible_answers(explainer.labels.facts[fact], explainer.on, explainer.edges.get(fact, ())):
        env = explainer.evaluator.with_fact(person.env, fact, value)
        outcomes.add(tuple([e.plan.holds(env) for e in open_ if e.plan.holds is not None]))
    decided = [sum(w for w, verdict in zip(worth, outcome, strict=True) if verdict is not None) for outcome in outcomes]
    return sum(decided) // len(decided) if decided else 0


def first_questions(
    explanations: Sequence[Explanation], count: int = 3, asked: Collection[str] = ASKED, aside: Collection[str] = ()
) -> FirstQuestions:
    """The `count` questions that together settle the most money, then the most policies; where so few settle nothing, the first of the ranking.

    Facts that hang on another missing one wait for it, unless it is among the few.
    """
    everything = questions_of(explanations, asked, aside)
    names = {q.fact for q in everything}
    ranked = [q for q in everything if q.after not in names] if count < len(names) else everything
    open_ = [(policy, frozenset(missing), worth) for policy, missing, worth in _open(explanations)]
    best, best_value = ranked[:count], (0, 0)
    for chosen in combinations(ranked[:SEARCHED], min(count, len(ranked))):
        facts = {q.fact for q in chosen}
        decided = [worth for _, missing, worth in open_ if missing <= facts]
        if (sum(decided), len(decided)) > best_value:
            best, best_value = list(chosen), (sum(decided), len(decided))
    facts = {q.fact for q in best}
    return FirstQuestions(tuple(best), best_value[0], tuple(policy for policy, missing, _ in open_ if missing <= facts))


def worth_fen(answer: Answer) -> int:
    """Money of an answer in the sense of this module; 0 where it is not known."""
    version = answer.policy.version
    if version is None or answer.amount_fen is None or version.unit == "loan":
        return 0
    if version.unit != "month":
        return answer.amount_fen
    months = MONTHS_CAP if answer.months is None else max(0, min(answer.months, MONTHS_CAP))
    return answer.amount_fen * months


def _open(explanations: Sequence[Explanation]) -> list[tuple[str, tuple[str, ...], int]]:
    """(policy, missing facts, money) of every policy that an answer would settle: unknown ones, and yes answers whose amount is unknown."""
    return [(e.policy, e.answer.missing, worth_fen(e.answer)) for e in explanations if e.verdict is not False and e.answer.missing]


def _question(explanation: Explanation, name: str, money: int, policies: list[str], settles: list[str]) -> Question:
    labels = explanation.person.explainer.labels
    fact, words = labels.facts[name], labels.words.get(name)
    values: Sequence[str | int | bool] = (True, False) if fact.type == "bool" else fact.choices
    choices = tuple((str(v).lower() if isinstance(v, bool) else str(v), labels.word(name, v)) for v in values)
    if words is None:
        return Question(
            name, labels.name(name), labels.name(name), "", "office", fact.type, fact.unit, choices, money, tuple(policies), tuple(settles)
        )
    english = labels.is_english
    ask, paper = (words.ask_en, words.paper_en) if english else (words.ask_zh, words.paper_zh)
    return Question(
        name, labels.name(name), ask, paper, words.asked, fact.type, fact.unit, choices, money, tuple(policies), tuple(settles), words.after
    )
