"""After rounding: give back what breaks a rule, hand out what is left, best first, then change two people's places wherever both changes gain."""

from __future__ import annotations

import numpy as np

from leye.policy.optimise.arrays import Floats, Ints
from leye.policy.optimise.cells import group
from leye.policy.optimise.dual import net_gain
from leye.policy.optimise.problem import NONE, Problem

TRIES = 4_000
"""People looked at when filling. Chosen by us: what rounding leaves over is a few places, and the best candidates stand first."""
CHANGES = 500
"""Changes that are paired. Chosen by us: a table of 250,000 pairs a round; at 20,000 people the gap falls tenfold (bench/policy_optimise)."""
ROUNDS = 60
ALIKE = 4
"""Of equal people with equal changes. Chosen by us: two for a pair of equal changes, and two more after those have moved."""
TIE = 1e-9
MENDS = 50
"""Chosen by us: rounding breaks a rule by as many heads as there are fractions; whatever needs more is another allocation."""


def mend(problem: Problem, price: Floats, choice: Ints, lot: Floats) -> Ints:
    """Keep every rule: for a broken one the cheapest change of one person, over and over, MENDS times at most.

    Rounding breaks a floor by a person or two. Changes are: one more who counts towards it, or one less who counts against it.
    """
    choice = choice.copy()
    bounds = problem.bounds
    for _ in range(MENDS):
        over = (problem.usage(choice) - bounds).astype(np.int64)
        broken = np.flatnonzero(over > 0)
        if len(broken) == 0 or not (_add(problem, price, choice, lot, int(broken[0]), over) or _drop(problem, price, choice, lot, int(broken[0]))):
            break
    return choice


def fill(problem: Problem, price: Floats, choice: Ints, lot: Floats) -> Ints:
    """Hand out what is left among those with none, best net gain first, as long as every rule keeps."""
    choice = choice.copy()
    left = problem.bounds - problem.usage(choice)
    free = np.flatnonzero(choice == NONE)
    offers = [(j, net_gain(problem, price, j)[free]) for j in range(len(problem.options))]
    net = np.stack([n for _, n in offers]) if offers else np.zeros((0, len(free)))
    candidates = np.flatnonzero(np.isfinite(net).any(axis=0))
    if len(candidates) == 0:
        return choice
    best = net[:, candidates].max(axis=0)
    order = candidates[np.lexsort((lot[free[candidates]], -best))][:TRIES]
    for at in order:
        i = int(free[at])
        for j in np.argsort(-net[:, at], kind="stable"):
            if not np.isfinite(net[j, at]):
                break
            use = use_of(problem, i, int(j))
            if np.all(use <= left):
                choice[i] = j
                left = left - use
                break
    return choice


def exchange(problem: Problem, price: Floats, choice: Ints) -> Ints:
    """Change one or two people's options at a time, best pair first, while the sum of gains rises and every rule keeps.

    Looks at the changes that cost least at the prices; each round is one table of pairs.
    """
    choice = choice.copy()
    left = problem.bounds - problem.usage(choice)
    people, new = _cheapest_changes(problem, price, choice)
    for _ in range(ROUNDS if len(people) else 0):
        gain, use = _changes(problem, choice, people, new)
        total = gain[:, None] + gain[None, :]
        total[people[:, None] == people[None, :]] = -np.inf
        np.fill_diagonal(total, gain)  # a change by itself
        for r in range(len(left)):
            both = use[:, r][:, None] + use[:, r][None, :]
            np.fill_diagonal(both, use[:, r])
            total[both > left[r]] = -np.inf
        a, b = divmod(int(np.argmax(total)), len(people))
        if total[a, b] <= 1e-12:
            break
        for c in {a, b}:
            choice[people[c]] = new[c]
            left = left - use[c]
    return choice


