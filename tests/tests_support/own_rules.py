"""A bureau's own policy text for tests: the sound one of the lint fixtures."""

from __future__ import annotations

from pathlib import Path

GOOD = (Path(__file__).parents[1] / "unit" / "policy" / "lint_fixtures" / "good" / "own_grant.yaml").read_text(encoding="utf-8")
"""`own_grant` of CN-4403: three cases, no findings."""

REGION = "CN-4403"
