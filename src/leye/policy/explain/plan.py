"""The rule of one policy laid out flat for a place: nodes in the order of the page, each group after what it stands before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from leye.policy.bind import BoundClause, BoundNode, BoundPolicy
from leye.policy.explain.conditions import Condition
from leye.policy.explain.plan_node import NoteWords, PlanNode
from leye.policy.explain.shapes import Shapes
from leye.policy.expression import Node
from leye.policy.lookup import covers
from leye.policy.pack import Note, PackSet, ParameterValue, Policy, Version
from leye.policy.scalar import Closure, Evaluator


@dataclass(slots=True)
class Plan:
    """A policy. nodes[0] is the whole rule; it has no line of its own when it is a plain `all`.

    nearest: the version to speak of when none is in force · shapes, holds: None then · notes: what differs between sources · local: document behind
    each figure of the place · head: the JSON form before anything is known of a person · rivals: other policies of its exclusion groups
    · shown: place, node and condition of every line.
    """

    bound: BoundPolicy
    nodes: list[PlanNode]
    nearest: Version | None
    shapes: Shapes | None
    holds: Closure | None
    name: str
    notes: tuple[NoteWords, ...]
    local: dict[str, str]
    head: dict[str, Any]
    rivals: tuple[str, ...]
    shown: list[tuple[int, PlanNode, Condition | None]]
    note_texts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.note_texts = tuple(map(str, self.notes))


def plan_of(
    packs: PackSet,
    bound: BoundPolicy,
    on: date,
    region: str,
    conditions: Sequence[Condition],
    numbers: Mapping[Node, int],
    evaluator: Evaluator,
    rivals: tuple[str, ...],
    *,
    english: bool,
) -> Plan:
    """The plan of a policy; without a version in force there are no nodes, and `nearest` is the version to speak of.

    conditions: those of the place · numbers: where each stands among them, by its tree · rivals: `rivals_of`.
    """
    nodes: list[PlanNode] = []
    if bound.who is not None:
        _lay(bound.who, 0, nodes, numbers, english)
        if len(nodes) > 1 and nodes[0].kind == "all" and not nodes[0].text:
            for node in nodes:
                node.level -= 1
    name = bound.policy.name_en if english else bound.policy.name
    return Plan(
        bound,
        nodes,
        None if bound.who is not None else nearest_version(bound.policy, on, region),
        Shapes(nodes) if nodes else None,
        None if bound.who is None else evaluator.closure(bound.who.node),
        name,
        _notes(packs, bound, region, english),
        {name: _document(value, english) for name, value in bound.uses},
        _head(bound, name),
        rivals,
        [(at, n, conditions[n.condition] if n.condition >= 0 else None) for at, n in enumerate(nodes) if at or n.kind != "all" or n.text],
    )


def _head(bound: BoundPolicy, name: str) -> dict[str, Any]:
    """The keys of the JSON form in their order."""
    version = bound.version
    return {
        "policy": bound.policy.id, "name": name, "verdict": "", "amount_fen": None, "months": None, "unit": version and version.unit, "choice": None,
        "status": bound.policy.status, "dates": _status(bound.are_dates_verified), "values": _status(bound.are_values_verified), "region": "",
        "version_from": version and version.start.isoformat(), "clauses": None, "missing": None, "next": "",
    }  # fmt: skip


def _status(is_verified: bool) -> str:
    return "verified" if is_verified else "unverified"


def rivals_of(bound: BoundPolicy, others: Iterable[BoundPolicy]) -> tuple[str, ...]:
    """Ids of the other policies of a place that share an exclusion group with one."""
    groups = {x.group for x in bound.exclusive}
    return tuple(o.policy.id for o in others if o is not bound and any(x.group in groups for x in o.exclusive))


def _lay(found: BoundNode, level: int, nodes: list[PlanNode], numbers: Mapping[Node, int], english: bool) -> int:
    at = len(nodes)
    if isinstance(found, BoundClause):
        clause = found.clause
        text = clause.say_en if english and clause.say_en else clause.say
        nodes.append(PlanNode("clause", level, text, clause.basis, note_words(clause.note, english), numbers[found.node], ()))
        return at
    group = found.group
    text = group.say_en if english and group.say_en else group.say
    node = PlanNode(group.kind, level, text, "", None, -1, (), group.k)
    nodes.append(node)
    node.parts = tuple(_lay(part, level + 1, nodes, numbers, english) for part in found.parts)
    if not text and (level or group.kind != "all"):
        node.text = group_text(group.kind, group.k, len(node.parts), english)
    return at


def group_text(kind: str, k: int, parts: int, english: bool) -> str:
    """What a group without a sentence of its own asks for."""
    if english:
        return {
            "all": "all of the following",
            "any": "one of the following",
            "not": "not the following",
            "at_least": f"at least {k} of the following {parts}",
        }[kind]
    return {"all": "以下各项都满足", "any": "以下任一项满足", "not": "没有以下情形", "at_least": f"以下{parts}项至少满足{k}项"}[kind]


def note_words(note: Note | None, english: bool) -> NoteWords | None:
    """A note in one of the languages; None without one."""
    return None if note is None else NoteWords(note.en if english and note.en else note.zh, note.source, english)


def _notes(packs: PackSet, bound: BoundPolicy, region: str, english: bool) -> tuple[NoteWords, ...]:
    """Notes of the policy, its version, and the packs of the region."""
    found = [*bound.policy.notes, *(bound.version.notes if bound.version else ())]
    found += [note for pack in packs.packs if covers(pack.region, region) for policy, note in pack.notes if policy == bound.policy.id]
    return tuple(dict.fromkeys(words for n in found if (words := note_words(n, english)) is not None))


def _document(value: ParameterValue, english: bool) -> str:
    """Where a figure of the place stands, and since when; unverified ones say so."""
    start = "" if value.start == date.min else f" from {value.start}" if english else f" {value.start}起"
    doubt = "" if value.status == "verified" else " (not verified)" if english else "（待核实）"
    return f"{value.ref}{start}{doubt}".strip()


def nearest_version(policy: Policy, on: date, region: str) -> Version | None:
    """The version of a place whose days lie nearest to the day, the later one of equals; None where the place has none at all."""
    mine = [v for v in policy.versions if covers(v.region, region)]
    return min(mine, key=lambda v: (_distance_days(v, on), -v.start.toordinal(), -len(v.region)), default=None)


def _distance_days(version: Version, on: date) -> int:
    return (version.start - on).days if version.start > on else (on - (version.end or on)).days