def _cheapest_changes(problem: Problem, price: Floats, choice: Ints) -> tuple[Ints, Ints]:
    """(about CHANGES,) people and options, NONE among them, that lose least at the prices, and of the same people the best option to go back to.

    Of people who are alike only ALIKE stand for all: ties may be thousands, and a table of equal changes finds nothing.
    """
    net = np.stack([np.zeros(problem.people), *(net_gain(problem, price, j) for j in range(len(problem.options)))])
    best: Ints = np.argmax(net, axis=0)
    lost = np.take_along_axis(net, best[None, :], axis=0) - net
    lost[~np.isfinite(net)] = np.inf
    lost[best, np.arange(problem.people)] = np.inf
    option, person = _near(lost, CHANGES // 2)
    loss = lost[option, person]
    of = group(problem.only(person)).of
    apart = np.lexsort((loss, choice[person], option, of))
    keys = np.stack([of, option, choice[person]])[:, apart]
    new = np.concatenate([[True], (keys[:, 1:] != keys[:, :-1]).any(axis=0)]) if len(apart) else np.zeros(0, dtype=bool)
    place = np.arange(len(apart)) - np.maximum.accumulate(np.where(new, np.arange(len(apart)), 0))
    few = apart[place < ALIKE]
    few = few[np.argsort(loss[few], kind="stable")][: CHANGES // 2]
    people = np.unique(person[few])
    who, to = np.concatenate([person[few], people]), np.concatenate([option[few], best[people]])
    order = np.lexsort((to, who))
    return who[order], to[order] - 1


def _near(lost: Floats, count: int) -> tuple[Ints, Ints]:
    """Option (0 is none) and person of the `count` least losses that are no ties, and of all ties."""
    flat = lost.ravel()
    apart = flat[np.isfinite(flat) & (flat > TIE)]
    edge = float(np.partition(apart, count - 1)[count - 1]) if len(apart) > count else np.inf
    at = np.flatnonzero((flat <= edge) & np.isfinite(flat))
    return at // lost.shape[1], at % lost.shape[1]


def _changes(problem: Problem, choice: Ints, people: Ints, new: Ints) -> tuple[Floats, Ints]:
    """(c,) gain and (c, K + R) use of each change against the present choice."""
    now = choice[people]
    gain = np.where(new == NONE, 0.0, problem.gain[new, people]) - np.where(now == NONE, 0.0, problem.gain[now, people])
    return gain, _uses(problem, people, new) - _uses(problem, people, now)


def _uses(problem: Problem, people: Ints, option: Ints) -> Ints:
    """(c, K + R) what each of the people uses with an option; NONE uses nothing."""
    funds = len(problem.funds)
    use = np.zeros((len(people), funds + len(problem.rows)), dtype=np.int64)
    use[:, funds:] = problem.kinds[problem.code[people], option]  # NONE is -1, the last row of the table, which counts nothing
    for j in range(len(problem.options)):
        here = option == j
        for k in range(funds):
            cost = problem.cost[j][k]
            use[here, k] = cost if isinstance(cost, int) else cost[people[here]]
    return use


def use_of(problem: Problem, i: int, j: int) -> Ints:
    """(K + R,) what person i with option j uses."""
    paid = [c if isinstance(c, int) else int(c[i]) for c in problem.cost[j]]
    return np.array([*paid, *problem.kinds[problem.code[i], j]], dtype=np.int64)


def _add(problem: Problem, price: Floats, choice: Ints, lot: Floats, broken: int, over: Ints) -> bool:
    """One person more with an option that counts towards the broken rule and breaks no other; changes `choice` in place."""
    r = broken - len(problem.funds)
    if r < 0:
        return False
    best: tuple[float, float, int, int] | None = None
    free = choice == NONE
    for j in range(len(problem.options)):
        helps = free & np.isfinite(problem.gain[j]) & (problem.kinds[problem.code, j, r] < 0)
        who = np.flatnonzero(helps)
        if len(who) == 0:
            continue
        net = net_gain(problem, price, j)[who]
        for at in np.lexsort((lot[who], -net))[:50]:
            i = int(who[at])
            after = over + use_of(problem, i, j)
            if np.all(after[over <= 0] <= 0) and (best is None or (float(net[at]), -float(lot[i])) > best[:2]):
                best = (float(net[at]), -float(lot[i]), i, j)
                break
    if best is None:
        return False
    choice[best[2]] = best[3]
    return True


def _drop(problem: Problem, price: Floats, choice: Ints, lot: Floats, broken: int) -> bool:
    """One person less who uses the broken constraint (or, for a quota, who stands in the way of adding): the one who loses least."""
    funds = len(problem.funds)
    net, uses = np.full(problem.people, np.inf), np.zeros(problem.people)
    for j in range(len(problem.options)):
        here = choice == j
        net[here] = net_gain(problem, price, j)[here]
        if broken < funds:
            cost = problem.cost[j][broken]
            uses[here] = cost if isinstance(cost, int) else cost[here]
        else:
            uses[here] = problem.kinds[problem.code[here], j, broken - funds]
    who = np.flatnonzero((uses > 0) & (choice != NONE))
    if len(who) == 0:
        who = np.flatnonzero((uses == 0) & (choice != NONE))  # a quota short of money: room is made by someone outside it
    if len(who) == 0:
        return False
    choice[who[np.lexsort((lot[who], net[who]))[0]]] = NONE
    return True
