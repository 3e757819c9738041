"""Reading sealed fairness reports."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from leye.kernel.errors import BadInput
from leye.kernel.period import Quarter
from leye.office.fairness.keep import read_text
from leye.office.fairness.models import FairnessReport
from leye.office.permissions import not_found


@dataclass(frozen=True, slots=True)
class Kept:
    """row: who made it, when, its receipt · body: `report.json` read."""

    row: FairnessReport
    body: dict[str, Any]


def parse_quarter(text: str) -> Quarter:
    """`2025Q3`. Raises BadInput."""
    if not re.fullmatch(r"[0-9]{4}Q[1-4]", text) or text.startswith("0000"):
        raise BadInput(
            f"“{text[:20]}”不是季度", en=f"{text[:20]!r} is no quarter", remedy_zh="写成 2025Q3", remedy_en="write 2025Q3", code="E_QUARTER"
        )
    return Quarter(int(text[:4]), int(text[5]))


def newest_reports() -> list[FairnessReport]:
    """The report that counts of each quarter, newest quarter first."""
    found: dict[str, FairnessReport] = {}
    for row in FairnessReport.objects.select_related("made_by").order_by("-quarter", "-made_at", "-id"):
        found.setdefault(row.quarter, row)
    return list(found.values())


def versions_of(quarter: str) -> list[FairnessReport]:
    """All reports of a quarter, newest first: data that came late make a second one, and the first stays."""
    return list(FairnessReport.objects.select_related("made_by").filter(quarter=quarter).order_by("-made_at", "-id"))


def report_of(quarter: str, sha256: str = "") -> Kept:
    """The report that counts, or the one whose hash begins so. Raises NotFound; CheckFailed when its file is not what was sealed."""
    rows = [r for r in versions_of(quarter) if r.sha256.startswith(sha256)]
    if not rows:
        raise not_found()
    return Kept(rows[0], _body(Path(settings.LEYE_DATA), rows[0].quarter, rows[0].sha256))


@lru_cache(maxsize=8)
def _parsed(text: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(text)
    return body


def _body(data: Path, quarter: str, sha256: str) -> dict[str, Any]:
    return _parsed(read_text(data, quarter, sha256))
