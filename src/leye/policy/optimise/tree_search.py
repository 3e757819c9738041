"""The best tree of a depth over given questions, by trying all of them where that can be done.

For two questions one after the other only sums over pairs of questions are needed, and all pairs come out of one product of matrices; a third
question repeats it for each first one. Rewards of people with the same answers are added first. Same optimum as the exhaustive search of policytree
(Zhou, Athey and Wager 2023, Operations Research 71), which walks sorted values instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.policy.optimise.arrays import Bools, Floats, Ints
from leye.policy.optimise.tree import Branch, Leaf, Split, Tree

MOST_WORK = 4e9
"""Multiplications of a search of depth 3. Chosen by us: about two CPU seconds; beyond, only the SHORTLIST best first questions are followed up."""
SHORTLIST = 12


@dataclass(frozen=True, slots=True)
class Answers:
    """People with the same answers together: yes: (u, p) 0/1 · reward: (u,) summed gain of offering · people: (u,)."""

    yes: Floats
    reward: Floats
    people: Floats


@dataclass(frozen=True, slots=True)
class Found:
    """tree and its summed reward · exact: whether no tree of that depth over these questions does better."""

    tree: Tree
    value: float
    exact: bool


def gather_answers(yes: Bools, reward: Floats) -> Answers:
    """yes: (n, p) whether question p holds · reward: (n,) gain of offering the programme, against not."""
    packed = np.packbits(yes, axis=1)
    _, first, of = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    of = of.ravel()
    return Answers(yes[first].astype(np.float64), np.bincount(of, weights=reward).astype(np.float64), np.bincount(of).astype(np.float64))


def best_tree(answers: Answers, splits: tuple[Split, ...], *, depth: int, least: int) -> Found:
    """The tree with the largest summed reward; every leaf holds at least `least` people. depth: 0 to 3."""
    exact = depth < 3 or len(splits) ** 3 * len(answers.reward) <= MOST_WORK
    tree, value = _grow(answers, splits, depth, least, exact)
    return Found(tree, value, exact)


def _grow(a: Answers, splits: tuple[Split, ...], depth: int, least: int, exact: bool) -> tuple[Tree, float]:
    total = float(a.reward.sum())
    leaf = Leaf(total > 0, int(a.people.sum())), max(total, 0.0)
    if depth == 0 or len(splits) == 0 or len(a.reward) == 0:
        return leaf
    value, root = _best_root(a, depth, least, exact)
    if value <= leaf[1] + 1e-9:
        return leaf
    yes = a.yes[:, root] > 0
    left, right = (_grow(_part(a, side), splits, depth - 1, least, exact) for side in (yes, ~yes))
    return Branch(splits[root], left[0], right[0]), left[1] + right[1]


def _best_root(a: Answers, depth: int, least: int, exact: bool) -> tuple[float, int]:
    """Value of the best tree of `depth` and its first question; minus infinity when none leaves enough people on both sides."""
    if depth == 1:
        values = _one(a.reward @ a.yes, float(a.reward.sum()), a.people @ a.yes, float(a.people.sum()), least)
    elif depth == 2:
        values = _two(*_pairs(a), float(a.reward.sum()), float(a.people.sum()), least)
    else:
        values = _three(a, least, exact)
    root = int(np.argmax(values))
    return float(values[root]), root


def _one(sums: Floats, total: float | Floats, heads: Floats, people: float | Floats, least: int) -> Floats:
    """Value of one question, for each: sums and heads over those who answer yes. Works row by row for tables of questions."""
    value = np.maximum(sums, 0) + np.maximum(total - sums, 0)
    return np.where((heads >= least) & (people - heads >= least), value, -np.inf)


def _pairs(a: Answers) -> tuple[Floats, Floats]:
    """(p, p) sums of rewards and of people who answer yes to both."""
    return a.yes.T @ (a.yes * a.reward[:, None]), a.yes.T @ (a.yes * a.people[:, None])


def _two(sums: Floats, heads: Floats, total: float, people: float, least: int) -> Floats:
    """(p,) value of the best tree of depth two for each first question. sums, heads: (p, p) over pairs."""
    s, h = np.diag(sums), np.diag(heads)
    sides = (
        (sums, s[:, None], heads, h[:, None]),
        (s[None, :] - sums, total - s[:, None], h[None, :] - heads, people - h[:, None]),
    )
    value = np.zeros(len(s))
    for part, whole, count, all_ in sides:
        value += np.maximum(np.maximum(whole[:, 0], 0.0), _one(part, whole, count, all_, least).max(axis=1))
    return np.where((h >= least) & (people - h >= least), value, -np.inf)


def _three(a: Answers, least: int, exact: bool) -> Floats:
    """(p,) value of the best tree of depth three for each first question that is followed up."""
    sums, heads = _pairs(a)
    total, people = float(a.reward.sum()), float(a.people.sum())
    order: Ints = np.argsort(-_two(sums, heads, total, people, least), kind="stable")
    values = np.full(len(order), -np.inf)
    for root in order if exact else order[:SHORTLIST]:
        yes = a.yes[:, root] > 0
        if not least <= float(a.people[yes].sum()) <= people - least:
            continue
        left = _pairs(_part(a, yes))
        s, h = float(a.reward[yes].sum()), float(a.people[yes].sum())
        inside = max(s, 0.0, float(_two(*left, s, h, least).max()))
        rest = max(total - s, 0.0, float(_two(sums - left[0], heads - left[1], total - s, people - h, least).max()))
        values[root] = inside + rest
    return values


def _part(a: Answers, rows: Bools) -> Answers:
    return Answers(a.yes[rows], a.reward[rows], a.people[rows])
