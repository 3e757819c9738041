"""Secrets are drawn once, whoever asks first, and never shown to others."""

from __future__ import annotations

import secrets
import threading
from pathlib import Path

import pytest

from leye.kernel.errors import BadInput
from leye.office.key_files import key_text


def test_threads_that_ask_at_once_get_the_same_key(tmp_path: Path) -> None:
    for n in range(30):
        file, gate, found = tmp_path / str(n) / "x.key", threading.Barrier(8), []

        def ask(file: Path = file, gate: threading.Barrier = gate, found: list[str] = found) -> None:
            gate.wait()
            found.append(key_text(file, lambda: secrets.token_hex(16)))

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 8 and len(set(found)) == 1
        assert [f.name for f in file.parent.iterdir()] == ["x.key"]


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.key"
    key_text(file, lambda: "secret")
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    with pytest.raises(BadInput) as refused:
        key_text(file, lambda: "other")
    assert refused.value.code == "E_KEY" and "chmod 600" in refused.value.remedy_zh
