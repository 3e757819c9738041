"""The records of this benchmark: alike for us and for the peer, decided by their number."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

BYTES = 206
"""The size of the records in the first measurements of this log; a sealed decision of ours has some 700."""


def record(number: int, size: int = BYTES) -> bytes:
    head = b'{"id":%d,"outcome":"offered","subject":"' % number
    return (head + hashlib.sha256(head).hexdigest().encode() * (size // 64 + 1))[: size - 2] + b'"}'


def batches(count: int, width: int, size: int = BYTES) -> Iterator[list[bytes]]:
    for start in range(0, count, width):
        yield [record(number, size) for number in range(start, min(start + width, count))]
