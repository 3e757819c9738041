"""Pseudonyms: a person's decisions are found by a keyed hash of whom they are about, never by a name or number in clear."""

from __future__ import annotations

import hmac
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from leye.kernel.decision import Subject
from leye.office.key_files import key_text

KEY_FILE = "subjects.key"


def subject_key(subject: Subject) -> str:
    """64 hex digits: HMAC-SHA256 of `kind:id` under the installation's key; the same subject, the same key."""
    return hmac.digest(_key(Path(settings.LEYE_KEYS) / KEY_FILE), f"{subject.kind}:{subject.id}".encode(), "sha256").hex()


def subject_of(identifier: str) -> Subject:
    """A subject from an id as other programs write it: F and eight digits is a firm, an id with slashes a series, anything else a person.

    >>> subject_of("F00000003").kind
    'firm'
    """
    if identifier[:1] == "F" and identifier[1:].isdecimal() and len(identifier) == 9:
        return Subject("firm", identifier)
    return Subject("series" if "/" in identifier else "person", identifier)


@lru_cache(maxsize=4)
def _key(file: Path) -> bytes:
    return bytes.fromhex(key_text(file, lambda: secrets.token_hex(32)))
