"""Contributions of single features in units, as functions of plain values. The scan applies them to whole tables, the explanation to one pair.

Unknown gives 0 everywhere. A positive contribution always rests on something the person stated, and falls when that is taken away.
"""

from __future__ import annotations

import math
from typing import Any

W = dict[str, Any]
"""Weights of one side, by feature, in units."""
EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""


def _units(x: float) -> int:
    """To the nearest unit, halves to the even one, as numpy's rint does for whole tables."""
    return int(round(x))  # noqa: RUF046 - mypy cannot tell a weight's type


def distance_km(chord: float) -> float:
    """Great-circle distance of a chord on the unit sphere: 2·asin(c/2) by its series to c^5, whose error is below 1 m under 1,000 km.

    Sums and products only, so that a table of a million rows and a single pair agree to the last bit.
    """
    square = chord * chord
    return EARTH_KM * (chord * (1.0 + square * (1.0 / 24.0 + square * (3.0 / 640.0))))


def chord_between(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    """Chord of two places on the unit sphere."""
    x, y, z = a[0] - b[0], a[1] - b[1], a[2] - b[2]
    return math.sqrt(x * x + y * y + z * z)


def location(w: W, km: float | None, reach_km: float | None) -> int:
    """Nearness: all at the door, nothing at `half_km`, the same again as a loss from twice that on; no gain beyond the way that is accepted."""
    if km is None:
        return 0
    made = _units(w["location"]["near"] * min(max(1.0 - km / w["location"]["half_km"], -1.0), 1.0))
    return made if reach_km is None or km <= max(reach_km, 0.1) else min(made, 0)


def commute(w: W, km: float | None, stated_km: float | None, mode_km: float | None, shuttle: bool) -> int:
    """Inside the stated limit a gain, beyond it a loss; a limit that is only read off the mode of travel can but lose."""
    reach = stated_km if stated_km is not None else mode_km
    if km is None or reach is None:
        return 0
    part, reach = w["commute"], max(reach, 0.1)
    if km <= reach:
        return _units(part["within"] * (1.0 - km / reach)) + part["inside"] if stated_km is not None else 0
    loss = _units(part["beyond"] * min((km - reach) / reach, 1.0))
    return -(loss // 2) if shuttle else -loss


def log_of(fen: float | None) -> float | None:
    """Binary logarithm of a monthly sum, of one fen where it is nothing; None when unknown."""
    return None if fen is None else math.log2(max(fen, 1.0))


def offer_log(least_fen: float | None, most_fen: float | None) -> float | None:
    """Of the middle of the band, or of the one end that is known. Grows with either end."""
    known = [x for x in (least_fen, most_fen) if x is not None]
    return log_of(sum(known) / len(known)) if known else None


def pay(w: W, offer: float | None, least: float | None, hoped: float | None) -> int:
    """All three are binary logarithms of monthly fen. Per doubling over a wish, one doubling at most; no wish: a loss that more pay makes smaller."""
    if offer is None:
        return 0
    if least is None and hoped is None:
        low, high = (math.log2(x) for x in w["pay_reference_fen"])
        return _units(w["pay"]["no_wish"] * (1.0 - min(max((offer - low) / (high - low), 0.0), 1.0)))
    parts = ((w["pay"]["least"], least), (w["pay"]["hoped"], hoped))
    return sum(_units(weight * min(max(offer - wish, -1.0), 1.0)) for weight, wish in parts if wish is not None)


def freshness(w: W, days: int | None) -> int:
    """Loss by days since the advert was posted: older posts are more often filled."""
    return 0 if days is None else int(max(w["freshness"]["per_day"] * max(days, 0), w["freshness"]["most"]))


def employer_record(w: W, record: float | None) -> int:
    """Loss by what an employer's record lacks of the best."""
    return 0 if record is None else _units(w["employer_record"] * (1.0 - record))


def share(part: W, hits: int, of: int) -> int:
    """From `none` to `none + all` by the share held; 0 where nothing is asked."""
    return 0 if of == 0 else int(part["none"] + part["all"] * hits // of)


def either(part: W, is_met: bool) -> int:
    """`met` or `unmet`."""
    return int(part["met"] if is_met else part["unmet"])


def level(part: W, held: int | None, least: int | None) -> int:
    """A place on a ladder against the least one asked for: `met`, `above` for each step more, `short` for each step missing."""
    if held is None or least is None:
        return 0
    if held < least:
        return int(part["short"]) * (least - held)
    return int(part["met"]) + int(part.get("above", 0)) * int(min(held - least, part.get("above_most", 5)))


def years(part: W, held: float | None, least: float | None) -> int:
    """Years against the least asked for; where none is asked each year, up to `above_most`, counts a little."""
    if held is None:
        return 0
    if least is None or least <= 0:
        return _units(part["unasked"] * min(held, part["above_most"])) + (int(part["met"]) if least is not None and held > 0 else 0)
    if held < least:
        return _units(part["short"] * ((least - held) / least))
    return int(part["met"]) + _units(part["above"] * min(held - least, part["above_most"]))


def start(w: W, days_late: int | None) -> int:
    """Ready by the day asked for, or so many days late."""
    if days_late is None:
        return 0
    part = w["available_from"]
    return int(part["met"]) if days_late <= 0 else int(max(part["per_day"] * days_late, part["most"]))


def record(w: W, score: float | None) -> int:
    """A record of one half is nothing; better gains, worse loses."""
    return 0 if score is None else _units(w["record"] * (2.0 * score - 1.0))


def skill_share(w: W, kind: str, of: int) -> dict[str, int]:
    """What one required skill among `of` counts, by how it is shown: `list`, `project`, `text`; one preferred skill alike."""
    whole = w["skills"]["all" if kind == "required" else "preferred"] // max(of, 1)
    return {"list": whole, "project": _units(whole * w["project_skills"]["instead"]), "text": _units(whole * w["text"]["instead"])}


def skill_level(w: W, held: int | None, least: int | None, of: int, *, in_project: bool = False) -> int:
    """Level of one required skill among `of` that the list holds.

    A level that is short never costs more than the list gains over the project that shows the skill too: to list it as well may not lower.
    """
    if held is None or least is None:
        return 0
    part = w["skill_levels"]
    if held >= least:
        return int(part["met"] // of)
    shares = skill_share(w, "required", of)
    return max(int(part["short"] * min(least - held, 3) // of), (shares["project"] if in_project else 0) - shares["list"])


def title(w: W, hits: int, of: int) -> int:
    """Pairs of characters of the post's title found in the free text; less than half of them is chance."""
    return int(w["text"]["title"] * hits // of) if of and 2 * hits >= of else 0
