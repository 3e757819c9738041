"""Time is handed in. Calendar days are Beijing days; instants carry a zone and are stored in UTC."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from leye.kernel.errors import BadInput

BEIJING = ZoneInfo("Asia/Shanghai")

Clock: TypeAlias = Callable[[], datetime]
"""Something that answers "now" with a zone."""


def system_clock() -> datetime:
    """The machine's now, in UTC. Only entry points (cli, site, api, jobs) may hand this out."""
    return datetime.now(UTC)


def fixed_clock(at: datetime) -> Clock:
    """A clock that stands still, for tests and the demo. Raises ValueError on an instant without a zone."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return lambda: at


def clock_from_environment() -> Clock:
    """The clock of this process: fixed at `LEYE_NOW` (ISO 8601 with offset; without one, Beijing time) when set, else the machine's."""
    text = os.environ.get("LEYE_NOW", "")
    if not text:
        return system_clock
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            f"LEYE_NOW 写的是“{text}”，不是时间", en=f"LEYE_NOW={text!r} is no instant", remedy_zh="写成 2025-08-31T08:00:00+08:00"
        ) from error
    return fixed_clock(at if at.tzinfo else at.replace(tzinfo=BEIJING))


def beijing_day(at: datetime) -> date:
    """The calendar day of an instant in Beijing."""
    return at.astimezone(BEIJING).date()
