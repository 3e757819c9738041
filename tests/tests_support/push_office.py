"""The little city of `push_city` with accounts that stand for its people, as the pages' tests need them."""

from __future__ import annotations

import atexit
import shutil
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from leye.office.accounts.models import User
from tests_support.push_city import ASKED, COUNSELLOR, DISTRICT, FAR_COUNSELLOR, FAR_DISTRICT, FIRM, HIRED, OTHER_COUNSELLOR, write_push_city

AT = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)
"""The morning after the city's day."""

ACCOUNTS: dict[str, tuple[str, str, str]] = {
    # username: role, district, whom it stands for
    "mine": ("counsellor", DISTRICT, COUNSELLOR),
    "other": ("counsellor", DISTRICT, OTHER_COUNSELLOR),
    "far": ("counsellor", FAR_DISTRICT, FAR_COUNSELLOR),
    "unlinked": ("counsellor", DISTRICT, ""),
    "asked": ("seeker", DISTRICT, ASKED),
    "hired": ("worker", DISTRICT, HIRED),
    "boss": ("employer", DISTRICT, FIRM),
    "bureau": ("analyst", "", ""),
    "bureau2": ("analyst", "", ""),
}


@cache
def _plain_city() -> Path:
    """The city as it stands, made once a process: marking it takes longer than copying it."""
    folder = Path(mkdtemp(prefix="push-city-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    write_push_city(folder)
    return folder


def publish(settings: Any, **more: Any) -> Path:
    """Write and publish the city in the test's own data folder."""
    folder = Path(settings.LEYE_DATA)
    if more:
        write_push_city(folder, **more)
    else:
        shutil.copytree(_plain_city(), folder, dirs_exist_ok=True)
    return folder


def account(name: str, **changed: Any) -> User:
    """An account of the table, made once."""
    role, region, subject = ACCOUNTS[name]
    there = User.objects.filter(username=name).first()
    return there or User.objects.create_user(name, role=role, region=region, subject=changed.get("subject", subject), display_name=name)
