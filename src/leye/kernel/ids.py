"""Names of things: city ids (one letter, eight digits), UUIDv7 for events, run ids, and hashes of content."""

from __future__ import annotations

import hashlib
import json
import random
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

CITY_LETTERS = {"person": "P", "household": "H", "grid": "G", "firm": "F", "job": "J", "worker": "W", "order": "O", "post": "T"}

RUN_ID_LONGEST = 30
"""Characters of a run id, as wide as the columns that keep one; SQLite would take more, PostgreSQL refuses."""


def city_id(kind: str, number: int) -> str:
    """Text id of a row of the city's tables, such as P00000012. Raises KeyError on an unknown kind, ValueError out of range."""
    if not 0 <= number < 100_000_000:
        raise ValueError(f"city ids have eight digits, got {number}")
    return f"{CITY_LETTERS[kind]}{number:08d}"


def uuid7(at: datetime, dice: random.Random) -> uuid.UUID:
    """Time-ordered id (RFC 9562 §5.7): 48 bits of milliseconds, then bits from the dice handed in."""
    millis = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    value = millis << 80 | 0x7 << 76 | dice.getrandbits(12) << 64 | 0b10 << 62 | dice.getrandbits(62)
    return uuid.UUID(int=value)


def run_id(at: datetime, nonce: str) -> str:
    """Id of one nightly run: UTC second and eight hex digits of the nonce's hash, `20250831T000000-1a2b3c4d`."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S}-{hashlib.sha256(nonce.encode()).hexdigest()[:8]}"


def run_of(kind: str, paper: uuid.UUID) -> str:
    """Id of the run that seals one paper: its kind and the random end of its id. Raises ValueError when that is too long.

    >>> run_of("plan", uuid.UUID("0192f0c1-2345-7abc-8def-0123456789ab"))
    'plan-7abc8def0123456789ab'
    """
    made = f"{kind}-{paper.hex[-20:]}"
    if len(made) > RUN_ID_LONGEST:
        raise ValueError(f"a run id has at most {RUN_ID_LONGEST} characters, got {made!r}")
    return made


def content_id(parts: Iterable[object]) -> str:
    """32 hex digits that depend on the parts and their order only; equal content, equal id."""
    text = json.dumps(list(parts), ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
