"""Shallow trees that say whom to offer a programme: few enough words for a person to read, doubt and sign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import polars as pl

from leye.policy.optimise.arrays import Bools


@dataclass(frozen=True, slots=True)
class Split:
    """A question. op: >= over numbers (flags are 0 and 1), == over words."""

    column: str
    op: str
    value: float | str

    def answers(self, frame: pl.DataFrame) -> tuple[Bools, Bools]:
        """(rows,) whether it holds, and whether it does not; neither where the value is unknown."""
        values = frame[self.column]
        found = values >= self.value if self.op == ">=" else values == self.value
        return found.fill_null(False).to_numpy(), (~found).fill_null(False).to_numpy()


@dataclass(frozen=True, slots=True)
class Leaf:
    """offer: whether these people are offered the programme · people: rows it was learned from."""

    offer: bool
    people: int = 0


@dataclass(frozen=True, slots=True)
class Branch:
    """yes: where the split holds."""

    split: Split
    yes: Tree
    no: Tree


Tree: TypeAlias = Leaf | Branch


def offers(tree: Tree, frame: pl.DataFrame) -> Bools:
    """(rows,) who is offered the programme. An unknown answer goes both ways, and only whoever is offered it either way counts."""
    if isinstance(tree, Leaf):
        return np.full(frame.height, tree.offer)
    holds, fails = tree.split.answers(frame)
    unknown = ~holds & ~fails
    yes, no = offers(tree.yes, frame), offers(tree.no, frame)
    return np.asarray((holds & yes) | (fails & no) | (unknown & yes & no))


def simplified(tree: Tree) -> Tree:
    """The tree without questions whose answer changes nothing."""
    if isinstance(tree, Leaf):
        return tree
    yes, no = simplified(tree.yes), simplified(tree.no)
    if isinstance(yes, Leaf) and isinstance(no, Leaf) and yes.offer == no.offer:
        return Leaf(yes.offer, yes.people + no.people)
    return Branch(tree.split, yes, no)


def offering_paths(tree: Tree, path: tuple[tuple[Split, bool], ...] = ()) -> Iterator[tuple[tuple[Split, bool], ...]]:
    """The ways to an offer: each a list of questions with the answer they need, first question first."""
    if isinstance(tree, Leaf):
        if tree.offer:
            yield path
        return
    yield from offering_paths(tree.yes, (*path, (tree.split, True)))
    yield from offering_paths(tree.no, (*path, (tree.split, False)))


def depth_of(tree: Tree) -> int:
    """Questions on the longest way."""
    return 0 if isinstance(tree, Leaf) else 1 + max(depth_of(tree.yes), depth_of(tree.no))
