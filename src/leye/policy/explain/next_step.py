"""The sentence that ends an explanation: where to go, what to ask, or how far it is and from when on it would be enough.

A promise is made only after it was tried: the rule is asked again about the changed fact, or about the later day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from leye.policy.choice import GIVES_WAY, OPEN
from leye.policy.explain.answer import NearMiss
from leye.policy.explain.days import months_later
from leye.policy.explain.near import after
from leye.policy.explain.sentences import Sentences
from leye.policy.explain.shapes import Shape
from leye.policy.pack import Apply

if TYPE_CHECKING:
    from leye.policy.explain.explanation import Explanation

KEPT = 64  # sentences kept a pattern, chosen by us: most distances are few, those in days and fen are not
SHOWN = 3  # failing conditions named in the sentence; chosen by us, the lines show all


def next_step(explanation: Explanation) -> str:
    """What to do now, in the language of the explanation."""
    say = explanation.person.explainer.sentences
    if explanation.shape is None:
        return say.not_in_force(explanation.plan.nearest, explanation.person.explainer.on)
    if explanation.verdict is None:
        return _ask(explanation, say)
    return _apply(explanation, say) if explanation.verdict else _not_yet(explanation, say)


def deadline_of(explanation: Explanation) -> date | None:
    """Last day to ask for it: the months after a date fact, else the last day of the version; None where neither is known."""
    apply, version = explanation.plan.bound.policy.apply, explanation.plan.bound.version
    end = None if version is None else version.end
    day = explanation.person.env.get(apply.deadline_after) if apply.deadline_after else None
    if not isinstance(day, date):
        return end
    last = months_later(day, apply.deadline_months)
    return last if end is None else min(last, end)


def _apply(explanation: Explanation, say: Sentences) -> str:
    policy = explanation.plan.bound.policy
    parts = [] if explanation.status == "verified" else [say.unverified()]
    choice = explanation.choice or ""
    if choice.startswith(GIVES_WAY):
        other = explanation.person.explanations[choice.removeprefix(GIVES_WAY)]
        return say.join([*parts, say.gives_way(other.name)])
    if choice == OPEN:
        parts.append(say.open_choice([e.name for e in _rivals(explanation)]))
    parts.append(_where(policy.apply, say, deadline_of(explanation)))
    if explanation.answer.missing:
        parts.append(say.amount_needs(explanation.answer.missing))
    return say.join(parts)


def _where(apply: Apply, say: Sentences, deadline: date | None) -> str:
    where, documents = (apply.where_en, apply.documents_en) if say.english else (apply.where_zh, apply.documents_zh)
    return say.apply(where or apply.where_zh, tuple(d for d in documents if d) or apply.documents_zh, deadline)


def _ask(explanation: Explanation, say: Sentences) -> str:
    missing = explanation.answer.missing
    if not missing:  # all facts are known, a figure of the place is not
        return say.join([say.no_figure()])
    return say.ask(_first_question(explanation) or missing[0], len(missing))


def _first_question(explanation: Explanation) -> str | None:
    """A fact that may settle the whole at once: the only unknown one of a condition that stands in the outermost `all`."""
    plan, person, shape = explanation.plan, explanation.person, explanation.shape
    assert shape is not None
    top = plan.nodes[0].parts if plan.nodes[0].kind == "all" else (0,)
    for at in top:
        node = plan.nodes[at]
        if node.condition >= 0 and shape.verdicts[at] is None and len(found := person.missing(node.condition)) == 1:
            return found[0]
    return None


def _rivals(explanation: Explanation) -> list[Explanation]:
    """Explanations of the other policies of its exclusion groups that are yes."""
    found = explanation.person.explanations
    return [found[p] for p in explanation.plan.rivals if found[p].verdict]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The condition that stands between somebody and a yes. node: its place in the plan · alternatives: how many would do, each alone · is_alone: all
    other conditions hold (else some are unknown)."""

    node: int
    near: NearMiss | None
    alternatives: int
    is_alone: bool


def nearest_of(explanation: Explanation) -> Nearest | None:
    """The one failing condition of a no, the nearest where several would do; None where two or more must change."""
    plan, person, shape = explanation.plan, explanation.person, explanation.shape
    if shape is None or explanation.verdict is not False or not shape.nearest:
        return None
    found = shape.nearest
    at = found[0] if len(found) == 1 else min(found, key=lambda a: _nearness(person.near(plan.nodes[a].condition)))
    return Nearest(at, person.near(plan.nodes[at].condition), len(found), bool(shape.alone))


def _not_yet(explanation: Explanation, say: Sentences) -> str:
    plan, person, shape = explanation.plan, explanation.person, explanation.shape
    assert shape is not None
    found = explanation.nearest
    parts = []
    if found is not None and found.is_alone:
        node, near = plan.nodes[found.node], found.near
        condition = person.explainer.conditions[node.condition]
        said = condition.said(person.env, condition.value_of(person.env))
        parts.append(say.only_one(node.text, near.text if near else said, alternatives=found.alternatives))
        parts.append(_promise(explanation, near, say) if near else "")
    else:
        return _several(explanation, shape, say)
    return say.join([p for p in parts if p]) + _others(explanation, say)


def _several(explanation: Explanation, shape: Shape, say: Sentences) -> str:
    """All that stands in the way, the first few by name with their distances."""
    distances = tuple([_distance(explanation, at) for at in shape.failing[:SHOWN]])
    found = shape.said.get(distances)
    if found is None:
        texts = [say.with_distance(explanation.plan.nodes[at].text, d) for at, d in zip(shape.failing, distances, strict=False)]
        found = say.join([say.several(texts, len(shape.failing)), say.still_unknown(shape.open_parts)])
        if len(shape.said) < KEPT:
            shape.said[distances] = found
    return found + _others(explanation, say)


def _others(explanation: Explanation, say: Sentences) -> str:
    """What a no leaves untouched: yes answers of its exclusion groups."""
    others = [e.name for e in _rivals(explanation)] if explanation.plan.rivals else []
    return say.join([say.does_not_touch(others)]) if others else ""


def _nearness(near: NearMiss | None) -> tuple[int, date, int]:
    """Order of candidates: those with a day first, the soonest first, then those with a distance."""
    if near is None:
        return 2, date.max, 0
    return (0, near.turns_on, near.by) if near.turns_on else (1, date.max, near.by)


def _distance(explanation: Explanation, at: int) -> str:
    condition = explanation.plan.nodes[at].condition
    near = explanation.person.near(condition) if condition >= 0 else None
    return "" if near is None else near.text


def _promise(explanation: Explanation, near: NearMiss, say: Sentences) -> str:
    """What the near miss leads to, tried out on the rule: the whole holds then, or this condition only, or the policy has ended by then."""
    plan, person = explanation.plan, explanation.person
    version = plan.bound.version
    assert plan.holds is not None and version is not None
    if near.turns_on is not None and version.end is not None and near.turns_on > version.end:
        return say.ended_by_then(version.end)
    then = after(near, person.env, person.explainer.evaluator)
    return say.enough(near.turns_on) if plan.holds(then) is True else say.not_enough(near.turns_on)
