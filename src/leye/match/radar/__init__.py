"""Skill radar: monthly counts of ads that name a skill -> what is ahead with an 80 % band, and whether a change can be seen at all."""

from __future__ import annotations

from leye.match.radar.ahead import ahead
from leye.match.radar.bands import with_bands
from leye.match.radar.table import FORECAST, radar, read_counts

__all__ = ["FORECAST", "ahead", "radar", "read_counts", "with_bands"]
