"""Where regions lie, and how far apart they are."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from leye.forecast.arrays import Floats
from leye.packs import open_pack

EARTH_KM = 6371.0
NEAREST_KM = 5.0
"""Two seats are never counted as nearer. # chosen by us: seats of neighbouring districts lie within a few kilometres, homes do not"""


@cache
def points() -> dict[str, tuple[float, float]]:
    """Region to degrees north and east, as far as the pack knows."""
    with open_pack("flows/places.csv").open(encoding="utf-8", newline="") as file:
        return {r["region"]: (float(r["latitude"]), float(r["longitude"])) for r in csv.DictReader(file)}


def distance_km(a: str, b: str) -> float | None:
    """Great-circle distance (haversine), at least NEAREST_KM; None when one of the two has no point.

    >>> round(distance_km("440605", "430000") or 0, -1)
    580.0
    """
    here, there = points().get(a), points().get(b)
    if here is None or there is None:
        return None
    (p, x), (q, y) = ((math.radians(v) for v in point) for point in (here, there))
    half = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin((y - x) / 2) ** 2
    return max(2 * EARTH_KM * math.asin(math.sqrt(half)), NEAREST_KM)


def log_distances(pairs: Sequence[tuple[str, str]]) -> Floats:
    """(n,) log km, centred; a pair without a distance takes the median of the others, 0 when there is none at all."""
    found = np.array([distance_km(a, b) or math.nan for a, b in pairs])
    known = np.isfinite(found)
    if not known.any():
        return np.zeros(len(pairs))
    logs = np.log(np.where(known, found, np.median(found[known])))
    return np.asarray(logs - logs.mean())
