"""Noise for published counts: OpenDP's discrete Laplace mechanism, and how far off one cell may be. No noise code of our own.

OpenDP draws from the operating system itself; a seed cannot be handed in, and must not be: noise that can be drawn again can be taken off again.
The extra `privacy` brings it (`pip install leye[privacy]`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, inf, nextafter
from typing import Any

from leye.kernel.errors import CheckFailed

MICRO = 1_000_000  # millionths of an epsilon: budgets are whole numbers

CONFIDENCE = 0.95
"""Share of cells that lie within `accuracy` of the truth, at least."""


class NoNoise(CheckFailed):
    """OpenDP is not installed: nothing can be released."""

    code = "E_EXTRA"


@dataclass(frozen=True, slots=True)
class Noisy:
    """counts: with noise, negative ones among them · scale: of the discrete Laplace noise · accuracy: see `accuracy_of`."""

    counts: list[int]
    scale: float
    accuracy: int


def with_noise(counts: Sequence[int], *, epsilon_micro: int, sensitivity: int = 1) -> Noisy:
    """Counts with noise for an epsilon. sensitivity: by how much one person changes the counts in all (L1).

    Raises NoNoise without OpenDP, ValueError on an epsilon or a sensitivity that is not positive.
    """
    measurement, scale = _mechanism(epsilon_micro, sensitivity)
    return Noisy([int(n) for n in measurement(list(counts))], scale, accuracy_of(epsilon_micro, sensitivity))


def accuracy_of(epsilon_micro: int, sensitivity: int = 1) -> int:
    """Persons by which a published count is off at most, with 95 % probability for one cell. Raises NoNoise.

    OpenDP gives the smallest a with P(|noise| >= a) <= 5 %; noise is whole, so |noise| <= ceil(a) - 1 with at least 95 %.
    """
    _, scale = _mechanism(epsilon_micro, sensitivity)
    return ceil(float(_opendp()["accuracy"](scale, 1 - CONFIDENCE))) - 1


def is_available() -> bool:
    """Whether OpenDP is installed."""
    try:
        _opendp()
    except NoNoise:
        return False
    return True


@cache
def _mechanism(epsilon_micro: int, sensitivity: int) -> tuple[Any, float]:
    """OpenDP's measurement whose proven loss for one person is at most epsilon, with the smallest such scale up to rounding."""
    if epsilon_micro <= 0 or sensitivity <= 0:
        raise ValueError("epsilon and sensitivity must be positive")
    opendp, epsilon = _opendp(), epsilon_micro / MICRO
    scale = sensitivity / epsilon
    measurement = opendp["laplace"](scale)
    while measurement.map(sensitivity) > epsilon:  # the quotient was rounded down
        scale = nextafter(scale, inf)
        measurement = opendp["laplace"](scale)
    return measurement, scale


@cache
def _opendp() -> dict[str, Any]:
    """The parts that are used."""
    try:
        return _import()
    except ImportError as error:
        raise NoNoise(
            "没有安装 OpenDP，不能做带噪发布",
            en="OpenDP is not installed; nothing can be released",
            remedy_zh="请管理员安装：pip install 'leye[privacy]'",
            remedy_en="an administrator installs it: pip install 'leye[privacy]'",
        ) from error


def _import() -> dict[str, Any]:
    """Not `opendp.prelude`, which loads scikit-learn and pandas."""
    from opendp.accuracy import discrete_laplacian_scale_to_accuracy
    from opendp.domains import atom_domain, vector_domain
    from opendp.measurements import make_laplace
    from opendp.metrics import l1_distance
    from opendp.mod import enable_features

    enable_features("contrib")  # OpenDP's word for all that is not audited by third parties yet
    space = vector_domain(atom_domain(T="i64")), l1_distance(T="i64")
    return {"laplace": lambda scale: make_laplace(*space, scale=scale), "accuracy": discrete_laplacian_scale_to_accuracy}


def forget() -> None:
    """Look for OpenDP anew, as after an installation."""
    _opendp.cache_clear()
    _mechanism.cache_clear()
