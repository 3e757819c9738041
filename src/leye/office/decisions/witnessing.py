"""A witness at work on this installation's log: its key and memory lie in files of its own, its cosignature goes into the log's table."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import transaction

from leye.kernel.errors import CheckFailed
from leye.office.decisions.heads import publish_head
from leye.office.decisions.ledger import open_log
from leye.office.key_files import key_text
from leye.office.outbox.journal import emit
from leye.trust.checkpoints import size_of_note
from leye.trust.notes import COSIGNATURE, SigningKey, VerifierKey, parse_note, verified_keys
from leye.trust.witness import Seen, cosign


def cosign_newest(key_file: Path, *, name: str, log_keys: Sequence[VerifierKey], at: datetime) -> tuple[str, str]:
    """The newest head with the witness's signature under it, kept so that the next receipts carry it; and the witness's own verifier key.

    key_file: drawn when missing, mode 0600, under `name` or a random one; the last head seen is kept beside it, `<key_file>.seen`.
    Raises WitnessRefuses (E_WITNESS), NoteFalse, CheckFailed (E_NO_CHECKPOINT), BadInput on a key or memory that cannot be read.
    """
    key = SigningKey.parse(key_text(key_file, lambda: _drawn(name)))
    with _memory(key_file.with_name(key_file.name + ".seen")) as memory:
        log = open_log()
        note = log.newest_checkpoint()
        if note is None:
            raise _no_checkpoint()
        seen = Seen.parse(memory.read_text(encoding="utf-8")) if memory.exists() else None
        cosigned, now_seen = cosign(note, log_keys=log_keys, key=key, seen=seen, at_s=int(at.timestamp()), prove=log.consistency_proof)
        _remember(memory, now_seen)  # before anybody sees the cosignature: forgotten, it could be given to a fork
    if key.verifier in verified_keys(parse_note(note), [key.verifier]):
        return note, key.verifier.text()  # nothing new since the last time: one cosignature of a head is enough
    keep_cosigned(cosigned, witness=key.name, at=at)
    return cosigned, key.verifier.text()


def keep_cosigned(note: str, *, witness: str, at: datetime) -> None:
    """Put a cosigned head beside the log's own, in the database and in the file outside. Raises CheckFailed (E_CHECKPOINT) on another log's."""
    with transaction.atomic():
        emit("log.cosigned", at=at, size=size_of_note(note), witness=witness)
        open_log().add_checkpoint(note)
        transaction.on_commit(lambda: publish_head(note))


def _no_checkpoint() -> CheckFailed:
    return CheckFailed(
        "还没有签名的树根",
        en="there is no signed checkpoint yet",
        remedy_zh="先有一条留痕：leye trust seal，或夜间运行",
        remedy_en="seal something first: leye trust seal, or the nightly run",
        code="E_NO_CHECKPOINT",
    )


def _drawn(name: str) -> str:
    return SigningKey.draw(name or f"witness.local/{secrets.token_hex(6)}", secrets.token_bytes(32), kind=COSIGNATURE).text()


@contextmanager
def _memory(file: Path) -> Iterator[Path]:
    """The state file, this process alone with it: two at once could cosign two heads of one size."""
    with file.with_name(file.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield file


def _remember(file: Path, seen: Seen) -> None:
    beside = file.with_name(file.name + ".new")
    with beside.open("w", encoding="utf-8") as stream:
        stream.write(seen.text())
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
