"""A move as plain JSON: the one form of the command line and the API."""

from __future__ import annotations

from leye.match.transitions.moves import Move


def told(m: Move) -> dict[str, object]:
    """Shares 0–1, pay in fen a month, hours of training; None where unknown."""
    low, high = m.figure.exposure or (None, None)
    return {
        "code": m.target.code,
        "name": m.target.name,
        "official": m.target.official,
        "distance": round(m.distance, 4),
        "coverage": round(m.gap.coverage, 4),
        "hours": m.gap.hours,
        "levels_short": m.gap.levels,
        "certificates": list(m.gap.certificates),
        "missing": [{"skill": s.label, "importance": s.importance, "hours": s.hours, "held": s.held} for s in m.gap.missing],
        "pay_fen": m.figure.pay_fen,
        "pay_of": m.figure.pay_of,
        "pay_change": None if m.pay_change is None else round(m.pay_change, 4),
        "ads": m.figure.ads,
        "trend": m.figure.trend,
        "exposure_low": low,
        "exposure_high": high,
        "front": m.front,
        "best_in": list(m.best_in),
    }
