"""A forest of series: who adds up to whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import Bools, Floats, Ints

SUM_TOLERANCE = 1e-6
"""Relative difference under which a parent counts as the sum of its children (the product's promise of exact sums)."""


@dataclass(frozen=True, slots=True)
class Tree:
    """parent: (n,) row of the parent, -1 for roots. Several roots are allowed; every parent is the sum of its children."""

    parent: Ints

    @property
    def depth(self) -> Ints:
        """(n,) steps up to the root."""
        depth, above = np.zeros(len(self.parent), dtype=np.int64), self.parent.copy()
        while (above >= 0).any():
            depth += above >= 0
            above = np.where(above >= 0, self.parent[above], -1)
        return depth

    @property
    def roots(self) -> Ints:
        """(n,) the top of each series' tree, itself for a root."""
        top = np.arange(len(self.parent))
        while (self.parent[top] >= 0).any():
            top = np.where(self.parent[top] >= 0, self.parent[top], top)
        return top

    @property
    def inner(self) -> Ints:
        """Rows that have children, in ascending order."""
        return np.unique(self.parent[self.parent >= 0])

    @property
    def is_leaf(self) -> Bools:
        """(n,) True for rows without children."""
        leaf = np.ones(len(self.parent), dtype=bool)
        leaf[self.inner] = False
        return leaf

    def constraints(self) -> Floats:
        """(inner, n): each row is a parent less its children, 0 when the sums agree."""
        inner = self.inner
        at = np.full(len(self.parent), -1)
        at[inner] = np.arange(len(inner))
        out = np.zeros((len(inner), len(self.parent)))
        out[np.arange(len(inner)), inner] = 1.0
        child = np.flatnonzero(self.parent >= 0)
        out[at[self.parent[child]], child] = -1.0
        return out

    def add_up(self, values: Floats) -> Floats:
        """(n, H) with every parent replaced by the sum of its children, from the bottom upwards; leaves are kept."""
        out = values.copy()
        out[self.inner] = 0.0
        depth = self.depth
        for level in range(int(depth.max(initial=0)), 0, -1):
            rows = np.flatnonzero(depth == level)
            np.add.at(out, self.parent[rows], out[rows])
        return out

    def kept(self, rows: Bools) -> Tree:
        """The forest of the chosen rows only; a child whose parent is left out becomes a root."""
        new = np.full(len(self.parent) + 1, -1)
        new[:-1][rows] = np.arange(int(rows.sum()))
        return Tree(new[self.parent[rows]])


def not_started(y: Floats, tree: Tree, *, season: int) -> Bools:
    """(n,) True for leaves without any value whose parent, over the last season, already equals the sum of the other children."""
    empty = ~np.isfinite(y).any(axis=1)
    out = np.zeros(len(y), dtype=bool)
    for row in np.flatnonzero(empty & tree.is_leaf & (tree.parent >= 0)):
        above = int(tree.parent[row])
        siblings = np.flatnonzero((tree.parent == above) & ~empty)
        window = y[:, -season:]
        total, parts = window[above], window[siblings].sum(axis=0)
        both = np.isfinite(total) & np.isfinite(parts)
        out[row] = len(siblings) > 0 and both.any() and bool((np.abs(total - parts) <= SUM_TOLERANCE * np.abs(total))[both].all())
    return out
