"""A PostgreSQL of one's own: a temporary folder, a socket and no port, an unprivileged user, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FAST = "-c listen_addresses= -k {folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


@contextmanager
def private_server() -> Iterator[str]:
    """Yields `postgres://leye@/postgres?host=…`."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not binaries:
        pytest.skip("no PostgreSQL server is installed (apt-get install postgresql)")
    home = binaries[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="leye-pg-", dir="/tmp"))  # short: a socket's name has at most 107 bytes
    identity = _unprivileged(folder)
    try:
        _run([home / "initdb", "-D", folder / "data", "-U", "leye", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], identity, folder)
        _run([home / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", FAST.format(folder=folder), "start"], identity, folder)
        yield f"postgres://leye@/postgres?host={folder}"
    finally:
        _run([home / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"], identity, folder, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Servers refuse root: then the user that Debian's package brings runs it."""
    if os.getuid() != 0:
        return {}
    person = pwd.getpwnam("postgres")
    os.chown(folder, person.pw_uid, person.pw_gid)
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


def _run(command: list[object], identity: dict[str, Any], folder: Path, *, check: bool = True) -> None:
    subprocess.run([str(part) for part in command], check=check, cwd=folder, capture_output=True, timeout=60, **identity)
