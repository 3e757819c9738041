"""Lists, claims and payments on a real PostgreSQL, and desks that really press at the same moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests_support.city import clean_environment

ROOT = Path(__file__).parents[3]
SAME = ["test_policy_push_at_once.py", "test_policy_push_claims.py", "test_policy_push_sealing.py"]


@pytest.mark.postgres
def test_the_same_tests_on_postgres(postgres_url: str, tmp_path: Path) -> None:
    files = [str(Path(__file__).parent / name) for name in SAME]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *files]
    environment = clean_environment(tmp_path) | {"LEYE_DATABASE_URL": postgres_url}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "skipped" not in done.stdout.splitlines()[-1], done.stdout[-500:]
