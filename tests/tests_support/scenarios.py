"""A signed scenario with a small stored simulation, for tests of what reads it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from leye.office.decisions.ledger import new_id
from leye.office.reforms.models import Scenario, State

BODY = {
    "reform": "稳岗补贴加码", "changes": ["技能提升补贴三级由 2,000 元改为 2,500 元"], "changes_en": ["skill subsidy, level 3: 2,000 to 2,500 yuan"],
    "winners": 320, "losers": 0,
    "expected_whole": {
        "cost_added": {"centre": 12_000_000.0, "low": 9_000_000.0, "high": 15_500_000.0},
        "winners": {"centre": 192.0, "low": 144.0, "high": 240.0},
    },
}  # fmt: skip


def scenario(made_by: Any, at: datetime, *, state: str = State.SIGNED, signed_by: Any = None, name: str = "稳岗补贴加码") -> Scenario:
    """Stored as the office's own actions would have left it, but for the leaf in the log."""
    signed = state == State.SIGNED
    return Scenario.objects.create(
        id=new_id(at), name=name, text="reform: 稳岗补贴加码\n", text_sha256="0" * 64, on=date(2025, 8, 31), people_sha256="1" * 64, body=BODY,
        body_sha256="2" * 64, state=state, made_by=made_by, made_at=at, signed_by=signed_by if signed else None, signed_at=at if signed else None,
    )  # fmt: skip
