"""How many adverts name an AI tool: the measured proxy beside the assumed adoption, with its interval."""

from __future__ import annotations

import re
from functools import cache
from math import sqrt

import yaml

from leye.packs import open_pack

Z_95 = 1.959964
"""Two-sided 95 % quantile of the normal distribution."""


@cache
def ai_pattern() -> str:
    """A regular expression (the syntax that Python's `re` and the table engines share): Chinese words anywhere, Latin ones as whole words."""
    pack = yaml.safe_load(open_pack("impact/ai_tools.yaml").read_text(encoding="utf-8"))
    latin = "|".join(re.escape(w) for w in pack["latin"])
    return rf"{'|'.join(pack['chinese'])}|(?i:(?:^|[^A-Za-z0-9])(?:{latin})(?:$|[^A-Za-z]))"


def names_ai(text: str) -> bool:
    """Whether an advert names an AI tool or asks for work with one."""
    return re.search(ai_pattern(), text) is not None


def wilson(hits: int, n: int) -> tuple[float, float] | None:
    """95 % interval of a share (Wilson, JASA 22, 1927); None without any advert."""
    if n <= 0:
        return None
    p, z2 = hits / n, Z_95**2
    middle, half = (p + z2 / (2 * n)) / (1 + z2 / n), Z_95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)
