"""A small published city, made by the commands that a person would type."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PEOPLE = 2_000


def leye(*args: str, data: Path, check: bool = True, **env: str) -> subprocess.CompletedProcess[str]:
    """Run `leye …` on a data folder in a process of its own, as in a terminal."""
    command = [sys.executable, "-m", "leye", *args]
    return subprocess.run(command, env=clean_environment(data) | env, check=check, capture_output=True, text=True, timeout=300)


def clean_environment(data: Path) -> dict[str, str]:
    """The environment without settings of the developer's own, pointed at a data folder."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LEYE_", "DJANGO_")) or k == "LEYE_SHARED"}
    return kept | {"LEYE_DATA": str(data)}


def make_city(folder: Path) -> None:
    """`leye demo`, then `leye run nightly`."""
    leye("demo", "--people", str(PEOPLE), "--out", str(folder), data=folder)
    leye("run", "nightly", "--data", str(folder), data=folder)


def make_standing(folder: Path) -> None:
    """An empty folder with its database, key and register, as the first command that needs them leaves it."""
    leye("trust", "registry", "--json", data=folder, LEYE_NOW="2025-09-01T09:00:00+08:00")
