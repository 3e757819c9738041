"""From doubly robust scores to a tree: questions a rule can ask, the depth that held-out people bear out, the value with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from leye.policy.optimise.arrays import Bools, Floats, Ints
from leye.policy.optimise.effects import z_of
from leye.policy.optimise.scores import Mean, average
from leye.policy.optimise.tree import Split, Tree, depth_of, offers, simplified
from leye.policy.optimise.tree_search import best_tree, gather_answers

MOST_CUTS = 12
"""Thresholds of one number. Chosen by us: finer ones differ by fewer people than a leaf must hold."""
LEAST_LEAF = 50
"""People of a leaf. Chosen by us: an effect of fewer has an interval of ±30 points."""
DEPTHS = (1, 2, 3)
SPLITS = 25
"""Random halvings. Chosen by us: an odd number, and the median of more does not move."""


@dataclass(frozen=True, slots=True)
class Learned:
    """tree: the rule · chosen, others: effect among those whom a tree of that depth, learned on one half, puts first in the other half, and among
    the rest there; apart: their difference; each the median over SPLITS halvings · by_depth: held-out gain a person of offering by a tree of each
    depth, after the price of a place · offered: share of the compared people who are offered it · exact: as of the search."""

    tree: Tree
    chosen: Mean
    others: Mean
    apart: Mean
    by_depth: Mapping[int, Mean]
    offered: float
    exact: bool

    @property
    def is_rule(self) -> bool:
        """Whether there is anything to sign: a question is asked, and people of the other half whom it puts first do gain more than the others.

        At 5 %: the median of p-values counts twice (Chernozhukov, Demirer, Duflo and Fernandez-Val 2018, theorem 3.1; half of it one-sided), and
        Bonferroni's is taken over the depths, of which the best was chosen.
        """
        return depth_of(self.tree) > 0 and self.apart.estimate > z_of(0.95, len(self.by_depth)) * self.apart.se


def learn_tree(
    covariates: pl.DataFrame, score: Floats, person: Ints, fold: Ints, *, seed: int, price: float = 0.0, depths: tuple[int, ...] = DEPTHS
) -> Learned:
    """The tree of the kept rows of one programme. covariates: only those that may choose · price: what a place must gain to be worth it.

    The depth is the least whose held-out value lies within one standard error of the best (the one-standard-error rule, Breiman et al. 1984, 3.4.3).
    Whether the tree means anything is judged on halves: folds share the people they learn from, and an interval over all of them is too narrow
    (measured: 13 of 200 trees of pure noise passed at 5 % of one side's half).
    """
    reward = score - price
    splits = questions(covariates)
    yes = np.column_stack([s.answers(covariates)[0] for s in splits]) if splits else np.zeros((len(score), 0), dtype=bool)
    everybody = np.ones(len(score), dtype=bool)
    values = {d: average(reward * _held_out(covariates, splits, yes, reward, fold, d), person, everybody) for d in depths}
    depth = _least_depth(values)
    found = best_tree(gather_answers(yes, reward), splits, depth=depth, least=LEAST_LEAF)
    tree = simplified(found.tree)
    halves = [_halved(covariates, splits, yes, score, reward, person, depth, seed + k) for k in range(SPLITS)]
    chosen, others, apart = (_median([h[i] for h in halves]) for i in range(3))
    return Learned(tree, chosen, others, apart, values, float(offers(tree, covariates).mean()), found.exact)


def _halved(
    covariates: pl.DataFrame, splits: tuple[Split, ...], yes: Bools, score: Floats, reward: Floats, person: Ints, depth: int, seed: int
) -> tuple[Mean, Mean, Mean]:
    """Learn on a half of the people, judge on the other: effect among those put first, among the rest, and the difference."""
    learns = (np.random.default_rng(seed).random(int(person.max()) + 1) < 0.5)[person]
    tree = best_tree(gather_answers(yes[learns], reward[learns]), splits, depth=depth, least=LEAST_LEAF // 2).tree
    first = offers(tree, covariates)
    chosen, others = average(score, person, ~learns & first), average(score, person, ~learns & ~first)
    if min(chosen.n, others.n) < 2:
        return chosen, others, Mean(0.0, float("inf"), chosen.n + others.n)
    return chosen, others, Mean(chosen.estimate - others.estimate, float(np.hypot(chosen.se, others.se)), chosen.n + others.n)


def _median(means: list[Mean]) -> Mean:
    """Medians of estimates and errors over the halvings in which there is one; the error such that the t-value is the median of theirs."""
    known = [m for m in means if np.isfinite(m.estimate) and m.se > 0]
    if not known:
        return Mean(float("nan"), float("nan"), 0)
    estimate = float(np.median([m.estimate for m in known]))
    t = abs(float(np.median([m.estimate / m.se for m in known])))
    usual = float(np.median([m.se for m in known]))
    return Mean(estimate, max(abs(estimate) / t if t > 0 else usual, usual), int(np.median([m.n for m in known])))


def questions(covariates: pl.DataFrame) -> tuple[Split, ...]:
    """Every question worth asking: thresholds at quantiles (whole numbers for whole numbers), levels with enough people."""
    found: list[Split] = []
    for values in covariates.iter_columns():
        known = values.drop_nulls()
        if values.dtype == pl.String:
            counts = known.value_counts().sort(["count", values.name], descending=[True, False])
            levels = counts.filter(pl.col("count").is_between(LEAST_LEAF, len(values) - LEAST_LEAF))[values.name].to_list()
            found.extend(Split(values.name, "==", level) for level in levels[:MOST_CUTS])
        elif known.len():
            found.extend(Split(values.name, ">=", cut) for cut in _cuts(known.to_numpy()))
    return tuple(found)


def _cuts(known: Floats) -> list[float]:
    """Values at which at least LEAST_LEAF people lie on either side."""
    whole = bool(np.all(known == np.floor(known)))
    marks = np.quantile(known, np.linspace(0, 1, MOST_CUTS + 2)[1:-1])
    cuts = np.unique(np.ceil(marks) if whole else np.round(marks, 1))
    return [float(c) for c in cuts if LEAST_LEAF <= int((known >= c).sum()) <= len(known) - LEAST_LEAF]


def _held_out(covariates: pl.DataFrame, splits: tuple[Split, ...], yes: Bools, reward: Floats, fold: Ints, depth: int) -> Bools:
    """(n,) whom a tree learned from the other folds would offer it."""
    offered = np.zeros(len(reward), dtype=bool)
    for k in range(int(fold.max()) + 1):
        rest, here = fold != k, fold == k
        tree = best_tree(gather_answers(yes[rest], reward[rest]), splits, depth=depth, least=LEAST_LEAF).tree
        offered[here] = offers(tree, covariates.filter(pl.Series(here)))
    return offered


def _least_depth(values: Mapping[int, Mean]) -> int:
    best = max(values.values(), key=lambda v: v.estimate)
    return min(d for d, v in values.items() if v.estimate >= best.estimate - best.se)
