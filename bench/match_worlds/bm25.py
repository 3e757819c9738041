"""BM25 on character bigrams, the lexical peer (Robertson & Zaragoza 2009, FnTIR 3:333; k1 1.2, b .75)."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

K1, B = 1.2, 0.75


def scores(people: pl.DataFrame, jobs: pl.DataFrame) -> NDArray[np.float64]:
    """(people, jobs): what a profile's skills and words find in title and text of the adverts."""
    bigrams = CountVectorizer(analyzer="char", ngram_range=(2, 2))
    adverts = bigrams.fit_transform([a + "\n" + b for a, b in jobs.select("title", "text").iter_rows()]).tocsr().astype(float)
    asked = bigrams.transform(["、".join(s) + "\n" + t for s, t in people.select("skills", "text").iter_rows()])
    asked.data[:] = 1
    length, n = np.asarray(adverts.sum(1)).ravel(), adverts.shape[0]
    found_in = np.bincount(adverts.indices, minlength=adverts.shape[1])
    rarity = np.log(1 + (n - found_in + 0.5) / (found_in + 0.5))
    row = np.repeat(np.arange(n), np.diff(adverts.indptr))
    damped = adverts.data + K1 * (1 - B + B * length[row] / length.mean())
    adverts.data = adverts.data * (K1 + 1) / damped * rarity[adverts.indices]
    return np.asarray((asked @ adverts.T).todense())
