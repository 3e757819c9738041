"""Which of several benefits counts where a person is entitled to more than one of an exclusion group, as columns.

Whoever is granted competes. One goes before another of the same group by the group's order (rule `priority`), else by the higher annual value, equal
values by the smaller id. In rounds: who goes before everybody left of its groups counts, and the others of its groups do not; until nobody is left.
Where orders of several groups run in a circle, the rest is settled by value alone. A group whose members are in no other group needs one comparison.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from leye.policy.bind import BoundPolicy
from leye.policy.pack import Exclusion


@dataclass(frozen=True)
class Contest:
    """Policies that compete, directly or through others. groups: members of each exclusion group, by its rule."""

    members: tuple[str, ...]
    groups: tuple[tuple[Exclusion, frozenset[str]], ...]

    @property
    def is_simple(self) -> bool:
        """Whether everybody competes with everybody in one group, so that the first of all is the only one that counts."""
        return len(self.groups) == 1

    def shared(self, one: str, other: str) -> Iterator[Exclusion]:
        """Groups in which two policies meet."""
        return (rule for rule, members in self.groups if one in members and other in members)


def contests(policies: Sequence[BoundPolicy]) -> list[Contest]:
    """The contests among the policies in force."""
    groups: dict[str, tuple[Exclusion, set[str]]] = {}
    for policy in sorted((p for p in policies if p.who is not None), key=lambda p: p.policy.id):
        for rule in policy.exclusive:
            groups.setdefault(rule.group, (rule, set()))[1].add(policy.policy.id)
    todo = [(rule, frozenset(members)) for rule, members in groups.values() if len(members) > 1]
    found: list[Contest] = []
    while todo:
        inside = [todo.pop(0)]
        members = set(inside[0][1])
        while more := [g for g in todo if g[1] & members]:
            inside += more
            todo = [g for g in todo if g not in more]
            members.update(*(g[1] for g in more))
        found.append(Contest(tuple(sorted(members)), tuple(dict.fromkeys(inside))))
    return found


def settled(frame: pl.LazyFrame, contest: Contest, granted: Mapping[str, pl.Expr], value: Mapping[str, pl.Expr], tag: str) -> pl.LazyFrame:
    """The frame with `_won<tag>.<policy>`: whether the policy counts for the person. granted: never null; value: annual fen, never null."""
    if contest.is_simple:
        beaten = {m: [granted[o] & _first(contest, o, m, value) for o in contest.members if o != m] for m in contest.members}
        return frame.with_columns(**{f"_won{tag}.{m}": granted[m] & ~pl.any_horizontal(beaten[m]) for m in contest.members})
    frame = frame.with_columns(
        **{f"_left{tag}.{m}": granted[m] for m in contest.members}, **{f"_won{tag}.{m}": pl.lit(False) for m in contest.members}
    )
    rules = [True, False] if any(rule.rule == "priority" for rule, _ in contest.groups) else [True]
    for by_order in rules:
        for _ in contest.members:  # each round settles one at least, so there are no more rounds than members
            frame = _round(frame, contest, value, tag, by_order=by_order)
    return frame


def _round(frame: pl.LazyFrame, contest: Contest, value: Mapping[str, pl.Expr], tag: str, *, by_order: bool) -> pl.LazyFrame:
    left = {m: pl.col(f"_left{tag}.{m}") for m in contest.members}
    rivals = {m: [o for o in contest.members if o != m and any(contest.shared(m, o))] for m in contest.members}
    wins = {m: left[m] & ~pl.any_horizontal([left[o] & ~_first(contest, m, o, value, by_order=by_order) for o in rivals[m]]) for m in contest.members}
    frame = frame.with_columns(**{f"_wins{tag}.{m}": e for m, e in wins.items()})
    won = {m: pl.col(f"_wins{tag}.{m}") for m in contest.members}
    return frame.with_columns(
        **{f"_won{tag}.{m}": pl.col(f"_won{tag}.{m}") | won[m] for m in contest.members},
        **{f"_left{tag}.{m}": left[m] & ~won[m] & ~pl.any_horizontal([won[o] for o in rivals[m]]) for m in contest.members},
    )


def _first(contest: Contest, one: str, other: str, value: Mapping[str, pl.Expr], *, by_order: bool = True) -> pl.Expr:
    """Whether one goes before the other in every group that they share."""
    by_value = value[one] >= value[other] if one < other else value[one] > value[other]
    found: list[pl.Expr] = []
    for rule in contest.shared(one, other):
        ranks = [rule.order.index(m) if m in rule.order else len(rule.order) for m in (one, other)]
        ordered = by_order and rule.rule == "priority" and ranks[0] != ranks[1]
        found.append(pl.lit(ranks[0] < ranks[1]) if ordered else by_value)
    return pl.all_horizontal(found)
