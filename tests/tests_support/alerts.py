"""Alerts by hand."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

TAKEN_UP = datetime(2025, 8, 31, 15, 0, tzinfo=UTC)


def make_alert(**fields: Any) -> Any:
    """An open orange alert of postings in 住宿和餐饮业 of 南海区 with the shipped plan."""
    from leye.office.alerts.models import RANK, Alert, Level

    region = fields.pop("region", "440605")
    level = fields.pop("level", "orange")
    row = {
        "id": uuid.uuid4(),
        "unique_id": f"postings/{region}/H/all/all",
        "ds": date(2025, 7, 1),
        "last_ds": date(2025, 7, 1),
        "score": 9.0,
        "evidence": {"zh": "连续3个月低于预期", "en": "Below expectation 3 months in a row"},
        "indicator": "postings",
        "series_zh": "南海区·住宿和餐饮业招聘岗位数",
        "series_en": "Hotels and catering: postings",
        "plan_id": "hotel_catering",
        "run_id": "20250831T150000-00000000",
        "last_run_id": "20250831T150000-00000000",
        "taken_up_at": TAKEN_UP,
        "changed_at": TAKEN_UP,
    }
    return Alert.objects.create(**(row | {"region": region, "level": level, "rank": RANK[Level(level)]} | fields))
