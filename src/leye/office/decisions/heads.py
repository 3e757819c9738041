"""Signed heads of the log: the key of the installation, the note under the newest leaf, and its copies outside the database."""

from __future__ import annotations

import os
import secrets
import time
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from leye.office.key_files import key_text
from leye.trust.notes import SigningKey, VerifierKey, read_keys

KEY_FILE, VKEY_FILE = "log.key", "log.vkey"
SYNC_EVERY_S = 1.0  # chosen by us: at most a second of heads would have to be taken from the database after a power cut
_last_sync: dict[Path, float] = {}


def checkpoint_file(data: Path) -> Path:
    """Where signed heads are appended, outside the database."""
    return data / "checkpoints" / "log.txt"


def log_key() -> SigningKey:
    """The log's signing key; drawn once an installation. Raises BadInput (E_KEY) on a key that others may read."""
    file = Path(settings.LEYE_KEYS) / KEY_FILE
    stamp = file.stat().st_mtime_ns if file.exists() else 0
    return _key_of(file, stamp)


def has_key() -> bool:
    """Whether the installation has drawn its key."""
    return (Path(settings.LEYE_KEYS) / KEY_FILE).exists()


def pinned_keys() -> list[VerifierKey]:
    """The verifier keys that receipts of this installation are checked with: its own log's. Empty before the first leaf; nothing is drawn here."""
    public = Path(settings.LEYE_KEYS) / VKEY_FILE
    if public.exists():
        return read_keys(public.read_text(encoding="utf-8"))
    return [log_key().verifier] if has_key() else []


def publish_head(note: str) -> None:
    """Append a committed head to the file outside the database; made durable once a second at most, because a row in the database covers it too."""
    file = checkpoint_file(Path(settings.LEYE_DATA))
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(
            handle, b"\n\n" + note.encode()
        )  # one write: two processes' notes never mix, and one that a power cut left short ends before the next
        if time.monotonic() - _last_sync.get(file, -SYNC_EVERY_S) >= SYNC_EVERY_S:
            os.fsync(handle)
            _last_sync[file] = time.monotonic()
    finally:
        os.close(handle)


@lru_cache(maxsize=8)
def _key_of(file: Path, stamp: int) -> SigningKey:
    """stamp: when the file changed, so that a replaced key is seen. The verifier key is published beside it."""
    key = SigningKey.parse(key_text(file, lambda: SigningKey.draw(f"leye.local/{secrets.token_hex(6)}", secrets.token_bytes(32)).text()))
    public = file.with_name(VKEY_FILE)
    if not public.exists():
        public.write_text(key.verifier.text() + "\n", encoding="ascii")
    return key
