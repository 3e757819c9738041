"""A change of the index between two days, split exactly into structure, exposure and adoption.

index = Σ_k weight_k · exposure_k · adoption_k. The split is the Shapley value of the three factors (Shorrocks, J. Econ. Inequality 11, 2013, eq. 12;
for three factors the same as Sun, Energy Economics 20, 1998, eq. 11): the effect of a factor is its mean over all orders in which the factors may
change, so none is favoured by coming first, swapping both days turns every sign, and the three effects sum to the change.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Factors:
    """weight, exposure, adoption: (cells,), the weights summing to 1. Raises ValueError on unequal lengths."""

    weight: Floats
    exposure: Floats
    adoption: Floats

    def __post_init__(self) -> None:
        if not self.weight.shape == self.exposure.shape == self.adoption.shape:
            raise ValueError("weight, exposure and adoption must be of the same cells")

    @property
    def index(self) -> float:
        """The index, 0–1."""
        return fsum(self.weight * self.exposure * self.adoption)


@dataclass(frozen=True, slots=True)
class Parts:
    """Effects in the unit of the index: structure (who works where), exposure (new findings of the sources), adoption (how far AI is in use)."""

    structure: float
    exposure: float
    adoption: float

    @property
    def change(self) -> float:
        """Their sum."""
        return fsum((self.structure, self.exposure, self.adoption))


def decompose(before: Factors, after: Factors) -> Parts:
    """Effects over the same cells on two days. Raises ValueError when the cells differ in number."""
    if before.weight.shape != after.weight.shape:
        raise ValueError("both days must have the same cells")
    w, e, a = (before.weight, after.weight), (before.exposure, after.exposure), (before.adoption, after.adoption)
    return Parts(_effect(w, e, a), _effect(e, w, a), _effect(a, w, e))


def _effect(own: tuple[Floats, Floats], one: tuple[Floats, Floats], two: tuple[Floats, Floats]) -> float:
    """Mean of the change of `own` over the orders: the others both still old, both new (a third each), one of them new (a sixth each)."""
    beside = (one[0] * two[0] + one[1] * two[1]) / 3 + (one[0] * two[1] + one[1] * two[0]) / 6
    return fsum((own[1] - own[0]) * beside)
