"""The lines of an explanation: one a node, with verdict, value, source, reference and distance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from leye.policy.explain.answer import Line
from leye.policy.explain.conditions import Condition
from leye.policy.explain.plan import PlanNode

if TYPE_CHECKING:
    from leye.policy.explain.explainer import Explanation, Person

NOT_IN_FORCE = {"zh": "不在有效期", "en": "not in force"}


def lines_of(explanation: Explanation) -> tuple[Line, ...]:
    """All lines, in the order of the rule."""
    plan = explanation.plan
    if not plan.nodes:
        return (_not_in_force(explanation),)
    return tuple(_line(explanation, plan.nodes[at], at) for at in range(plan.first_line, len(plan.nodes)))


def _line(explanation: Explanation, node: PlanNode, at: int) -> Line:
    verdict = explanation.verdicts[at]
    if node.condition < 0:
        return Line(node.kind, node.level, node.text, verdict)
    person = explanation.person
    condition, env = person.explainer.conditions[node.condition], person.env
    near = person.near(node.condition) if verdict is False and explanation.verdict is not True else None
    if verdict is None:
        source = condition.who_knows(env)
    else:
        local = explanation.plan.local
        source = _source(person, condition, local) if person.sources or local else ""
    return Line(
        "clause", node.level, node.text, verdict, condition.main, condition.value_of(env), condition.said(env), source, node.basis, node.note, near,
        condition.facts,
    )  # fmt: skip


def _source(person: Person, condition: Condition, local: Mapping[str, str]) -> str:
    """Registers and days of the values that the file names, and the documents behind figures of the place; each once."""
    found: list[str] = []
    for name in condition.facts:
        if person.env.get(name) is None:
            found.extend([local[name]] if name in local else [])
        elif name in person.sources:
            found.append(str(person.sources[name]))
    return "；".join(dict.fromkeys(found))


def _not_in_force(explanation: Explanation) -> Line:
    english, version = explanation.person.explainer.english, explanation.plan.nearest
    text = NOT_IN_FORCE["en" if english else "zh"]
    if version is None:
        return Line("clause", 0, text, False, said="no version for this place" if english else "本地没有这项政策")
    if english:
        said = f"in force {version.start} to {version.end}" if version.end else f"in force from {version.start}"
    else:
        said = f"有效期{version.start}至{version.end}" if version.end else f"{version.start}起执行"
    basis = "；".join(str(s) for s in version.sources or explanation.plan.bound.policy.sources)
    return Line("clause", 0, text, False, said=said, basis=basis, start=version.start, end=version.end)
