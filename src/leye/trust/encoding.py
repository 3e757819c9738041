"""Strict readers of text: one value has one spelling, so that two readers of a receipt never see two things.

Python's own are lax: `base64` takes non-canonical trailing bits, `int` takes "１１", "+1" and "1_0", `str.splitlines` breaks on more than newline.
"""

from __future__ import annotations

import base64
import binascii
import re

HASH_BYTES = 32

_DECIMAL = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_DIGITS_READ = 40  # chosen by us: far beyond any log; a longer number stays far beyond, and int() is never given a text to choke on


def base64_exact(text: str) -> bytes:
    """Bytes of standard padded base64 in its canonical spelling.

    >>> base64_exact("aGk=")
    b'hi'

    Raises ValueError on foreign characters, missing padding and stray trailing bits.
    """
    try:
        found = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise ValueError(f"not base64: {error}") from None
    if base64.b64encode(found) != text.encode("ascii"):
        raise ValueError("base64 that is not canonical")
    return found


def base64_text(value: bytes) -> str:
    """Standard padded base64."""
    return base64.b64encode(value).decode("ascii")


def hash_exact(text: str) -> bytes:
    """A SHA-256 hash in canonical base64. Raises ValueError on another length too."""
    found = base64_exact(text)
    if len(found) != HASH_BYTES:
        raise ValueError(f"a hash has {HASH_BYTES} bytes, this one has {len(found)}")
    return found


def decimal_exact(text: str) -> int:
    """A whole number in ASCII digits without sign or leading zero; beyond 40 digits it is cut, which leaves it beyond every log.

    >>> decimal_exact("11"), decimal_exact("0")
    (11, 0)

    Raises ValueError on any other spelling.
    """
    if not _DECIMAL.fullmatch(text):
        raise ValueError("not a decimal number without leading zeros")
    return int(text[:_DIGITS_READ])
