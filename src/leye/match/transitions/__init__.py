"""Moves between occupations: what is missing, what it costs in hours, and at most five options of which none is worse in everything."""

from __future__ import annotations

from leye.match.transitions.gaps import Gap, Held, gap, held_by
from leye.match.transitions.market import Market, market_of
from leye.match.transitions.moves import Move, moves
from leye.match.transitions.names import Near, find, nearest
from leye.match.transitions.paths import Path, path_to
from leye.match.transitions.profiles import Profile, profiles

__all__ = [
    "Gap",
    "Held",
    "Market",
    "Move",
    "Near",
    "Path",
    "Profile",
    "find",
    "gap",
    "held_by",
    "market_of",
    "moves",
    "nearest",
    "path_to",
    "profiles",
]
