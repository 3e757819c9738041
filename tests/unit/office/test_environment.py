"""What the environment may say, and what production refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from leye.kernel.errors import BadInput
from leye.office.database_url import database_from_url
from leye.office.embedded import draw_key
from leye.office.environment import DEMO_KEY, LOCAL_HOSTS, read_environment

GOOD = {"LEYE_MODE": "production", "LEYE_SECRET_KEY": "k" * 50, "LEYE_ALLOWED_HOSTS": "work.example.gov.cn"}

REFUSED = [
    ({"LEYE_SECRET_KEY": ""}, "LEYE_SECRET_KEY", "no key"),
    ({"LEYE_SECRET_KEY": "k" * 49}, "LEYE_SECRET_KEY", "key too short"),
    ({"LEYE_SECRET_KEY": DEMO_KEY}, "LEYE_SECRET_KEY", "the demo's key"),
    ({"LEYE_ALLOWED_HOSTS": ""}, "LEYE_ALLOWED_HOSTS", "no host"),
    ({"LEYE_ALLOWED_HOSTS": "*"}, "LEYE_ALLOWED_HOSTS", "any host"),
    ({"LEYE_ALLOWED_HOSTS": "a.cn,.b.cn"}, "LEYE_ALLOWED_HOSTS", "any sub-domain"),
    ({"LEYE_NOW": "2025-08-31"}, "LEYE_NOW", "a stopped clock"),
]


@pytest.mark.parametrize(("change", "names", "why"), REFUSED, ids=[r[-1] for r in REFUSED])
def test_production_refuses(change: dict[str, str], names: str, why: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_environment(GOOD | change)
    assert refused.value.code == "E_PRODUCTION"
    assert names in refused.value.zh
    assert refused.value.remedy_zh


def test_production_starts_with_everything_set() -> None:
    found = read_environment(GOOD)
    assert found.is_production
    assert found.allowed_hosts == ("work.example.gov.cn",)


def test_a_key_file_of_the_demo_does_not_serve_production(tmp_path: Path) -> None:
    draw_key(tmp_path)
    with pytest.raises(BadInput):
        read_environment(GOOD | {"LEYE_SECRET_KEY": "", "LEYE_KEYS": str(tmp_path)})


def test_demo_needs_nothing_and_listens_to_itself_only() -> None:
    found = read_environment({})
    assert (found.mode, found.allowed_hosts, found.data) == ("demo", LOCAL_HOSTS, Path("data").absolute())


def test_an_unknown_mode_is_named() -> None:
    with pytest.raises(BadInput, match="LEYE_MODE"):
        read_environment({"LEYE_MODE": "prod"})


def test_the_demo_key_is_drawn_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    draw_key(keys)
    first = (keys / "django.key").read_text()
    draw_key(keys)
    assert (keys / "django.key").read_text() == first != DEMO_KEY
    assert (keys / "django.key").stat().st_mode & 0o777 == 0o600
    assert [f.name for f in keys.iterdir()] == ["django.key"]
    assert read_environment({"LEYE_KEYS": str(keys)}).secret_key == first.strip()


URLS = [
    ("", {"NAME": "/d/leye.sqlite3"}, "default beside the data"),
    ("sqlite:////srv/x.sqlite3", {"NAME": "/srv/x.sqlite3"}, "absolute file"),
    ("postgres://u:p%40ss@db:5433/work", {"NAME": "work", "USER": "u", "PASSWORD": "p@ss", "HOST": "db", "PORT": "5433"}, "quoted password"),
    ("postgres://leye@/postgres?host=/tmp/s", {"NAME": "postgres", "USER": "leye", "HOST": "/tmp/s", "PORT": ""}, "socket folder"),
]


@pytest.mark.parametrize(("url", "expected", "why"), URLS, ids=[u[-1] for u in URLS])
def test_database_addresses(url: str, expected: dict[str, str], why: str) -> None:
    found = database_from_url(url, data=Path("/d"))
    assert {name: found[name] for name in expected} == expected


def test_sqlite_is_set_for_two_desks() -> None:
    options = database_from_url("", data=Path("/d"))["OPTIONS"]
    assert isinstance(options, dict)
    assert (options["transaction_mode"], options["timeout"]) == ("IMMEDIATE", 20)
    assert "journal_mode=WAL" in options["init_command"]


def test_an_unknown_database_is_refused() -> None:
    with pytest.raises(BadInput, match="mysql"):
        database_from_url("mysql://x", data=Path("/d"))
