"""Places that people name instead of pointing at a map: districts and towns with their middles, distances and travel times between them."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache

from leye.kernel.errors import BadInput
from leye.packs import open_pack

EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""
WITHIN = 128 / (45 * math.pi)
"""Mean distance of two random points of a disc, in radii (0.905; Burgstaller and Pillichshammer 2009): what two places of one district are apart."""
DETOUR = 1.3
"""Way on the ground over straight line. # chosen by us: usual in cities, between 1.2 and 1.4"""
SPEED_KM_H = {"walk": 4.5, "bike": 14.0, "ebike": 20.0, "bus": 18.0, "car": 30.0}
"""Door to door in a city at rush hour. # chosen by us: a map service of the city's own replaces it"""
WAIT_MIN = {"walk": 0.0, "bike": 2.0, "ebike": 2.0, "bus": 12.0, "car": 6.0}
"""Minutes to start and to park or to wait. # chosen by us"""
MODES = tuple(SPEED_KM_H)


@dataclass(frozen=True, slots=True)
class Place:
    """A named place. code: six digits of the district (city) it lies in · level: city, district, town · lat, lon: of its middle, degrees · radius_km:
    of a disc of its area, 0 for a point."""

    name: str
    code: str
    level: str
    lat: float
    lon: float
    radius_km: float


@cache
def places_of(city: str) -> tuple[Place, ...]:
    """Places of a city in the order of its file; empty where no file was made for it. city: six digits."""
    try:
        file = open_pack(f"places/{city}.csv")
    except Exception as error:
        if getattr(error, "code", "") != "E_NOT_FOUND":
            raise
        return ()
    with file.open(encoding="utf-8", newline="") as lines:
        return tuple(Place(r["name"], r["code"], r["level"], float(r["lat"]), float(r["lon"]), float(r["radius_km"])) for r in csv.DictReader(lines))


@cache
def district_place(code: str) -> Place | None:
    """The middle of a district (or of a city) by its six digits; None where it is not known."""
    city = code[:4] + "00"
    return next((p for p in places_of(city) if p.code == code and p.level != "town"), None)


def place_called(name: str, city: str) -> Place | None:
    """The place of that name in a city; None where there is none."""
    return next((p for p in places_of(city) if p.name == name), None)


def great_circle_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Distance on the sphere by the haversine formula.

    >>> round(great_circle_km(23.0095, 113.1226, 22.8054, 113.2938), 1)
    28.7
    """
    a, b = math.radians(lat_a), math.radians(lat_b)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def distance_km(a: Place, b: Place) -> float:
    """Expected straight distance of somewhere in a to somewhere in b: between middles, but never less than two random points of the larger are apart.

    Two points have an exact distance; a district and itself have the mean distance inside it, not zero.
    """
    apart = great_circle_km(a.lat, a.lon, b.lat, b.lon)
    return max(apart, WITHIN * max(a.radius_km, b.radius_km)) if apart < max(a.radius_km, b.radius_km) else apart


def travel_min(km: float, mode: str) -> float:
    """Minutes for a straight distance: detour, speed, start and wait. Raises BadInput (E_MODE)."""
    if mode not in SPEED_KM_H:
        raise BadInput(
            f"没有出行方式 {mode}", en=f"no mode of travel {mode}", remedy_zh=f"可选：{'、'.join(MODES)}", remedy_en=f"one of {', '.join(MODES)}",
            code="E_MODE",
        )  # fmt: skip
    return WAIT_MIN[mode] + km * DETOUR / SPEED_KM_H[mode] * 60
