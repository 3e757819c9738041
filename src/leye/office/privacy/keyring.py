"""The installation's field keys by purpose, in one file of mode 0600, the newest first.

    fields.json: {purpose: [{"algorithm", "secret" (hex), "since" (ISO 8601, absent for the first)}, …]}

The file is replaced as a whole and read again when it changed, so that every process sees a rotation at its next field.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from leye.kernel.errors import BadInput
from leye.office.key_files import key_text, replace_key_text
from leye.office.privacy.encrypted import holds_ciphertext
from leye.trust.privacy.fieldkeys import ALGORITHMS, FieldKey, FieldKeys

log = logging.getLogger("leye.privacy")

KEY_FILE = "fields.json"
PURPOSES = (
    "decision_evidence", "protected", "reads", "requests", "objections", "entitlements", "promotion", "applications", "searches", "matches",
    "profiles", "campaigns",
)  # fmt: skip
"""What is encrypted: evidence of decisions, protected attributes, whose file was read, what people write about their own data, what is said in an
objection, answers and claims, who is on the list of a campaign, who applies for a job and what is said to them, what somebody looks for, what was
answered about a match, résumés and profiles, who is placed on which post of a campaign."""

DEFAULT = "aes-256-gcm"

Kept = dict[str, list[dict[str, str]]]
"""The key file, read."""


def keyring(purpose: str) -> FieldKeys:
    """The keys of a purpose, drawn once an installation. Raises KeyError on an unknown purpose, BadInput (E_KEY, E_KEY_GONE).

    Costs one `stat` when the file did not change.
    """
    if purpose not in PURPOSES:
        raise KeyError(purpose)
    rings = _rings()
    if purpose not in rings:  # a purpose that came with a newer version of the product
        change_keys(lambda kept: kept.setdefault(purpose, [fresh_key(DEFAULT)]))
        rings = _rings()
    return rings[purpose]


def key_file() -> Path:
    """Where the keys lie."""
    return Path(settings.LEYE_KEYS) / KEY_FILE


def kept_keys() -> Kept:
    """The key file as it stands; drawn when missing. Raises BadInput (E_KEY, E_KEY_GONE)."""
    file = key_file()
    return _parsed(key_text(file, _drawn), file)


def change_keys(change: Callable[[Kept], object]) -> None:
    """Change the key file under a lock: two processes change it one after the other, a reader sees the old or the new one, never a half."""
    kept_keys()  # drawn first, so that there is something to change
    file = key_file()
    with _locked(file.with_name(f".{KEY_FILE}.lock")):
        kept = _parsed(file.read_text(encoding="ascii"), file)
        change(kept)
        replace_key_text(file, json.dumps(kept, indent=1))


def fresh_key(algorithm: str) -> dict[str, str]:
    """A new random key as it stands in the file. Raises BadInput (E_KEY) on an unknown algorithm."""
    if algorithm not in ALGORITHMS:
        known = "、".join(ALGORITHMS)
        raise BadInput(
            f"没有“{algorithm}”这种算法", en=f"unknown algorithm {algorithm!r}", remedy_zh=f"可选：{known}", remedy_en=f"one of {known}", code="E_KEY"
        )
    return {"algorithm": algorithm, "secret": secrets.token_hex(ALGORITHMS[algorithm][1])}


def key_of(row: dict[str, str]) -> FieldKey:
    """A key of the file."""
    return FieldKey(row["algorithm"], bytes.fromhex(row["secret"]))


def _rings() -> dict[str, FieldKeys]:
    """Keys of every purpose, read again when the file is another one: a replaced file is another inode even within one tick of the clock."""
    file = key_file()
    try:
        found = file.stat()
    except FileNotFoundError:
        kept_keys()  # drawn, or refused: keys that are gone must not live on in the memory of this process
        found = file.stat()
    return _read(file, (found.st_mtime_ns, found.st_ino, found.st_mode))


@lru_cache(maxsize=4)
def _read(file: Path, stamp: tuple[int, int, int]) -> dict[str, FieldKeys]:
    try:
        return {purpose: FieldKeys(purpose, [key_of(row) for row in rows], os.urandom) for purpose, rows in kept_keys().items()}
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(file) from error


def _parsed(text: str, file: Path) -> Kept:
    try:
        said: Any = json.loads(text)
        return {str(purpose): [dict(row) for row in rows] for purpose, rows in said.items()}
    except (AttributeError, TypeError, ValueError) as error:
        raise _damaged(file) from error


def _drawn() -> str:
    """Keys for a new installation. One that holds ciphertexts has lost its keys: new ones would hide that, and open nothing."""
    if holds_ciphertext():
        if settings.LEYE_MODE == "production":
            raise BadInput(
                f"库里有加密的内容，密钥文件 {KEY_FILE} 却不在了",
                en=f"the database holds encrypted rows and the key file {KEY_FILE} is gone",
                remedy_zh="从备份恢复密钥文件；确实找不回来，再由管理员运行 leye trust rotate-keys --start-over",
                remedy_en="restore the key file from its backup; if it is lost for good, an administrator runs leye trust rotate-keys --start-over",
                code="E_KEY_GONE",
            )
        log.warning("keys.gone file=%s: rows encrypted before open no more", KEY_FILE)
    return first_keys()


def first_keys() -> str:
    """The text of a new key file."""
    return json.dumps({purpose: [fresh_key(DEFAULT)] for purpose in PURPOSES}, indent=1)


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _damaged(file: Path) -> BadInput:
    return BadInput(
        f"密钥文件 {file.name} 读不懂",
        en=f"the key file {file.name} is damaged",
        remedy_zh="从备份恢复它",
        remedy_en="restore it from its backup",
        code="E_KEY",
    )
