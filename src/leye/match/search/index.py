"""BM25 over character bigrams in one sparse matrix; a query is scored exactly over the rows that a filter left, never over a sample of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from leye.match.search.grams import Ints, bigrams

K1, B = 1.2, 0.75
"""Saturation and length of BM25 (Robertson and Zaragoza 2009, the usual values)."""
TITLE_TIMES = 3
"""A bigram of the title counts as so many of the text. # chosen by us: who types 会计 wants the post, not a text that mentions one"""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TextIndex:
    """weights: (n_bigrams, n_rows) BM25 weights, one row a bigram of `grams` (sorted)."""

    grams: Ints
    weights: Any

    @property
    def size(self) -> int:
        """Number of rows that are indexed."""
        return int(self.weights.shape[1])

    def scores(self, text: str) -> Floats:
        """(n_rows,) BM25 of a text's bigrams, each counted once; zeros when none of them is known."""
        _rows, asked = bigrams([text])
        asked = np.unique(asked)
        place = np.searchsorted(self.grams, asked)
        place = place[(place < self.grams.size)]
        known = place[np.isin(self.grams[place], asked)] if place.size else place
        found: Floats = np.asarray(self.weights[np.unique(known)].sum(axis=0)).ravel() if known.size else np.zeros(self.size)
        return found


def index_of(titles: Sequence[str], texts: Sequence[str]) -> TextIndex:
    """Index of adverts; row k is the k-th title and text. Equal input gives equal weights."""
    row_a, gram_a = bigrams(titles)
    row_b, gram_b = bigrams(texts)
    rows, grams = np.concatenate([row_a, row_b]), np.concatenate([gram_a, gram_b])
    times = np.concatenate([np.full(row_a.size, float(TITLE_TIMES)), np.ones(row_b.size)])
    known, column = np.unique(grams, return_inverse=True)
    counts = sparse.csr_matrix((times, (column, rows)), shape=(known.size, len(titles)))
    counts.sum_duplicates()
    return TextIndex(known, _weighted(counts))


def _weighted(counts: Any) -> Any:
    """log(1 + (N - n + .5)/(n + .5)) · tf (k1 + 1) / (tf + k1 (1 - b + b · length / mean length))."""
    n_rows = counts.shape[1]
    length = np.asarray(counts.sum(axis=0)).ravel()
    mean = float(length.mean()) if n_rows and length.sum() else 1.0
    in_rows = np.diff(counts.indptr)
    rarity = np.log1p((n_rows - in_rows + 0.5) / (in_rows + 0.5))
    made = counts.copy()
    share = K1 * (1 - B + B * length[made.indices] / mean)
    made.data = np.repeat(rarity, in_rows) * made.data * (K1 + 1) / (made.data + share)
    return made
