"""Attributes that may serve to compare like with like, never to pick people: sex, age, hukou, disability and their like, from the law pack."""

from __future__ import annotations

from functools import cache

import yaml

from leye.packs import open_pack

STAND_INS = frozenset({"birth", "female_retire_base"})
"""Facts that are a protected attribute under another name."""


def is_protected(name: str) -> bool:
    """Whether a column is a protected attribute: one of the pack's names as a run of whole words of it.

    >>> is_protected("disability_grade"), is_protected("months_unemployed"), is_protected("age")
    (True, False, True)
    """
    wanted = f"_{name.lower()}_"
    return name in STAND_INS or any(f"_{entry}_" in wanted for entry in _names())


@cache
def _names() -> tuple[str, ...]:
    with open_pack("law/minimum.yaml").open(encoding="utf-8") as file:
        return tuple(str(n).lower() for row in yaml.safe_load(file)["protected"] for n in row["names"])
