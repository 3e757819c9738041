"""A database address as Django wants it. SQLite is set for two desks at once: write-ahead log, lock at the start of a transaction."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from leye.kernel.errors import BadInput

FORMS_ZH = "写 sqlite:////路径/leye.sqlite3 或 postgres://用户:口令@主机:5432/库名"
FORMS_EN = "write sqlite:////path/leye.sqlite3 or postgres://user:password@host:5432/database"


def database_from_url(url: str, *, data: Path) -> dict[str, object]:
    """Django's DATABASES entry. Empty: `leye.sqlite3` in the data folder. Raises BadInput on another scheme or a port that is no number."""
    parts, port = _split(url)
    if not url or parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path[1:])) if parts.path else data / "leye.sqlite3")  # four slashes: absolute; three: relative
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadInput(
            f"LEYE_DATABASE_URL 的开头“{parts.scheme}”不认识",
            en=f"unknown database scheme {parts.scheme!r}",
            remedy_zh=FORMS_ZH,
            remedy_en=FORMS_EN,
            code="E_SETTING",
        )
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [unquote(parts.hostname or "")])[0],  # a socket folder travels as ?host=/run/postgresql
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError as error:
        en = "LEYE_DATABASE_URL is no address"
        raise BadInput("LEYE_DATABASE_URL 不是地址（看端口和方括号）", en=en, remedy_zh=FORMS_ZH, remedy_en=FORMS_EN, code="E_SETTING") from error


def sqlite(file: Path) -> dict[str, object]:
    """An SQLite file that two processes may write: the second waits up to 20 s at the start, never halfway."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            # FULL: what was sealed and shown must survive a power cut. With NORMAL the last commits may be gone while the signed heads outside the
            # database speak of them, and the log would look rolled back.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
