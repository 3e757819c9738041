"""How often the 95 % intervals hold the truth, over thousands of simulated groups."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from leye.trust.audit.bootstrap import percentiles
from leye.trust.audit.comparison import compare

GROUPS, TABLES, DRAWS = 200, 25, 1000
SIZES = (15, 50, 200, 1000)


def coverage(seed: int) -> Iterator[tuple[int, float, float, float, float]]:
    """Yields rows a group, then coverage of: Wilson, log-ratio form, what `--bootstrap` writes, plain percentiles of the same draws.

    A table: one reference of 5,000 rows at 0.5, two hundred groups with true rates between 0.05 and 0.45.
    """
    dice = np.random.default_rng(seed)
    for size in SIZES:
        held = np.zeros(4)
        for _ in range(TABLES):
            true = np.r_[0.5, dice.uniform(0.05, 0.45, GROUPS)]
            n = np.r_[5000, np.full(GROUPS, size)].astype(np.int64)
            k = dice.binomial(n, true)
            left_out = np.r_[False, np.ones(GROUPS, np.bool_)]
            rows, ratio = int(n.sum()), true / 0.5
            closed = compare(k, n, left_out, rows=rows)
            drawn = compare(k, n, left_out, rows=rows, dice=dice, draws=DRAWS)
            plain = percentiles(dice, k, n, rows=rows, draws=DRAWS, reference=0, may_refer=~left_out)
            for at, (low, high, truth) in enumerate(
                [(closed.lo, closed.hi, true), (closed.ratio_lo, closed.ratio_hi, ratio), (drawn.ratio_lo, drawn.ratio_hi, ratio),
                 (plain.ratio_lo, plain.ratio_hi, ratio)]
            ):  # fmt: skip
                held[at] += np.sum((low <= truth) & (truth <= high), where=np.arange(len(n)) > 0)
        yield size, *(held / (GROUPS * TABLES))
