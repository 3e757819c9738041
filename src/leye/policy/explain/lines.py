"""The lines of an explanation: one a node, with verdict, value, source, reference and distance.

A line without distance and without sources of its own says the same for everybody with the same values, so its JSON form is kept and copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from leye.policy.explain.answer import Json, Line, NearMiss
from leye.policy.explain.conditions import Condition
from leye.policy.explain.plan_node import PlanNode

if TYPE_CHECKING:
    from leye.policy.explain.explanation import Explanation, Person

NOT_IN_FORCE = {"zh": "不在有效期", "en": "not in force"}
KEPT = 2_000  # rows kept a node, chosen by us: conditions on money differ from person to person


def lines_of(explanation: Explanation) -> tuple[Line, ...]:
    """All lines, in the order of the rule."""
    plan, shape = explanation.plan, explanation.shape
    if shape is None:
        return (_not_in_force(explanation),)
    shown = [(node, shape.verdicts[at]) for at, node, _ in plan.shown]
    return tuple(_line(explanation, node, verdict, _near(explanation, node, verdict)) for node, verdict in shown)


def rows_of(explanation: Explanation) -> list[Json]:
    """The JSON form of all lines."""
    plan, shape, person = explanation.plan, explanation.shape, explanation.person
    if shape is None:
        return [_not_in_force(explanation).as_dict()]
    env, verdicts, is_kept = person.env, shape.verdicts, not person.sources
    get, wants_near = env.get, explanation.verdict is not True
    rows: list[Json] = []
    for at, node, condition in plan.shown:
        key: object = verdicts[at]
        if condition is not None:
            key = get(condition.single) if condition.single is not None else condition.key(env)
            if verdicts[at] is None and not condition.is_plain:
                key = None, tuple(f for f in condition.facts if get(f) is None)  # who would know a derived fact: the registers of these
        row = node.rows.get(key) if is_kept else None
        if row is None:
            row = _line(explanation, node, verdicts[at], None).as_dict()
            if is_kept and len(node.rows) < KEPT:
                node.rows[key] = row
        row = row.copy()
        if wants_near and verdicts[at] is False and condition is not None and condition.near is not None:
            near = person.near_row(node.condition)
            if near is not None:
                row["near"] = near
        rows.append(row)
    return rows


def _near(explanation: Explanation, node: PlanNode, verdict: bool | None) -> NearMiss | None:
    return explanation.person.near(node.condition) if verdict is False and node.condition >= 0 and explanation.verdict is not True else None


def _line(explanation: Explanation, node: PlanNode, verdict: bool | None, near: NearMiss | None) -> Line:
    if node.condition < 0:
        return Line(node.kind, node.level, node.text, verdict)
    person = explanation.person
    condition, env = person.explainer.conditions[node.condition], person.env
    if verdict is None:
        source = condition.who_knows(env)
    else:
        local = explanation.plan.local
        source = _source(person, condition, local) if person.sources or local else ""
    note = "" if node.note is None else str(node.note)
    return Line(
        "clause", node.level, node.text, verdict, condition.main, condition.value_of(env), condition.said(env), source, node.basis, note, near,
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
