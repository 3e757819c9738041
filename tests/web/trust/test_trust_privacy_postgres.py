"""On a real PostgreSQL: the same tests of reads, requests, keys and pages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests_support.city import clean_environment

ROOT = Path(__file__).parents[3]
SAME = ["test_trust_reads.py", "test_trust_privacy_pages.py", "test_trust_key_rotation.py"]


@pytest.mark.postgres
def test_the_same_tests_on_postgres(postgres_url: str, tmp_path: Path) -> None:
    files = [str(Path(__file__).parent / name) for name in SAME]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", "not killed", *files]
    env = clean_environment(tmp_path) | {"LEYE_DATABASE_URL": postgres_url}
    done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "skipped" not in done.stdout.splitlines()[-1], done.stdout[-500:]
