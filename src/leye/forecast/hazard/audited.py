"""Protected attributes: what the calibration audit groups by, apart from what the hazard is computed from."""

from __future__ import annotations

AUDITED = ("sex", "hukou_type", "disability_grade")
"""Columns of `people` that only `groups.py` reads."""

PROTECTED = frozenset({"age", "sex", "hukou", "disability"})
"""Inputs of these names are protected whatever a pack says of them."""
