"""What chance alone would do: the order of the grids drawn again within the blocks of the lottery, with everything else as it happened."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from leye.policy.promote.panel import Counts

DRAWS = 999
"""Orders drawn for a p-value; with the true one they make 1,000, so that p moves in thousandths. Chosen by us."""


def redrawn(dice: np.random.Generator, reached: Counts, block: Counts) -> Counts:
    """(grids,) reach weeks shuffled within each block."""
    order = np.lexsort((dice.random(reached.size), block))
    target = np.argsort(block, kind="stable")
    again = np.empty_like(reached)
    again[target] = reached[order]
    return again


def chance_of(statistic: Callable[[Counts], float], reached: Counts, block: Counts, *, seed: int, draws: int = DRAWS) -> float:
    """Share of orders whose statistic is at least as large as the true one's, the true one included (Fisher's exact test of "no effect on anybody").

    statistic: of reach weeks, larger is stranger. Exact for any number of grids; needs the blocks that the lottery used, else zeros.
    """
    dice = np.random.Generator(np.random.PCG64(seed))
    true = statistic(reached)
    if np.isnan(true) or draws < 1:
        return float("nan")
    beaten = sum(statistic(redrawn(dice, reached, block)) >= true - 1e-12 for _ in range(draws))
    return float((1 + beaten) / (1 + draws))
