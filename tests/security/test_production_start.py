"""In production the product starts safely or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests_support.city import clean_environment, leye

GOOD = {"LEYE_MODE": "production", "LEYE_SECRET_KEY": "k" * 60, "LEYE_ALLOWED_HOSTS": "work.example.gov.cn"}
SHOW = """
import json, django; django.setup()
from django.conf import settings as s
print(json.dumps({n: getattr(s, n) for n in (
    "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "DEBUG", "ALLOWED_HOSTS",
    "SESSION_COOKIE_HTTPONLY")}))
"""


def test_cookies_travel_over_https_only(tmp_path: Path) -> None:
    environment = clean_environment(tmp_path) | GOOD | {"DJANGO_SETTINGS_MODULE": "leye.office.settings"}
    found = json.loads(subprocess.run([sys.executable, "-c", SHOW], env=environment, check=True, capture_output=True, text=True).stdout)
    assert found.pop("SECURE_HSTS_SECONDS") >= 31_536_000
    assert found.pop("ALLOWED_HOSTS") == ["work.example.gov.cn"]
    assert found.pop("DEBUG") is False
    assert all(found.values()), found


def test_commands_refuse_with_words_and_exit_2(tmp_path: Path) -> None:
    done = leye("run", "nightly", data=tmp_path, check=False, LEYE_MODE="production")
    assert done.returncode == 2
    assert "E_PRODUCTION" in done.stderr and "LEYE_SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_of_the_demo_does_not_go_into_production(tmp_path: Path) -> None:
    leye("run", "nightly", data=tmp_path, check=False)  # makes the demo's database, then misses its input
    assert (tmp_path / "leye.sqlite3").exists()
    done = leye("run", "nightly", data=tmp_path, check=False, **GOOD)
    assert done.returncode == 2
    assert "演示账号" in done.stderr


def test_production_makes_no_accounts_and_no_key_of_its_sessions(tmp_path: Path) -> None:
    done = leye("run", "nightly", data=tmp_path, check=False, **GOOD)
    assert "E_NO_INPUT" in done.stderr
    made = {f.name: f.stat().st_mode & 0o777 for f in (tmp_path / "keys").rglob("*") if f.is_file() and f.suffix != ".vkey"}
    assert "django.key" not in made, "it is set from outside, never drawn"
    assert set(made.values()) <= {0o600}, "what the log and the sealed inputs need is the owner's alone; verifier keys are public"
    import sqlite3

    with sqlite3.connect(tmp_path / "leye.sqlite3") as office:
        assert office.execute("SELECT count(*) FROM accounts_user").fetchone() == (0,)
