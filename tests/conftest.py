"""What all tests share: a data folder of their own, users of every role, a private PostgreSQL, a city published once."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

AT = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)
"""Nine in the morning in Beijing, the day after the demo city's today."""


@pytest.fixture(autouse=True)
def own_data_folder(request: pytest.FixtureRequest) -> None:
    """Office and web tests never see ./data, and do not wait for slow hashes."""
    if any(part in request.path.parts for part in ("web", "security", "office")):
        settings = request.getfixturevalue("settings")
        settings.LEYE_DATA = request.getfixturevalue("tmp_path") / "data"
        settings.LEYE_KEYS = settings.LEYE_DATA / "keys"
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one takes half a second on purpose


@pytest.fixture
def at() -> datetime:
    """An instant."""
    return AT


@pytest.fixture
def user_of(db: None) -> Callable[..., Any]:
    """`user_of("analyst")` makes (once) an active user of a role; more fields by keyword."""
    from leye.office.accounts.models import User

    def make(role: str, username: str = "", **fields: Any) -> User:
        name = username or f"{role}-{fields.get('region', '')}"
        return User.objects.filter(username=name).first() or User.objects.create_user(
            name, role=role, display_name=fields.pop("shown", name), **fields
        )

    return make


@pytest.fixture
def signed_in(user_of: Callable[..., Any]) -> Callable[..., Any]:
    """`signed_in("analyst")` is a Django client with that role's session, checking CSRF only when asked to."""
    from django.test import Client

    def make(role: str, *, csrf: bool = False, **fields: Any) -> Client:
        client = Client(enforce_csrf_checks=csrf)
        client.force_login(user_of(role, **fields))
        return client

    return make


@pytest.fixture
def register(db: None, own_data_folder: None) -> None:
    """The register as a demo has it: the shipped cards running, signed by the two accounts that may."""
    from tests_support.register import install_register

    install_register(AT)


@pytest.fixture
def alert_of(db: None) -> Callable[..., Any]:
    """`alert_of(region="440605", level="red")` is an open alert of hotels and catering."""
    from tests_support.alerts import make_alert

    return make_alert


@pytest.fixture(scope="session", autouse=True)
def guarded_tables_may_be_flushed() -> Iterator[None]:
    """Tests with real transactions end by emptying all tables, which the append-only guards refuse: they come off for that one statement list.

    Inside the flush itself, so that the guards are back before the next test of the process, whatever order the tests come in. The log's tables,
    of which Django knows nothing, are emptied with the rest.
    """
    from importlib import import_module

    from django.db.backends.base.operations import BaseDatabaseOperations

    from leye.trust.log import GUARDS, UNGUARD

    guard = import_module("leye.office.outbox.migrations.0002_append_only")
    privacy = import_module("leye.office.privacy.migrations.0002_append_only")
    flush = BaseDatabaseOperations.execute_sql_flush
    log = [f"DELETE FROM {table}" for table in ("trust_checkpoint", "trust_tile", "trust_leaf")]

    def flush_unguarded(self: Any, sql_list: list[str]) -> Any:
        vendor = self.connection.vendor
        off = [*guard.UNDO[vendor], *privacy.UNDO[vendor], *UNGUARD[vendor]]
        return flush(self, [*off, *log, *sql_list, *GUARDS[vendor], *privacy.DO[vendor], *guard.DO[vendor]])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_unguarded)
        yield


@pytest.fixture(scope="session")
def city_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a city of 2,000 people and one published run, made once for all workers. Do not write into it: copy it."""
    from tests_support.city import make_city

    return _made_once(tmp_path_factory, "city", "published.json", make_city)


@pytest.fixture(scope="session")
def standing_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database and register stand, made once for all workers. Do not write into it: copy it."""
    from tests_support.city import make_standing

    return _made_once(tmp_path_factory, "standing", "", make_standing)


def _made_once(tmp_path_factory: pytest.TempPathFactory, name: str, last: str, make: Callable[[Path], None]) -> Path:
    """A folder shared by all workers. last: the file in it that is written when it is whole, the folder itself when empty."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = base / name
        if not (folder / last).exists():
            make(folder)
    return folder


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a private PostgreSQL on a socket; skips with a reason where none is installed."""
    from tests_support.postgres import private_server

    with private_server() as url:
        yield url
