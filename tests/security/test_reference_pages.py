"""The reference pages say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from leye.office.environment import SETTINGS

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


def test_every_setting_is_on_its_page() -> None:
    listed = re.findall(r"^\| `([A-Z_]+)` \|", (REFERENCE / "settings.md").read_text(encoding="utf-8"), re.M)
    assert listed == list(SETTINGS)


def test_no_other_variable_of_ours_is_read() -> None:
    read = {
        name for file in (ROOT / "src").rglob("*.py") for name in re.findall(r"\"((?:LEYE_[A-Z_]+)|CHROMIUM)\"", file.read_text(encoding="utf-8"))
    }
    assert read == set(SETTINGS)


def test_every_operation_is_on_its_page() -> None:
    from leye.api.root import api

    text = (REFERENCE / "api.md").read_text(encoding="utf-8")
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                shown = f"{operation.methods[0]} /api{prefix}{path.replace('path:', '').replace('alert_id', 'id')}"
                assert f"`{shown}`" in text, shown
                permission = getattr(operation.auth_callbacks[0], "permission", "") if operation.auth_callbacks else "公开"
                row = next(line for line in text.splitlines() if f"`{shown}`" in line and line.startswith("|"))
                assert permission in row
