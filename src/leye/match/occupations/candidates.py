"""Candidates of a title and what is known of each: the features of the second stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leye.match.occupations.heads import HEADS, Scores

MOST = {"labels": 15, "bayes": 12, "names": 8, "facts": 6}
"""Best classes taken of each head; the union holds about 20. # tuned on folds 1–4: the right class is among them for 93 %"""
_SUMMED = ("labels", "facts")


@dataclass(frozen=True)
class Classes:
    """Classes by number. upper: (n_classes, 3) number of the 小类, 中类, 大类 · names: clean names of each class · seen: labelled titles of each."""

    codes: tuple[str, ...]
    level: NDArray[np.int8]
    upper: NDArray[np.int32]
    names: tuple[tuple[str, ...], ...]
    seen: NDArray[np.float32]


@dataclass(frozen=True)
class Candidates:
    """Rows of (title, class), titles in order, classes ascending. x: (n_rows, n_features)."""

    title: NDArray[np.int32]
    klass: NDArray[np.int32]
    x: NDArray[np.float32]


def candidates(cleans: Sequence[str], scores: Scores, classes: Classes, seen: NDArray[np.float32] | None = None) -> Candidates:
    """Candidates with features. seen: (n_titles, n_classes) labelled titles of each class outside the title's own fold; None: those of `classes`."""
    rank = {h: _ranks(scores[h]) for h in HEADS}
    chosen = np.zeros(scores["labels"].shape, bool)
    for head, most in MOST.items():
        chosen |= rank[head] < most
    title, klass = (a.astype(np.int32) for a in np.nonzero(chosen))
    columns: list[NDArray[np.float32]] = []
    for head in HEADS:
        columns += _of_head(scores[head], rank[head], title, klass)
    for head in _SUMMED:
        columns += [_summed(scores[head], classes.upper[:, k])[title, klass] for k in range(3)]
    columns += [(classes.level[klass] == level).astype(np.float32) for level in (1, 2, 3)]
    columns += _seen(cleans, title, klass, classes, seen)
    columns += _by_name(cleans, title, klass, classes)
    return Candidates(title, klass, np.column_stack(columns).astype(np.float32))


def _ranks(scores: NDArray[np.float32]) -> NDArray[np.int32]:
    order = np.argsort(-scores, axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(scores.shape[1])[None, :], axis=1)
    return rank.astype(np.int32)


def _of_head(scores: NDArray[np.float32], rank: NDArray[np.int32], title: NDArray[np.int32], klass: NDArray[np.int32]) -> list[NDArray[np.float32]]:
    """Score, log rank, distance to the best, whether it is the best and by how much."""
    two = -np.partition(-scores, 1, axis=1)[:, :2]
    value, place = scores[title, klass], rank[title, klass]
    first = (place == 0).astype(np.float32)
    return [value, np.log1p(place), value - two[title, 0], first * (two[title, 0] - two[title, 1]), first]


def _summed(scores: NDArray[np.float32], group: NDArray[np.int32]) -> NDArray[np.float32]:
    """Positive scores of all classes below the same upper class."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    sums = np.add.reduceat(np.maximum(scores[:, order], 0), starts, axis=1)
    at = np.empty(len(group), np.int64)
    at[order] = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(group))))
    return np.asarray(sums[:, at], np.float32)


def _seen(
    cleans: Sequence[str], title: NDArray[np.int32], klass: NDArray[np.int32], classes: Classes, seen: NDArray[np.float32] | None
) -> list[NDArray[np.float32]]:
    """How often the class, its 小类 and its 中类 were seen; the class again by length, for long titles say more themselves."""
    counts = classes.seen[None, :] if seen is None else seen
    row = np.zeros_like(title) if seen is None else title
    length = np.array([len(c) for c in cleans], np.float32)[title] / 10
    own = np.log1p(counts[row, klass])
    return [own, own * length, *(np.log1p(_summed(counts, classes.upper[:, k])[row, klass]) for k in (0, 1))]


def _by_name(cleans: Sequence[str], title: NDArray[np.int32], klass: NDArray[np.int32], classes: Classes) -> list[NDArray[np.float32]]:
    """Length of the longest name inside the title, whether a name is a whole segment, length of the longest name that ends it."""
    found = np.zeros((3, len(title)), np.float32)
    joined = [c.replace(" ", "") for c in cleans]
    segments = [{c, *c.split()} for c in cleans]
    for i, (t, k) in enumerate(zip(title.tolist(), klass.tolist(), strict=True)):
        inside = [n for n in classes.names[k] if n in joined[t]]
        if inside:
            found[0, i] = max(map(len, inside))
            found[1, i] = any(n in segments[t] for n in inside)
            found[2, i] = max((len(n) for n in inside if joined[t].endswith(n)), default=0)
    return list(found)
