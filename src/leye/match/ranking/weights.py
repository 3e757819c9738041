"""Weights of the ranking, read from their pack and held as whole numbers: 10,000 units are one logit.

Whole numbers add up to the same sum in any order, so that the fast scan, the explanation and any machine agree to the last digit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import yaml

from leye.kernel.errors import BadInput, Place
from leye.packs import open_pack

UNITS = 10_000
"""Units a logit."""
LIMIT = 32 * UNITS
"""No sum of weights goes beyond ±32 logits; a pack whose weights could is refused."""
COARSE = 64
"""Units in one step of the coarse table. # chosen by us: 0.0064 logits; a bound gets wider by less than 0.2 %"""
AS_WRITTEN = {"pay_reference_fen", "commute_mode_km", "half_km", "mentioned_most", "above_most", "instead"}
"""Entries that are no logits: bounds, kilometres, shares."""


@dataclass(frozen=True)
class Side:
    """Weights of one side in units, by feature; `p` is (2 * LIMIT + 1,) probabilities by logit in units + LIMIT, non-decreasing."""

    base: int
    by: dict[str, Any]
    p: np.ndarray[Any, np.dtype[np.float64]]

    @cached_property
    def p_at_most(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """By (logit in units + LIMIT) // COARSE a probability that none of these logits exceeds: a table that stays in the nearest cache."""
        ends = np.arange(COARSE - 1, len(self.p) + COARSE - 1, COARSE)
        return self.p[np.minimum(ends, len(self.p) - 1)]

    def probability(self, units: int) -> float:
        """p of a logit in units."""
        return float(self.p[units + LIMIT])


@dataclass(frozen=True)
class Weights:
    """Both sides, and the version that results carry."""

    version: str
    person: Side
    employer: Side


@cache
def weights() -> Weights:
    """The shipped pack `ranking/weights.yaml`. Raises BadInput (E_RANK_WEIGHTS) when a sum could leave the table or a slope is not positive, and when
    the pack was learned and its own verdict says that a gate does not hold."""
    file = open_pack("ranking/weights.yaml")
    return made_weights(yaml.safe_load(file.read_text(encoding="utf-8")), file.name)


def made_weights(read: dict[str, Any], name: str) -> Weights:
    """Weights of a pack as it was read; name: of its file. Raises BadInput (E_RANK_WEIGHTS)."""
    if not read.get("verdict", {}).get("holds", True):
        raise BadInput(
            "这份学习得来的权重没有通过自己的检验", en="these learned weights did not pass their own gates", places=(Place(name),),
            code="E_RANK_WEIGHTS", remedy_zh="继续用手设权重；原因见 verdict 一节", remedy_en="keep the hand weights; `verdict` names the gate",
        )  # fmt: skip
    sides = {}
    for side in ("person", "employer"):
        by = {k: _units(k, v) for k, v in read[side].items()}
        curve = read["calibration"][side]
        if curve["slope"] <= 0 or reach(read[side]) > LIMIT / UNITS:
            raise BadInput(
                f"权重包的 {side} 一侧不能用", en=f"side {side} of the weights cannot be used", places=(Place(name),), code="E_RANK_WEIGHTS",
                remedy_zh="校准斜率要大于 0，各项权重绝对值之和不超过 32", remedy_en="the slope is positive, absolute weights sum to 32 at most",
            )  # fmt: skip
        sides[side] = Side(by.pop("base"), by, _curve(curve["offset"], curve["slope"]))
    return Weights(read["version"], sides["person"], sides["employer"])


def _units(name: str, value: Any) -> Any:
    if name in AS_WRITTEN:
        return value
    if isinstance(value, dict):
        return {k: _units(k, v) for k, v in value.items()}
    return round(value * UNITS)


_TIMES = {"needs": 4, "education": 8, "skill_grade": 5, "digital": 3, "skill_levels": 3}
"""How often a weight of a feature may count in one pair: four needs, steps of a ladder that may be missing."""


def reach(side: dict[str, Any]) -> float:
    """No pair's logit is larger in absolute value: the largest weight of every feature as often as it may count, and the base."""
    flat = {k: v if isinstance(v, dict) else {"": v} for k, v in side.items() if k not in AS_WRITTEN}
    return float(sum(_TIMES.get(k, 1) * max(abs(x) for n, x in part.items() if n not in AS_WRITTEN) for k, part in flat.items()))


def _curve(offset: float, slope: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([1.0 / (1.0 + math.exp(-(offset + slope * u / UNITS))) for u in range(-LIMIT, LIMIT + 1)])
