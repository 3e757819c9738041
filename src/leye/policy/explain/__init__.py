"""Why, why not, and what is missing: explanations of single persons, clause by clause, and the questions worth asking.

Forms and rules are in docs/reference/explanation.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from leye.kernel.errors import NotFound
from leye.policy.explain.answer import Line, NearMiss
from leye.policy.explain.explainer import Explainer, explainer
from leye.policy.explain.explanation import Explanation, Person
from leye.policy.explain.person_file import FactSource, PersonFacts, person_facts, read_people
from leye.policy.explain.questions import FirstQuestions, Question, first_questions, questions, questions_of
from leye.policy.pack import PackSet

__all__ = [
    "Explainer",
    "Explanation",
    "FactSource",
    "FirstQuestions",
    "Line",
    "NearMiss",
    "Person",
    "PersonFacts",
    "Question",
    "explain",
    "explain_person",
    "explainer",
    "first_questions",
    "person_facts",
    "questions",
    "questions_of",
    "read_people",
]


def explain(
    packs: PackSet,
    facts: Mapping[str, object],
    on: date,
    region: str | None = None,
    policy: str | None = None,
    sources: Mapping[str, FactSource] | None = None,
    language: str = "zh",
) -> list[Explanation]:
    """All policies of the packs for one person, in the order of the packs, or one of them; the verdict is that of `Evaluator`, always.

    facts: values of JSON or Python, checked here; `region` among them wins over `region`, without both the nation's rules hold; unknown keys are
    ignored. sources: where values come from, over what `_sources` says. Raises BadInput (E_FACT_TYPE, E_FACT_RANGE), NotFound (E_POLICY_UNKNOWN).
    """
    person = person_facts(facts, packs.facts)
    return explain_person(packs, person, on, region=region, policy=policy, sources=sources, language=language)


def explain_person(
    packs: PackSet,
    person: PersonFacts,
    on: date,
    *,
    region: str | None = None,
    policy: str | None = None,
    sources: Mapping[str, FactSource] | None = None,
    language: str = "zh",
) -> list[Explanation]:
    """The same for a person whose values are checked."""
    if policy is not None and policy not in packs.policies:
        raise NotFound(
            f"没有政策“{policy}”", en=f"no policy {policy!r}", remedy_zh=f"可选：{'、'.join(packs.policies)}",
            remedy_en=f"one of: {', '.join(packs.policies)}", code="E_POLICY_UNKNOWN",
        )  # fmt: skip
    place = str(person.facts.get("region") or region or "CN")
    room = explainer(packs, on, place, language)
    merged = {**person.sources, **sources} if sources else person.sources
    return room.explain(person.facts, policy=policy, sources=merged, region=place)
