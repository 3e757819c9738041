"""A learned pack: the hand pack with every entry times the scale of its group, in the same form, ready to be read by the same code."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import yaml

from leye.match.learning.contributions import GROUPS, Floats
from leye.match.learning.fit import Scales
from leye.match.ranking.weights import AS_WRITTEN
from leye.packs import open_pack

Pack = dict[str, Any]
WORST_LEVELS = 3
"""Levels of a skill that may be missing and count (`points.skill_level`)."""
MARGIN = 1.001
"""Over the floor of a scale, so that rounding to four digits never falls below it."""


def hand_pack() -> Pack:
    """The shipped pack as it is written."""
    read: Pack = yaml.safe_load(open_pack("ranking/weights.yaml").read_text(encoding="utf-8"))
    return read


def scaled(hand: Pack, scales: dict[str, Scales], curves: dict[str, tuple[float, float]]) -> Pack:
    """scales, curves: by side. Kilometres, counts and shares stay as they are written."""
    made = copy.deepcopy(hand)
    for side, learned in scales.items():
        made[side]["base"] = learned.base
        for group, scale in zip(GROUPS[side], learned.scale.tolist(), strict=True):
            for entry in group.entries:
                made[side][entry] = _times(entry, made[side][entry], scale)
    made["calibration"] = {side: {"offset": offset, "slope": slope} for side, (offset, slope) in curves.items()}
    return made


def floors(hand: Pack, side: str) -> Floats:
    """(groups, groups) of `fit.fit_scales`: skills weigh so much that one listed at the lowest level is never worse than one not listed."""
    made = np.zeros((len(GROUPS[side]), len(GROUPS[side])))
    if side == "employer":
        place = {g.name: k for k, g in enumerate(GROUPS[side])}
        least = -WORST_LEVELS * hand[side]["skill_levels"]["short"] / hand[side]["skills"]["all"]
        made[place["skills"], place["skill_levels"]] = least * MARGIN
    return made


def breaks_of_order(hand: Pack, learned: Pack) -> list[str]:
    """Entries that lost their sign, and the one rule that ties two groups: a listed skill whose level is short is never worse than no skill."""
    found = [
        f"{side}.{name}"
        for side in ("person", "employer")
        for (name, before), (_, after) in zip(_flat(hand[side]), _flat(learned[side]), strict=True)
        if name != "base" and before * after < 0
    ]
    work = learned["employer"]
    if work["skills"]["all"] + WORST_LEVELS * work["skill_levels"]["short"] < 0:
        found.append("employer.skill_levels.short")
    return found


def _times(name: str, value: Any, scale: float) -> Any:
    if name in AS_WRITTEN:
        return value
    if isinstance(value, dict):
        return {k: _times(k, v, scale) for k, v in value.items()}
    return round(value * scale, 4) + 0.0  # no minus zero


def _flat(part: Pack, name: str = "") -> list[tuple[str, float]]:
    made: list[tuple[str, float]] = []
    for key, value in part.items():
        if key in AS_WRITTEN:
            continue
        made += _flat(value, f"{name}{key}.") if isinstance(value, dict) else [(f"{name}{key}", float(value))]
    return made
