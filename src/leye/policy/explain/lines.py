"""The lines of an explanation: one a node, with verdict, value, source, reference and distance.

What a line says for everybody (text, reference, note) is made once for each verdict and copied; value, words and distance are put in.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from leye.policy.explain.answer import Json, Line, NearMiss
from leye.policy.explain.conditions import Condition
from leye.policy.explain.plan_node import PlanNode
from leye.policy.scalar import Env

if TYPE_CHECKING:
    from leye.policy.explain.explanation import Explanation

NOT_IN_FORCE = {"zh": "不在有效期", "en": "not in force"}


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
    env, verdicts, wants_near = person.env, shape.verdicts, explanation.verdict is not True
    rows: list[Json] = []
    for at, node, condition in plan.shown:
        verdict = verdicts[at]
        row = node.rows.get(verdict)
        if row is None:
            row = node.rows[verdict] = _row(node, condition, verdict)
        row = row.copy()
        if condition is not None:
            if person.sources or condition.has_figure or (verdict is None and not condition.is_one_fact):
                _put_source(row, explanation, condition, verdict)
            value = row["value"] = env.get(condition.single) if condition.single is not None else condition.value_of(env)
            row["said"] = condition.said(env, value)
            if type(value) is date:
                row["value"] = value.isoformat()
            if verdict is False and wants_near and condition.near is not None:
                near = person.near_row(node.condition)
                if near is not None:
                    row["near"] = near
        rows.append(row)
    return rows


def _row(node: PlanNode, condition: Condition | None, verdict: bool | None) -> Json:
    """The JSON form of a line without anything of a person."""
    if condition is None:
        return Line(node.kind, node.level, node.text, verdict).as_dict()
    note = "" if node.note is None else str(node.note)
    nobody: Env = {}
    source = condition.who_knows(nobody) if verdict is None and condition.is_one_fact else ""
    return Line(
        "clause", node.level, node.text, verdict, condition.main, None, "", source, node.basis, note, None, condition.facts
    ).as_dict()  # fmt: skip


def _put_source(row: Json, explanation: Explanation, condition: Condition, verdict: bool | None) -> None:
    source = _source(explanation, condition, verdict)
    row.pop("source", None)
    if source:
        row["source"] = source


def _near(explanation: Explanation, node: PlanNode, verdict: bool | None) -> NearMiss | None:
    return explanation.person.near(node.condition) if verdict is False and node.condition >= 0 and explanation.verdict is not True else None


def _line(explanation: Explanation, node: PlanNode, verdict: bool | None, near: NearMiss | None) -> Line:
    if node.condition < 0:
        return Line(node.kind, node.level, node.text, verdict)
    condition, env = explanation.person.explainer.conditions[node.condition], explanation.person.env
    note, value = "" if node.note is None else str(node.note), condition.value_of(env)
    return Line(
        "clause", node.level, node.text, verdict, condition.main, value, condition.said(env, value), _source(explanation, condition, verdict),
        node.basis, note, near, condition.facts,
    )  # fmt: skip


def _source(explanation: Explanation, condition: Condition, verdict: bool | None) -> str:
    """Who would know an unknown value; of known ones the registers that the file names and the documents behind figures of the place, each once."""
    person, local = explanation.person, explanation.plan.local
    if verdict is None:
        return condition.who_knows(person.env)
    if not person.sources and not local:
        return ""
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
