"""Candidates of a title and what is known of each: the features of the second stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from leye.match.occupations.heads import HEADS, Scores
from leye.match.occupations.softmax_head import log_softmax

MOST = {"labels": 15, "bayes": 12, "names": 8, "facts": 6}
"""Best classes taken of each head; the union holds about 19. # tuned on folds 1–4: the right class is among them for 91 %"""
_SUMMED = ("labels", "facts", "names")
LEAST = -14.0
"""Floor of a log share: less than one in a million says the same."""
_HEATED = {"labels": 0.08, "facts": 0.08, "names": 0.1}
"""Heads whose scores are no logarithms, and the heat at which they are turned into some. # tuned by eye on folds 1–4"""


@dataclass(frozen=True)
class Classes:
    """Classes by number. upper: (n_classes, 3) number of the 小类, 中类, 大类 · names: clean names of each class · seen: labelled titles of each."""

    codes: tuple[str, ...]
    level: NDArray[np.int8]
    upper: NDArray[np.int32]
    names: tuple[tuple[str, ...], ...]
    seen: NDArray[np.float32]

    @cached_property
    def named(self) -> dict[str, list[int]]:
        """Classes of each name."""
        found: dict[str, list[int]] = defaultdict(list)
        for k, own in enumerate(self.names):
            for name in own:
                found[name].append(k)
        return dict(found)

    def only(self, kept: Collection[tuple[int, str]]) -> Classes:
        """The same with some (class, name) alone."""
        return replace(self, names=tuple(tuple(n for n in own if (k, n) in kept) for k, own in enumerate(self.names)))


@dataclass(frozen=True)
class Candidates:
    """Rows of (title, class), titles in order, classes ascending. x: (n_rows, n_features)."""

    title: NDArray[np.int32]
    klass: NDArray[np.int32]
    x: NDArray[np.float32]


def candidates(cleans: Sequence[str], scores: Scores, classes: Classes, seen: NDArray[np.float32] | None = None) -> Candidates:
    """Candidates with features. seen: (n_titles, n_classes) labelled titles of each class outside the title's own fold; None: those of `classes`."""
    ordered = {h: np.sort(scores[h], axis=1) for h in HEADS}
    chosen = np.zeros(scores["labels"].shape, bool)
    for head, most in MOST.items():
        chosen |= _best(scores[head], ordered[head], most)
    title, klass = (a.astype(np.int32) for a in np.nonzero(chosen))
    rank = {h: _ranks(scores[h], ordered[h], title, klass) for h in HEADS}
    columns: list[NDArray[np.float32]] = []
    for head in HEADS:
        columns += _of_head(scores[head], ordered[head], rank[head], title, klass)
    for head in _SUMMED:
        columns += [_summed(scores[head], classes.upper[:, k])[title, klass] for k in range(3)]
    columns += [(classes.level[klass] == level).astype(np.float32) for level in (1, 2, 3)]
    columns += _seen(cleans, title, klass, classes, seen)
    columns += _together(scores, rank, title, klass)
    columns += _by_name(cleans, title, klass, classes)
    return Candidates(title, klass, np.column_stack(columns).astype(np.float32))


def _best(scores: NDArray[np.float32], ordered: NDArray[np.float32], most: int) -> NDArray[np.bool_]:
    """The `most` best of each row. Equals at the edge come in together, unless they are a crowd (scores of zero): then none of them does."""
    edge = ordered[:, -most, None]
    found = scores >= edge
    crowd = found.sum(axis=1) > 2 * most
    found[crowd] = scores[crowd] > edge[crowd]
    return found


def _ranks(scores: NDArray[np.float32], ordered: NDArray[np.float32], title: NDArray[np.int32], klass: NDArray[np.int32]) -> NDArray[np.int32]:
    """How many classes of the title score higher. ordered: scores of each row, ascending (sorting values is ten times faster than sorting places)."""
    found = np.empty(len(title), np.int32)
    ends = np.searchsorted(title, np.arange(len(scores) + 1))
    for t in range(len(scores)):
        part = slice(ends[t], ends[t + 1])
        found[part] = scores.shape[1] - np.searchsorted(ordered[t], scores[t, klass[part]], side="right")
    return found


def _of_head(
    scores: NDArray[np.float32], ordered: NDArray[np.float32], rank: NDArray[np.int32], title: NDArray[np.int32], klass: NDArray[np.int32]
) -> list[NDArray[np.float32]]:
    """Score, log rank, distance to the best, whether it is the best and by how much."""
    best, second = ordered[title, -1], ordered[title, -2]
    value = scores[title, klass]
    first = (rank == 0).astype(np.float32)
    return [value, np.log1p(rank).astype(np.float32), value - best, first * (best - second), first]


def _together(scores: Scores, rank: Mapping[str, NDArray[np.int32]], title: NDArray[np.int32], klass: NDArray[np.int32]) -> list[NDArray[np.float32]]:
    """What no head says alone: ranks over all heads (mean, best, worst, share first, share in the first three), log shares, products of scores."""
    ranks = np.stack([rank[h] for h in HEADS], axis=1).astype(np.float32)
    found = [1 / (1 + of(axis=1)) for of in (ranks.mean, ranks.min, ranks.max)]
    found += [(ranks < few).mean(axis=1) for few in (1, 3)]
    found += [np.maximum(log_softmax(scores[h] / heat)[title, klass], LEAST) for h, heat in _HEATED.items()]
    labels = scores["labels"][title, klass]
    return found + [labels * scores[h][title, klass] for h in ("facts", "bayes", "names")]


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
    """Length of the longest name inside the title, whether a name is a whole segment, length of the longest name that ends it; shares of the title
    that the two lengths are, and whether the first is all of it."""
    found = np.zeros((3, len(title)), np.float32)
    ends = np.searchsorted(title, np.arange(len(cleans) + 1))
    joined = [c.replace(" ", "") for c in cleans]
    for t, clean in enumerate(joined):
        whole = {clean, *cleans[t].split()}
        row = {int(k): i for i, k in enumerate(klass[ends[t] : ends[t + 1]], ends[t])}
        for start, end in combinations(range(len(clean) + 1), 2):
            name = clean[start:end]
            for i in [row[k] for k in classes.named.get(name, ()) if k in row]:
                found[0, i] = max(found[0, i], len(name))
                found[1, i] = max(found[1, i], name in whole)
                found[2, i] = max(found[2, i], len(name) * (end == len(clean)))
    length = np.array([max(1, len(c)) for c in joined], np.float32)[title]
    return [*found, found[0] / length, found[2] / length, (found[0] == length).astype(np.float32)]
