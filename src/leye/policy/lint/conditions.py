"""Conditions that can never hold, never together, or make no difference."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from leye.kernel.errors import Place
from leye.policy.bind import BoundClause, BoundGroup, BoundNode
from leye.policy.expression import Node, Not, Or
from leye.policy.lint.finding import Findings
from leye.policy.lint.people import Day, GoalsOf, People, every, flattened, text_of
from leye.policy.lint.witness import Goal, Holds, TooMany, components

PartsOf = Callable[[Day], list[BoundNode]]


def check_conditions(people: People, findings: Findings) -> None:
    """Add conditions that no person meets or no person misses. Where the search gives up nothing is claimed."""
    if not people.days:
        return
    bad = _alone(people, findings)
    clashes = bool(bad) or _together(people, findings)
    _branches(people, findings, bad, clashes)


def nobody(people: People, goals_of: GoalsOf) -> bool:
    """Whether it is certain, as far as the values tried go, that no person fits."""
    try:
        return people.first(goals_of) is None
    except TooMany:
        return False


def is_possible(people: People) -> bool:
    """Whether anybody can be entitled; True where the search gives up."""
    if not people.days:
        return False
    first = people.days[0]
    groups = components(first.evaluator, [p.node for p in _top(first)])
    return not any(nobody(people, _of(_top, numbers)) for numbers in groups)


def _all(day: Day) -> list[BoundNode]:
    return [] if day.bound.who is None else list(every(day.bound.who))


def _top(day: Day) -> list[BoundNode]:
    return [] if day.bound.who is None else list(flattened(day.bound.who))


def _of(parts_of: PartsOf, numbers: Sequence[int]) -> GoalsOf:
    return lambda day: [Holds(parts_of(day)[n].node) for n in numbers]


def _not(parts_of: PartsOf, number: int) -> GoalsOf:
    return lambda day: [Holds(Not(parts_of(day)[number].node))]


def _alone(people: People, findings: Findings) -> set[int]:
    """Each condition by itself, then groups whose own parts are sound; numbers of those that never hold."""
    bad: set[int] = set()
    parts = _all(people.days[0])
    top = {id(p) for p in _top(people.days[0])}
    for number in reversed(range(len(parts))):
        part = parts[number]
        inside = [n for n, other in enumerate(parts) if n != number and isinstance(part, BoundGroup) and other in every(part)]
        if any(n in bad for n in inside):
            bad.add(number)
        elif isinstance(part, BoundGroup) and part.group.kind == "all" and id(part) not in top:
            if not _is_opened(parts, number) and nobody(people, _of(_all, [number])):
                bad.add(number)
                _contradiction(part, list(part.parts), findings)
        elif nobody(people, _of(_all, [number])):
            bad.add(number)
            _never(part, findings)
        elif isinstance(part, BoundClause) and nobody(people, _not(_all, number)):
            _always(part, findings)
    return bad


def _is_opened(parts: list[BoundNode], number: int) -> bool:
    """Whether an `all` stands only below `all`, so that `_together` looks at it."""
    return not any(isinstance(p, BoundGroup) and p.group.kind != "all" and parts[number] in list(every(p)) for p in parts)


def _together(people: People, findings: Findings) -> bool:
    """All conditions at once: for those that nobody meets together, the smallest set that clashes. Whether there are any."""
    found = False
    first = people.days[0]
    nodes: list[Node] = [p.node for p in _top(first)]
    for numbers in components(first.evaluator, nodes):
        if len(numbers) < 2 or not nobody(people, _of(_top, numbers)):
            continue
        clash = _smallest(people, numbers)
        parts = [_top(first)[n] for n in clash]
        _contradiction(parts[-1], parts[:-1], findings)
        found = True
    return found


def _smallest(people: People, numbers: list[int]) -> list[int]:
    """Drop one condition after the other while the rest still clashes."""
    kept = list(numbers)
    for number in list(numbers):
        rest = [n for n in kept if n != number]
        if rest and nobody(people, _of(_top, rest)):
            kept = rest
    return kept


def _branches(people: People, findings: Findings, bad: set[int], clashes: bool) -> None:
    """Branches of an `any` that the other conditions rule out, or that the other branches contain."""
    first = people.days[0]
    parts, top = _all(first), _top(first)
    for place, group in enumerate(top):
        if not isinstance(group, BoundGroup) or group.group.kind != "any":
            continue
        beside = next(c for c in components(first.evaluator, [p.node for p in top]) if place in c)
        others = [n for n in beside if n != place]
        for number in range(len(group.parts)):
            if parts.index(group.parts[number]) in bad:
                continue
            if others and not clashes and nobody(people, _branch(place, number, others)):
                _unreachable(group.parts[number], findings)
            elif len(group.parts) > 1 and nobody(people, _beyond(place, number)):
                _covered(group.parts[number], findings)


def _branch(place: int, number: int, others: list[int]) -> GoalsOf:
    def goals(day: Day) -> list[Goal]:
        top = _top(day)
        group = top[place]
        assert isinstance(group, BoundGroup)
        return [Holds(group.parts[number].node), *(Holds(top[n].node) for n in others)]

    return goals


def _beyond(place: int, number: int) -> GoalsOf:
    """Somebody in this branch and in none of the others."""

    def goals(day: Day) -> list[Goal]:
        group = _top(day)[place]
        assert isinstance(group, BoundGroup)
        others = tuple(p.node for n, p in enumerate(group.parts) if n != number)
        return [Holds(group.parts[number].node), Holds(Not(Or(others)))]

    return goals


def _place(part: BoundNode) -> Place:
    return part.clause.place if isinstance(part, BoundClause) else part.group.place


def _never(part: BoundNode, findings: Findings) -> None:
    findings.add(
        "E_NEVER",
        _place(part),
        f"条件“{text_of(part)}”永远不成立：找不到一个人满足它",
        f"{text_of(part)!r} can never hold: no person meets it",
        "看常数、方向和单位（分、月）",
        "look at the constant, the direction and the unit (fen, months)",
    )


def _always(part: BoundNode, findings: Findings) -> None:
    findings.add(
        "W_ALWAYS",
        _place(part),
        f"条件“{text_of(part)}”对谁都成立，不起作用",
        f"{text_of(part)!r} holds for everybody and decides nothing",
        "看常数和方向；真的不需要就删掉",
        "look at the constant and the direction; remove it when it is not needed",
    )


def _contradiction(part: BoundNode, others: Sequence[BoundNode], findings: Findings) -> None:
    told = "、".join(f"“{text_of(o)}”（第 {_place(o).row} 行）" for o in others if o is not part)
    told_en = ", ".join(f"{text_of(o)!r} (line {_place(o).row})" for o in others if o is not part)
    findings.add(
        "E_CONTRADICTION",
        _place(part),
        f"“{text_of(part)}”和{told}不能同时成立，谁都不符合",
        f"{text_of(part)!r} and {told_en} cannot hold together; nobody is entitled",
        "改其中一个条件，或把 all 改成 any",
        "mend one of them, or make the `all` an `any`",
    )


def _unreachable(part: BoundNode, findings: Findings) -> None:
    findings.add(
        "E_UNREACHABLE",
        _place(part),
        f"“{text_of(part)}”这一支到不了：其他条件已经把这样的人排除了",
        f"branch {text_of(part)!r} is out of reach: the other conditions rule such people out",
        "删掉这一支，或改和它冲突的条件",
        "remove the branch, or mend the condition that it clashes with",
    )


def _covered(part: BoundNode, findings: Findings) -> None:
    findings.add(
        "W_COVERED",
        _place(part),
        f"“{text_of(part)}”这一支没有多出一个人：别的分支都包含了",
        f"branch {text_of(part)!r} adds nobody whom the others do not have",
        "删掉它，或看是不是常数写错了",
        "remove it, or look whether a constant is wrong",
    )
