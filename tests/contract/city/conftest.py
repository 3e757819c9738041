"""One city for the contract tests of the room, built once."""

from datetime import date

import pytest

from leye.city.build import City, build_city

ON = date(2025, 8, 31)


@pytest.fixture(scope="session")
def city() -> City:
    return build_city(20_000, seed=7, on=ON)


@pytest.fixture(scope="session")
def tables(city):
    return city.tables
