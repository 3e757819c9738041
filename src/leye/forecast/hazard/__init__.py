"""Unemployment risk of persons as discrete-time hazards by month, calibrated, with exact contributions; what comes of it can only add help."""

from __future__ import annotations

from leye.forecast.hazard.inputs import LEVELS, Question, Rules, read_rules, shipped_rules
from leye.forecast.hazard.profiling import Profile, person_months, profile
from leye.forecast.hazard.register import Register

__all__ = ["LEVELS", "Profile", "Question", "Register", "Rules", "person_months", "profile", "read_rules", "shipped_rules"]
