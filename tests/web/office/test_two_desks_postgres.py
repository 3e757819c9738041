"""On a real PostgreSQL: the same tests of models and actions, and two desks that really click at the same moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests_support.city import clean_environment

ROOT = Path(__file__).parents[3]
SAME = [
    "test_alert_actions.py",
    "test_take_up.py",
    "test_outbox.py",
    "test_jobs.py",
    "test_concurrency.py",
    "../trust/test_trust_gate.py",
    "../trust/test_trust_replay.py",
    "../trust/test_trust_admission.py",
    "../trust/test_trust_register_actions.py",
    "../trust/test_trust_register_at_once.py",
    "../trust/test_trust_releases.py",
    "../trust/test_trust_review.py",
    "../trust/test_trust_breaker_actions.py",
    "../trust/test_trust_objection_actions.py",
    "../trust/test_trust_desks_at_once.py",
    "../match/test_hires_at_once.py",
    "../match/test_saved_searches.py",
    "../match/test_application_stays.py",
]


@pytest.mark.postgres
def test_the_same_tests_on_postgres(postgres_url: str, tmp_path: Path) -> None:
    files = [str(Path(__file__).parent / name) for name in SAME]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow", *files]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=clean_environment(tmp_path) | {"LEYE_DATABASE_URL": postgres_url},
        check=False,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "skipped" not in done.stdout.splitlines()[-1], done.stdout[-500:]
