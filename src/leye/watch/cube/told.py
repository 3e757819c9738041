"""Which hidden cells follow from all the sums of a month at once, and from which of them.

With A the sums restricted to the hidden cells, a cell is told when its unit vector lies in the row space of A; then, and only then, is every
vector of A's null space 0 there. The part of one random vector that lies in the null space shows that with probability 1. It is found by
iterated ridge steps, z ← z − A'(AA' + eps·I)⁻¹A z (the proximal point method, Rockafellar 1976), which need one sparse factorisation and
end only when A z is 0: what is called not told then has a vector that proves it. The same steps give, for a cell that is told, the weights
of the sums that tell it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from threadpoolctl import threadpool_limits

from leye.watch.cube.cells import ALL, AXES

DICE = 20_250_801
"""Seed of the random vector: a fixed one, so that equal tables are hidden alike."""
RIDGE = 1e-6
"""eps, beside whole numbers on the diagonal. # chosen by us: large enough to factorise, small enough that few steps do"""
AT_REST = 1e-9
"""Size of A z at which z counts as a vector of the null space."""
TOLERANCE = 1e-6
"""Entries that count as 0."""
STEPS = 200

Line = tuple[int | str, ...]
Key = Sequence[str]
Vector = npt.NDArray[np.float64]


def lines_of(month: pl.DataFrame) -> list[list[Line]]:
    """Of each row the sums it stands in: the axis along which is summed, and the cell's other axes. Only sums whose parts are cells, too."""
    keys = month.select(AXES).rows()
    places = range(len(AXES))
    in_use = [{k[:i] + k[i + 1 :] for k in keys if k[i] != ALL} for i in places]
    return [[(i, *rest) for i in places if (rest := k[:i] + k[i + 1 :]) in in_use[i]] for k in keys]


def taken(lines: Sequence[Line], key: Key, weights: Mapping[Line, float]) -> float:
    """How a cell enters a combination of sums: + as a part, − as the sum itself."""
    return sum(_sign(key, line) * weights.get(line, 0.0) for line in lines)


def _sign(key: Key, line: Line) -> float:
    return -1.0 if key[int(line[0])] == ALL else 1.0


def is_free(lines: Sequence[Line], key: Key, redundant: Mapping[Line, float]) -> bool:
    """Whether a cell still shown would not be told once hidden: hidden cells stand in all its sums, and no combination of sums holds it alone."""
    return all(line in redundant for line in lines) and abs(taken(lines, key, redundant)) < TOLERANCE


@dataclass(frozen=True, slots=True)
class Told:
    """rows: hidden cells that follow from the sums, by their place in the month · weights: of each, the sums that tell it and how they are taken ·
    redundant: weights of a combination of sums in which no hidden cell stands; one that is shown and does would be told as soon as it is hidden."""

    rows: list[int]
    weights: Sequence[Mapping[Line, float]]
    redundant: Mapping[Line, float]


def told_together(month: pl.DataFrame) -> Told:
    """The cells of one indicator and month (LEAVES with every margin, and `hidden`) whose value follows from all sums at once.

    Raises ArithmeticError when STEPS do not bring A z to rest; no table has been seen that does.
    """
    hidden = np.flatnonzero(month["hidden"].to_numpy())
    (a, solve), lines = _matrix(month, hidden)
    if not lines:
        return Told([], [], {})
    dice = np.random.default_rng(DICE)
    z, _ = _null_part(a, solve, dice.normal(size=len(hidden)))
    told = np.flatnonzero(np.abs(z) < TOLERANCE)
    if not len(told):
        return Told([], [], {})
    weights = [_null_part(a, solve, unit)[1] for unit in np.eye(len(hidden))[told]]
    named = [{lines[i]: float(w[i]) for i in np.flatnonzero(np.abs(w) > TOLERANCE)} for w in weights]
    return Told(hidden[told].tolist(), named, dict(zip(lines, _redundant(a, solve, dice.normal(size=len(lines))).tolist(), strict=True)))


def _null_part(a: Any, solve: Callable[[Vector], Vector], z: Vector) -> tuple[Vector, Vector]:
    """z less its share of the row space, and the weights of the rows that make up that share."""
    weights = np.zeros(a.shape[0])
    with threadpool_limits(1, user_api="blas"):
        for _ in range(STEPS):
            off = a @ z
            if float(np.abs(off).max()) < AT_REST:
                return z, weights
            step = solve(off)
            z, weights = z - a.T @ step, weights + step
    raise ArithmeticError("the test of what sums give away together did not come to rest")


def _redundant(a: Any, solve: Callable[[Vector], Vector], w: Vector) -> Vector:
    """The share of w in the null space of A', by the same steps."""
    with threadpool_limits(1, user_api="blas"):
        for _ in range(STEPS):
            if float(np.abs(a.T @ w).max()) < AT_REST:
                return w
            w = RIDGE * solve(w)
    raise ArithmeticError("the combinations of sums without hidden cells did not come to rest")


def _matrix(month: pl.DataFrame, hidden: npt.NDArray[np.int64]) -> tuple[tuple[Any, Callable[[Vector], Vector]], list[Line]]:
    """A (parts 1, the cell they add up to −1) with the solver of AA' + eps·I, and the names of its rows."""
    from scipy.sparse import csc_array, eye_array
    from scipy.sparse.linalg import splu

    keys, every = month.select(AXES).rows(), lines_of(month)
    row_of: dict[Line, int] = {}
    at, cells, signs = [], [], []
    for column, row in enumerate(hidden.tolist()):
        for line in every[row]:
            at.append(row_of.setdefault(line, len(row_of)))
            cells.append(column)
            signs.append(_sign(keys[row], line))
    if not row_of:
        return (None, lambda v: v), []
    a = csc_array((signs, (at, cells)), shape=(len(row_of), len(hidden)))
    with threadpool_limits(1, user_api="blas"):
        factors = splu(csc_array(a @ a.T + RIDGE * eye_array(len(row_of))), permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True})
    return (a, factors.solve), list(row_of)
