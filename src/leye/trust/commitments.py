"""Commitments: a record can prove later what was known, and tells nothing to whoever reads it.

An identity number has about 36 bits, ten once birthday and district are known: any plain hash of it is found by trying. Hence a salt of 32 random
bytes per record, which lies encrypted beside the log; without it all values are equally likely, and deleting it is erasure.

    field key  = HMAC-SHA256(salt, "leye/field/1\\n" + name)
    commitment = HMAC-SHA256(field key, canonical JSON of the value)

A field key opens one field and says nothing of the others, so that a person can show one fact of a decision without the rest. The construction is
our own use of HMAC (RFC 2104) as a commitment, hiding while the salt is secret and binding because SHA-256 is collision resistant.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from leye.kernel.decision import InputValue
from leye.trust.record import canonical_json

SALT_BYTES = 32
_FIELD = b"leye/field/1\n"


def field_key(salt: bytes, name: str) -> bytes:
    """32 bytes that open the field `name` of the record with this salt. Raises ValueError on a salt of another length."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, got {len(salt)}")
    return hmac.digest(salt, _FIELD + name.encode(), "sha256")


def commit(salt: bytes, name: str, value: InputValue) -> str:
    """64 hex digits that bind the record to the value of a field."""
    return commit_with(field_key(salt, name), value)


def commit_with(key: bytes, value: InputValue) -> str:
    """The same from a field key that was handed out."""
    return hmac.digest(key, canonical_json(value), "sha256").hex()


def commit_all(salt: bytes, values: Mapping[str, InputValue]) -> dict[str, str]:
    """One commitment a field, by name."""
    return {name: commit(salt, name, value) for name, value in values.items()}


def false_fields(committed: Mapping[str, str], opened: Mapping[str, tuple[bytes, InputValue]]) -> list[str]:
    """Names whose opening (field key, value) does not give what the record committed to; unknown names are false too."""
    return [name for name, (key, value) in opened.items() if not hmac.compare_digest(committed.get(name, ""), commit_with(key, value))]
