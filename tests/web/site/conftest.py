"""A published snapshot for the pages: written once a session, charts drawn once, alerts taken up in each test's own database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import published_fixture


@pytest.fixture(scope="session", autouse=True)
def compiled_catalogues() -> None:
    """English pages need the compiled catalogue, which is not committed."""
    from leye.site.build import compile_catalogues

    compile_catalogues()


@pytest.fixture(scope="session")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read only: its charts are shared by all tests of a worker."""
    folder = tmp_path_factory.mktemp("site-city")
    published_fixture.write_city(folder)
    return folder


@pytest.fixture(scope="session")
def panel_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read only: a panel of one's own, without regions and industries."""
    folder = tmp_path_factory.mktemp("site-panel")
    published_fixture.write_panel(folder)
    return folder


@pytest.fixture
def city(settings: Any, own_data_folder: None, city_folder: Path, register: None) -> Any:
    """The snapshot, published and taken up by the desk."""
    return _publish(settings, city_folder)


@pytest.fixture
def panel(settings: Any, own_data_folder: None, panel_folder: Path, register: None) -> Any:
    """The same for a panel of one's own."""
    return _publish(settings, panel_folder)


def _publish(settings: Any, folder: Path) -> Any:
    from leye.lake import open_lake
    from leye.office.alerts.take_up import take_up_alerts
    from leye.office.published import published_snapshot

    settings.LEYE_DATA = folder
    snapshot = published_snapshot()
    assert snapshot is not None
    take_up_alerts(open_lake(folder), snapshot.run_id, at=published_fixture.AT)
    return snapshot


@pytest.fixture
def soup() -> Any:
    """`soup(response)` is the parsed page."""
    from bs4 import BeautifulSoup

    return lambda response: BeautifulSoup(response.content.decode(), "html.parser")
