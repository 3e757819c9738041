"""The register as a demo has it: accounts of every role and the shipped cards running."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest


@pytest.fixture
def register(db: None, own_data_folder: None) -> Any:
    """Demo accounts made, shipped cards running."""
    from leye.office.accounts.demo import make_demo_accounts
    from leye.office.registry.actions import install_cards

    make_demo_accounts()
    return install_cards(datetime(2025, 9, 1, 0, 0, tzinfo=UTC), demo=True)
