"""Which of several benefits one takes, where a person is entitled to more than one of an exclusion group.

The rule, for any engine. Only yes answers compete; a yes that shares no group with another yes has no choice (None). Then in rounds:
1. A group with one remaining member is won by it. A group with more is won by
   - max_benefit: the member of the highest value, when the value of every remaining member is known and the highest stands alone;
   - priority: the remaining member that stands first in `order`; members that `order` does not name come last, several of those win nothing;
   - choose: nobody, the person chooses.
2. A member that wins every group it is in is `chosen`; the other remaining members of its groups get `gives_way:<its id>`. Both leave the rounds.
   Where several chosen ones share groups with one that gives way, it gives way to the first by id.
3. Until nothing changes. Who is left is `open`: a person, or a fact still unknown, must decide.
Value in fen: of a monthly benefit amount x months still payable, of any other the amount; unknown when either is. A later round looks at remaining
members only, so a benefit that lost elsewhere pushes nobody out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from leye.policy.pack import Exclusion
from leye.policy.scalar import Answer

CHOSEN, OPEN, GIVES_WAY = "chosen", "open", "gives_way:"


def choices(answers: Iterable[Answer]) -> dict[str, str]:
    """Policy id -> `chosen`, `gives_way:<policy>` or `open` for every yes that competes with another yes. answers: of one person, all policies."""
    yes = {a.policy.policy.id: a for a in answers if a.verdict}
    groups = _groups(yes)
    remaining = {member for members, _ in groups.values() for member in members}
    found: dict[str, str] = {}
    while remaining:
        winners = {g: _winner(sorted(members & remaining), rule, yes) for g, (members, rule) in groups.items()}
        sure = sorted(m for m in remaining if all(winners[g] == m for g, (members, _) in groups.items() if m in members))
        if not sure:
            break
        for winner in sure:
            found[winner] = CHOSEN
            losers = {m for members, _ in groups.values() if winner in members for m in members & remaining if m not in sure}
            found.update({m: GIVES_WAY + winner for m in losers if m not in found})
        remaining -= set(found)
    return found | dict.fromkeys(remaining, OPEN)


def value_fen(answer: Answer) -> int | None:
    """What an answer is worth in fen; None where amount or, for a monthly benefit, months are unknown."""
    version = answer.policy.version
    if version is None or answer.amount_fen is None:
        return None
    if version.unit != "month":
        return answer.amount_fen
    return None if answer.months is None else answer.amount_fen * answer.months


def _groups(yes: Mapping[str, Answer]) -> dict[str, tuple[set[str], Exclusion]]:
    """Groups with two or more members among the yes answers. The rule is that of the first member by id; lint refuses groups whose rules differ."""
    found: dict[str, tuple[set[str], Exclusion]] = {}
    for name in sorted(yes):
        for exclusion in yes[name].policy.exclusive:
            found.setdefault(exclusion.group, (set(), exclusion))[0].add(name)
    return {group: it for group, it in found.items() if len(it[0]) > 1}


def _winner(members: list[str], rule: Exclusion, yes: Mapping[str, Answer]) -> str | None:
    if len(members) < 2:
        return members[0] if members else None
    if rule.rule == "priority":
        ranks = {m: rule.order.index(m) if m in rule.order else len(rule.order) for m in members}
    elif rule.rule == "max_benefit":
        values = {m: value_fen(yes[m]) for m in members}
        if None in values.values():
            return None
        ranks = {m: -(v or 0) for m, v in values.items()}
    else:
        return None
    first = min(ranks.values())
    best = [m for m in members if ranks[m] == first]
    return best[0] if len(best) == 1 else None
