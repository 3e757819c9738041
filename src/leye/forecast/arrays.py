"""Names of the array types that the room's signatures speak of."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

ROUNDING = 1e-12
"""An error on the working scale below this is rounding, not a miss (logarithms there have sizes up to some 30, so 1e-14): it is counted as none,
or a constant series' noise would weigh in on which model the whole panel trusts."""

SINGLE_FROM = 2_000
"""Panels of more series keep their large blocks (inputs, shapes of the season, past errors) in single precision and solve in double: half the
time and memory, a relative error of 1e-6."""


def precision(count: int) -> type[np.float32] | type[np.float64]:
    """Type of the large blocks of a panel of `count` series."""
    return np.float32 if count > SINGLE_FROM else np.float64


def any_in_row(x: Bools) -> Bools:
    """(n,) True where a row of (n, T) holds a True."""
    return np.asarray(x.any(axis=1), dtype=np.bool_)


def all_in_row(x: Bools) -> Bools:
    """(n,) True where every entry of a row is True."""
    return np.asarray(x.all(axis=1), dtype=np.bool_)
