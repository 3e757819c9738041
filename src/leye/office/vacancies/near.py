"""How alike two texts are: the share of common character triples."""

from __future__ import annotations

from functools import lru_cache


def nearness(one: str, other: str) -> float:
    """Jaccard share of the character triples of two texts without blanks, 0–1; 1.0 for two texts too short to have any.

    >>> nearness("负责账务处理", "负责账务处理"), nearness("负责账务处理", "炒菜切配打荷")
    (1.0, 0.0)
    """
    a, b = _triples(one), _triples(other)
    return len(a & b) / len(a | b) if a or b else 1.0


@lru_cache(maxsize=2048)
def _triples(text: str) -> frozenset[str]:
    bare = "".join(text.split())
    return frozenset(bare[i : i + 3] for i in range(len(bare) - 2))
